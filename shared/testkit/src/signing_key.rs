//! Key pairs and secrets of an identity provider, and tokens signed with them.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::fmt;

/// A key that tokens are signed with, and its `kid`.
pub struct SigningKey {
    key_id: String,
    algorithm: String,
    pair: Pair,
    /// What [`SigningKey::restore`] takes: PKCS #8, or the secret itself.
    private: Vec<u8>,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

#[derive(Debug)]
enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(&'static str, EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
    Secret,
}

/// A key cannot be made: an unknown algorithm, or bytes that are no key.
#[derive(Debug)]
pub struct KeyError;

impl SigningKey {
    /// Makes a new key for an algorithm of RFC 7518: `RS256` (2048 bits), `ES256`, `EdDSA`, `HS256`, and so on.
    ///
    /// # Errors
    /// [`KeyError`] for an unknown algorithm, or where the system has no randomness.
    pub fn generate(algorithm: &str, key_id: &str) -> Result<Self, KeyError> {
        let private = match algorithm.get(..2) {
            Some("RS" | "PS") => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError)?;
                let document: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError)?;
                document.as_ref().to_vec()
            }
            Some("ES") => {
                let (_, parameters) = ec_parameters(algorithm)?;
                let document = EcdsaKeyPair::generate_pkcs8(parameters, &SystemRandom::new());
                document.map_err(|_| KeyError)?.as_ref().to_vec()
            }
            Some("Ed") => {
                let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
                document.map_err(|_| KeyError)?.as_ref().to_vec()
            }
            Some("HS") => {
                let mut secret = vec![0; 64];
                fill(&mut secret).map_err(|_| KeyError)?;
                secret
            }
            _ => return Err(KeyError),
        };
        Self::restore(algorithm, key_id, private)
    }

    /// The key whose [`SigningKey::private`] this is.
    ///
    /// # Errors
    /// [`KeyError`] for an unknown algorithm or bytes that are no key of it.
    pub fn restore(algorithm: &str, key_id: &str, private: Vec<u8>) -> Result<Self, KeyError> {
        let pair = match algorithm.get(..2) {
            Some("RS" | "PS") => {
                Pair::Rsa(Box::new(RsaKeyPair::from_pkcs8(&private).map_err(|_| KeyError)?))
            }
            Some("ES") => {
                let (curve, parameters) = ec_parameters(algorithm)?;
                Pair::Ec(
                    curve,
                    EcdsaKeyPair::from_pkcs8(parameters, &private).map_err(|_| KeyError)?,
                )
            }
            Some("Ed") => {
                Pair::Ed25519(Ed25519KeyPair::from_pkcs8(&private).map_err(|_| KeyError)?)
            }
            Some("HS") => Pair::Secret,
            _ => return Err(KeyError),
        };
        Ok(Self { key_id: key_id.to_owned(), algorithm: algorithm.to_owned(), pair, private })
    }

    /// The private part, for [`SigningKey::restore`].
    #[must_use]
    pub fn private(&self) -> &[u8] {
        &self.private
    }

    /// The `kid`.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The algorithm.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// What verifies its tokens, as a JWK (RFC 7517): the public key, or the secret of an HMAC.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let mut jwk = match &self.pair {
            Pair::Rsa(pair) => {
                let public = pair.public_key();
                json!({
                    "kty": "RSA",
                    "n": encode(public.modulus().big_endian_without_leading_zero()),
                    "e": encode(public.exponent().big_endian_without_leading_zero()),
                })
            }
            Pair::Ec(curve, pair) => {
                let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
                let (x, y) = point.split_at(point.len() / 2);
                json!({"kty": "EC", "crv": curve, "x": encode(x), "y": encode(y)})
            }
            Pair::Ed25519(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref())})
            }
            Pair::Secret => json!({"kty": "oct", "k": encode(&self.private)}),
        };
        if let Some(members) = jwk.as_object_mut() {
            members.insert("kid".to_owned(), json!(self.key_id));
            members.insert("alg".to_owned(), json!(self.algorithm));
            members.insert("use".to_owned(), json!("sig"));
        }
        jwk
    }

    /// A token of these claims with the usual header: `alg`, `typ: JWT`, `kid`.
    #[must_use]
    pub fn token(&self, claims: &Value) -> String {
        let header = json!({"alg": self.algorithm, "typ": "JWT", "kid": self.key_id});
        self.token_of(&header.to_string(), &claims.to_string())
    }

    /// A token of exactly this header and payload, whatever they say.
    #[must_use]
    pub fn token_of(&self, header: &str, payload: &str) -> String {
        let message = format!("{}.{}", encode(header.as_bytes()), encode(payload.as_bytes()));
        let signature = self.signature(message.as_bytes());
        format!("{message}.{}", encode(&signature))
    }

    /// The signature of a message. Empty where the system's randomness fails.
    #[must_use]
    pub fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed =
                    pair.sign(rsa_encoding(&self.algorithm), &random, message, &mut signature);
                signed.map(|()| signature).unwrap_or_default()
            }
            Pair::Ec(_, pair) => {
                pair.sign(&random, message).map(|bytes| bytes.as_ref().to_vec()).unwrap_or_default()
            }
            Pair::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
            Pair::Secret => {
                let algorithm = match self.algorithm.as_str() {
                    "HS384" => hmac::HMAC_SHA384,
                    "HS512" => hmac::HMAC_SHA512,
                    _ => hmac::HMAC_SHA256,
                };
                let key = hmac::Key::new(algorithm, &self.private);
                hmac::sign(&key, message).as_ref().to_vec()
            }
        }
    }
}

/// A JWK Set of the keys.
#[must_use]
pub fn jwk_set(keys: &[&SigningKey]) -> String {
    json!({"keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>()}).to_string()
}

/// A token of three given parts, unsigned or wrongly signed.
#[must_use]
pub fn raw_token(header: &str, payload: &str, signature: &[u8]) -> String {
    format!("{}.{}.{}", encode(header.as_bytes()), encode(payload.as_bytes()), encode(signature))
}

fn ec_parameters(
    algorithm: &str,
) -> Result<(&'static str, &'static EcdsaSigningAlgorithm), KeyError> {
    match algorithm {
        "ES256" => Ok(("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)),
        "ES384" => Ok(("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)),
        _ => Err(KeyError),
    }
}

fn rsa_encoding(algorithm: &str) -> &'static dyn RsaEncoding {
    match algorithm {
        "RS384" => &signature::RSA_PKCS1_SHA384,
        "RS512" => &signature::RSA_PKCS1_SHA512,
        "PS256" => &signature::RSA_PSS_SHA256,
        "PS384" => &signature::RSA_PSS_SHA384,
        "PS512" => &signature::RSA_PSS_SHA512,
        _ => &signature::RSA_PKCS1_SHA256,
    }
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
