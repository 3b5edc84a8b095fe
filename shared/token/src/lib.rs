//! Verification of JSON Web Tokens: RFC 7519 (JWT), 7515 (JWS), 7517 (JWK), 8725 (best practice).
//!
//! A token passes three fixed stages, and what each stage proves has a type of its own:
//!
//! 1. **shape** makes an [`UnverifiedToken`]: sizes, base64url, the header;
//! 2. **signature** finds the key in a [`KeySet`] and checks with the algorithm *the key* is bound to;
//! 3. **claims** makes [`VerifiedClaims`]: times, issuer, audience, subject, and the provider's [`TokenRule`].
//!
//! [`VerifiedClaims`] has no public constructor: holding one means that every check ran. Time and keys are
//! passed in. This crate does no I/O and knows no provider.

mod algorithm;
mod claims;
mod error;
mod jwk;
mod key_set;
mod key_source;
mod kind;
mod strict_json;
mod unverified;
mod verification;
mod verifier;

pub use algorithm::{HMAC_ALGORITHMS, PUBLIC_KEY_ALGORITHMS, algorithm_named};
pub use claims::{SignedToken, VerifiedClaims};
pub use error::TokenError;
pub use jsonwebtoken::Algorithm;
pub use jwk::VerificationKey;
pub use key_set::{KeySet, KeySetError, SkipReason, SkippedKey};
pub use key_source::{Fetched, KeySource, KeysUnavailable};
pub use kind::{TokenKind, is_access_token, is_id_token, may_be_access_token};
pub use strict_json::{StrictJsonError, parse_object};
pub use unverified::{MAX_TOKEN_SIZE, UnverifiedToken};
pub use verifier::{LEEWAY, MissingSetting, TokenRule, Verifier, VerifierSettings};
