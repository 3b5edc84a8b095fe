//! A whole login in process (parsed event in, response out) beside the bare verification of the same signature by
//! the same crypto library with a parsed key, measured in turns in the same run.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark talks to people and stops where it cannot measure"
)]

mod measure;

use std::hint::black_box;
use std::time::Duration;

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use measure::{in_turns, micros};
use rehearsal::Rehearsal;
use serde_json::Value;
use testkit::{Event, SigningKey};
use token::UnverifiedToken;

/// What a login may cost, in bare verifications.
const AIM: f64 = 1.5;

fn main() {
    println!(
        "A whole login in process, beside the bare verification of its signature (AWS-LC, parsed key)\n"
    );
    println!("| algorithm | bare verification | whole login | ratio | aim |");
    println!("|---|---:|---:|---:|---:|");
    for algorithm in ["RS256", "ES256", "EdDSA"] {
        let (floor, login) = measure(algorithm);
        let ratio = login.as_secs_f64() / floor.as_secs_f64();
        println!(
            "| {algorithm} | {} | {} | {ratio:.2}x | <= {AIM}x |",
            micros(floor),
            micros(login)
        );
    }
}

fn measure(algorithm: &str) -> (Duration, Duration) {
    let settings =
        [("ISSUER", "https://id.example.org"), ("AUDIENCE", "https://ditto.example.org")];
    let rehearsal = Rehearsal::new(&oidc::PROVIDER, &settings, algorithm);
    let event = Event::parse(include_str!("../../events/oidc/accepted.json")).unwrap();
    let request = rehearsal.request(&event);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let login = || runtime.block_on(rehearsal.answer(black_box(&request)));
    let answer = serde_json::from_slice::<Value>(login().body()).unwrap();
    assert_eq!(
        answer.get("authenticated"),
        Some(&Value::Bool(true)),
        "what is measured is a login"
    );

    let body = serde_json::from_slice::<Value>(request.body()).unwrap();
    let token = body.get("token").unwrap().as_str().unwrap();
    assert!(UnverifiedToken::parse(token).is_ok(), "the floor verifies the same token");
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let key = parsed_key(&rehearsal.key);
    let verify = || key.verify_sig(black_box(message.as_bytes()), &signature).unwrap();

    in_turns(verify, login)
}

/// The public key, parsed as AWS-LC keeps it.
fn parsed_key(key: &SigningKey) -> ParsedPublicKey {
    let jwk = key.jwk();
    let part =
        |name: &str| URL_SAFE_NO_PAD.decode(jwk.get(name).unwrap().as_str().unwrap()).unwrap();
    match key.algorithm() {
        "RS256" => {
            let components = PublicKeyComponents { n: part("n"), e: part("e") };
            let der = aws_lc_rs::encoding::AsDer::as_der(&components).unwrap();
            let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = der;
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der.as_ref()).unwrap()
        }
        "ES256" => {
            let point = [vec![4], part("x"), part("y")].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).unwrap()
        }
        _ => ParsedPublicKey::new(&ED25519, part("x")).unwrap(),
    }
}
