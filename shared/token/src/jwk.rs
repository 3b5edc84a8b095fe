//! One key of a JWK Set (RFC 7517, 7518 6, 8037): what it must be, and the one algorithm it is bound to.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::AlgorithmFamily;
use jsonwebtoken::crypto::JwtVerifier as _;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::verification::{SignatureVerifier, hmac_algorithm};
use crate::{Algorithm, SkipReason, algorithm_named};

/// The smallest RSA modulus, in bits (RFC 7518 3.3).
const MIN_RSA_BITS: usize = 2048;
/// The largest RSA modulus, in bits: what AWS-LC verifies with.
const MAX_RSA_BITS: usize = 8192;
/// One key, bound to the one algorithm it may be used with.
pub struct VerificationKey {
    pub(crate) key_id: Option<String>,
    pub(crate) verifier: SignatureVerifier,
}

impl VerificationKey {
    /// The key's `kid`.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The one algorithm it is used with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.verifier.algorithm()
    }

    pub(crate) fn parse(entry: &Value, algorithms: &[Algorithm]) -> Result<Self, SkipReason> {
        let Value::Object(members) = entry else {
            return Err(SkipReason::Malformed);
        };
        check_purpose(members)?;
        let kind = KeyType::parse(members)?;
        let verifier = kind.verifier(members, bind(members, kind, algorithms)?)?;
        let key_id = match members.get("kid") {
            None => None,
            Some(Value::String(key_id)) => Some(key_id.clone()),
            Some(_) => return Err(SkipReason::Malformed),
        };
        Ok(Self { key_id, verifier })
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerificationKey")
            .field("algorithm", &self.algorithm())
            .finish_non_exhaustive()
    }
}

/// A key type and curve that a signature can be verified with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyType {
    Rsa,
    P256,
    P384,
    Ed25519,
    Secret,
}

impl KeyType {
    fn parse(members: &Map<String, Value>) -> Result<Self, SkipReason> {
        let curve = members.get("crv").and_then(Value::as_str);
        let kind = match (members.get("kty").and_then(Value::as_str), curve) {
            (Some("RSA"), _) => Self::Rsa,
            (Some("EC"), Some("P-256")) => Self::P256,
            (Some("EC"), Some("P-384")) => Self::P384,
            (Some("OKP"), Some("Ed25519")) => Self::Ed25519,
            (Some("oct"), _) => Self::Secret,
            _ => return Err(SkipReason::UnsupportedType),
        };
        if kind != Self::Secret && members.contains_key("d") {
            return Err(SkipReason::PrivateKey);
        }
        Ok(kind)
    }

    fn verifier(
        self,
        members: &Map<String, Value>,
        algorithm: Algorithm,
    ) -> Result<SignatureVerifier, SkipReason> {
        let verifier = match self {
            Self::Rsa => {
                let (modulus, exponent) = rsa_key(members)?;
                SignatureVerifier::rsa(algorithm, &modulus, &exponent)
            }
            Self::P256 | Self::P384 => {
                let point = [vec![0x04], bytes(members, "x")?, bytes(members, "y")?].concat();
                SignatureVerifier::public(algorithm, &point)
            }
            Self::Ed25519 => SignatureVerifier::public(algorithm, &bytes(members, "x")?),
            Self::Secret => {
                let secret = Zeroizing::new(bytes(members, "k")?);
                if secret.len() < min_secret_size(algorithm) {
                    return Err(SkipReason::Size);
                }
                SignatureVerifier::secret(algorithm, &secret)
            }
        };
        verifier.ok_or(SkipReason::Malformed)
    }

    fn fits(self, algorithm: Algorithm) -> bool {
        match self {
            Self::Rsa => algorithm.family() == AlgorithmFamily::Rsa,
            Self::P256 => algorithm == Algorithm::ES256,
            Self::P384 => algorithm == Algorithm::ES384,
            Self::Ed25519 => algorithm == Algorithm::EdDSA,
            Self::Secret => algorithm.family() == AlgorithmFamily::Hmac,
        }
    }
}

fn bind(
    members: &Map<String, Value>,
    kind: KeyType,
    algorithms: &[Algorithm],
) -> Result<Algorithm, SkipReason> {
    let named = match members.get("alg") {
        None => None,
        Some(Value::String(name)) => {
            Some(algorithm_named(name).ok_or(SkipReason::AlgorithmNotAccepted)?)
        }
        Some(_) => return Err(SkipReason::Malformed),
    };
    if named.is_some_and(|algorithm| !kind.fits(algorithm)) {
        return Err(SkipReason::Malformed);
    }
    algorithms
        .iter()
        .copied()
        .find(|algorithm| kind.fits(*algorithm) && named.is_none_or(|named| named == *algorithm))
        .ok_or(SkipReason::AlgorithmNotAccepted)
}

fn check_purpose(members: &Map<String, Value>) -> Result<(), SkipReason> {
    let is_for_signatures = members.get("use").is_none_or(|purpose| purpose == "sig");
    let verifies = match members.get("key_ops") {
        None => true,
        Some(Value::Array(operations)) => operations.iter().any(|operation| operation == "verify"),
        Some(_) => false,
    };
    if is_for_signatures && verifies { Ok(()) } else { Err(SkipReason::NotForVerifying) }
}

/// Modulus and exponent, the modulus without leading zeros.
fn rsa_key(members: &Map<String, Value>) -> Result<(Vec<u8>, Vec<u8>), SkipReason> {
    let modulus = bytes(members, "n")?;
    let exponent = bytes(members, "e")?;
    let significant = modulus.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<_>>();
    let unused_bits = significant.first().map_or(0, |first| first.leading_zeros() as usize);
    let bits = significant.len().saturating_mul(8).saturating_sub(unused_bits);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err(SkipReason::Size);
    }
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let exceeds_one = exponent.iter().any(|byte| *byte > 1) || exponent.len() > 1;
    if !is_odd(&significant) || !is_odd(&exponent) || !exceeds_one {
        return Err(SkipReason::Malformed);
    }
    Ok((significant, exponent))
}

fn bytes(members: &Map<String, Value>, name: &str) -> Result<Vec<u8>, SkipReason> {
    members
        .get(name)
        .and_then(Value::as_str)
        .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .filter(|bytes| !bytes.is_empty())
        .ok_or(SkipReason::Malformed)
}

/// RFC 7518 3.2: a key of the same size as the hash output, or larger.
fn min_secret_size(algorithm: Algorithm) -> usize {
    hmac_algorithm(algorithm).map_or(usize::MAX, |hmac| hmac.digest_algorithm().output_len())
}
