//! Sessions that outlive their token.

use std::time::Duration;

use super::{LintKind, Lints};

impl Lints<'_> {
    pub(super) fn find_long_sessions(&mut self) {
        let rules = self.rules;
        if rules.session.within_token {
            return;
        }
        let limits = rules.grants.iter().map(|grant| {
            let own = rules.gifts(grant).filter_map(|gift| gift.session).min();
            own.unwrap_or(rules.session.length)
        });
        let longest = limits.max().unwrap_or(rules.session.length).min(rules.session.length);
        let message = format!(
            "a user who is removed at the provider keeps access for up to {}, even if their token ends before",
            in_words(longest)
        );
        let hint = "remove `within_token = false`, or shorten `length`".to_owned();
        let place = self.places.member(&["session", "within_token"]);
        let span = place
            .map_or(rules.session.span.clone(), |place| place.name.start..place.value.span().end);
        self.warn(LintKind::SessionBeyondToken, span, message, Some(hint));
    }
}

/// The duration in its largest unit that says it exactly.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let exact = units.into_iter().find(|(unit, _)| seconds.checked_rem(*unit) == Some(0));
    let (unit, name) = exact.unwrap_or((1, "second"));
    let count = seconds.checked_div(unit).unwrap_or_default();
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {name}{plural}")
}
