//! Stage 1: what is refused before any key is looked at, and that no change to a signed token goes unnoticed.
#![allow(
    clippy::unwrap_used,
    dead_code,
    clippy::too_many_lines,
    reason = "a panic is the failure report, tables are long, and not every test needs all of the support"
)]

mod support;

use serde_json::json;
use testkit::{SigningKey, raw_token};
use token::TokenError;

use support::*;

#[test]
fn a_key_in_the_header_is_never_used() {
    let stranger = SigningKey::generate("ES256", "es").unwrap();
    for (name, parameter, value) in [
        ("jwk", "jwk", stranger.jwk()),
        ("jku", "jku", json!("https://evil.example.org/jwks")),
        ("x5u", "x5u", json!("https://evil.example.org/cert")),
        ("x5c", "x5c", json!(["AAAA"])),
    ] {
        let token = |key: &SigningKey| {
            key.token_of(&header(&json!({parameter: value})), &claims().to_string())
        };
        assert_eq!(verify(&token(&stranger)).unwrap_err(), TokenError::SignatureInvalid, "{name}");
        assert_eq!(verify(&token(&ES256)).map(|_| ()), Ok(()), "{name} beside a right signature");
    }
}

#[test]
fn refuses_headers_that_change_what_is_verified() {
    for (name, change, expected) in [
        (
            "crit",
            json!({"crit": ["x"], "x": 1}),
            TokenError::HeaderUnsupported { parameter: "crit" },
        ),
        ("empty crit", json!({"crit": []}), TokenError::HeaderUnsupported { parameter: "crit" }),
        ("b64 false", json!({"b64": false}), TokenError::HeaderUnsupported { parameter: "b64" }),
        ("zip", json!({"zip": "DEF"}), TokenError::HeaderUnsupported { parameter: "zip" }),
        ("enc", json!({"enc": "A256GCM"}), TokenError::Encrypted),
        (
            "alg a number",
            json!({"alg": 1}),
            TokenError::Malformed { part: "its `alg` is not a string" },
        ),
        (
            "kid a number",
            json!({"kid": 1}),
            TokenError::Malformed { part: "its `kid` is not a string" },
        ),
        (
            "kid too long",
            json!({"kid": "k".repeat(257)}),
            TokenError::Malformed { part: "its `kid` is too long" },
        ),
        (
            "typ an array",
            json!({"typ": ["JWT"]}),
            TokenError::Malformed { part: "its `typ` is not a string" },
        ),
    ] {
        let token = ES256.token_of(&header(&change), &claims().to_string());
        assert_eq!(verify(&token).unwrap_err(), expected, "{name}");
    }
}

#[test]
fn refuses_what_is_not_one_canonical_jws() {
    let good = ES256.token(&claims());
    let [head, payload, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let parts = TokenError::Malformed { part: "it does not have three parts" };
    let base64 = |part| TokenError::Malformed { part };
    for (name, token, expected) in [
        ("empty", String::new(), parts),
        ("one part", "opaque".into(), parts),
        ("two parts", format!("{head}.{payload}"), parts),
        ("four parts", format!("{good}."), parts),
        ("five parts", format!("{head}..{payload}.{signature}.x"), TokenError::Encrypted),
        ("six parts", "a.b.c.d.e.f".into(), parts),
        ("a prefix", format!("Bearer {good}"), base64("its header is not base64url")),
        ("a line break", format!("{good}\n"), base64("its signature is not base64url")),
        ("padding", format!("{good}=="), base64("its signature is not base64url")),
        ("no signature", format!("{head}.{payload}."), base64("its signature is empty")),
        ("header not JSON", raw_token("x", "{}", b"s"), base64("its header is not a JSON object")),
        ("header without alg", raw_token("{}", "{}", b"s"), base64("its header has no `alg`")),
        (
            "duplicate in the header",
            ES256.token_of(r#"{"alg":"ES256","kid":"x","kid":"es"}"#, "{}"),
            base64("its header is not a JSON object"),
        ),
        (
            "duplicate claim",
            ES256.token_of(&header(&json!({})), r#"{"sub":"a","sub":"b"}"#),
            base64("its payload is not a JSON object"),
        ),
        (
            "payload an array",
            ES256.token_of(&header(&json!({})), "[]"),
            base64("its payload is not a JSON object"),
        ),
        ("too large", "a".repeat(token::MAX_TOKEN_SIZE + 1), TokenError::TooLarge),
    ] {
        assert_eq!(verify(&token).unwrap_err(), expected, "{name}");
    }
}

#[test]
fn trailing_bits_of_base64_are_not_another_spelling_of_the_same_token() {
    let good = ES256.token(&claims());
    // A 64-byte signature ends in a character with four unused bits; each other value of them must be refused.
    let last = good.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let group = alphabet.find(last).unwrap() / 16 * 16;
    for other in alphabet.chars().skip(group).take(16).filter(|other| *other != last) {
        let spelt = format!("{}{other}", good.strip_suffix(last).unwrap());
        assert_eq!(
            verify(&spelt).unwrap_err(),
            TokenError::Malformed { part: "its signature is not base64url" }
        );
    }
}

#[test]
fn any_change_to_a_signed_token_is_noticed() {
    let good = ES256.token(&claims());
    let [head, _, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let other = ES256.token(&with("sub", json!("user-2")));
    let payload = other.split('.').nth(1).unwrap();
    assert_eq!(
        verify(&format!("{head}.{payload}.{signature}")).unwrap_err(),
        TokenError::SignatureInvalid
    );
    let zero = raw_token(&header(&json!({})), &claims().to_string(), &[0; 64]);
    assert_eq!(verify(&zero).unwrap_err(), TokenError::SignatureInvalid, "r = s = 0");
}
