//! The other parties of a login, for tests and for the demo: an identity provider that signs tokens with real
//! keys, Ditto that signs its requests, and the events that API Gateway makes of them.
//!
//! No function depends on this crate. It makes what the product verifies, so it shares no code with it.

mod ditto;
mod event;
mod signing_key;

pub use ditto::{Dialect, DittoSecret, request_body};
pub use event::{Event, EventError, Expectation};
pub use signing_key::{KeyError, SigningKey, jwk_set, raw_token};

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The moment at which tests take place: 2023-11-14T22:13:20Z.
pub const NOW_SECONDS: u64 = 1_700_000_000;

/// [`NOW_SECONDS`] as a time.
#[must_use]
pub fn now() -> SystemTime {
    UNIX_EPOCH.checked_add(Duration::from_secs(NOW_SECONDS)).unwrap_or(UNIX_EPOCH)
}
