//! Why a token was refused. Texts name the claim or the header parameter and never its value.

/// One refused check. The variants are a closed list on purpose: whoever reports them must react to each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The header's `alg` is not the one the key is bound to, or not one this deployment accepts (RFC 8725 3.1).
    #[error("the token's `alg` is not the algorithm of its key")]
    AlgorithmMismatch,
    /// `aud` is missing or holds none of the accepted audiences (RFC 7519 4.1.3).
    #[error("`aud` names none of the accepted audiences")]
    AudienceMismatch,
    /// A registered claim has the wrong JSON type, such as an `exp` that is a string.
    #[error("`{claim}` has the wrong JSON type")]
    ClaimType {
        /// The claim's name.
        claim: &'static str,
    },
    /// Five parts or an `enc` parameter: a JWE (RFC 7516), which only its recipient can read.
    #[error("the token is encrypted")]
    Encrypted,
    /// `exp` has passed (RFC 7519 4.1.4).
    #[error("`exp` has passed")]
    Expired,
    /// There is no `exp`.
    #[error("`exp` is missing")]
    ExpiryMissing,
    /// The header asks for something that is not supported: `crit`, `b64`, `zip`.
    #[error("the header parameter `{parameter}` is not supported")]
    HeaderUnsupported {
        /// The parameter's name.
        parameter: &'static str,
    },
    /// `iat` lies in the future.
    #[error("`iat` lies in the future")]
    IssuedInFuture,
    /// `iss` is missing or not the configured issuer, compared exactly (RFC 7519 4.1.1).
    #[error("`iss` is not the configured issuer")]
    IssuerMismatch,
    /// The header has no `kid` and there is more than one key to choose from.
    #[error("the header has no `kid` and there are several keys")]
    KeyIdMissing,
    /// No key of the set has the header's `kid`.
    #[error("no key has the token's `kid`")]
    KeyNotFound,
    /// The token is of another kind than the one accepted here: an ID token for an access token, a logout token.
    #[error("the token is of another kind")]
    KindMismatch,
    /// Not a compact JWS of two JSON objects.
    #[error("the token is malformed: {part}")]
    Malformed {
        /// Which part, and what it is not.
        part: &'static str,
    },
    /// `nbf` has not come yet (RFC 7519 4.1.5).
    #[error("`nbf` has not come yet")]
    NotYetValid,
    /// The signature does not verify with the key.
    #[error("the signature does not verify")]
    SignatureInvalid,
    /// `sub` is missing, empty, longer than 255 characters, or has control characters.
    #[error("`sub` is missing or cannot be a user")]
    SubjectInvalid,
    /// Larger than [`crate::MAX_TOKEN_SIZE`].
    #[error("the token is too large")]
    TooLarge,
    /// `alg` is `none` (RFC 8725 3.2).
    #[error("the token is not signed")]
    Unsigned,
}
