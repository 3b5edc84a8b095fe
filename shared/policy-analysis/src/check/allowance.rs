//! Comments that take warnings back: `# allow lint.relay: reason`.

use std::ops::Range;

use permission_query::Severity;

use super::places::Extent;
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

/// A line of the text, its end included.
struct Line<'t> {
    span: Range<usize>,
    text: &'t str,
}

impl Lints<'_> {
    pub(super) fn take_allowed_back(&mut self) {
        for allowance in allowances(self.text, &self.places.extents()) {
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
fn allowances(text: &str, extents: &[Extent]) -> Vec<Allowance> {
    let lines = lines(text);
    let mut allowances = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((at, code, has_reason)) = allowance(line.text) else { continue };
        let from = line.span.start.saturating_add(at);
        let span = from..line.span.start.saturating_add(line.text.trim_end().len());
        if extents.iter().any(|extent| extent.is_scalar && extent.span.contains(&from)) {
            continue;
        }
        let is_alone = line.text.get(..at).is_some_and(|before| before.trim().is_empty());
        let below = || lines.iter().skip(index).skip_while(|line| !is_about(line, is_alone));
        let Some(first) = below().next() else { continue };
        let reach = if is_header(first, extents) {
            let next = below().skip(1).find(|line| is_header(line, extents));
            first.span.start..next.map_or(text.len(), |next| next.span.start)
        } else {
            reach(first, is_alone, extents)
        };
        allowances.push(Allowance { span, code, has_reason, reach });
    }
    allowances
}

/// Whether a line is the one that a comment is about: for one that stands alone, the first that is no comment.
fn is_about(line: &Line<'_>, is_alone: bool) -> bool {
    !is_alone || !line.text.trim_start().starts_with('#')
}

/// A line, with all of what begins on it and, for a comment behind it, of what ends there: lists may be broken over
/// lines.
fn reach(line: &Line<'_>, is_alone: bool, extents: &[Extent]) -> Range<usize> {
    let spans = || extents.iter().map(|extent| &extent.span);
    let begins = spans().filter(|span| line.span.contains(&span.start));
    let ends = spans().filter(|span| !is_alone && line.span.contains(&span.end));
    let start = ends.map(|span| span.start).chain([line.span.start]).min();
    let end = begins.map(|span| span.end).chain([line.span.end]).max();
    start.unwrap_or_default()..end.unwrap_or_default()
}

/// Whether a line is the header of a table; within a value, a bracket begins a list.
fn is_header(line: &Line<'_>, extents: &[Extent]) -> bool {
    let indent = line.text.len().saturating_sub(line.text.trim_start().len());
    let at = line.span.start.saturating_add(indent);
    let is_within = |extent: &Extent| extent.span.contains(&at);
    line.text.trim_start().starts_with('[') && !extents.iter().any(is_within)
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0_usize;
    let lines = text.split_inclusive('\n').map(|text| {
        let own = start;
        start = start.saturating_add(text.len());
        Line { span: own..start, text }
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
