//! The webhook with its keys: what is read of a secret, which versions count, and how it is parsed.

use signing_keys::{KeyCache, KeyMaterial, ParseError, SecretText, SigningKeys, Versions};
use token::{KeySet, SkipReason, Verifier};
use webhook::{Deployment, SignatureSecrets, Webhook};

/// A webhook whose keys are read through ports of type `P`.
pub type KeyedWebhook<P> = Webhook<KeyCache<P, KeySet>, KeyCache<P, SignatureSecrets>>;

/// The webhook of a deployment, with its secrets opened by name.
pub fn webhook<P: SigningKeys>(
    deployment: Deployment,
    open: impl Fn(&str, Versions) -> P,
) -> KeyedWebhook<P> {
    Webhook::new(
        deployment,
        |secret, verifier| {
            KeyCache::new(open(secret, Versions::Current), move |material| {
                parse_signing_keys(&verifier, material)
            })
        },
        |secret| KeyCache::new(open(secret, Versions::CurrentAndPrevious), parse_signature_secrets),
    )
}

fn parse_signing_keys(verifier: &Verifier, material: &KeyMaterial) -> Result<KeySet, ParseError> {
    let keys = verifier.parse_keys(material.current.expose())?;
    for skipped in keys.skipped() {
        let (index, reason) = (skipped.index, skipped.reason.to_string());
        match skipped.reason {
            // Providers publish such keys beside the ones that sign.
            SkipReason::AlgorithmNotAccepted
            | SkipReason::NotForVerifying
            | SkipReason::UnsupportedType => tracing::debug!(index, reason, "key left out"),
            SkipReason::KeyIdNotUnique
            | SkipReason::Malformed
            | SkipReason::PrivateKey
            | SkipReason::Size => tracing::warn!(index, reason, "key left out"),
        }
    }
    Ok(keys)
}

fn parse_signature_secrets(material: &KeyMaterial) -> Result<SignatureSecrets, ParseError> {
    let previous = material.previous.as_ref().map(SecretText::expose);
    Ok(SignatureSecrets::parse(material.current.expose(), previous)?)
}
