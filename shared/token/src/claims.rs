//! Stage 3, claims: what a signed token says, and the checks after which it may be believed.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Number, Value};

use crate::strict_json::parse_object;
use crate::unverified::{UnverifiedHeader, UnverifiedToken};
use crate::{LEEWAY, TokenError, VerifierSettings};

/// The longest subject, in characters (OpenID Connect Core 2).
const MAX_SUBJECT_LENGTH: usize = 255;

/// A token whose signature verified and whose claims are still to be checked: what a
/// [`crate::TokenRule`] looks at.
pub struct SignedToken<'a> {
    kind: Option<&'a str>,
    claims: &'a Map<String, Value>,
}

impl fmt::Debug for SignedToken<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SignedToken").finish_non_exhaustive()
    }
}

/// The claims of a token that passed every check. Only [`crate::Verifier::verify`] makes them.
pub struct VerifiedClaims {
    claims: Map<String, Value>,
    expires_at: f64,
    key_id: Option<String>,
}

impl fmt::Debug for VerifiedClaims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("VerifiedClaims").finish_non_exhaustive()
    }
}

impl SignedToken<'_> {
    /// A claim by its name.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// Whether it has one of the claims.
    #[must_use]
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.claims.contains_key(*name))
    }

    /// Whether the header has a `typ`.
    #[must_use]
    pub fn has_type(&self) -> bool {
        self.kind.is_some()
    }

    /// Whether the header's `typ` is this media type; the case of letters and the prefix `application/` do not
    /// matter (RFC 7515 4.1.9).
    #[must_use]
    pub fn is_typed(&self, name: &str) -> bool {
        const PREFIX: &str = "application/";
        self.kind.is_some_and(|kind| {
            let (prefix, rest) = kind.split_at_checked(PREFIX.len()).unwrap_or_default();
            let short = if prefix.eq_ignore_ascii_case(PREFIX) { rest } else { kind };
            short.eq_ignore_ascii_case(name)
        })
    }
}

impl VerifiedClaims {
    /// Checks the claims of a token whose signature has just been verified.
    pub(crate) fn check(
        token: &UnverifiedToken<'_>,
        key_id: Option<&str>,
        settings: &VerifierSettings,
        now: SystemTime,
    ) -> Result<Self, TokenError> {
        let claims = parse_object(&token.payload)
            .map_err(|_| TokenError::Malformed { part: "its payload is not a JSON object" })?;
        let expires_at = check_times(&claims, now)?;
        check_issuer(&claims, &settings.issuers)?;
        check_audience(&claims, &settings.audiences)?;
        check_subject(&claims)?;
        let UnverifiedHeader { kind, .. } = &token.header;
        settings.rule.check(&SignedToken { kind: kind.as_deref(), claims: &claims })?;
        Ok(Self { claims, expires_at, key_id: key_id.map(str::to_owned) })
    }

    /// All claims.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.claims
    }

    /// The `kid` of the key that verified the token.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// How long the token is still valid; zero within the leeway after `exp`.
    #[must_use]
    pub fn remaining_life(&self, now: SystemTime) -> Duration {
        let seconds = self.expires_at - seconds_since_epoch(now);
        if seconds <= 0.0 {
            return Duration::ZERO;
        }
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

/// `exp` must be there and ahead; `nbf` and `iat`, where there, must be behind. Returns `exp`.
fn check_times(claims: &Map<String, Value>, now: SystemTime) -> Result<f64, TokenError> {
    let now = seconds_since_epoch(now);
    let leeway = LEEWAY.as_secs_f64();
    let expires_at = numeric_date(claims, "exp")?.ok_or(TokenError::ExpiryMissing)?;
    if now >= expires_at + leeway {
        return Err(TokenError::Expired);
    }
    if numeric_date(claims, "nbf")?.is_some_and(|not_before| now + leeway < not_before) {
        return Err(TokenError::NotYetValid);
    }
    if numeric_date(claims, "iat")?.is_some_and(|issued_at| now + leeway < issued_at) {
        return Err(TokenError::IssuedInFuture);
    }
    Ok(expires_at)
}

/// A `NumericDate` (RFC 7519 2): any JSON number, with or without fraction or exponent. A string is not one.
fn numeric_date(
    claims: &Map<String, Value>,
    claim: &'static str,
) -> Result<Option<f64>, TokenError> {
    match claims.get(claim) {
        None => Ok(None),
        Some(value) => value
            .as_number()
            .and_then(Number::as_f64)
            .map(Some)
            .ok_or(TokenError::ClaimType { claim }),
    }
}

fn check_issuer(claims: &Map<String, Value>, issuers: &[String]) -> Result<(), TokenError> {
    match claims.get("iss") {
        Some(Value::String(issuer)) if issuers.contains(issuer) => Ok(()),
        None | Some(Value::String(_)) => Err(TokenError::IssuerMismatch),
        Some(_) => Err(TokenError::ClaimType { claim: "iss" }),
    }
}

/// `aud` is a string or an array of strings (RFC 7519 4.1.3); one exact member is enough.
fn check_audience(claims: &Map<String, Value>, audiences: &[String]) -> Result<(), TokenError> {
    let named = match claims.get("aud") {
        None => return Err(TokenError::AudienceMismatch),
        Some(Value::Array(named)) => named.as_slice(),
        Some(one) => std::slice::from_ref(one),
    };
    if !named.iter().all(Value::is_string) {
        return Err(TokenError::ClaimType { claim: "aud" });
    }
    let is_accepted = |name: &Value| audiences.iter().any(|audience| name == audience);
    if named.iter().any(is_accepted) { Ok(()) } else { Err(TokenError::AudienceMismatch) }
}

fn check_subject(claims: &Map<String, Value>) -> Result<(), TokenError> {
    match claims.get("sub") {
        None => Err(TokenError::SubjectInvalid),
        Some(Value::String(subject)) => {
            let is_user = !subject.trim().is_empty()
                && subject.chars().count() <= MAX_SUBJECT_LENGTH
                && !subject.chars().any(char::is_control);
            if is_user { Ok(()) } else { Err(TokenError::SubjectInvalid) }
        }
        Some(_) => Err(TokenError::ClaimType { claim: "sub" }),
    }
}

fn seconds_since_epoch(time: SystemTime) -> f64 {
    // A clock before 1970 reads as 1970, where every token that has an `iat` is refused.
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}
