//! Where a placeholder stands in a query, and so which values can stand there.

use std::ops::Range;

use permission_query::{Comparison, Expression, ExpressionKind, Step};

use crate::claim_reference::KnownType;

/// A place that a literal can take without deciding the query all by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Beside `==`.
    Equal,
    /// What `contains` looks into: a list. In text, it would look for a part of it.
    Haystack,
    /// What `contains` looks for in a value of the document, which may be text.
    Needle,
    /// Beside `<`, `<=`, `>` or `>=`. Every text comes after an empty one.
    Ordered,
    /// An argument that must be text: with anything else, the engine fails the whole query.
    Text,
    /// Beside `!=`, or `==` where its outcome is turned around. Nothing equals a list but a list.
    Unequal,
}

impl Place {
    pub(crate) fn can_take(self, known: Option<KnownType>) -> bool {
        !(self == Self::Text && known == Some(KnownType::Number))
    }

    pub(crate) fn takes(self) -> &'static str {
        match self {
            Self::Equal => "a string, an integer, a boolean or a list stands here",
            Self::Haystack => "a list stands here",
            Self::Needle | Self::Ordered | Self::Unequal => {
                "a string, an integer or a boolean stands here"
            }
            Self::Text => "text stands here",
        }
    }
}

/// A placeholder of a query.
#[derive(Debug)]
pub(crate) struct Hole<'q> {
    /// What stands in the braces.
    pub(crate) inside: &'q str,
    pub(crate) span: Range<usize>,
    /// Nothing where no literal may stand.
    pub(crate) place: Option<Place>,
    /// Whether a document may match because the part with the placeholder does not hold.
    pub(crate) is_negated: bool,
}

/// The placeholders, in the order of the text.
pub(crate) fn holes(expression: &Expression) -> Vec<Hole<'_>> {
    let mut holes = Vec::new();
    visit(expression, None, false, &mut holes);
    holes.sort_by_key(|hole| hole.span.start);
    holes
}

fn visit<'q>(
    expression: &'q Expression,
    place: Option<Place>,
    is_negated: bool,
    holes: &mut Vec<Hole<'q>>,
) {
    match &expression.kind {
        ExpressionKind::Placeholder(inside) => {
            holes.push(Hole { inside, span: expression.span.clone(), place, is_negated });
        }
        ExpressionKind::Parenthesised(inner) => visit(inner, place, is_negated, holes),
        ExpressionKind::Compare { comparison, left, right } => {
            visit_compared(left, right, *comparison, is_negated, holes);
            visit_compared(right, left, *comparison, is_negated, holes);
        }
        ExpressionKind::Call { function, arguments } => {
            for (index, argument) in arguments.iter().enumerate() {
                visit(argument, place_in_call(function, arguments, index), is_negated, holes);
            }
        }
        ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => {
            visit(left, None, is_negated, holes);
            visit(right, None, is_negated, holes);
        }
        ExpressionKind::Not(inner) => visit(inner, None, true, holes),
        ExpressionKind::Path { base, steps } => {
            visit(base, None, true, holes);
            for step in steps {
                if let Step::Filter(filter) = step {
                    // What becomes of the elements that are left, nobody knows.
                    visit(filter, None, true, holes);
                }
            }
        }
        ExpressionKind::Current | ExpressionKind::Literal(_) | ExpressionKind::Root(_) => {}
    }
}

fn visit_compared<'q>(
    side: &'q Expression,
    other: &Expression,
    comparison: Comparison,
    is_negated: bool,
    holes: &mut Vec<Hole<'q>>,
) {
    if !matches!(peeled(side).kind, ExpressionKind::Placeholder(_)) {
        // The outcome of what stands inside may be turned around by the comparison.
        return visit(side, None, true, holes);
    }
    let is_negated = is_negated || comparison == Comparison::NotEqual;
    // Beside anything else the claim would decide alone, or turn around what the rest decides.
    let is_compared = looks_at_document(other) && !is_boolean(other);
    let place = is_compared.then_some(match comparison {
        Comparison::Equal if !is_negated => Place::Equal,
        Comparison::Equal | Comparison::NotEqual => Place::Unequal,
        Comparison::Greater
        | Comparison::GreaterOrEqual
        | Comparison::Less
        | Comparison::LessOrEqual => Place::Ordered,
    });
    visit(side, place, is_negated, holes);
}

/// Other functions turn a claim into something else, which may be empty, always true, or an error of the engine.
fn place_in_call(function: &str, arguments: &[Expression], index: usize) -> Option<Place> {
    let mut others = arguments.iter().enumerate().filter(|(other, _)| *other != index);
    if !others.any(|(_, other)| looks_at_document(other)) {
        return None;
    }
    match (function, index) {
        ("contains", 0) => Some(Place::Haystack),
        ("contains", 1) => Some(Place::Needle),
        ("starts_with" | "ends_with", 0 | 1) => Some(Place::Text),
        _ => None,
    }
}

fn peeled(expression: &Expression) -> &Expression {
    let mut peeled = expression;
    while let ExpressionKind::Parenthesised(inner) = &peeled.kind {
        peeled = inner;
    }
    peeled
}

/// Whether it depends on the document, or in a filter on the element.
fn looks_at_document(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Root(_) | ExpressionKind::Current => true,
        ExpressionKind::Literal(_) | ExpressionKind::Placeholder(_) => false,
        ExpressionKind::Not(inner) | ExpressionKind::Parenthesised(inner) => {
            looks_at_document(inner)
        }
        ExpressionKind::Path { base, .. } => looks_at_document(base),
        ExpressionKind::Call { arguments, .. } => arguments.iter().any(looks_at_document),
        ExpressionKind::And(left, right)
        | ExpressionKind::Or(left, right)
        | ExpressionKind::Compare { left, right, .. } => {
            looks_at_document(left) || looks_at_document(right)
        }
    }
}

/// Whether it is a condition of its own.
fn is_boolean(expression: &Expression) -> bool {
    match &peeled(expression).kind {
        ExpressionKind::And(..)
        | ExpressionKind::Or(..)
        | ExpressionKind::Not(_)
        | ExpressionKind::Compare { .. } => true,
        ExpressionKind::Call { function, .. } => {
            matches!(function.as_str(), "contains" | "starts_with" | "ends_with" | "regex")
        }
        ExpressionKind::Current
        | ExpressionKind::Literal(_)
        | ExpressionKind::Parenthesised(_)
        | ExpressionKind::Path { .. }
        | ExpressionKind::Placeholder(_)
        | ExpressionKind::Root(_) => false,
    }
}
