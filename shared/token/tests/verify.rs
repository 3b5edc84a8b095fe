//! Every check of a token: passes, fails, missing, wrong type, and both sides of each time edge.
#![allow(
    clippy::unwrap_used,
    dead_code,
    clippy::too_many_lines,
    reason = "a panic is the failure report, tables are long, and not every test needs all of the support"
)]

mod support;

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};
use testkit::{SigningKey, jwk_set, now, raw_token};
use token::{Algorithm, KeySet, SignedToken, TokenError, VerifierSettings};

use support::*;

#[test]
fn accepts_a_token_of_each_algorithm_with_the_key_bound_to_it() {
    for name in [
        "ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "HS256",
        "HS384", "HS512",
    ] {
        let key = SigningKey::generate(name, "k").unwrap();
        let verified = verify_with(&key.token(&claims()), &[&key], ALL).unwrap();
        assert_eq!(verified.claims().get("sub"), Some(&json!("user-1")), "{name}");
        assert_eq!(verified.key_id(), Some("k"), "{name}");
        assert_eq!(verified.remaining_life(now()), Duration::from_mins(10), "{name}");
    }
}

#[test]
fn checks_each_registered_claim() {
    use TokenError::{
        AudienceMismatch, ClaimType, Expired, ExpiryMissing, IssuedInFuture, IssuerMismatch,
        NotYetValid, SubjectInvalid,
    };
    let long = "u".repeat(256);
    let wrong_type = |claim| Err(ClaimType { claim });
    for (name, claims, expected) in [
        ("exp ahead", with("exp", json!(NOW + 1)), Ok(())),
        ("exp just within the leeway", with("exp", json!(NOW - 59)), Ok(())),
        ("exp at the end of the leeway", with("exp", json!(NOW - 60)), Err(Expired)),
        ("exp passed", with("exp", json!(NOW - 3600)), Err(Expired)),
        ("exp negative", with("exp", json!(-1)), Err(Expired)),
        ("exp with a fraction, within", with("exp", json!(1_699_999_940.5)), Ok(())),
        ("exp with an exponent", with("exp", json!(1.7e10)), Ok(())),
        ("exp with an exponent, passed", with("exp", json!(1e9)), Err(Expired)),
        ("exp beyond all calendars", with("exp", json!(1e300)), Ok(())),
        ("exp missing", without("exp"), Err(ExpiryMissing)),
        ("exp a string", with("exp", json!((NOW + 600).to_string())), wrong_type("exp")),
        ("exp null", with("exp", Value::Null), wrong_type("exp")),
        ("exp an array", with("exp", json!([NOW + 600])), wrong_type("exp")),
        ("nbf behind", with("nbf", json!(NOW - 1)), Ok(())),
        ("nbf at the edge of the leeway", with("nbf", json!(NOW + 60)), Ok(())),
        ("nbf just beyond the leeway", with("nbf", json!(NOW + 61)), Err(NotYetValid)),
        ("nbf a string", with("nbf", json!("0")), wrong_type("nbf")),
        ("iat missing", without("iat"), Ok(())),
        ("iat at the edge of the leeway", with("iat", json!(NOW + 60)), Ok(())),
        ("iat just beyond the leeway", with("iat", json!(NOW + 61)), Err(IssuedInFuture)),
        ("iat with a fraction", with("iat", json!(1_699_999_999.25)), Ok(())),
        ("iat a string", with("iat", json!("0")), wrong_type("iat")),
        (
            "iss of somebody else",
            with("iss", json!("https://evil.example.org")),
            Err(IssuerMismatch),
        ),
        (
            "iss with a slash more",
            with("iss", json!("https://id.example.org/")),
            Err(IssuerMismatch),
        ),
        ("iss in capitals", with("iss", json!("HTTPS://ID.EXAMPLE.ORG")), Err(IssuerMismatch)),
        ("iss missing", without("iss"), Err(IssuerMismatch)),
        ("iss an array", with("iss", json!([ISSUER])), wrong_type("iss")),
        ("aud the second accepted one", with("aud", json!("second")), Ok(())),
        ("aud an array with ours", with("aud", json!(["other", AUDIENCE])), Ok(())),
        ("aud an array without ours", with("aud", json!(["other"])), Err(AudienceMismatch)),
        ("aud an empty array", with("aud", json!([])), Err(AudienceMismatch)),
        ("aud a prefix of ours", with("aud", json!("ditt")), Err(AudienceMismatch)),
        ("aud empty", with("aud", json!("")), Err(AudienceMismatch)),
        ("aud missing", without("aud"), Err(AudienceMismatch)),
        ("aud a number", with("aud", json!(1)), wrong_type("aud")),
        ("aud an array with a number", with("aud", json!([AUDIENCE, 1])), wrong_type("aud")),
        ("sub of 255 characters", with("sub", json!("ü".repeat(255))), Ok(())),
        ("sub too long", with("sub", json!(long)), Err(SubjectInvalid)),
        ("sub empty", with("sub", json!("")), Err(SubjectInvalid)),
        ("sub blank", with("sub", json!(" ")), Err(SubjectInvalid)),
        ("sub with a line break", with("sub", json!("a\nb")), Err(SubjectInvalid)),
        ("sub with NUL", with("sub", json!("a\0")), Err(SubjectInvalid)),
        ("sub with DEL", with("sub", json!("a\u{7f}")), Err(SubjectInvalid)),
        ("sub with a C1 control", with("sub", json!("a\u{85}")), Err(SubjectInvalid)),
        ("sub missing", without("sub"), Err(SubjectInvalid)),
        ("sub a number", with("sub", json!(7)), wrong_type("sub")),
    ] {
        assert_eq!(verify(&ES256.token(&claims)).map(|_| ()), expected, "{name}");
    }
}

