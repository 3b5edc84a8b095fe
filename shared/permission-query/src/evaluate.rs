//! What a query says about a document, as the engine finds it.
//!
//! `None` is the engine's *missing*, which is neither true nor false and takes over everything it touches.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::{Map, Value};

use crate::{Expression, ExpressionKind, RunError};

mod call;
pub(crate) mod compare;
mod number;
mod path;
pub(crate) mod regex;
mod text;

/// How many parts of the tree are visited at most. Only filters in filters need many.
const MAX_VISITS: u32 = 1_000_000;

type Answer<'v> = Option<Cow<'v, Value>>;

/// Where names are looked up.
#[derive(Clone, Copy)]
struct Scope<'v> {
    /// What `@` and plain names refer to: the document, or an element inside of a filter.
    current: &'v Value,
    visits: &'v Cell<u32>,
}

/// Whether the document matches.
///
/// The engine tries an empty document first: what matches that, matches every document, and what fails there does
/// not count. Only `@` outside of filters can tell, such as `!@`, which matches everything.
pub(crate) fn matches(expression: &Expression, document: &Value) -> Result<bool, RunError> {
    let of_empty = is_true_of(expression, &Value::Object(Map::new()));
    if of_empty == Ok(true) { of_empty } else { is_true_of(expression, document) }
}

fn is_true_of(expression: &Expression, document: &Value) -> Result<bool, RunError> {
    let scope = Scope { current: document, visits: &Cell::new(0) };
    Ok(evaluate(expression, scope)?.is_some_and(|value| is_truthy(&value)))
}

/// Comparisons and paths lie to the left, as deep as the text is long, so those are taken in a loop.
fn evaluate<'v>(expression: &'v Expression, scope: Scope<'v>) -> Result<Answer<'v>, RunError> {
    let (mut outer, mut innermost) = (Vec::new(), expression);
    loop {
        scope.visit()?;
        match &innermost.kind {
            ExpressionKind::Compare { left: inner, .. }
            | ExpressionKind::Path { base: inner, .. } => {
                outer.push(innermost);
                innermost = inner;
            }
            ExpressionKind::Parenthesised(inner) => innermost = inner,
            ExpressionKind::And(..)
            | ExpressionKind::Call { .. }
            | ExpressionKind::Current
            | ExpressionKind::Literal(_)
            | ExpressionKind::Not(_)
            | ExpressionKind::Or(..)
            | ExpressionKind::Placeholder(_)
            | ExpressionKind::Root(_) => break,
        }
    }
    let mut answer = evaluate_innermost(innermost, scope)?;
    while let Some(value) = answer {
        let Some(next) = outer.pop() else { return Ok(Some(value)) };
        answer = continue_with(value, next, scope)?;
    }
    Ok(None)
}

fn continue_with<'v>(
    value: Cow<'v, Value>,
    outer: &'v Expression,
    scope: Scope<'v>,
) -> Result<Answer<'v>, RunError> {
    match &outer.kind {
        ExpressionKind::Compare { comparison, right, .. } => {
            let Some(right) = evaluate(right, scope)? else { return Ok(None) };
            Ok(compare::holds(*comparison, &value, &right).map(boolean))
        }
        ExpressionKind::Path { steps, .. } => path::follow(value, steps, scope),
        ExpressionKind::And(..)
        | ExpressionKind::Call { .. }
        | ExpressionKind::Current
        | ExpressionKind::Literal(_)
        | ExpressionKind::Not(_)
        | ExpressionKind::Or(..)
        | ExpressionKind::Parenthesised(_)
        | ExpressionKind::Placeholder(_)
        | ExpressionKind::Root(_) => Ok(Some(value)),
    }
}

fn evaluate_innermost<'v>(
    expression: &'v Expression,
    scope: Scope<'v>,
) -> Result<Answer<'v>, RunError> {
    match &expression.kind {
        ExpressionKind::And(left, right) => match evaluate(left, scope)? {
            Some(value) if is_truthy(&value) => evaluate(right, scope),
            falsy => Ok(falsy),
        },
        ExpressionKind::Or(left, right) => match evaluate(left, scope)? {
            Some(value) if !is_truthy(&value) => evaluate(right, scope),
            truthy => Ok(truthy),
        },
        ExpressionKind::Not(inner) => {
            let value = evaluate(inner, scope)?;
            Ok(value.map(|value| boolean(!is_truthy(&value))))
        }
        ExpressionKind::Call { function, arguments } => {
            let mut values = Vec::new();
            for argument in arguments {
                let Some(value) = evaluate(argument, scope)? else { return Ok(None) };
                values.push(value);
            }
            Ok(Some(Cow::Owned(call::call(function, &values)?)))
        }
        ExpressionKind::Current => Ok(Some(Cow::Borrowed(scope.current))),
        ExpressionKind::Literal(value) => Ok(Some(Cow::Borrowed(value))),
        ExpressionKind::Root(name) => Ok(scope.current.get(name).map(Cow::Borrowed)),
        ExpressionKind::Placeholder(_) => Err(RunError::Placeholder),
        ExpressionKind::Compare { .. }
        | ExpressionKind::Parenthesised(_)
        | ExpressionKind::Path { .. } => evaluate(expression, scope),
    }
}

impl Scope<'_> {
    fn visit(&self) -> Result<(), RunError> {
        let visits = self.visits.get().saturating_add(1);
        self.visits.set(visits);
        if visits > MAX_VISITS { Err(RunError::TooExpensive) } else { Ok(()) }
    }
}

fn boolean<'v>(value: bool) -> Cow<'v, Value> {
    Cow::Owned(Value::Bool(value))
}

/// Whether a document with this result matches.
pub(crate) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}
