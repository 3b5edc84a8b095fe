//! The port through which the text of a secret is read.

use std::error::Error;
use std::fmt;
use std::future::Future;

use zeroize::Zeroizing;

/// Where the text of one secret is read. For a provider that is a JWK Set (RFC 7517), for Ditto's signature the
/// base64 text that the portal shows.
pub trait SigningKeys: Send + Sync {
    /// Reads the secret as it is now.
    ///
    /// # Errors
    /// [`ReadError`] where it cannot be read.
    fn read(&self) -> impl Future<Output = Result<KeyMaterial, ReadError>> + Send;

    /// The secret's name, for the log.
    fn name(&self) -> &str;
}

/// Which versions of a secret count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Versions {
    /// AWSCURRENT alone: public keys, where a withdrawn key must stop working.
    Current,
    /// AWSPREVIOUS too: shared secrets, whose two sides cannot change at the same moment.
    CurrentAndPrevious,
}

/// What was read of a secret.
#[derive(Debug)]
pub struct KeyMaterial {
    /// The version AWSCURRENT.
    pub current: SecretText,
    /// The version AWSPREVIOUS, where it was asked for and there is one.
    pub previous: Option<SecretText>,
}

/// A secret's text: wiped when dropped, and never printed.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

/// A secret cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read or is no key store.
    #[error("the key store file cannot be read")]
    File(#[source] Box<dyn Error + Send + Sync>),
    /// The key store has no secret of that name, or no current version of it.
    #[error("there is no such secret in the key store")]
    NotFound,
    /// The secret is binary, or has no value yet.
    #[error("the secret has no text")]
    NoText,
    /// Secrets Manager refused, or could not be reached.
    #[error("Secrets Manager did not give the secret")]
    SecretsManager(#[source] Box<dyn Error + Send + Sync>),
    /// No answer in time.
    #[error("the secret could not be read in time")]
    TimedOut,
}

impl SecretText {
    /// Takes a text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text, for whoever parses it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretText(..)")
    }
}
