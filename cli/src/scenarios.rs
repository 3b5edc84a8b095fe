//! The logins of the demo: who tries, how, and what must become of it.

use serde_json::{Value, json};
use testkit::{Dialect, raw_token};

use crate::development::{Parties, issuer_and_audience};

/// One login.
pub(crate) struct Scenario {
    pub(crate) provider: &'static str,
    pub(crate) title: &'static str,
    pub(crate) user: &'static str,
    pub(crate) dialect: Dialect,
    pub(crate) signed_by_ditto: bool,
    pub(crate) served_database: bool,
    pub(crate) token: Token,
    pub(crate) expected: Expected,
}

/// How the token is made.
pub(crate) enum Token {
    /// By the provider, of the usual claims with these changes.
    Issued(Value),
    /// Of the usual claims, without signature.
    Unsigned,
    /// Of the usual claims, signed with a key that is not the provider's.
    SignedBySomebodyElse,
}

/// What must become of it.
pub(crate) enum Expected {
    /// Accepted, with whatever the policy gives.
    Accepted,
    /// Refused with this code.
    Code(&'static str),
}

impl Scenario {
    /// The token, made at `now` (in seconds since 1970).
    pub(crate) fn token(
        &self,
        parties: &Parties,
        now: u64,
    ) -> Result<String, Box<dyn std::error::Error>> {
        let key = parties.key(self.provider)?;
        let (issuer, audience) = issuer_and_audience(self.provider);
        let mut claims = json!({
            "iss": issuer, "aud": audience, "sub": self.user, "scope": "sync",
            "iat": now, "exp": now.saturating_add(3600),
        });
        if let (Token::Issued(changes), Some(claims)) = (&self.token, claims.as_object_mut()) {
            claims.extend(changes.as_object().cloned().unwrap_or_default());
        }
        Ok(match self.token {
            Token::Issued(_) => key.token(&claims),
            Token::Unsigned => raw_token(r#"{"alg":"none"}"#, &claims.to_string(), b""),
            Token::SignedBySomebodyElse => {
                let stranger = testkit::SigningKey::generate(key.algorithm(), key.key_id());
                stranger.map_err(|_| "no key for the stranger")?.token(&claims)
            }
        })
    }
}

/// All logins, in the order of the table.
pub(crate) fn all(now: u64) -> Vec<Scenario> {
    let mut scenarios = accepted();
    scenarios.extend(refused(now));
    scenarios
}

fn accepted() -> Vec<Scenario> {
    let login = |provider, title, user, dialect, claims| Scenario {
        provider,
        title,
        user,
        dialect,
        signed_by_ditto: true,
        served_database: true,
        token: Token::Issued(claims),
        expected: Expected::Accepted,
    };
    let (v1, legacy) = (Dialect::V1, Dialect::Legacy);
    let none = json!({});
    let admin = json!({"groups": ["ditto-admin"]});
    let driver = json!({"role": "driver", "tenant": "north"});
    let injection = "x' || true || 'y";
    vec![
        login("oidc", "user", "ada", v1, none.clone()),
        login("oidc", "administrator", "grace", legacy, admin),
        login("custom", "driver", "dan", v1, driver),
        login("custom", "user", "eve", legacy, none.clone()),
        login("custom", "id that tries to break out", injection, v1, none),
    ]
}

fn refused(now: u64) -> Vec<Scenario> {
    let login = |provider, title, token, code| Scenario {
        provider,
        title,
        user: "mallory",
        dialect: Dialect::V1,
        signed_by_ditto: true,
        served_database: true,
        token,
        expected: Expected::Code(code),
    };
    let issued = |claim: &str, value: Value| Token::Issued(json!({claim: value}));
    let usual = || Token::Issued(json!({}));
    let stranger = Token::SignedBySomebodyElse;
    let expired = issued("exp", json!(now.saturating_sub(3600)));
    let another = issued("iss", json!("https://evil.example"));
    let another_database = login("custom", "another database", usual(), "request.database");
    let forged = login("custom", "forged Ditto signature", usual(), "caller.signature");
    vec![
        login("oidc", "expired token", expired, "token.expired"),
        login("oidc", "token for another app", issued("aud", json!("x")), "token.audience"),
        login("oidc", "token of another issuer", another, "token.issuer"),
        login("oidc", "ID token as access token", issued("nonce", json!("n")), "token.kind"),
        login("oidc", "alg: none", Token::Unsigned, "token.unsigned"),
        login("custom", "signed with another key", stranger, "token.signature"),
        Scenario { served_database: false, ..another_database },
        Scenario { signed_by_ditto: false, ..forged },
    ]
}
