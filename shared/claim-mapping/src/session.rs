//! How long a session lasts.

use std::ops::Range;
use std::time::Duration;

/// The shortest session. Shorter ones would have a device sign in again before it has synced.
pub const MIN_SESSION: Duration = Duration::from_mins(1);

/// The longest session that Ditto's contract can say, an unsigned 32-bit number of seconds: about 136 years.
pub const MAX_SESSION: Duration = Duration::from_secs(u32::MAX as u64);

/// The `[session]` table of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// How long a session lasts at most.
    pub length: Duration,
    /// Whether a session ends no later than the token it was opened with. Without it, somebody whose account is
    /// closed keeps access until the session ends.
    pub within_token: bool,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

impl Session {
    /// `expirationSeconds`, given what the grants allow and how long the token is still valid.
    pub(crate) fn seconds(&self, granted: Option<Duration>, remaining_life: Duration) -> u32 {
        let token = self.within_token.then_some(remaining_life);
        let limits = [granted, token].into_iter().flatten();
        let length = limits.fold(self.length, Duration::min).clamp(MIN_SESSION, MAX_SESSION);
        u32::try_from(length.as_secs()).unwrap_or(u32::MAX)
    }
}

/// Parses a length of time as policies write it: `90s`, `30m`, `12h`, `7d`.
#[must_use]
pub fn parse_duration(text: &str) -> Option<Duration> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return None,
    };
    let digits = text.get(..text.len().checked_sub(1)?)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_keeps_between_its_bounds() {
        let hour = Duration::from_hours(1);
        let within = |length| Session { length, within_token: true, span: 0..0 };
        let beyond = |length| Session { length, within_token: false, span: 0..0 };
        let second = Duration::from_secs(1);
        for (name, session, granted, remaining, expected) in [
            ("shorter than the token", within(hour), None, hour * 2, 3600),
            ("as long as the token", within(hour), None, hour, 3600),
            ("ends with the token", within(hour), None, Duration::from_secs(3599), 3599),
            ("never below the floor", within(hour), None, Duration::ZERO, 60),
            ("past the token on purpose", beyond(hour), None, Duration::ZERO, 3600),
            ("shorter by a grant", beyond(hour), Some(hour / 2), Duration::ZERO, 1800),
            ("shorter by a grant, within the token", within(hour), Some(hour / 2), hour / 4, 900),
            ("no longer by a grant", beyond(hour), Some(hour * 2), Duration::ZERO, 3600),
            ("a grant's floor", beyond(hour), Some(second), Duration::ZERO, 60),
            ("never above u32", beyond(Duration::MAX), None, Duration::ZERO, u32::MAX),
            (
                "never above u32, endless token",
                within(Duration::MAX),
                None,
                Duration::MAX,
                u32::MAX,
            ),
        ] {
            assert_eq!(session.seconds(granted, remaining), expected, "{name}");
        }
    }

    #[test]
    fn durations_have_a_unit() {
        for (text, expected) in [
            ("90s", Some(90)),
            ("30m", Some(1800)),
            ("12h", Some(43200)),
            ("7d", Some(604_800)),
            ("", None),
            ("h", None),
            ("12", None),
            ("-1h", None),
            ("+1h", None),
            ("1.5h", None),
            ("1 h", None),
            ("1w", None),
            ("18446744073709551615d", None),
            ("1é", None),
        ] {
            assert_eq!(parse_duration(text), expected.map(Duration::from_secs), "{text}");
        }
    }
}
