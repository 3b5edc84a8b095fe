//! Comments that take warnings back: `# allow lint.relay: reason`.

use std::ops::Range;

use permission_query::Severity;

use super::{LintKind, Lints};

/// A comment that takes warnings back.
struct Allowance {
    /// The place of the comment.
    span: Range<usize>,
    code: String,
    has_reason: bool,
    /// Where warnings are taken back.
    reach: Range<usize>,
}

impl Lints<'_> {
    pub(super) fn take_allowed_back(&mut self) {
        for allowance in allowances(self.text) {
            let Allowance { span, code, has_reason, reach } = allowance;
            let is_meant = |found: &crate::Diagnostic| {
                found.severity == Severity::Warning
                    && found.code == code
                    && reach.contains(&found.span.start)
            };
            let message = if !self.found.iter().any(is_meant) {
                format!("there is no warning `{code}` here to take back")
            } else if has_reason {
                self.found.retain(|found| !is_meant(found));
                continue;
            } else {
                format!("`# allow {code}` gives no reason: the warning stays")
            };
            let hint = format!(
                "remove the comment, or write `# allow {code}: why it is right here` above its line"
            );
            self.warn(LintKind::UnusedAllow, span, message, Some(hint));
        }
    }
}

/// The comments on lines of their own, or at the ends of lines.
fn allowances(text: &str) -> Vec<Allowance> {
    let lines = lines(text);
    let mut allowances = Vec::new();
    for (index, (start, line)) in lines.iter().enumerate() {
        let Some((at, code, has_reason)) = allowance(line) else { continue };
        let from = start.saturating_add(at);
        let span = from..start.saturating_add(line.trim_end().len());
        let is_alone = line.get(..at).is_some_and(|before| before.trim().is_empty());
        let rest = lines.iter().skip(if is_alone { index.saturating_add(1) } else { index });
        let mut rest = rest.skip_while(|(_, line)| line.trim_start().starts_with('#') && is_alone);
        let Some((reach_start, first)) = rest.next() else { continue };
        let is_header = |line: &str| line.trim_start().starts_with('[');
        let is_end = |line: &str| !is_header(first) || is_header(line);
        let end = rest.find(|(_, line)| is_end(line)).map_or(text.len(), |(start, _)| *start);
        allowances.push(Allowance { span, code, has_reason, reach: *reach_start..end });
    }
    allowances
}

/// The lines with the places of their starts.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0_usize;
    let lines = text.split_inclusive('\n').map(|line| {
        let own = start;
        start = start.saturating_add(line.len());
        (own, line)
    });
    lines.collect()
}

/// The place of `# allow CODE` in a line, the code, and whether a reason follows.
fn allowance(line: &str) -> Option<(usize, String, bool)> {
    let (at, _) = line.match_indices("# allow ").last()?;
    let (_, comment) = line.split_at_checked(at)?;
    let rest = comment.strip_prefix("# allow ")?.trim();
    let (code, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let is_code = ["lint.", "query."].iter().any(|family| code.starts_with(family));
    is_code.then(|| (at, code.to_owned(), !reason.trim().is_empty()))
}
