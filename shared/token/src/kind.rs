//! Which kind of token this is: an access token (RFC 9068, OAuth) or an ID token (OpenID Connect Core 2).
//!
//! Both verify with the same keys, and often with the same audience, so the kind is decided by what a token
//! has, never by the fact that it verified.

use crate::SignedToken;

/// The kind of token a deployment accepts: one, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An access token: made for an API, here this webhook.
    Access,
    /// An ID token: made for the app that signed the user in.
    Id,
}

/// Claims that only an ID token carries (OpenID Connect Core 2 and 3.3.2.11).
const ID_TOKEN_CLAIMS: [&str; 3] = ["nonce", "at_hash", "c_hash"];

/// Claims that say what an access token may be used for (RFC 9068 2.2.3; Okta and Entra call it `scp`).
const SCOPE_CLAIMS: [&str; 2] = ["scope", "scp"];

/// Whether the token says that it is an access token: its `typ` is `at+jwt` (RFC 9068 2.1), or it names its
/// scope and has nothing of an ID token.
#[must_use]
pub fn is_access_token(token: &SignedToken<'_>) -> bool {
    let is_typed = token.is_typed("at+jwt") && is_plain(token);
    is_typed || (may_be_access_token(token) && token.has_any(&SCOPE_CLAIMS))
}

/// Whether nothing speaks against an access token. Enough only where an issuer makes no tokens of other kinds.
#[must_use]
pub fn may_be_access_token(token: &SignedToken<'_>) -> bool {
    is_plain(token) && !token.has_any(&ID_TOKEN_CLAIMS)
}

/// Whether the token is an ID token for one of `clients`: no access-token `typ`, no scope, and where it names
/// an authorized party (`azp`), or several audiences, that party is one of ours (OpenID Connect Core 3.1.3.7).
#[must_use]
pub fn is_id_token(token: &SignedToken<'_>, clients: &[String]) -> bool {
    let authorized_party_is_ours = match (token.claim("azp"), token.claim("aud")) {
        (Some(party), _) => clients.iter().any(|client| party == client),
        (None, Some(serde_json::Value::Array(audiences))) => audiences.len() == 1,
        (None, _) => true,
    };
    is_plain(token)
        && !token.is_typed("at+jwt")
        && !token.has_any(&SCOPE_CLAIMS)
        && authorized_party_is_ours
}

/// Neither a token of a kind that is never a login (`logout+jwt`, `secevent+jwt`, `dpop+jwt`,
/// `token-introspection+jwt`, …) nor a security event (RFC 8417).
fn is_plain(token: &SignedToken<'_>) -> bool {
    let is_known_type = !token.has_type() || token.is_typed("JWT") || token.is_typed("at+jwt");
    is_known_type && token.claim("events").is_none()
}
