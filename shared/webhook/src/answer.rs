//! The answer, in the dialect of the request. One that lacks a required member cannot be built.

use bytes::Bytes;
use claim_mapping::{Decision, Permissions};
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::request::Dialect;
use crate::status::{self, RETRY_AFTER};
use crate::{Class, Reason};

/// The verdict, under the one name that the dialect gives it: never under both.
#[derive(Serialize)]
struct Verdict {
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticate: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Accepted<'a> {
    #[serde(flatten)]
    verdict: Verdict,
    #[serde(rename = "userID")]
    user_id: &'a str,
    expiration_seconds: u32,
    permissions: &'a Permissions,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<&'a Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_service_metadata: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Refused<'a> {
    #[serde(flatten)]
    verdict: Verdict,
    client_info: Explanation<'a>,
}

/// What a device is told where it is not let in, and what anybody is told whose request is broken.
#[derive(Serialize)]
struct Explanation<'a> {
    code: &'static str,
    message: &'static str,
    /// Finds the log line of this request.
    id: &'a str,
}

/// The user is let in.
pub(crate) fn accepted(dialect: Dialect, decision: &Decision) -> Response<Bytes> {
    let body = Accepted {
        verdict: Verdict::new(dialect, true),
        user_id: &decision.user_id,
        expiration_seconds: decision.session_seconds,
        permissions: &decision.permissions,
        client_info: decision.client_info.as_ref(),
        identity_service_metadata: decision.identity_metadata.as_ref(),
    };
    response(StatusCode::OK, &body)
}

/// The user is not let in, or the request is no login at all: then `dialect` plays no part.
pub(crate) fn refused(dialect: Dialect, reason: Reason, id: &str) -> Response<Bytes> {
    let explanation = Explanation { code: reason.code(), message: reason.message(), id };
    let status = status::of(reason.class());
    if reason.class() == Class::Refused {
        let verdict = Verdict::new(dialect, false);
        return response(status, &Refused { verdict, client_info: explanation });
    }
    let mut response = response(status, &explanation);
    if let Some((name, value)) = header_of(reason.class()) {
        response.headers_mut().insert(name, value);
    }
    response
}

impl Verdict {
    fn new(dialect: Dialect, verdict: bool) -> Self {
        match dialect {
            Dialect::V1 => Self { authenticated: Some(verdict), authenticate: None },
            Dialect::Legacy => Self { authenticated: None, authenticate: Some(verdict) },
        }
    }
}

fn response(status: StatusCode, body: &impl Serialize) -> Response<Bytes> {
    let body = serde_json::to_vec(body);
    // Strings and numbers always serialize; were they not to, that is no verdict.
    let status = if body.is_ok() { status } else { StatusCode::INTERNAL_SERVER_ERROR };
    let mut response = Response::new(Bytes::from(body.unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The header that HTTP wants with some statuses.
fn header_of(class: Class) -> Option<(HeaderName, HeaderValue)> {
    match class {
        Class::Method => Some((header::ALLOW, HeaderValue::from_static("POST"))),
        Class::Unavailable => Some((header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER))),
        Class::BadRequest
        | Class::Internal
        | Class::MediaType
        | Class::Refused
        | Class::TooLarge
        | Class::Unproven => None,
    }
}
