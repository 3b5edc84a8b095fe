//! The one map from a reason's class to an HTTP status.

use http::StatusCode;

use crate::Class;

/// How many seconds a caller should wait where no verdict can be reached.
pub const RETRY_AFTER: u32 = 1;

/// A refusal is a verdict and so a success of HTTP; everything else says by its status that there is no verdict.
pub(crate) fn of(class: Class) -> StatusCode {
    match class {
        Class::BadRequest => StatusCode::BAD_REQUEST,
        Class::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Class::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Class::Method => StatusCode::METHOD_NOT_ALLOWED,
        Class::Refused => StatusCode::OK,
        Class::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Class::Unproven => StatusCode::UNAUTHORIZED,
    }
}
