//! A JWK Set (RFC 7517) as a verifier may use it: each key bound to one algorithm, all others left out.
//!
//! A key that cannot be used is left out with its reason rather than making the whole set unusable: providers
//! publish encryption keys and keys of newer types beside the ones that sign.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::AlgorithmFamily;
use jsonwebtoken::crypto::JwtVerifier as _;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::strict_json::parse_object;
use crate::verification::{SignatureVerifier, hmac_algorithm};
use crate::{Algorithm, algorithm_named};

/// The smallest RSA modulus, in bits (RFC 7518 3.3).
const MIN_RSA_BITS: usize = 2048;
/// The largest RSA modulus, in bits: what AWS-LC verifies with.
const MAX_RSA_BITS: usize = 8192;
/// The largest number of keys in a set; providers publish two to five.
const MAX_KEYS: usize = 100;

/// The keys a token may be verified with. Nothing of them can be printed.
pub struct KeySet {
    keys: Vec<VerificationKey>,
    skipped: Vec<SkippedKey>,
}

/// One key, bound to the one algorithm it may be used with.
pub struct VerificationKey {
    pub(crate) key_id: Option<String>,
    pub(crate) verifier: SignatureVerifier,
}

/// A key of the set that is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedKey {
    /// Its place in `keys`, counted from 0.
    pub index: usize,
    /// Why it is not used.
    pub reason: SkipReason,
}

/// Why a key of a set is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SkipReason {
    /// Its `alg`, or the only algorithm it could have, is not among the accepted ones.
    #[error("its algorithm is not among the accepted ones")]
    AlgorithmNotAccepted,
    /// Another key of the set has the same `kid`: which one signed cannot be told.
    #[error("another key of the set has the same `kid`")]
    KeyIdNotUnique,
    /// A member is missing, of the wrong type, not base64url, or not a point on its curve.
    #[error("its parameters are missing or wrong")]
    Malformed,
    /// `use` is not `sig`, or `key_ops` lacks `verify` (RFC 7517 4.2, 4.3).
    #[error("it is not meant for verifying signatures")]
    NotForVerifying,
    /// It has private parts, which belong nowhere but with the signer.
    #[error(
        "it has private parts: store the public key alone and replace the pair, for the private one has leaked"
    )]
    PrivateKey,
    /// An RSA modulus outside 2048 to 8192 bits, or an HMAC secret shorter than its hash (RFC 7518 3.2, 3.3).
    #[error("it is too small, or too large to verify with")]
    Size,
    /// A key type or curve that is not supported.
    #[error("its key type or curve is not supported")]
    UnsupportedType,
}

/// A text that is not a usable JWK Set. A set that was good before stays in use when this comes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Not one key can be used; each with its reason.
    #[error("none of the {} keys can be used{}", .skipped.len(), list(.skipped))]
    NoUsableKey {
        /// Every key of the set.
        skipped: Vec<SkippedKey>,
    },
    /// Not a JSON object with an array `keys`, or with duplicate members.
    #[error("it is not a JWK Set: {{\"keys\": [...]}} (RFC 7517 5)")]
    NotAKeySet,
    /// More than 100 keys.
    #[error("it has more than {MAX_KEYS} keys")]
    TooManyKeys,
}

impl KeySet {
    /// Reads a JWK Set for a verifier that accepts `algorithms`.
    ///
    /// A key with an `alg` is bound to it. A key without one (Entra's) is bound to the first of `algorithms` that
    /// fits its type: the key and the configuration decide, never a token's header (RFC 8725 3.1).
    ///
    /// # Errors
    /// [`KeySetError`], see its variants.
    pub fn parse(json: &str, algorithms: &[Algorithm]) -> Result<Self, KeySetError> {
        let members = parse_object(json.as_bytes()).map_err(|_| KeySetError::NotAKeySet)?;
        let Some(Value::Array(entries)) = members.get("keys") else {
            return Err(KeySetError::NotAKeySet);
        };
        if entries.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys);
        }
        let mut set = Self { keys: Vec::new(), skipped: Vec::new() };
        for (index, entry) in entries.iter().enumerate() {
            if entries.iter().take(index).any(|earlier| earlier == entry) {
                continue;
            }
            let key = if shares_key_id(entry, entries) {
                Err(SkipReason::KeyIdNotUnique)
            } else {
                VerificationKey::parse(entry, algorithms)
            };
            match key {
                Ok(key) => set.keys.push(key),
                Err(reason) => set.skipped.push(SkippedKey { index, reason }),
            }
        }
        if set.keys.is_empty() {
            return Err(KeySetError::NoUsableKey { skipped: set.skipped });
        }
        Ok(set)
    }

    /// The keys that can be used.
    #[must_use]
    pub fn keys(&self) -> &[VerificationKey] {
        &self.keys
    }

    /// The keys that are not used, for whoever looks after the set.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedKey] {
        &self.skipped
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeySet").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
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

    fn parse(entry: &Value, algorithms: &[Algorithm]) -> Result<Self, SkipReason> {
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

/// Whether a different entry has the same `kid`.
fn shares_key_id(entry: &Value, entries: &[Value]) -> bool {
    let Some(key_id) = entry.get("kid") else { return false };
    entries.iter().any(|other| other.get("kid") == Some(key_id) && other != entry)
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

fn list(skipped: &[SkippedKey]) -> String {
    use fmt::Write as _;
    let mut text = String::new();
    for key in skipped {
        // Writing to a String cannot fail.
        let _ = write!(text, "; key {}: {}", key.index, key.reason);
    }
    text
}
