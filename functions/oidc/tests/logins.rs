//! Logins with an OpenID Connect provider: the stored events, and the rule for the kind of token.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::path::Path;

use rehearsal::Rehearsal;
use serde_json::{Value, json};
use testkit::NOW_SECONDS as NOW;

const ISSUER: (&str, &str) = ("ISSUER", "https://id.example.org");

fn access(algorithm: &str) -> Rehearsal {
    Rehearsal::new(&oidc::PROVIDER, &[ISSUER, ("AUDIENCE", "https://ditto.example.org")], algorithm)
}

fn id() -> Rehearsal {
    let settings = [ISSUER, ("AUDIENCE", "field-app,other-app"), ("TOKEN_KIND", "id")];
    Rehearsal::new(&oidc::PROVIDER, &settings, "ES256")
}

/// The code of a login's refusal, or nothing where it is accepted.
async fn code(rehearsal: &Rehearsal, header: &Value, claims: &Value) -> Option<String> {
    let mut head = json!({"alg": rehearsal.key.algorithm(), "kid": rehearsal.key.key_id()});
    head.as_object_mut().unwrap().extend(header.as_object().unwrap().clone());
    let mut payload = json!({"iss": ISSUER.1, "sub": "u-1001", "iat": NOW, "exp": NOW + 900});
    payload.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
    let token = rehearsal.key.token_of(&head.to_string(), &payload.to_string());
    let answer = rehearsal.log_in(&token, "oidc").await;
    if answer.get("authenticated") == Some(&json!(true)) {
        assert_eq!(answer.get("userID"), Some(&json!("u-1001")));
        return None;
    }
    Some(answer.pointer("/clientInfo/code").unwrap().as_str().unwrap().to_owned())
}

#[tokio::test]
async fn plays_every_stored_event() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/oidc");
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        access(algorithm).play_events(&folder).await;
    }
}

#[tokio::test]
async fn an_access_token_says_that_it_is_one() {
    let rehearsal = access("ES256");
    let kind = Some("token.kind");
    for (name, header, claims, expected) in [
        ("at+jwt", json!({"typ": "at+jwt"}), json!({}), None),
        ("at+jwt in full", json!({"typ": "application/AT+JWT"}), json!({}), None),
        ("JWT with scope", json!({"typ": "JWT"}), json!({"scope": "sync"}), None),
        ("no typ with scp", json!({}), json!({"scp": ["sync"]}), None),
        ("JWT without a sign", json!({"typ": "JWT"}), json!({}), kind),
        ("no typ without a sign", json!({}), json!({}), kind),
        ("at+jwt with nonce", json!({"typ": "at+jwt"}), json!({"nonce": "n"}), None),
        ("nonce", json!({"typ": "JWT"}), json!({"scope": "sync", "nonce": "n"}), kind),
        ("at_hash", json!({"typ": "JWT"}), json!({"scope": "sync", "at_hash": "h"}), kind),
        ("logout token", json!({"typ": "logout+jwt"}), json!({"scope": "sync"}), kind),
        ("security event", json!({"typ": "secevent+jwt"}), json!({}), kind),
        ("DPoP proof", json!({"typ": "dpop+jwt"}), json!({}), kind),
        ("introspection answer", json!({"typ": "token-introspection+jwt"}), json!({}), kind),
        ("events claim", json!({"typ": "at+jwt"}), json!({"events": {}}), kind),
        ("empty typ", json!({"typ": ""}), json!({"scope": "sync"}), kind),
    ] {
        let mut claims = claims;
        claims.as_object_mut().unwrap().insert("aud".into(), json!("https://ditto.example.org"));
        assert_eq!(code(&rehearsal, &header, &claims).await.as_deref(), expected, "{name}");
    }
}

#[tokio::test]
async fn an_id_token_is_for_one_of_our_clients_alone() {
    let rehearsal = id();
    let jwt = json!({"typ": "JWT"});
    let kind = Some("token.kind");
    for (name, header, claims, expected) in [
        ("plain", jwt.clone(), json!({"aud": "field-app", "nonce": "n"}), None),
        ("no typ", json!({}), json!({"aud": "field-app"}), None),
        ("azp ours", jwt.clone(), json!({"aud": ["field-app", "x"], "azp": "field-app"}), None),
        ("azp another's", jwt.clone(), json!({"aud": "field-app", "azp": "x"}), kind),
        ("azp a list", jwt.clone(), json!({"aud": "field-app", "azp": ["field-app"]}), kind),
        ("several audiences, no azp", jwt.clone(), json!({"aud": ["field-app", "x"]}), kind),
        ("one audience in a list", jwt.clone(), json!({"aud": ["field-app"]}), None),
        ("audience another's", jwt.clone(), json!({"aud": "x"}), Some("token.audience")),
        ("scope", jwt, json!({"aud": "field-app", "scope": "openid"}), kind),
        ("at+jwt", json!({"typ": "at+jwt"}), json!({"aud": "field-app"}), kind),
    ] {
        assert_eq!(code(&rehearsal, &header, &claims).await.as_deref(), expected, "{name}");
    }
}
