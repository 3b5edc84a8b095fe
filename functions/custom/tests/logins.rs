//! Logins with tokens of the user's own backend: the stored events, and the rule for the kind of token.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::path::Path;

use rehearsal::Rehearsal;
use serde_json::{Value, json};
use testkit::NOW_SECONDS as NOW;

const SETTINGS: [(&str, &str); 2] = [("ISSUER", "https://api.example.org"), ("AUDIENCE", "ditto")];

fn claims(changes: &Value) -> Value {
    let mut claims = json!({"iss": "https://api.example.org", "aud": "ditto", "sub": "user-42", "exp": NOW + 600});
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    claims
}

#[tokio::test]
async fn plays_every_stored_event() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/custom");
    for algorithm in ["HS256", "HS384", "HS512", "RS256", "PS256", "ES256", "ES384", "EdDSA"] {
        Rehearsal::new(&custom::PROVIDER, &SETTINGS, algorithm).play_events(&folder).await;
    }
}

#[tokio::test]
async fn a_token_of_another_kind_is_refused() {
    let access = Rehearsal::new(&custom::PROVIDER, &SETTINGS, "HS256");
    let settings = [SETTINGS[0], SETTINGS[1], ("TOKEN_KIND", "id")];
    let id = Rehearsal::new(&custom::PROVIDER, &settings, "HS256");
    let kind = json!("token.kind");
    for (name, rehearsal, header, changes, expected) in [
        ("no typ", &access, json!({}), json!({}), None),
        ("JWT", &access, json!({"typ": "jwt"}), json!({}), None),
        ("at+jwt", &access, json!({"typ": "at+jwt"}), json!({}), None),
        ("ID token", &access, json!({}), json!({"nonce": "n"}), Some(&kind)),
        ("logout token", &access, json!({"typ": "logout+jwt"}), json!({}), Some(&kind)),
        ("security event", &access, json!({}), json!({"events": {}}), Some(&kind)),
        ("ID token where one is asked for", &id, json!({}), json!({"nonce": "n"}), None),
        (
            "access token where an ID token is",
            &id,
            json!({"typ": "at+jwt"}),
            json!({}),
            Some(&kind),
        ),
        ("scope where an ID token is", &id, json!({}), json!({"scope": "x"}), Some(&kind)),
    ] {
        let mut head = json!({"alg": "HS256", "kid": rehearsal.key.key_id()});
        head.as_object_mut().unwrap().extend(header.as_object().unwrap().clone());
        let payload = claims(&changes).to_string();
        let token = rehearsal.key.token_of(&head.to_string(), &payload);
        let answer = rehearsal.log_in(&token, "custom").await;
        assert_eq!(answer.pointer("/clientInfo/code"), expected, "{name}");
    }
}
