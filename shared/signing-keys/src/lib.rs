//! Where keys come from, and how long they are good for.
//!
//! [`SigningKeys`] is the port, with two adapters: [`SecretsManagerKeys`] and, for local use, [`FileKeys`].
//! [`KeyCache`] reads through either of them, parses once, and decides when to read again. Nothing that is read can
//! be printed.

mod file;
mod key_cache;
mod secrets_manager;
mod signing_keys;

pub use file::FileKeys;
pub use key_cache::{
    COOLDOWN, EMPTY_COOLDOWN, FIRST_READ_LIMIT, HARD_AGE, KeyCache, ParseError, REFRESH_LIMIT,
    SOFT_AGE,
};
pub use secrets_manager::{SecretsManagerKeys, secrets_manager_client};
pub use signing_keys::{KeyMaterial, ReadError, SecretText, SigningKeys, Versions};
