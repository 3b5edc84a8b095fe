//! Where a placeholder stands in a query, and so which values can stand there.

use std::ops::Range;

use permission_query::{Expression, ExpressionKind, Step};
use serde_json::Value;

use crate::claim_reference::KnownType;

/// A place that a literal can take without deciding the query all by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Beside a comparison.
    Compared,
    /// What `contains` looks into: a list. In text, it would look for a part of it.
    Haystack,
    /// What `contains` looks for in a list.
    Member,
    /// What `contains` looks for in a value of the document, which may be text.
    Needle,
    /// An argument that must be text: with anything else, the engine fails the whole query.
    Text,
}

impl Place {
    pub(crate) fn can_take(self, known: Option<KnownType>) -> bool {
        !(self == Self::Text && known == Some(KnownType::Number))
    }

    pub(crate) fn takes(self) -> &'static str {
        match self {
            Self::Compared => "a string, an integer, a boolean or a list stands here",
            Self::Haystack => "a list stands here",
            Self::Member | Self::Needle => "a string, an integer or a boolean stands here",
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
}

/// The placeholders, in the order of the text.
pub(crate) fn holes(expression: &Expression) -> Vec<Hole<'_>> {
    let mut holes = Vec::new();
    visit(expression, None, &mut holes);
    holes.sort_by_key(|hole| hole.span.start);
    holes
}

fn visit<'q>(expression: &'q Expression, place: Option<Place>, holes: &mut Vec<Hole<'q>>) {
    match &expression.kind {
        ExpressionKind::Placeholder(inside) => {
            holes.push(Hole { inside, span: expression.span.clone(), place });
        }
        ExpressionKind::Parenthesised(inner) => visit(inner, place, holes),
        ExpressionKind::Compare { left, right, .. } => {
            visit(left, Some(Place::Compared), holes);
            visit(right, Some(Place::Compared), holes);
        }
        ExpressionKind::Call { function, arguments } => {
            for (index, argument) in arguments.iter().enumerate() {
                visit(argument, place_in_call(function, arguments, index), holes);
            }
        }
        ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => {
            visit(left, None, holes);
            visit(right, None, holes);
        }
        ExpressionKind::Not(inner) => visit(inner, None, holes),
        ExpressionKind::Path { base, steps } => {
            visit(base, None, holes);
            for step in steps {
                if let Step::Filter(filter) = step {
                    visit(filter, None, holes);
                }
            }
        }
        ExpressionKind::Current | ExpressionKind::Literal(_) | ExpressionKind::Root(_) => {}
    }
}

/// Other functions turn a claim into something else, which may be empty, always true, or an error of the engine.
fn place_in_call(function: &str, arguments: &[Expression], index: usize) -> Option<Place> {
    match (function, index) {
        ("contains", 0) => Some(Place::Haystack),
        ("contains", 1) if arguments.first().is_some_and(is_list) => Some(Place::Member),
        ("contains", 1) => Some(Place::Needle),
        ("starts_with" | "ends_with", 0 | 1) => Some(Place::Text),
        _ => None,
    }
}

fn is_list(expression: &Expression) -> bool {
    if let ExpressionKind::Parenthesised(inner) = &expression.kind {
        return is_list(inner);
    }
    matches!(
        expression.kind,
        ExpressionKind::Placeholder(_) | ExpressionKind::Literal(Value::Array(_))
    )
}
