//! Proof that a request comes from Ditto: `ditto-signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…]`, where each
//! `v1` is the HMAC-SHA256 of `<t>.<raw body>`. During rotation Ditto sends several, and we hold several secrets:
//! one match is enough.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Reason;

/// How far the time of a signature may be from now, either way.
pub const SIGNATURE_TOLERANCE: Duration = Duration::from_mins(5);

/// The shortest secret, in bytes; Ditto's have 128.
const MIN_SECRET_SIZE: usize = 32;

/// How many `v1` a header may have; two are sent during rotation, and each costs a pass over the body.
const MAX_DIGESTS: usize = 8;

/// A request is proven to come from Ditto, or a deployment does without that proof on purpose. A body is parsed
/// only in exchange for this.
#[derive(Debug)]
pub(crate) struct CallerProof(());

/// The secrets that Ditto's signatures are checked with. They cannot be printed.
pub struct SignatureSecrets {
    keys: Vec<hmac::Key>,
}

/// A text that is no secret of Ditto's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Not base64 (RFC 4648).
    #[error("Ditto's signature secret is not base64: store the text that Ditto's portal shows")]
    NotBase64,
    /// Fewer than 32 bytes.
    #[error("Ditto's signature secret has fewer than {MIN_SECRET_SIZE} bytes")]
    TooShort,
}

impl SignatureSecrets {
    /// The secret in use now and, while it is being rotated, the one before.
    ///
    /// # Errors
    /// [`SecretError`] where the current secret is none. A previous one that is none is left out: it may be what
    /// stood there before the first real one.
    pub fn parse(current: &str, previous: Option<&str>) -> Result<Self, SecretError> {
        let mut keys = vec![parse_secret(current)?];
        keys.extend(previous.and_then(|previous| parse_secret(previous).ok()));
        Ok(Self { keys })
    }

    fn signed(&self, digest: &[u8], timestamp: &str, body: &[u8]) -> bool {
        let message = [timestamp.as_bytes(), b".", body].concat();
        self.keys.iter().any(|key| hmac::verify(key, &message, digest).is_ok())
    }
}

impl fmt::Debug for SignatureSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignatureSecrets")
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

impl CallerProof {
    /// Checks the header's value against the raw body.
    pub(crate) fn check(
        header: &str,
        body: &[u8],
        secrets: &SignatureSecrets,
        now: SystemTime,
    ) -> Result<Self, Reason> {
        let Signature { timestamp, time, digests } =
            Signature::parse(header).ok_or(Reason::CallerSignatureMalformed)?;
        if !digests.iter().any(|digest| secrets.signed(digest, timestamp, body)) {
            return Err(Reason::CallerSignature);
        }
        // After the signature, so that "stale" is only ever said of what Ditto really signed.
        let distance = time.duration_since(now).or_else(|_| now.duration_since(time));
        if distance.is_ok_and(|distance| distance.as_secs() <= SIGNATURE_TOLERANCE.as_secs()) {
            Ok(Self(()))
        } else {
            Err(Reason::CallerSignatureStale)
        }
    }

    /// For a deployment that says `DITTO_SIGNATURE=off`.
    pub(crate) fn waived_on_purpose() -> Self {
        Self(())
    }
}

struct Signature<'h> {
    timestamp: &'h str,
    time: SystemTime,
    digests: Vec<Vec<u8>>,
}

impl<'h> Signature<'h> {
    /// One `t` and at least one `v1`. What other schemes may come (`v2=…`) is ignored.
    fn parse(header: &'h str) -> Option<Self> {
        let mut timestamp = None;
        let mut digests = Vec::new();
        for element in header.split(',') {
            match element.trim().split_once('=')? {
                ("t", seconds) if timestamp.is_none() => timestamp = Some(seconds),
                ("t", _) => return None,
                ("v1", hex) => digests.push(parse_digest(hex)?),
                _ => {}
            }
        }
        let timestamp = timestamp?;
        let is_number =
            !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
        if digests.is_empty() || digests.len() > MAX_DIGESTS || !is_number {
            return None;
        }
        let time = UNIX_EPOCH.checked_add(Duration::from_secs(timestamp.parse().ok()?))?;
        Some(Self { timestamp, time, digests })
    }
}

/// 32 bytes in lower-case hex.
fn parse_digest(hex: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte.checked_sub(b'0'),
        b'a'..=b'f' => byte.checked_sub(b'a' - 10),
        _ => None,
    };
    if hex.len() != 64 {
        return None;
    }
    let (pairs, _) = hex.as_bytes().as_chunks::<2>();
    pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect()
}

