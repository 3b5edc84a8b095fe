//! Times and lengths of time, as people write them.

use std::time::SystemTime;

/// A moment since 1970 in UTC, such as `2026-01-01T00:00:00Z`.
#[must_use]
pub fn parse_time(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text).ok()
}

/// A length of time as a policy writes it: in the largest unit of which it is a whole number.
#[must_use]
pub fn duration_text(seconds: u64) -> String {
    for (unit, length) in [('d', 86_400), ('h', 3_600), ('m', 60)] {
        if seconds > 0 && seconds.is_multiple_of(length) {
            return format!("{}{unit}", seconds.checked_div(length).unwrap_or_default());
        }
    }
    format!("{seconds}s")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use claim_mapping::parse_duration;

    use super::*;

    #[test]
    fn lengths_of_time_are_written_as_they_are_read() {
        for (seconds, text) in [
            (0, "0s"),
            (59, "59s"),
            (60, "1m"),
            (61, "61s"),
            (3_600, "1h"),
            (5_400, "90m"),
            (86_400, "1d"),
            (604_800, "7d"),
        ] {
            assert_eq!(duration_text(seconds), text);
            assert_eq!(parse_duration(text), Some(Duration::from_secs(seconds)));
        }
        assert_eq!(parse_duration("1"), None);
    }

    #[test]
    fn times_are_in_utc() {
        let since = |text| parse_time(text)?.duration_since(SystemTime::UNIX_EPOCH).ok();
        assert_eq!(since("1970-01-01T00:01:00Z"), Some(Duration::from_mins(1)));
        assert_eq!(since("1970-01-01T00:00:00Z"), Some(Duration::ZERO));
        for text in ["2026-01-01T00:00:00+02:00", "2026-01-01", "1969-12-31T23:59:59Z", "now"] {
            assert_eq!(since(text), None, "{text}");
        }
    }
}
