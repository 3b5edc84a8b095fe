//! Which keys of a JWK Set are used, and why others are not.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use serde_json::{Value, json};
use testkit::SigningKey;
use token::{Algorithm, KeySet, KeySetError, SkipReason, SkippedKey};

const PUBLIC: &[Algorithm] =
    &[Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA];

fn jwk(algorithm: &str) -> Value {
    SigningKey::generate(algorithm, "k").unwrap().jwk()
}

fn changed(mut jwk: Value, changes: &Value) -> Value {
    let members = jwk.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    jwk
}

/// What becomes of one key.
fn parse_one(jwk: &Value, algorithms: &[Algorithm]) -> Result<Algorithm, SkipReason> {
    let set = KeySet::parse(&json!({"keys": [jwk]}).to_string(), algorithms);
    set.map(|set| set.keys().first().unwrap().algorithm()).map_err(|error| {
        let KeySetError::NoUsableKey { skipped } = error else {
            return SkipReason::UnsupportedType;
        };
        skipped.first().unwrap().reason
    })
}

#[test]
fn each_key_is_bound_to_one_algorithm() {
    let no_alg = json!({"alg": null});
    for (name, jwk, algorithms, expected) in [
        ("alg of the key", jwk("PS256"), PUBLIC, Ok(Algorithm::PS256)),
        (
            "no alg: the first that fits",
            changed(jwk("RS256"), &no_alg),
            PUBLIC,
            Ok(Algorithm::RS256),
        ),
        (
            "no alg: the only one that fits",
            changed(jwk("RS256"), &no_alg),
            &[Algorithm::ES256, Algorithm::PS256],
            Ok(Algorithm::PS256),
        ),
        ("no alg: the curve decides", changed(jwk("ES384"), &no_alg), PUBLIC, Ok(Algorithm::ES384)),
        (
            "the newer name of EdDSA",
            changed(jwk("EdDSA"), &json!({"alg": "Ed25519"})),
            PUBLIC,
            Ok(Algorithm::EdDSA),
        ),
        ("alg not accepted", jwk("RS512"), PUBLIC, Err(SkipReason::AlgorithmNotAccepted)),
        (
            "alg unknown",
            changed(jwk("RS256"), &json!({"alg": "RSA-OAEP"})),
            PUBLIC,
            Err(SkipReason::AlgorithmNotAccepted),
        ),
        (
            "alg of another key type",
            changed(jwk("RS256"), &json!({"alg": "ES256"})),
            PUBLIC,
            Err(SkipReason::Malformed),
        ),
        (
            "alg of another curve",
            changed(jwk("ES256"), &json!({"alg": "ES384"})),
            PUBLIC,
            Err(SkipReason::Malformed),
        ),
        (
            "alg a number",
            changed(jwk("RS256"), &json!({"alg": 1})),
            PUBLIC,
            Err(SkipReason::Malformed),
        ),
        (
            "a secret where none is accepted",
            jwk("HS256"),
            PUBLIC,
            Err(SkipReason::AlgorithmNotAccepted),
        ),
    ] {
        assert_eq!(parse_one(&jwk, algorithms), expected, "{name}");
    }
}

