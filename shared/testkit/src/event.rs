//! The events of `events/<provider>/`: API Gateway's payload format 2.0 with a token and a signature still to be
//! made, for a stored one would be stale.
//!
//! `$TOKEN` in the body and `$SIGNATURE` in the headers are filled in; the member `x-login` says with what, and
//! what the answer must be. It is taken out before the event is sent.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::{DittoSecret, SigningKey, raw_token};

const MEMBER: &str = "x-login";

/// An event as it is stored.
#[derive(Debug, Clone)]
pub struct Event {
    event: Map<String, Value>,
    login: Map<String, Value>,
}

/// What the answer to an event must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The HTTP status.
    pub status: u64,
    /// The verdict; none where the request is broken.
    pub verdict: Option<bool>,
    /// The reason code; none where the login is accepted.
    pub code: Option<String>,
}

/// An event file that is not what this module describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventError(&'static str);

impl Event {
    /// Reads an event file.
    ///
    /// # Errors
    /// [`EventError`] where it is no JSON object or has no `x-login`.
    pub fn parse(text: &str) -> Result<Self, EventError> {
        let Ok(Value::Object(mut event)) = serde_json::from_str(text) else {
            return Err(EventError("the event is not a JSON object"));
        };
        let Some(Value::Object(login)) = event.remove(MEMBER) else {
            return Err(EventError("the event has no `x-login`"));
        };
        Ok(Self { event, login })
    }

    /// What the answer must be.
    ///
    /// # Errors
    /// [`EventError`] where `x-login.expect` is missing or incomplete.
    pub fn expectation(&self) -> Result<Expectation, EventError> {
        let expect = self.login.get("expect").ok_or(EventError("`x-login.expect` is missing"))?;
        let status = expect.get("status").and_then(Value::as_u64);
        Ok(Expectation {
            status: status.ok_or(EventError("`x-login.expect.status` is missing"))?,
            verdict: expect.get("authenticated").and_then(Value::as_bool),
            code: expect.get("code").and_then(Value::as_str).map(str::to_owned),
        })
    }

    /// The event ready to be sent at `now`, in seconds since 1970: its token signed by the provider, its body
    /// signed by Ditto.
    ///
    /// # Errors
    /// [`EventError`] where a part is missing.
    pub fn sign(
        &self,
        provider: &SigningKey,
        ditto: &DittoSecret,
        now: u64,
    ) -> Result<Value, EventError> {
        let body = self.event.get("body").and_then(Value::as_str);
        let body = body
            .ok_or(EventError("the event has no body"))?
            .replace("$TOKEN", &self.token(provider, now)?);
        let signature = self.signature(ditto, body.as_bytes(), now)?;
        let mut event = self.event.clone();
        let is_base64 = event.get("isBase64Encoded") == Some(&Value::Bool(true));
        let body = if is_base64 { STANDARD.encode(&body) } else { body };
        event.insert("body".to_owned(), Value::String(body));
        let headers = event.get_mut("headers").and_then(Value::as_object_mut);
        for value in headers.into_iter().flat_map(Map::values_mut) {
            if value == "$SIGNATURE" {
                *value = Value::String(signature.clone());
            }
        }
        if let Some(context) = event.get_mut("requestContext").and_then(Value::as_object_mut) {
            context.insert("timeEpoch".to_owned(), json!(now.saturating_mul(1000)));
        }
        Ok(Value::Object(event))
    }

    fn token(&self, provider: &SigningKey, now: u64) -> Result<String, EventError> {
        let template = self.login.get("token").ok_or(EventError("`x-login.token` is missing"))?;
        let claims =
            template.get("claims").ok_or(EventError("`x-login.token.claims` is missing"))?;
        let mut header = json!({
            "alg": provider.algorithm(), "typ": "JWT", "kid": provider.key_id(),
        });
        let changes = template.get("header").and_then(Value::as_object);
        if let (Some(header), Some(changes)) = (header.as_object_mut(), changes) {
            header.extend(changes.clone());
        }
        let (header, payload) = (header.to_string(), at(claims, now).to_string());
        match template.get("signed").and_then(Value::as_bool) {
            Some(false) => Ok(raw_token(&header, &payload, b"")),
            _ => Ok(provider.token_of(&header, &payload)),
        }
    }

    /// `x-login.signature`: `valid` (the default), `forged`, or `stale`.
    fn signature(&self, ditto: &DittoSecret, body: &[u8], now: u64) -> Result<String, EventError> {
        match self.login.get("signature").map(Value::as_str) {
            None | Some(Some("valid")) => Ok(ditto.header(now, body)),
            Some(Some("forged")) => Ok(ditto.header(now, b"another body")),
            Some(Some("stale")) => Ok(ditto.header(now.saturating_sub(600), body)),
            Some(_) => Err(EventError("`x-login.signature` is not `valid`, `forged` or `stale`")),
        }
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for EventError {}

/// The value with `$NOW`, `$NOW+600` and `$NOW-600` replaced by the seconds they mean.
fn at(value: &Value, now: u64) -> Value {
    match value {
        Value::String(text) => seconds(text, now).map_or_else(|| value.clone(), Value::from),
        Value::Array(items) => items.iter().map(|item| at(item, now)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), at(member, now))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn seconds(text: &str, now: u64) -> Option<i64> {
    let offset = text.strip_prefix("$NOW")?;
    let offset = if offset.is_empty() { 0 } else { offset.parse::<i64>().ok()? };
    i64::try_from(now).ok()?.checked_add(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_numbers_and_other_text_stays() {
        let claims = json!({"exp": "$NOW+600", "iat": "$NOW", "nbf": "$NOW-5", "sub": "$NOWHERE"});
        assert_eq!(
            at(&claims, 1000),
            json!({"exp": 1600, "iat": 1000, "nbf": 995, "sub": "$NOWHERE"})
        );
    }
}
