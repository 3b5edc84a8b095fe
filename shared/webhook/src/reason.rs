//! The closed list of reasons why a login is not accepted. `docs/errors.md` is this list; a test keeps it so.

use claim_mapping::Refusal;
use token::TokenError;

/// Whose fault it is, and so what Ditto is told. The HTTP status follows from it alone (see `status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The request is not the contract: 400.
    BadRequest,
    /// A fault of this software: 500.
    Internal,
    /// Another content type: 415.
    MediaType,
    /// Another method: 405.
    Method,
    /// A verdict: the user is not let in: 200.
    Refused,
    /// The body is too large: 413.
    TooLarge,
    /// No verdict can be reached now: 503.
    Unavailable,
    /// The request is not proven to come from Ditto: 401.
    Unproven,
}

macro_rules! reasons {
    ($($variant:ident, $class:ident, $code:literal, $message:literal, $remedy:literal;)*) => {
        /// Why a login is not accepted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $(#[doc = $remedy] $variant,)*
        }

        impl Reason {
            /// All reasons, in the order of their codes.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Whose fault it is.
            #[must_use]
            pub fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class,)* }
            }

            /// What the device, or whoever sent the request, is told. Fixed text.
            #[must_use]
            pub fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }

            /// What it means and what to change, for an operator or an app developer.
            #[must_use]
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$variant => $remedy,)* }
            }
        }
    };
}

reasons! {
    CallerSecretUnavailable, Unavailable, "caller.secret_unavailable",
        "Sign-in is not available right now. Try again.",
        "Ditto's signature secret could not be read from Secrets Manager, or it is not base64 of 32 bytes or more. The log line before says which. Check the name in `DITTO_SIGNATURE_SECRET`, the function's permission, and the secret's value.";
    CallerSignature, Unproven, "caller.signature",
        "The request is not signed with the shared secret.",
        "No `v1` of `ditto-signature` matches. Somebody other than Ditto is calling, or the secret here is not the one in Ditto's portal: store the portal's base64 text unchanged.";
    CallerSignatureMalformed, Unproven, "caller.signature_malformed",
        "The ditto-signature header is malformed.",
        "`ditto-signature` is not `t=<seconds>,v1=<hex>`. If a proxy stands before this webhook, let the header pass unchanged.";
    CallerSignatureMissing, Unproven, "caller.signature_missing",
        "The request is not signed.",
        "There is no `ditto-signature` header. Switch webhook signatures on in Ditto's portal; if that cannot be, `DITTO_SIGNATURE=off` gives this protection up on purpose.";
    CallerSignatureStale, Unproven, "caller.signature_stale",
        "The request's signature is too old.",
        "The signature is right, but its time is more than 300 s away from now: a replayed request, or a clock that is wrong.";
    InternalPanic, Internal, "internal.panic",
        "Sign-in failed inside the webhook.",
        "A fault of this software. The log line `panic` of the same request names the place; please report it.";
    KeysUnavailable, Unavailable, "keys.unavailable",
        "Sign-in is not available right now. Try again.",
        "The provider's signing keys could not be read from Secrets Manager, or the secret holds no usable JWK Set. The log line before says which. Check the name in `SIGNING_KEYS_SECRET`, the function's permission, and the secret's value.";
    PolicyAnswerTooLarge, Refused, "policy.answer_too_large",
        "This account has more access rights than a sign-in can carry.",
        "The answer to this user would have more than 1000 queries or 256 KiB of text. Grant by something that many documents share instead of by long lists, or `\"true\"` where a user may see all of a collection.";
    PolicyDenied, Refused, "policy.denied",
        "This account is blocked.",
        "A `[[deny]]` rule of `policy.toml` names the user, or its condition holds or cannot be told (a missing claim cannot); the log line says which one by its number.";
    PolicyNoGrant, Refused, "policy.no_grant",
        "This account has no access to the app's data.",
        "No `[[grant]]` of `policy.toml` applies to the user's claims: the user lacks a role, or the provider does not put the claim into this kind of token.";
    PolicyRequirement, Refused, "policy.requirement",
        "This account does not meet the app's requirements.",
        "A condition of `require` in `policy.toml` does not hold or its claim is missing; the log line says which one by its number.";
    PolicyUserId, Refused, "policy.user_id",
        "This account has no usable user id.",
        "`user_id` of `policy.toml` uses a claim that the token does not have, or gives an empty, overlong or unprintable text.";
    RequestDatabase, Refused, "request.database",
        "This sign-in service does not serve that database.",
        "The request's database id is not in `DITTO_DATABASE_IDS`.";
    RequestDialect, BadRequest, "request.dialect",
        "The request is of a version that is not understood.",
        "The body has neither `databaseID` with `version` \"1\" nor `appID`, or it has both. Ditto may have a newer version of its contract.";
    RequestMalformed, BadRequest, "request.malformed",
        "The request is malformed.",
        "The body is not a JSON object with text in `provider` and `token`, or a member occurs twice.";
    RequestMediaType, MediaType, "request.media_type",
        "The request's content type is not application/json.",
        "Whoever calls does not send `content-type: application/json`.";
    RequestMethod, Method, "request.method",
        "The request's method is not POST.",
        "Ditto only POSTs. A browser or a health check is calling.";
    RequestProvider, Refused, "request.provider",
        "This sign-in service does not answer to that provider name.",
        "The request's `provider` is not in `PROVIDER_NAME`. Give the webhook in Ditto's portal that name, or add the portal's name to the setting; check that each name has its own function's URL.";
    RequestTooLarge, TooLarge, "request.too_large",
        "The request is too large.",
        "The body is over 64 KiB.";
    TokenAlgorithm, Refused, "token.algorithm",
        "The sign-in token cannot be verified.",
        "The token's `alg` is not in `ALGORITHMS`, or not the one its key is bound to. Check which algorithm the provider signs with; if that is right, somebody is forging tokens.";
    TokenAudience, Refused, "token.audience",
        "The sign-in token was made for another app.",
        "The token's `aud` holds none of `AUDIENCE`. Check which audience the app requests, and that it sends the kind of token this function accepts.";
    TokenClaimType, Refused, "token.claim_type",
        "The sign-in token is not valid.",
        "A registered claim has the wrong JSON type, such as `exp` as a string; the log line names it. Mend the software that makes the tokens.";
    TokenEncrypted, Refused, "token.encrypted",
        "The sign-in token is of a kind that is not accepted.",
        "The token is encrypted (JWE), so nobody but its recipient can read it. Have the app request a token for your own API (with Auth0: set an audience).";
    TokenExpired, Refused, "token.expired",
        "The sign-in token has expired. Sign in again.",
        "`exp` has passed by more than 60 s. The app sent an old token: refresh it before each login.";
    TokenExpiryMissing, Refused, "token.expiry_missing",
        "The sign-in token is not valid.",
        "The token has no `exp`. Mend the software that makes the tokens.";
    TokenHeaderUnsupported, Refused, "token.header_unsupported",
        "The sign-in token is of a kind that is not accepted.",
        "The token's header has `crit`, `zip` or `b64: false`, which are not supported.";
    TokenIssuedInFuture, Refused, "token.issued_in_future",
        "The sign-in token is not valid yet.",
        "`iat` is more than 60 s ahead. Check the clock of the software that makes the tokens.";
    TokenIssuer, Refused, "token.issuer",
        "The sign-in token comes from another service.",
        "The token's `iss` is not exactly `ISSUER`. A slash at the end counts.";
    TokenKeyMissing, Refused, "token.key_missing",
        "The sign-in token cannot be verified.",
        "The token's header has no `kid` and there are several keys. Have the software that makes the tokens add it.";
    TokenKeyUnknown, Refused, "token.key_unknown",
        "The sign-in token cannot be verified.",
        "No stored key has the token's `kid`. The provider rotated its keys and the secret in `SIGNING_KEYS_SECRET` has not followed, or the token is of another provider.";
    TokenKind, Refused, "token.kind",
        "The sign-in token is of a kind that is not accepted.",
        "An ID token where access tokens are accepted, or the other way round, or a token that is no login at all. Check `TOKEN_KIND` and which token the app sends.";
    TokenMalformed, Refused, "token.malformed",
        "The sign-in token is not valid.",
        "Not three base64url parts of which two are JSON objects; the log line says which part. An opaque token, a `Bearer ` before it, or one cut short.";
    TokenNotYetValid, Refused, "token.not_yet_valid",
        "The sign-in token is not valid yet.",
        "`nbf` is more than 60 s ahead. Check the clock of the software that makes the tokens.";
    TokenSignature, Refused, "token.signature",
        "The sign-in token cannot be verified.",
        "The signature does not verify with the key of that `kid`: a forged or changed token, or another key under the same `kid`.";
    TokenSubject, Refused, "token.subject",
        "The sign-in token names no user.",
        "`sub` is missing, blank, longer than 255 characters, or has control characters.";
    TokenTooLarge, Refused, "token.too_large",
        "The sign-in token is too large.",
        "The token is over 16 KiB. Have the provider put fewer claims (often groups) into it.";
    TokenUnsigned, Refused, "token.unsigned",
        "The sign-in token is not signed.",
        "The token's `alg` is `none`: an emulator's token, or a forgery.";
}

