//! Tokens of an issuer with two keys, and the whole way of a verification.

use std::sync::LazyLock;

use serde_json::{Value, json};
use testkit::{NOW_SECONDS, SigningKey, jwk_set, now};
use token::{
    Algorithm, SignedToken, TokenError, UnverifiedToken, VerifiedClaims, Verifier, VerifierSettings,
};

pub(crate) const NOW: u64 = NOW_SECONDS;
pub(crate) const ISSUER: &str = "https://id.example.org";
pub(crate) const AUDIENCE: &str = "ditto";

pub(crate) static ES256: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate("ES256", "es").unwrap());
pub(crate) static RS256: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate("RS256", "rs").unwrap());
pub(crate) static ALL: &[Algorithm] = &[
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::EdDSA,
    Algorithm::HS256,
    Algorithm::HS384,
    Algorithm::HS512,
];

pub(crate) fn verifier(algorithms: &[Algorithm]) -> Verifier {
    let settings = VerifierSettings::new(
        vec![ISSUER.into()],
        vec![AUDIENCE.into(), "second".into()],
        algorithms.to_vec(),
        |_: &SignedToken<'_>| Ok(()),
    );
    Verifier::new(settings.unwrap())
}

/// The whole way, with the keys ES256 and RS256.
pub(crate) fn verify(token: &str) -> Result<VerifiedClaims, TokenError> {
    verify_with(token, &[&ES256, &RS256], &[Algorithm::ES256, Algorithm::RS256])
}

pub(crate) fn verify_with(
    token: &str,
    keys: &[&SigningKey],
    algorithms: &[Algorithm],
) -> Result<VerifiedClaims, TokenError> {
    let verifier = verifier(algorithms);
    let keys = verifier.parse_keys(&jwk_set(keys)).unwrap();
    let token = UnverifiedToken::parse(token)?;
    let key = verifier.select_key(&token, &keys)?;
    verifier.verify(&token, key, now())
}

pub(crate) fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "iat": NOW, "exp": NOW + 600})
}

pub(crate) fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().insert(name.into(), value);
    claims
}

pub(crate) fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

pub(crate) fn header(changes: &Value) -> String {
    let mut header = json!({"alg": "ES256", "typ": "JWT", "kid": "es"});
    header.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    header.to_string()
}
