//! Walking the tree without recursion, which the left spines of comparisons are too deep for.

use crate::{Expression, ExpressionKind, Step};

/// A part of the tree, and whether it stands in a filter.
pub(super) struct Part<'q> {
    pub(super) expression: &'q Expression,
    pub(super) is_in_filter: bool,
}

/// All parts, outer ones first.
pub(super) fn parts(expression: &Expression) -> impl Iterator<Item = Part<'_>> {
    // Room for what most queries ever have pending, so that it need not grow.
    let mut pending = Vec::with_capacity(8);
    pending.push(Part { expression, is_in_filter: false });
    std::iter::from_fn(move || {
        let part = pending.pop()?;
        let child = |expression| Part { expression, is_in_filter: part.is_in_filter };
        match &part.expression.kind {
            ExpressionKind::And(left, right)
            | ExpressionKind::Or(left, right)
            | ExpressionKind::Compare { left, right, .. } => {
                pending.push(child(right));
                pending.push(child(left));
            }
            ExpressionKind::Call { arguments, .. } => {
                pending.extend(arguments.iter().rev().map(child));
            }
            ExpressionKind::Not(inner) | ExpressionKind::Parenthesised(inner) => {
                pending.push(child(inner));
            }
            ExpressionKind::Path { base, steps } => {
                let filters = steps.iter().rev().filter_map(filter);
                pending.extend(filters.map(|expression| Part { expression, is_in_filter: true }));
                pending.push(child(base));
            }
            ExpressionKind::Current
            | ExpressionKind::Literal(_)
            | ExpressionKind::Placeholder(_)
            | ExpressionKind::Root(_) => {}
        }
        Some(part)
    })
}

/// The condition of a filter.
pub(super) fn filter(step: &Step) -> Option<&Expression> {
    if let Step::Filter(expression) = step { Some(expression) } else { None }
}

/// How many nodes and steps there are.
pub(super) fn size(expression: &Expression) -> usize {
    parts(expression)
        .map(|part| match &part.expression.kind {
            ExpressionKind::Path { steps, .. } => steps.len(),
            _ => 1,
        })
        .sum()
}

/// What parentheses hold, however many there are.
pub(super) fn peeled(expression: &Expression) -> &Expression {
    let mut peeled = expression;
    while let ExpressionKind::Parenthesised(inner) = &peeled.kind {
        peeled = inner;
    }
    peeled
}

/// The operands of `&&` and `||` in their order, whichever stands between them.
pub(super) fn operands(expression: &Expression) -> Vec<&Expression> {
    let (mut operands, mut last) = (Vec::new(), expression);
    while let ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) = &last.kind {
        operands.push(left.as_ref());
        last = right;
    }
    operands.push(last);
    operands
}

/// Whether the answer depends on the document (inside of a filter: on the element).
pub(super) fn looks_at_document(expression: &Expression) -> bool {
    parts(expression).any(|part| {
        !part.is_in_filter
            && matches!(part.expression.kind, ExpressionKind::Current | ExpressionKind::Root(_))
    })
}

/// Whether a placeholder stands in it.
pub(super) fn has_placeholder(expression: &Expression) -> bool {
    parts(expression).any(|part| matches!(part.expression.kind, ExpressionKind::Placeholder(_)))
}

/// The text of a string literal.
pub(super) fn string(expression: &Expression) -> Option<&str> {
    match &peeled(expression).kind {
        ExpressionKind::Literal(value) => value.as_str(),
        _ => None,
    }
}
