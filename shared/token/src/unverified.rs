//! Stage 1, shape: what can be said of a token before any key is looked at.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use std::fmt;

use crate::strict_json::parse_object;
use crate::{Algorithm, TokenError, algorithm_named};

/// The largest token that is looked at, in bytes (16 KiB).
pub const MAX_TOKEN_SIZE: usize = 16 * 1024;

/// The longest `kid` that is looked at, in bytes.
const MAX_KEY_ID_SIZE: usize = 256;

/// A token whose shape is right and of which nothing is proven. Its claims cannot be read from here.
pub struct UnverifiedToken<'a> {
    /// The bytes that the signature covers: `header.payload` as sent.
    pub(crate) signed_part: &'a str,
    pub(crate) signature: Vec<u8>,
    pub(crate) payload: Vec<u8>,
    pub(crate) header: UnverifiedHeader,
}

impl fmt::Debug for UnverifiedToken<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("UnverifiedToken").finish_non_exhaustive()
    }
}

/// The members of a JOSE header that play a part here. `jwk`, `jku`, `x5c` and `x5u` play none: a token does
/// not choose the key it is checked with (RFC 8725 3.10).
#[derive(Debug)]
pub(crate) struct UnverifiedHeader {
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) key_id: Option<String>,
    pub(crate) kind: Option<String>,
}

impl<'a> UnverifiedToken<'a> {
    /// Checks the shape of a compact JWS (RFC 7515 7.1).
    ///
    /// # Errors
    /// [`TokenError::TooLarge`] before anything is parsed; [`TokenError::Encrypted`] for a JWE;
    /// [`TokenError::Unsigned`] for `alg: none`; [`TokenError::HeaderUnsupported`] for `crit`, `b64` and `zip`;
    /// [`TokenError::Malformed`] for everything else that is not a signed token.
    pub fn parse(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_SIZE {
            return Err(TokenError::TooLarge);
        }
        let [header, payload, signature] = parts(token)?;
        let (signed_part, _) = token.rsplit_once('.').unwrap_or_default();
        let header = UnverifiedHeader::parse(&decode(header, "its header is not base64url")?)?;
        if signature.is_empty() {
            return Err(TokenError::Malformed { part: "its signature is empty" });
        }
        Ok(Self {
            signed_part,
            signature: decode(signature, "its signature is not base64url")?,
            payload: decode(payload, "its payload is not base64url")?,
            header,
        })
    }

    /// The `kid` of the header, if any: where to look, never what to trust.
    #[must_use]
    pub fn unverified_key_id(&self) -> Option<&str> {
        self.header.key_id.as_deref()
    }
}

impl UnverifiedHeader {
    fn parse(json: &[u8]) -> Result<Self, TokenError> {
        let members = parse_object(json)
            .map_err(|_| TokenError::Malformed { part: "its header is not a JSON object" })?;
        if members.contains_key("enc") {
            return Err(TokenError::Encrypted);
        }
        for parameter in ["crit", "zip"] {
            if members.contains_key(parameter) {
                return Err(TokenError::HeaderUnsupported { parameter });
            }
        }
        if members.get("b64").is_some_and(|b64| *b64 != Value::Bool(true)) {
            return Err(TokenError::HeaderUnsupported { parameter: "b64" });
        }
        let algorithm = text(&members, "alg", "its `alg` is not a string")?
            .ok_or(TokenError::Malformed { part: "its header has no `alg`" })?;
        if algorithm.eq_ignore_ascii_case("none") {
            return Err(TokenError::Unsigned);
        }
        let key_id = text(&members, "kid", "its `kid` is not a string")?;
        if key_id.as_ref().is_some_and(|key_id| key_id.len() > MAX_KEY_ID_SIZE) {
            return Err(TokenError::Malformed { part: "its `kid` is too long" });
        }
        Ok(Self {
            algorithm: algorithm_named(&algorithm),
            key_id,
            kind: text(&members, "typ", "its `typ` is not a string")?,
        })
    }
}

fn parts(token: &str) -> Result<[&str; 3], TokenError> {
    let mut parts = token.split('.');
    match (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(header), Some(payload), Some(signature), None, _, _) => {
            Ok([header, payload, signature])
        }
        (_, _, _, Some(_), Some(_), None) => Err(TokenError::Encrypted),
        _ => Err(TokenError::Malformed { part: "it does not have three parts" }),
    }
}

fn decode(part: &str, problem: &'static str) -> Result<Vec<u8>, TokenError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed { part: problem })
}

fn text(
    members: &Map<String, Value>,
    name: &str,
    problem: &'static str,
) -> Result<Option<String>, TokenError> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(TokenError::Malformed { part: problem }),
    }
}
