//! Queries, and operands of `&&` and `||`, that are the same for every document.

use std::collections::BTreeSet;

use serde_json::Value;

use super::tree::{has_placeholder, looks_at_document, operands, parts, peeled};
use super::{Draft, is_rewritable};
use crate::evaluate::is_truthy;
use crate::{Comparison, Expression, ExpressionKind, FindingKind, Query};

pub(super) fn errors(query: &Query) -> Vec<Draft> {
    let whole = query.expression();
    if !looks_at_document(whole) {
        return of_query(query).into_iter().collect();
    }
    if let ExpressionKind::Root(name) = &peeled(whole).kind {
        let message = "matches every document whose id is not empty, 0 or false, whoever owns it";
        let draft = Draft::new(FindingKind::BareId, &whole.span, message);
        return (name == "_id").then(|| draft.replacing(&whole.span, "true")).into_iter().collect();
    }
    // The rest of a chain ends where the whole chain ends.
    let mut ends = BTreeSet::new();
    let chains = parts(whole).filter(|part| {
        matches!(part.expression.kind, ExpressionKind::And(..) | ExpressionKind::Or(..))
            && ends.insert(part.expression.span.end)
    });
    chains.flat_map(|part| of_chain(query, part.expression)).collect()
}

fn of_query(query: &Query) -> Option<Draft> {
    let whole = query.expression();
    let (message, is_true) = match &peeled(whole).kind {
        ExpressionKind::Literal(Value::Bool(true)) if query.text().trim() == "true" => return None,
        ExpressionKind::Literal(value) if is_truthy(value) => {
            let is_meant = value.is_number() || value == "true" || *value == true;
            ("matches every document, whoever owns it", is_meant)
        }
        ExpressionKind::Literal(_) => ("matches no document", false),
        _ => ("looks at nothing of `_id`, and so matches either every document or none", false),
    };
    let draft = Draft::new(FindingKind::ConstantQuery, &whole.span, message);
    Some(if is_true { draft.replacing(&whole.span, "true") } else { draft })
}

fn of_chain(query: &Query, chain: &Expression) -> Vec<Draft> {
    let operands = operands(chain);
    let is_or = matches!(chain.kind, ExpressionKind::Or(..));
    let constant = |operand: &Expression| !looks_at_document(operand) && !has_placeholder(operand);
    let mut drafts = Vec::new();
    for (index, operand) in operands.iter().enumerate() {
        if !constant(operand) {
            continue;
        }
        let message = message(operand, is_or);
        let draft = Draft::new(FindingKind::ConstantOperand, &operand.span, message);
        if is_mixed(chain) {
            drafts.push(draft);
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| operands.get(before));
        drafts.push(match &peeled(operand).kind {
            ExpressionKind::Literal(Value::Bool(value)) if *value != is_or => {
                let after = index.checked_add(1).and_then(|after| operands.get(after));
                without(draft, operand, before.copied(), after.copied())
            }
            ExpressionKind::Literal(value) if is_or && is_scalar(value) => {
                as_list(query, draft, &operands, index)
            }
            _ => draft,
        });
    }
    drafts
}

/// Whether both operators stand in the chain: then nobody knows what was meant.
fn is_mixed(chain: &Expression) -> bool {
    let (mut has_and, mut has_or, mut rest) = (false, false, chain);
    while let ExpressionKind::And(_, right) | ExpressionKind::Or(_, right) = &rest.kind {
        let is_and = matches!(rest.kind, ExpressionKind::And(..));
        (has_and, has_or) = (has_and || is_and, has_or || !is_and);
        rest = right;
    }
    has_and && has_or
}

fn message(operand: &Expression, is_or: bool) -> &'static str {
    match &peeled(operand).kind {
        ExpressionKind::Literal(value) if is_truthy(value) && is_or => {
            "is true for every document: whatever stands beside this operand, all documents that get here match"
        }
        ExpressionKind::Literal(value) if !is_truthy(value) && !is_or => {
            "is false for every document: with this operand none matches"
        }
        _ => "is the same for every document, so that this operand decides nothing or everything",
    }
}

/// Drops an operand that changes nothing.
fn without(
    draft: Draft,
    operand: &Expression,
    before: Option<&Expression>,
    after: Option<&Expression>,
) -> Draft {
    let span = match (before, after) {
        (_, Some(after)) => operand.span.start..after.span.start,
        (Some(before), None) => before.span.end..operand.span.end,
        (None, None) => return draft,
    };
    draft.replacing(&span, "")
}

/// `x == 'a' || 'b'` means `contains(['a', 'b'], x)`.
fn as_list(query: &Query, draft: Draft, operands: &[&Expression], index: usize) -> Draft {
    let is_plain = |operand: &&Expression| matches!(&operand.kind, ExpressionKind::Literal(value) if is_scalar(value));
    let before = operands.get(..index).unwrap_or_default();
    let Some(first) = before.iter().rposition(|operand| !is_plain(operand)) else { return draft };
    let Some(comparison) = operands.get(first) else { return draft };
    let ExpressionKind::Compare { comparison: Comparison::Equal, left, right } = &comparison.kind
    else {
        return draft;
    };
    if !is_rewritable(query)
        || !looks_at_document(left)
        || !matches!(right.kind, ExpressionKind::Literal(_))
    {
        return draft;
    }
    let after = operands.iter().skip(first.saturating_add(1));
    let literals = after.take_while(|operand| is_plain(operand)).copied().collect::<Vec<_>>();
    let texts = std::iter::once(right.as_ref()).chain(literals.iter().copied());
    let list = texts.map(|literal| query.slice(&literal.span)).collect::<Vec<_>>().join(", ");
    let end = literals.last().map_or(comparison.span.end, |last| last.span.end);
    let text = format!("contains([{list}], {})", query.slice(&left.span));
    draft.replacing(&(comparison.span.start..end), text)
}

fn is_scalar(value: &Value) -> bool {
    value.is_string() || value.is_number()
}
