//! Patterns of `regex()`.

use serde_json::Value;

use super::Draft;
use super::tree::{parts, peeled, string};
use crate::evaluate::regex::is_match;
use crate::{Expression, ExpressionKind, FindingKind, Query, RunError};

/// Patterns that the engine refuses.
pub(super) fn invalid(query: &Query) -> Vec<Draft> {
    let drafts = patterns(query).filter_map(|call| {
        let Err(RunError::BadRegex { reason }) = is_match("", call.text, call.flags) else {
            return None;
        };
        let message = format!(
            "regex() refuses this pattern ({reason}): the first document that gets here makes the whole query \
             fail, for everybody"
        );
        Some(Draft::new(FindingKind::InvalidRegex, &call.literal.span, message))
    });
    drafts.collect()
}

/// Patterns that any part of the text can match.
pub(super) fn unanchored(query: &Query) -> Vec<Draft> {
    let loose = patterns(query).filter(|call| !call.text.is_empty() && !is_anchored(call.text));
    let drafts = loose.map(|call| {
        let message = "matches any text that has a matching part: `a` also matches `xax`; anchor it with `^` and `$`";
        let draft = Draft::new(FindingKind::UnanchoredRegex, &call.literal.span, message);
        let flags = call.flags.and_then(Value::as_str).unwrap_or_default();
        let written = query.slice(&call.literal.span);
        let inside = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
        let quote = written.get(..1).unwrap_or_default();
        // In other modes `^` and `$` mean less, or a comment would take the end.
        if flags.contains(['m', 'x']) || call.text.contains("(?") {
            return draft;
        }
        draft.replacing(&call.literal.span, format!("{quote}^({inside})${quote}"))
    });
    drafts.collect()
}

struct Pattern<'q> {
    literal: &'q Expression,
    text: &'q str,
    flags: Option<&'q Value>,
}

fn patterns(query: &Query) -> impl Iterator<Item = Pattern<'_>> {
    parts(query.expression()).filter_map(|part| {
        let ExpressionKind::Call { function, arguments } = &part.expression.kind else {
            return None;
        };
        let [_, pattern, flags @ ..] = arguments.as_slice() else { return None };
        let flags = flags.first().and_then(|flags| match &peeled(flags).kind {
            ExpressionKind::Literal(value) => Some(value),
            _ => None,
        });
        let literal = peeled(pattern);
        let text = string(literal).filter(|_| function == "regex")?;
        Some(Pattern { literal, text, flags })
    })
}

/// Whether one end of the text is fixed, in each alternative.
fn is_anchored(pattern: &str) -> bool {
    alternatives(pattern).all(|alternative| {
        alternative.starts_with('^')
            || alternative.starts_with("\\A")
            || alternative.ends_with("\\z")
            || (alternative.ends_with('$') && !alternative.ends_with("\\$"))
    })
}

/// The alternatives outside of parentheses and brackets.
fn alternatives(pattern: &str) -> impl Iterator<Item = &str> {
    let (mut depth, mut is_escaped) = (0_usize, false);
    pattern.split(move |character| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match character {
            _ if was_escaped => {}
            '\\' => is_escaped = true,
            '(' | '[' => depth = depth.saturating_add(1),
            ')' | ']' => depth = depth.saturating_sub(1),
            '|' => return depth == 0,
            _ => {}
        }
        false
    })
}
