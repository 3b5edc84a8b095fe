//! The three stages in order, and what they are held against.

use std::fmt;
use std::time::{Duration, SystemTime};

use jsonwebtoken::signature::Verifier as _;

use crate::{
    Algorithm, KeySet, KeySetError, SignedToken, TokenError, UnverifiedToken, VerificationKey,
    VerifiedClaims,
};

/// How far clocks may differ: 60 s for `exp`, `nbf` and `iat` alike. Not a setting.
pub const LEEWAY: Duration = Duration::from_mins(1);

/// What a provider demands of a token beyond RFC 7519: above all, that it is of the right kind.
pub trait TokenRule: Send + Sync {
    /// Looks at a signed token of the right issuer, audience and times.
    ///
    /// # Errors
    /// The [`TokenError`] that says what is wrong, mostly [`TokenError::KindMismatch`].
    fn check(&self, token: &SignedToken<'_>) -> Result<(), TokenError>;
}

impl<F: Fn(&SignedToken<'_>) -> Result<(), TokenError> + Send + Sync> TokenRule for F {
    fn check(&self, token: &SignedToken<'_>) -> Result<(), TokenError> {
        self(token)
    }
}

/// What tokens are held against. All of it is required, and nothing in it switches a check off.
pub struct VerifierSettings {
    pub(crate) issuers: Vec<String>,
    pub(crate) audiences: Vec<String>,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) rule: Box<dyn TokenRule>,
}

/// A required part of [`VerifierSettings`] is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a verifier needs at least one issuer, one audience and one algorithm, none of them empty")]
pub struct MissingSetting;

/// Verifies tokens.
#[derive(Debug)]
pub struct Verifier {
    settings: VerifierSettings,
}

impl VerifierSettings {
    /// Settings for tokens of one of `issuers` (compared exactly), for one of `audiences`, signed with one of
    /// `algorithms`, that pass `rule`.
    ///
    /// # Errors
    /// [`MissingSetting`] where a list is empty or has an empty name.
    pub fn new(
        issuers: Vec<String>,
        audiences: Vec<String>,
        algorithms: Vec<Algorithm>,
        rule: impl TokenRule + 'static,
    ) -> Result<Self, MissingSetting> {
        let is_missing =
            |names: &[String]| names.is_empty() || names.iter().any(|name| name.trim().is_empty());
        if is_missing(&issuers) || is_missing(&audiences) || algorithms.is_empty() {
            return Err(MissingSetting);
        }
        Ok(Self { issuers, audiences, algorithms, rule: Box::new(rule) })
    }
}

impl fmt::Debug for VerifierSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifierSettings")
            .field("issuers", &self.issuers)
            .field("audiences", &self.audiences)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}

impl Verifier {
    /// A verifier for these settings.
    #[must_use]
    pub fn new(settings: VerifierSettings) -> Self {
        Self { settings }
    }

    /// Reads a JWK Set, binding its keys to the algorithms this verifier accepts.
    ///
    /// # Errors
    /// [`KeySetError`] where it is no set or none of its keys can be used.
    pub fn parse_keys(&self, json: &str) -> Result<KeySet, KeySetError> {
        KeySet::parse(json, &self.settings.algorithms)
    }

    /// Finds the key a token says it was signed with.
    ///
    /// # Errors
    /// [`TokenError::AlgorithmMismatch`] where the header's algorithm is not accepted at all or not the key's;
    /// [`TokenError::KeyNotFound`] where no key has its `kid`, which is the moment to look for newer keys;
    /// [`TokenError::KeyIdMissing`] where it has none and there are several keys.
    pub fn select_key<'k>(
        &self,
        token: &UnverifiedToken<'_>,
        keys: &'k KeySet,
    ) -> Result<&'k VerificationKey, TokenError> {
        // Before the search for its key, so that a forged `alg` with a random `kid` cannot cause a look for keys.
        let algorithm = token
            .header
            .algorithm
            .filter(|algorithm| self.settings.algorithms.contains(algorithm))
            .ok_or(TokenError::AlgorithmMismatch)?;
        let key = match (&token.header.key_id, keys.keys()) {
            (Some(key_id), keys) => keys
                .iter()
                .find(|key| key.key_id.as_ref() == Some(key_id))
                .ok_or(TokenError::KeyNotFound)?,
            (None, [only]) => only,
            (None, []) => return Err(TokenError::KeyNotFound),
            (None, _) => return Err(TokenError::KeyIdMissing),
        };
        if key.algorithm() == algorithm { Ok(key) } else { Err(TokenError::AlgorithmMismatch) }
    }

    /// Verifies the signature with `key`, by the key's own algorithm, and then every claim, as of `now`.
    ///
    /// # Errors
    /// [`TokenError`]: the first check that fails.
    pub fn verify(
        &self,
        token: &UnverifiedToken<'_>,
        key: &VerificationKey,
        now: SystemTime,
    ) -> Result<VerifiedClaims, TokenError> {
        key.verifier
            .verify(token.signed_part.as_bytes(), &token.signature)
            .map_err(|_| TokenError::SignatureInvalid)?;
        VerifiedClaims::check(token, key.key_id(), &self.settings, now)
    }
}