impl From<TokenError> for Reason {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::AlgorithmMismatch => Self::TokenAlgorithm,
            TokenError::AudienceMismatch => Self::TokenAudience,
            TokenError::ClaimType { .. } => Self::TokenClaimType,
            TokenError::Encrypted => Self::TokenEncrypted,
            TokenError::Expired => Self::TokenExpired,
            TokenError::ExpiryMissing => Self::TokenExpiryMissing,
            TokenError::HeaderUnsupported { .. } => Self::TokenHeaderUnsupported,
            TokenError::IssuedInFuture => Self::TokenIssuedInFuture,
            TokenError::IssuerMismatch => Self::TokenIssuer,
            TokenError::KeyIdMissing => Self::TokenKeyMissing,
            TokenError::KeyNotFound => Self::TokenKeyUnknown,
            TokenError::KindMismatch => Self::TokenKind,
            TokenError::Malformed { .. } => Self::TokenMalformed,
            TokenError::NotYetValid => Self::TokenNotYetValid,
            TokenError::SignatureInvalid => Self::TokenSignature,
            TokenError::SubjectInvalid => Self::TokenSubject,
            TokenError::TooLarge => Self::TokenTooLarge,
            TokenError::Unsigned => Self::TokenUnsigned,
        }
    }
}

impl From<Refusal> for Reason {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::AnswerTooLarge => Self::PolicyAnswerTooLarge,
            Refusal::Denied { .. } => Self::PolicyDenied,
            Refusal::NoGrant => Self::PolicyNoGrant,
            Refusal::Requirement { .. } => Self::PolicyRequirement,
            Refusal::UserId => Self::PolicyUserId,
        }
    }
}
