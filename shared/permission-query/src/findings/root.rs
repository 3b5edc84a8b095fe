//! Permissions see nothing of a document but its `_id`.

use super::Draft;
use super::tree::parts;
use crate::{Expression, ExpressionKind, FindingKind, Query};

pub(super) fn errors(query: &Query) -> Vec<Draft> {
    parts(query.expression())
        .filter(|part| !part.is_in_filter)
        .filter_map(|part| of_part(query, part.expression))
        .collect()
}

fn of_part(query: &Query, expression: &Expression) -> Option<Draft> {
    match &expression.kind {
        ExpressionKind::Root(name) if name != "_id" => Some(unknown(query, expression, name)),
        ExpressionKind::Current => {
            let message = "`@` is the whole document outside of a filter `[?…]`, and permissions see only its `_id`";
            let draft =
                Draft::new(FindingKind::CurrentOutsideFilter, &visible(expression), message);
            Some(pointed_at_id(query, draft, expression))
        }
        _ => None,
    }
}

/// `[*]` where a value is expected begins with an `@` that is not written.
fn visible(expression: &Expression) -> std::ops::Range<usize> {
    let span = &expression.span;
    span.start..span.end.max(span.start.saturating_add(1))
}

fn unknown(query: &Query, expression: &Expression, name: &str) -> Draft {
    let draft = |message: String| Draft::new(FindingKind::UnknownRoot, &expression.span, message);
    let constant = match name.to_ascii_lowercase().as_str() {
        "true" => Some("true"),
        "false" => Some("false"),
        "null" | "none" | "nil" | "undefined" => Some("null"),
        "and" | "or" | "not" => {
            return draft(format!(
                "`{name}` is a field here, which no `_id` gives; the operators are `&&`, `||` and `!(…)`"
            ));
        }
        _ => None,
    };
    if let Some(constant) = constant {
        let message = format!("`{name}` is a field here, and missing: no document ever matches");
        return draft(message).replacing(&expression.span, constant);
    }
    if strsim::damerau_levenshtein(&name.to_ascii_lowercase(), "_id") <= 1 {
        let message = format!("`{name}` is not `_id`: no document ever matches");
        return draft(message).replacing(&expression.span, "_id");
    }
    let draft =
        draft(format!("permissions see nothing of a document but its `_id`, and not `{name}`"));
    if query.slice(&(expression.span.end..query.text().len())).starts_with("._id") {
        return pointed_at_id(query, draft, expression);
    }
    draft.replacing(&expression.span, format!("_id.{name}"))
}

/// Puts `_id` there, and drops the step to it if one follows.
fn pointed_at_id(query: &Query, draft: Draft, base: &Expression) -> Draft {
    let end = base.span.end;
    let after = query.slice(&(end..query.text().len()));
    let step = ["._id", "['_id']", "[\"_id\"]"].into_iter().find(|step| {
        after.strip_prefix(step).is_some_and(|rest| !rest.starts_with(crate::parser::is_name_part))
    });
    let end = end.saturating_add(step.map_or(0, str::len));
    draft.replacing(&(base.span.start..end), "_id")
}
