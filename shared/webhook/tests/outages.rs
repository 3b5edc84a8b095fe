//! Keys that are missing, that are rotated, and a panic: what is answered, and that the next request works.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::unchecked_time_subtraction,
    clippy::too_many_lines,
    dead_code,
    reason = "a panic is the failure report, tables are long, and not every test needs all of the support"
)]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use http::header;
use serde_json::json;
use testkit::{Dialect, DittoSecret, NOW_SECONDS as NOW, SigningKey, request_body};
use webhook::SignatureSecrets;

use support::{DATABASE, Fixture, ID, Source, claims, json_of, key_set};

#[tokio::test]
async fn without_keys_there_is_no_verdict() {
    let fixture = Fixture::new();
    let login = || fixture.login(Dialect::V1, &fixture.token());
    let unavailable = async |code: &str| {
        let answer = fixture.answer(login()).await;
        assert_eq!(answer.status(), 503, "{code}");
        assert_eq!(answer.headers().get(header::RETRY_AFTER).unwrap(), "1", "{code}");
        assert_eq!(json_of(&answer).get("code"), Some(&json!(code)));
        assert!(!String::from_utf8_lossy(answer.body()).contains("secret store"), "no internals");
    };
    let before = std::mem::replace(&mut *fixture.keys.now.lock().unwrap(), Source::Fails);
    unavailable("keys.unavailable").await;
    *fixture.keys.now.lock().unwrap() = before;
    *fixture.secrets.now.lock().unwrap() = Source::Fails;
    unavailable("caller.secret_unavailable").await;
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once() {
    let fixture = Fixture::new();
    let rotated = SigningKey::generate("ES256", "key-2").unwrap();
    let login = || fixture.login(Dialect::V1, &rotated.token(&claims(&json!({}))));
    let refused = json_of(&fixture.answer(login()).await);
    assert_eq!(refused.pointer("/clientInfo/code"), Some(&json!("token.key_unknown")));
    *fixture.keys.newer.lock().unwrap() = Source::Gives(Arc::new(key_set(&[&rotated])));
    let accepted = json_of(&fixture.answer(login()).await);
    assert_eq!(accepted.get("authenticated"), Some(&json!(true)));
    *fixture.keys.newer.lock().unwrap() = Source::Fails;
    assert_eq!(fixture.answer(login()).await.status(), 503, "nobody knows whether the key exists");
    assert_eq!(fixture.keys.looks.load(Ordering::Relaxed), 3);
    let known = json_of(&fixture.answer(fixture.login(Dialect::V1, &fixture.token())).await);
    assert_eq!(known.get("authenticated"), Some(&json!(true)), "a known key needs no look");
    let forged =
        fixture.key.token_of(r#"{"alg":"HS256","kid":"x"}"#, &claims(&json!({})).to_string());
    fixture.answer(fixture.login(Dialect::V1, &forged)).await;
    assert_eq!(
        fixture.keys.looks.load(Ordering::Relaxed),
        3,
        "nor does an algorithm that is not accepted"
    );
}

#[tokio::test]
async fn a_rotated_key_without_kid_is_looked_for_too() {
    let fixture = Fixture::new();
    let rotated = SigningKey::generate("ES256", "key-1").unwrap();
    let token = rotated.token_of(r#"{"alg":"ES256"}"#, &claims(&json!({})).to_string());
    let refused = json_of(&fixture.answer(fixture.login(Dialect::V1, &token)).await);
    assert_eq!(refused.pointer("/clientInfo/code"), Some(&json!("token.signature")));
    *fixture.keys.newer.lock().unwrap() = Source::Gives(Arc::new(key_set(&[&rotated])));
    let accepted = json_of(&fixture.answer(fixture.login(Dialect::V1, &token)).await);
    assert_eq!(accepted.get("authenticated"), Some(&json!(true)));
    let named = rotated.token(&claims(&json!({})));
    let refused = json_of(&fixture.answer(fixture.login(Dialect::V1, &named)).await);
    assert_eq!(refused.pointer("/clientInfo/code"), Some(&json!("token.signature")));
    assert_eq!(
        fixture.keys.looks.load(Ordering::Relaxed),
        2,
        "a key that is named and there needs no look"
    );
}

#[tokio::test]
async fn a_secret_that_was_rotated_is_looked_for_once() {
    let fixture = Fixture::new();
    let rotated = DittoSecret::generate().unwrap();
    let body = request_body(Dialect::V1, DATABASE, "test", &fixture.token());
    let request = || {
        let mut request = fixture.signed(body.clone());
        let header = rotated.header(NOW, body.as_bytes()).parse().unwrap();
        request.headers_mut().insert("ditto-signature", header);
        request
    };
    assert_eq!(fixture.answer(request()).await.status(), 401, "not rotated here");
    *fixture.secrets.newer.lock().unwrap() = Source::Fails;
    assert_eq!(fixture.answer(request()).await.status(), 401, "no proof while it cannot be read");
    let newer = SignatureSecrets::parse(&rotated.to_base64(), None).unwrap();
    *fixture.secrets.newer.lock().unwrap() = Source::Gives(Arc::new(newer));
    assert_eq!(fixture.answer(request()).await.status(), 200, "rotated");
    assert_eq!(fixture.secrets.looks.load(Ordering::Relaxed), 3);
    fixture.answer(fixture.signed("x")).await;
    assert_eq!(fixture.secrets.looks.load(Ordering::Relaxed), 3, "a right signature needs no look");
}

#[tokio::test]
async fn a_panic_is_a_500_without_detail_and_the_next_request_works() {
    let fixture = Fixture::new();
    let login = || fixture.login(Dialect::V1, &fixture.token());
    let before = std::mem::replace(&mut *fixture.keys.now.lock().unwrap(), Source::Panics);
    let answer = fixture.answer(login()).await;
    assert_eq!(answer.status(), 500);
    assert_eq!(
        json_of(&answer),
        json!({"code": "internal.panic", "message": "Sign-in failed inside the webhook.", "id": ID})
    );
    *fixture.keys.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = before;
    assert_eq!(json_of(&fixture.answer(login()).await).get("authenticated"), Some(&json!(true)));
}
