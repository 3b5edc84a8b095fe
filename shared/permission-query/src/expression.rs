//! The syntax tree of a query.

use std::ops::Range;

use serde_json::Value;

/// A part of a query, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

/// What a part of a query is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExpressionKind {
    /// `a && b`, the right side being the whole rest of the query.
    And(Box<Expression>, Box<Expression>),
    /// `contains(a, b)`.
    Call {
        /// The function's name, known or not: the engine finds out while it runs.
        function: String,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// `a == b`. Chains associate to the left.
    Compare {
        /// How the two are compared.
        comparison: Comparison,
        /// What stands before the operator.
        left: Box<Expression>,
        /// What stands after it.
        right: Box<Expression>,
    },
    /// `@`: the whole document, or the element of the projection it stands in.
    Current,
    /// A string, number, boolean, `null`, array or object that the query itself gives.
    Literal(Value),
    /// `!a`, `a` being the whole rest of the query.
    Not(Box<Expression>),
    /// `a || b`, the right side being the whole rest of the query.
    Or(Box<Expression>, Box<Expression>),
    /// `(a)`. Kept, because parentheses show what the author meant.
    Parenthesised(Box<Expression>),
    /// `_id.tags[0]`: steps from a base. The steps are never empty.
    Path {
        /// What the steps start from.
        base: Box<Expression>,
        /// The steps.
        steps: Vec<Step>,
    },
    /// `{sub}`: what stands between the braces. Only in templates.
    Placeholder(String),
    /// A field of the document, such as `_id`.
    Root(String),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `!=`
    NotEqual,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `[?e]`: the elements for which `e` is true; `@` stands for the element.
    Filter(Expression),
    /// `[]`: all elements, those of arrays among them one level deep.
    Flatten,
    /// `[0]`, or `[-1]` from the end.
    Index(i32),
    /// `.name` or `['name']`.
    Member(String),
    /// `[*]`: all elements.
    Wildcard,
}

impl Step {
    /// Whether it leads to several elements: the steps after it apply to each, up to the next such step.
    pub(crate) fn is_projection(&self) -> bool {
        matches!(self, Self::Filter(_) | Self::Flatten | Self::Wildcard)
    }
}
