//! A JWK Set (RFC 7517) as a verifier may use it: each key bound to one algorithm, all others left out.
//!
//! A key that cannot be used is left out with its reason rather than making the whole set unusable: providers
//! publish encryption keys and keys of newer types beside the ones that sign.

use std::fmt;

use serde_json::Value;

use crate::strict_json::parse_object;
use crate::{Algorithm, VerificationKey};

/// The largest number of keys in a set; providers publish two to five.
const MAX_KEYS: usize = 100;

/// The keys a token may be verified with. Nothing of them can be printed.
pub struct KeySet {
    keys: Vec<VerificationKey>,
    skipped: Vec<SkippedKey>,
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
            match VerificationKey::parse(entry, algorithms) {
                Ok(key) if shares_key_id(&key, index, entries, algorithms) => {
                    set.skipped.push(SkippedKey { index, reason: SkipReason::KeyIdNotUnique });
                }
                Ok(key) => set.keys.push(key),
                Err(reason) => set.skipped.push(SkippedKey { index, reason }),
            }
        }
        // An empty array is a set like any other: whoever stores it withdraws every key.
        if set.keys.is_empty() && !entries.is_empty() {
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

/// Whether a different entry that could be used as well has the same `kid`.
fn shares_key_id(
    key: &VerificationKey,
    index: usize,
    entries: &[Value],
    algorithms: &[Algorithm],
) -> bool {
    let Some(key_id) = key.key_id() else { return false };
    entries.iter().enumerate().any(|(other_index, other)| {
        other_index != index
            && other.get("kid").is_some_and(|other_id| other_id == key_id)
            && entries.get(index) != Some(other)
            && VerificationKey::parse(other, algorithms).is_ok()
    })
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