#[test]
fn keys_that_must_not_be_used_are_left_out_with_a_reason() {
    let hmac = &[Algorithm::HS256, Algorithm::HS512];
    let secret = json!({"kty": "oct", "alg": "HS256", "k": "A".repeat(44)});
    let es256 = jwk("ES256");
    let rs256 = jwk("RS256");
    for (name, jwk, algorithms, expected) in [
        (
            "for encryption",
            changed(es256.clone(), &json!({"use": "enc"})),
            PUBLIC,
            SkipReason::NotForVerifying,
        ),
        (
            "use a number",
            changed(es256.clone(), &json!({"use": 1})),
            PUBLIC,
            SkipReason::NotForVerifying,
        ),
        (
            "key_ops without verify",
            changed(es256.clone(), &json!({"key_ops": ["encrypt"]})),
            PUBLIC,
            SkipReason::NotForVerifying,
        ),
        (
            "key_ops no array",
            changed(es256.clone(), &json!({"key_ops": "verify"})),
            PUBLIC,
            SkipReason::NotForVerifying,
        ),
        (
            "private RSA",
            changed(rs256.clone(), &json!({"d": "AAAA"})),
            PUBLIC,
            SkipReason::PrivateKey,
        ),
        (
            "private EC",
            changed(es256.clone(), &json!({"d": "AAAA"})),
            PUBLIC,
            SkipReason::PrivateKey,
        ),
        (
            "RSA of 2047 bits",
            changed(rs256.clone(), &json!({"n": format!("f{}w", "_".repeat(340))})),
            PUBLIC,
            SkipReason::Size,
        ),
        (
            "RSA of 1024 bits",
            changed(rs256.clone(), &json!({"n": format!("{}8", "_".repeat(170))})),
            PUBLIC,
            SkipReason::Size,
        ),
        (
            "RSA padded to 2048 bits with zeros",
            changed(rs256.clone(), &json!({"n": "A".repeat(170) + &"_".repeat(170)})),
            PUBLIC,
            SkipReason::Size,
        ),
        (
            "RSA over 8192 bits",
            changed(rs256.clone(), &json!({"n": "_".repeat(1368)})),
            PUBLIC,
            SkipReason::Size,
        ),
        (
            "RSA exponent 1",
            changed(rs256.clone(), &json!({"e": "AQ"})),
            PUBLIC,
            SkipReason::Malformed,
        ),
        (
            "RSA exponent even",
            changed(rs256.clone(), &json!({"e": "Ag"})),
            PUBLIC,
            SkipReason::Malformed,
        ),
        (
            "RSA without modulus",
            changed(rs256.clone(), &json!({"n": null})),
            PUBLIC,
            SkipReason::Malformed,
        ),
        (
            "RSA modulus not base64url",
            changed(rs256, &json!({"n": "+/=="})),
            PUBLIC,
            SkipReason::Malformed,
        ),
        (
            "EC point off its curve",
            changed(es256.clone(), &json!({"y": "A".repeat(43)})),
            PUBLIC,
            SkipReason::Malformed,
        ),
        (
            "EC coordinate too short",
            changed(es256.clone(), &json!({"x": "AAAA"})),
            PUBLIC,
            SkipReason::Malformed,
        ),
        (
            "EC curve unknown",
            changed(es256.clone(), &json!({"crv": "secp256k1"})),
            PUBLIC,
            SkipReason::UnsupportedType,
        ),
        ("kid a number", changed(es256, &json!({"kid": 1})), PUBLIC, SkipReason::Malformed),
        (
            "Ed25519 too short",
            changed(jwk("EdDSA"), &json!({"x": "AAAA"})),
            PUBLIC,
            SkipReason::Malformed,
        ),
        (
            "X25519",
            changed(jwk("EdDSA"), &json!({"crv": "X25519"})),
            PUBLIC,
            SkipReason::UnsupportedType,
        ),
        ("kty unknown", json!({"kty": "AKP"}), PUBLIC, SkipReason::UnsupportedType),
        ("kty missing", json!({}), PUBLIC, SkipReason::UnsupportedType),
        ("not an object", json!("key"), PUBLIC, SkipReason::Malformed),
        (
            "secret of 31 bytes",
            json!({"kty": "oct", "alg": "HS256", "k": "A".repeat(42)}),
            hmac,
            SkipReason::Size,
        ),
        (
            "secret of 33 bytes for HS512",
            changed(secret.clone(), &json!({"alg": "HS512"})),
            hmac,
            SkipReason::Size,
        ),
        ("secret empty", changed(secret, &json!({"k": ""})), hmac, SkipReason::Malformed),
    ] {
        assert_eq!(parse_one(&jwk, algorithms), Err(expected), "{name}");
    }
}

#[test]
fn unusable_keys_do_not_take_the_others_with_them() {
    let good = jwk("ES256");
    let other = changed(jwk("ES256"), &json!({"kid": "other"}));
    let twin = changed(jwk("ES256"), &json!({"kid": "other"}));
    let text = json!({"keys": [good, {"kty": "AKP"}, other, twin, good]}).to_string();
    let set = KeySet::parse(&text, PUBLIC).unwrap();
    assert_eq!(set.keys().len(), 1);
    assert_eq!(set.keys().first().unwrap().key_id(), Some("k"));
    assert_eq!(
        set.skipped(),
        [
            SkippedKey { index: 1, reason: SkipReason::UnsupportedType },
            SkippedKey { index: 2, reason: SkipReason::KeyIdNotUnique },
            SkippedKey { index: 3, reason: SkipReason::KeyIdNotUnique },
        ]
    );
}

#[test]
fn a_key_for_encryption_does_not_take_the_kid_from_one_that_signs() {
    let encryption = changed(jwk("ES256"), &json!({"use": "enc"}));
    let text = json!({"keys": [encryption, jwk("ES256")]}).to_string();
    assert_eq!(KeySet::parse(&text, PUBLIC).unwrap().keys().len(), 1);
}

#[test]
fn an_empty_set_withdraws_every_key() {
    assert!(KeySet::parse(r#"{"keys":[]}"#, PUBLIC).unwrap().keys().is_empty());
}

#[test]
fn what_is_no_key_set_is_an_error() {
    let many = json!({"keys": vec![json!({"kty": "AKP"}); 101]}).to_string();
    for (name, text, expected) in [
        ("not JSON", "-----BEGIN PUBLIC KEY-----", KeySetError::NotAKeySet),
        ("one key instead of a set", r#"{"kty":"oct"}"#, KeySetError::NotAKeySet),
        ("keys an object", r#"{"keys":{}}"#, KeySetError::NotAKeySet),
        ("duplicate member", r#"{"keys":[],"keys":[]}"#, KeySetError::NotAKeySet),
        ("too many keys", &many, KeySetError::TooManyKeys),
    ] {
        assert_eq!(KeySet::parse(text, PUBLIC).unwrap_err(), expected, "{name}");
    }
}
