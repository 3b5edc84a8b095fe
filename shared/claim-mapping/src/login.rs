//! What a policy decides on.

use std::fmt;
use std::time::{Duration, SystemTime};

use crate::Claims;

/// A login whose token was verified.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The token's claims.
    pub claims: &'a Claims,
    /// The database that the login is for, in lower case.
    pub database_id: &'a str,
    /// The provider name in Ditto's portal, as Ditto's request names it.
    pub provider: &'a str,
    /// The time of the request.
    pub now: SystemTime,
    /// How long the token is still valid.
    pub remaining_life: Duration,
}

impl Login<'_> {
    /// The time of the request as a `NumericDate` (RFC 7519 2).
    pub(crate) fn seconds(&self) -> u64 {
        self.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
    }
}

impl fmt::Debug for Login<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Login").finish_non_exhaustive()
    }
}

#[cfg(test)]
impl<'a> Login<'a> {
    /// A login with these claims and an hour left.
    pub(crate) fn of(claims: &'a Claims) -> Self {
        let now = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(1_700_000_000));
        Self {
            claims,
            database_id: "3f5c1c0e-1111-4222-8333-0123456789ab",
            provider: "my-auth",
            now: now.unwrap_or(SystemTime::UNIX_EPOCH),
            remaining_life: Duration::from_hours(1),
        }
    }
}
