//! Stage 2, signature: keys as AWS-LC keeps them, parsed once.
//!
//! jsonwebtoken says what a verifier is ([`JwtVerifier`]); its own AWS-LC verifier parses the key again for every
//! token, which is a third of the cost of an RS256 verification. This one does not. A test holds the two side by side.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    VerificationAlgorithm,
};
use jsonwebtoken::crypto::JwtVerifier;
use jsonwebtoken::signature::{Error, Verifier};

use crate::Algorithm;

/// A key that verifies by one algorithm.
pub(crate) struct SignatureVerifier {
    algorithm: Algorithm,
    key: Key,
}

enum Key {
    Public(Box<ParsedPublicKey>),
    Secret(Box<hmac::Key>),
}

impl SignatureVerifier {
    /// A verifier with an RSA key, from its modulus and exponent. Nothing where AWS-LC takes it for no key, or
    /// `algorithm` is none of RSA.
    pub(crate) fn rsa(algorithm: Algorithm, n: &[u8], e: &[u8]) -> Option<Self> {
        let der: PublicKeyX509Der<'_> = PublicKeyComponents { n, e }.as_der().ok()?;
        Self::public(algorithm, der.as_ref())
    }

    /// A verifier with the point of an elliptic curve or an Ed25519 key. Nothing where it is no point of the curve
    /// that `algorithm` is for.
    pub(crate) fn public(algorithm: Algorithm, key: &[u8]) -> Option<Self> {
        let (_, verification) =
            VERIFICATION_ALGORITHMS.iter().find(|(name, _)| *name == algorithm)?;
        let key = ParsedPublicKey::new(*verification, key).ok()?;
        Some(Self { algorithm, key: Key::Public(Box::new(key)) })
    }

    /// A verifier with a shared secret. Nothing where `algorithm` is no HMAC.
    pub(crate) fn secret(algorithm: Algorithm, secret: &[u8]) -> Option<Self> {
        let hmac = hmac_algorithm(algorithm)?;
        Some(Self { algorithm, key: Key::Secret(Box::new(hmac::Key::new(*hmac, secret))) })
    }
}

impl JwtVerifier for SignatureVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for SignatureVerifier {
    /// In constant time for a shared secret.
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        let verified = match &self.key {
            Key::Public(key) => key.verify_sig(message, signature),
            Key::Secret(key) => hmac::verify(key, message, signature),
        };
        verified.map_err(|_| Error::new())
    }
}

static VERIFICATION_ALGORITHMS: [(Algorithm, &'static dyn VerificationAlgorithm); 9] = [
    (Algorithm::ES256, &ECDSA_P256_SHA256_FIXED),
    (Algorithm::ES384, &ECDSA_P384_SHA384_FIXED),
    (Algorithm::EdDSA, &ED25519),
    (Algorithm::PS256, &RSA_PSS_2048_8192_SHA256),
    (Algorithm::PS384, &RSA_PSS_2048_8192_SHA384),
    (Algorithm::PS512, &RSA_PSS_2048_8192_SHA512),
    (Algorithm::RS256, &RSA_PKCS1_2048_8192_SHA256),
    (Algorithm::RS384, &RSA_PKCS1_2048_8192_SHA384),
    (Algorithm::RS512, &RSA_PKCS1_2048_8192_SHA512),
];

static HMACS: [(Algorithm, &hmac::Algorithm); 3] = [
    (Algorithm::HS256, &hmac::HMAC_SHA256),
    (Algorithm::HS384, &hmac::HMAC_SHA384),
    (Algorithm::HS512, &hmac::HMAC_SHA512),
];

/// The HMAC of an algorithm, where it is one.
pub(crate) fn hmac_algorithm(algorithm: Algorithm) -> Option<&'static hmac::Algorithm> {
    HMACS.iter().find(|(name, _)| *name == algorithm).map(|(_, hmac)| *hmac)
}
