//! Chains of comparisons, and what people mean by them.

use serde_json::Value;

use super::reading::as_meant;
use crate::{Comparison, Expression, ExpressionKind, Query};

/// A chain's first operand, and the others with what stands before them.
pub(super) type Chain<'q> = (&'q Expression, Vec<(Comparison, &'q Expression)>);

/// The operands of comparisons that follow each other without parentheses.
pub(super) fn chain(expression: &Expression) -> Chain<'_> {
    let (mut first, mut others) = (expression, Vec::new());
    while let ExpressionKind::Compare { comparison, left, right } = &first.kind {
        others.push((*comparison, right.as_ref()));
        first = left;
    }
    others.reverse();
    (first, others)
}

/// The chain as comparisons of neighbours. With `true` or `false` what was compared before is meant.
pub(super) fn chain_text(
    query: &Query,
    first: &Expression,
    others: &[(Comparison, &Expression)],
) -> String {
    let (mut left, mut parts, mut is_negated) = (first, Vec::new(), false);
    let starts_boolean = others.len() > 1 && boolean(first).is_some();
    for (index, (comparison, right)) in others.iter().enumerate() {
        let sign = sign(*comparison);
        if let (true, Some(value)) = (starts_boolean && index == 0, boolean(first)) {
            is_negated ^= sign.is_some_and(|sign| sign != value);
        } else if let (1.., Some(value), Some(sign)) = (parts.len(), boolean(right), sign) {
            is_negated ^= sign != value;
            continue;
        } else {
            let (left, right) = (as_meant(query, left), as_meant(query, right));
            parts.push(format!("{left} {} {right}", operator(*comparison)));
        }
        left = right;
    }
    let text = parts.join(" && ");
    match (is_negated, parts.len()) {
        (true, _) => format!("(!({text}))"),
        (false, 1) => text,
        (false, _) => format!("({text})"),
    }
}

fn boolean(expression: &Expression) -> Option<bool> {
    match &expression.kind {
        ExpressionKind::Literal(Value::Bool(value)) => Some(*value),
        _ => None,
    }
}

/// Whether it asks for equality or for the opposite.
fn sign(comparison: Comparison) -> Option<bool> {
    match comparison {
        Comparison::Equal => Some(true),
        Comparison::NotEqual => Some(false),
        Comparison::Greater
        | Comparison::GreaterOrEqual
        | Comparison::Less
        | Comparison::LessOrEqual => None,
    }
}

/// How it is written.
pub(super) fn operator(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "==",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::NotEqual => "!=",
    }
}
