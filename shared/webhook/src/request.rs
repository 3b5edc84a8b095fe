//! Ditto's request, in both dialects, and the HTTP around it.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use serde_json::{Map, Value};
use std::fmt;

use crate::Reason;
use crate::caller::CallerProof;

/// The largest body that is looked at, in bytes (64 KiB).
pub const MAX_BODY_SIZE: usize = 64 * 1024;

/// Which of the two forms a request has; it is answered in the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Dialect {
    #[default]
    V1,
    Legacy,
}

/// A request to log somebody in. The token in it is not verified.
pub(crate) struct LoginRequest {
    pub(crate) dialect: Dialect,
    pub(crate) database_id: String,
    pub(crate) provider: String,
    pub(crate) unverified_token: String,
}

impl fmt::Debug for LoginRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LoginRequest").finish_non_exhaustive()
    }
}

/// The body of a request that HTTP has nothing against: a POST of JSON that is not too large.
pub(crate) fn accept(request: &Request<Bytes>) -> Result<&[u8], Reason> {
    if request.method() != Method::POST {
        return Err(Reason::RequestMethod);
    }
    if !is_json(request.headers()) {
        return Err(Reason::RequestMediaType);
    }
    if request.body().len() > MAX_BODY_SIZE {
        return Err(Reason::RequestTooLarge);
    }
    Ok(request.body())
}

/// The value of `ditto-signature`; several headers of that name are one list (RFC 9110 5.3).
pub(crate) fn signature(headers: &HeaderMap) -> Result<String, Reason> {
    let values = headers.get_all("ditto-signature").iter().map(|value| value.to_str());
    let values = values.collect::<Result<Vec<_>, _>>();
    let values = values.map_err(|_| Reason::CallerSignatureMalformed)?;
    if values.is_empty() { Err(Reason::CallerSignatureMissing) } else { Ok(values.join(",")) }
}

impl LoginRequest {
    /// Parses a body that is proven to be Ditto's.
    pub(crate) fn parse(body: &[u8], _: &CallerProof) -> Result<Self, Reason> {
        let members = token::parse_object(body).map_err(|_| Reason::RequestMalformed)?;
        let (dialect, database_id) = match (members.get("databaseID"), members.get("appID")) {
            (Some(id), None) if members.get("version").is_some_and(|version| version == "1") => {
                (Dialect::V1, id)
            }
            (None, Some(id)) => (Dialect::Legacy, id),
            _ => return Err(Reason::RequestDialect),
        };
        Ok(Self {
            dialect,
            database_id: database_id.as_str().ok_or(Reason::RequestMalformed)?.to_owned(),
            provider: text(&members, "provider")?,
            unverified_token: text(&members, "token")?,
        })
    }
}

/// A request without content type is taken for JSON: RFC 9110 8.3 lets a recipient look at the content.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return true };
    value.to_str().is_ok_and(|value| {
        let media_type = value.split(';').next().unwrap_or_default().trim();
        media_type.eq_ignore_ascii_case("application/json")
    })
}

fn text(members: &Map<String, Value>, name: &str) -> Result<String, Reason> {
    members.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(Reason::RequestMalformed)
}