fn parse_secret(text: &str) -> Result<hmac::Key, SecretError> {
    let bytes = STANDARD.decode(text.trim()).map_err(|_| SecretError::NotBase64)?;
    if bytes.len() < MIN_SECRET_SIZE {
        return Err(SecretError::TooShort);
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

#[cfg(test)]
mod tests {
    use testkit::{DittoSecret, NOW_SECONDS as NOW, now};

    use super::*;

    const BODY: &[u8] = b"{\"a\":1}";

    fn check(header: &str, secrets: &SignatureSecrets) -> Result<(), Reason> {
        CallerProof::check(header, BODY, secrets, now()).map(|_| ())
    }

    #[test]
    fn accepts_what_ditto_signed_with_any_of_the_secrets() {
        let (new, old) = (DittoSecret::generate().unwrap(), DittoSecret::generate().unwrap());
        let stranger = DittoSecret::generate().unwrap();
        let secrets = SignatureSecrets::parse(&new.to_base64(), Some(&old.to_base64())).unwrap();
        let right = new.digest(NOW, BODY);
        let wrong = stranger.digest(NOW, BODY);
        for (name, header, expected) in [
            ("current secret", new.header(NOW, BODY), Ok(())),
            ("previous secret", old.header(NOW, BODY), Ok(())),
            ("two v1, the first right", format!("t={NOW},v1={right},v1={wrong}"), Ok(())),
            ("two v1, the second right", format!("t={NOW},v1={wrong},v1={right}"), Ok(())),
            ("blanks after commas", format!("t={NOW}, v1={right}"), Ok(())),
            ("v1 before t", format!("v1={right},t={NOW}"), Ok(())),
            ("a scheme to come", format!("t={NOW},v2=x,v1={right}"), Ok(())),
            ("another secret", stranger.header(NOW, BODY), Err(Reason::CallerSignature)),
            ("another body", new.header(NOW, b"{}"), Err(Reason::CallerSignature)),
            ("another time", format!("t={},v1={right}", NOW + 1), Err(Reason::CallerSignature)),
            ("leading zero", format!("t=0{NOW},v1={right}"), Err(Reason::CallerSignature)),
        ] {
            assert_eq!(check(&header, &secrets), expected, "{name}");
        }
    }

    #[test]
    fn a_signature_is_good_for_300_seconds_either_way() {
        let secret = DittoSecret::generate().unwrap();
        let secrets = SignatureSecrets::parse(&secret.to_base64(), None).unwrap();
        for (name, time, expected) in [
            ("300 s ago", NOW - 300, Ok(())),
            ("301 s ago", NOW - 301, Err(Reason::CallerSignatureStale)),
            ("300 s ahead", NOW + 300, Ok(())),
            ("301 s ahead", NOW + 301, Err(Reason::CallerSignatureStale)),
            ("1970", 0, Err(Reason::CallerSignatureStale)),
        ] {
            assert_eq!(check(&secret.header(time, BODY), &secrets), expected, "{name}");
        }
    }

    #[test]
    fn refuses_headers_that_are_not_the_contract() {
        let secret = DittoSecret::generate().unwrap();
        let secrets = SignatureSecrets::parse(&secret.to_base64(), None).unwrap();
        let right = secret.digest(NOW, BODY);
        for header in [
            String::new(),
            format!("v1={right}"),
            format!("t={NOW}"),
            format!("t=,v1={right}"),
            format!("t=-1,v1={right}"),
            format!("t=+{NOW},v1={right}"),
            format!("t={NOW}.0,v1={right}"),
            format!("t=99999999999999999999,v1={right}"),
            format!("t={},v1={right}", u64::MAX),
            format!("t={NOW},t={NOW},v1={right}"),
            format!("t={NOW},v1={}", right.to_uppercase()),
            format!("t={NOW},v1={right}00"),
            format!("t={NOW},v1="),
            format!("t={NOW},v1={right},v1=zz"),
            format!("t={NOW},v1={right},"),
            format!("t={NOW};v1={right}"),
            format!("t={NOW}{}", format!(",v1={right}").repeat(MAX_DIGESTS + 1)),
        ] {
            assert_eq!(check(&header, &secrets), Err(Reason::CallerSignatureMalformed), "{header}");
        }
    }

    #[test]
    fn secrets_are_base64_of_enough_bytes_and_cannot_be_printed() {
        let good = DittoSecret::generate().unwrap().to_base64();
        let with_line_end = format!("{good}\n");
        for (name, current, previous, expected) in [
            ("good", good.as_str(), None, Ok(1)),
            ("line end", with_line_end.as_str(), Some(good.as_str()), Ok(2)),
            ("previous is none", good.as_str(), Some("placeholder"), Ok(1)),
            ("not base64", "not base64!", None, Err(SecretError::NotBase64)),
            ("empty", "", None, Err(SecretError::TooShort)),
            (
                "31 bytes",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                None,
                Err(SecretError::TooShort),
            ),
        ] {
            let secrets = SignatureSecrets::parse(current, previous);
            assert_eq!(secrets.map(|secrets| secrets.keys.len()), expected, "{name}");
        }
        let secrets = SignatureSecrets::parse(&good, None).unwrap();
        assert_eq!(format!("{secrets:?}"), "SignatureSecrets { keys: 1, .. }");
    }
}
