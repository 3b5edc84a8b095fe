//! Ditto's side: the two forms of its request, and the proof that a request is its own.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::fill;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::fmt;

use crate::KeyError;

/// The form of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `{"databaseID", "version": "1", "provider", "token"}`.
    V1,
    /// `{"appID", "provider", "token"}`.
    Legacy,
}

/// The secret that Ditto and the webhook share.
pub struct DittoSecret {
    bytes: Vec<u8>,
}

impl fmt::Debug for DittoSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DittoSecret").finish_non_exhaustive()
    }
}

impl DittoSecret {
    /// A new secret of 128 random bytes, as Ditto makes them.
    ///
    /// # Errors
    /// [`KeyError`] where the system has no randomness.
    pub fn generate() -> Result<Self, KeyError> {
        let mut bytes = vec![0; 128];
        fill(&mut bytes).map_err(|_| KeyError)?;
        Ok(Self { bytes })
    }

    /// The secret that Ditto shows as this text.
    ///
    /// # Errors
    /// [`KeyError`] where it is not base64.
    pub fn from_base64(text: &str) -> Result<Self, KeyError> {
        STANDARD.decode(text).map(|bytes| Self { bytes }).map_err(|_| KeyError)
    }

    /// The text that Ditto shows.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.bytes)
    }

    /// `v1` of a body: the lower-case hex HMAC-SHA256 of `<timestamp>.<body>`.
    #[must_use]
    pub fn digest(&self, timestamp: u64, body: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.bytes);
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("{timestamp}.").as_bytes());
        context.update(body);
        context.sign().as_ref().iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    }

    /// The value of the `ditto-signature` header.
    #[must_use]
    pub fn header(&self, timestamp: u64, body: &[u8]) -> String {
        format!("t={timestamp},v1={}", self.digest(timestamp, body))
    }
}

/// The body of a request.
#[must_use]
pub fn request_body(dialect: Dialect, database_id: &str, provider: &str, token: &str) -> String {
    let body = match dialect {
        Dialect::V1 => {
            json!({"databaseID": database_id, "version": "1", "provider": provider, "token": token})
        }
        Dialect::Legacy => json!({"appID": database_id, "provider": provider, "token": token}),
    };
    body.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_vector_computed_from_the_description() {
        let secret = DittoSecret { bytes: (0..128).collect() };
        let body = r#"{"databaseID":"3f5c1c0e-1111-4222-8333-0123456789ab","version":"1","provider":"my-auth","token":"abc"}"#;
        assert_eq!(
            secret.digest(1_700_000_000, body.as_bytes()),
            "12712b49b434737e2c932ef5b3491809614389469ce6cbbb52eeba2d7ef1cf71"
        );
        assert_eq!(
            request_body(Dialect::V1, "d", "p", "t"),
            r#"{"databaseID":"d","provider":"p","token":"t","version":"1"}"#
        );
    }
}