#[test]
fn the_key_decides_on_the_algorithm() {
    let payload = claims().to_string();
    let public = RS256.jwk().get("n").unwrap().as_str().unwrap().as_bytes().to_vec();
    let confused = SigningKey::restore("HS256", "rs", public).unwrap();
    let stranger = SigningKey::generate("ES256", "es").unwrap();
    for (name, token, expected) in [
        (
            "alg none",
            raw_token(&header(&json!({"alg": "none"})), &payload, b""),
            TokenError::Unsigned,
        ),
        (
            "alg None",
            raw_token(&header(&json!({"alg": "NonE"})), &payload, b"x"),
            TokenError::Unsigned,
        ),
        (
            "HS256 keyed with the public key",
            confused.token(&claims()),
            TokenError::AlgorithmMismatch,
        ),
        (
            "alg of another key",
            RS256.token_of(&header(&json!({"kid": "rs"})), &payload),
            TokenError::AlgorithmMismatch,
        ),
        (
            "alg unknown",
            ES256.token_of(&header(&json!({"alg": "ES257"})), &payload),
            TokenError::AlgorithmMismatch,
        ),
        (
            "alg not accepted here, kid unknown",
            ES256.token_of(&header(&json!({"alg": "HS256", "kid": "x"})), &payload),
            TokenError::AlgorithmMismatch,
        ),
        ("signed by another key", stranger.token(&claims()), TokenError::SignatureInvalid),
        (
            "kid unknown",
            ES256.token_of(&header(&json!({"kid": "other"})), &payload),
            TokenError::KeyNotFound,
        ),
        (
            "no kid, several keys",
            ES256.token_of(r#"{"alg":"ES256"}"#, &payload),
            TokenError::KeyIdMissing,
        ),
    ] {
        assert_eq!(verify(&token).unwrap_err(), expected, "{name}");
    }
    let alone = verify_with(
        &ES256.token_of(r#"{"alg":"ES256"}"#, &payload),
        &[&ES256],
        &[Algorithm::ES256],
    );
    assert_eq!(alone.map(|_| ()), Ok(()), "no kid, one key");
}

#[test]
fn the_signature_is_checked_before_any_claim() {
    let stranger = SigningKey::generate("ES256", "es").unwrap();
    let expired = stranger.token(&with("exp", json!(0)));
    assert_eq!(verify(&expired).unwrap_err(), TokenError::SignatureInvalid);
}

#[test]
fn remaining_life_never_runs_below_zero() {
    let verified = verify(&ES256.token(&with("exp", json!(NOW - 30)))).unwrap();
    assert_eq!(verified.remaining_life(now()), Duration::ZERO);
    let endless = verify(&ES256.token(&with("exp", json!(1e300)))).unwrap();
    assert_eq!(endless.remaining_life(UNIX_EPOCH), Duration::MAX);
}

#[test]
fn settings_without_issuer_audience_or_algorithm_do_not_exist() {
    let names = |name: &str| vec![name.to_owned()];
    for (name, issuers, audiences, algorithms) in [
        ("no issuer", vec![], names("a"), vec![Algorithm::ES256]),
        ("empty issuer", names(""), names("a"), vec![Algorithm::ES256]),
        ("no audience", names("i"), vec![], vec![Algorithm::ES256]),
        ("blank audience", names("i"), names(" "), vec![Algorithm::ES256]),
        ("no algorithm", names("i"), names("a"), vec![]),
    ] {
        let settings =
            VerifierSettings::new(issuers, audiences, algorithms, |_: &SignedToken<'_>| Ok(()));
        assert_eq!(settings.err(), Some(token::MissingSetting), "{name}");
    }
}

#[test]
fn agrees_with_jsonwebtokens_own_verifier() {
    for name in [
        "ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA", "HS256",
        "HS384", "HS512",
    ] {
        let key = SigningKey::generate(name, "k").unwrap();
        let jwk = serde_json::from_value::<jsonwebtoken::jwk::Jwk>(key.jwk()).unwrap();
        let theirs = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        let algorithm = token::algorithm_named(name).unwrap();
        let good = key.token(&claims());
        let (message, signature) = good.rsplit_once('.').unwrap();
        let stranger = SigningKey::generate(name, "k").unwrap().token(&claims());
        let (_, foreign) = stranger.rsplit_once('.').unwrap();
        for signature in [signature, foreign, "AAAA"] {
            let their_verdict =
                jsonwebtoken::crypto::verify(signature, message.as_bytes(), &theirs, algorithm);
            let ours = verify_with(&format!("{message}.{signature}"), &[&key], ALL).is_ok();
            assert_eq!(ours, their_verdict.unwrap(), "{name}");
        }
    }
}

#[test]
fn nothing_of_a_key_is_printed() {
    let secret = SigningKey::generate("HS256", "hidden-kid").unwrap();
    let set = KeySet::parse(&jwk_set(&[&secret]), ALL).unwrap();
    let printed = format!("{set:?} {:?}", set.keys());
    let jwk = secret.jwk();
    assert!(!printed.contains(jwk.get("k").unwrap().as_str().unwrap()), "{printed}");
    assert_eq!(printed, "KeySet { keys: 1, .. } [VerificationKey { algorithm: HS256, .. }]");
}

#[test]
fn nothing_of_a_token_is_printed() {
    let text = ES256.token(&claims());
    let token = token::UnverifiedToken::parse(&text).unwrap();
    assert_eq!(format!("{token:?}"), "UnverifiedToken { .. }");
    assert_eq!(format!("{:?}", verify(&text).unwrap()), "VerifiedClaims { .. }");
}
