//! Paths from `_id`, and how a query tests that they are there.

use std::fmt::Write as _;

use super::facts::Facts;
use super::tree::peeled;
use crate::{Expression, ExpressionKind, Query, Step, ValueType};

/// The steps from `_id`, where the expression is a path that begins there.
pub(super) fn steps_from_id(expression: &Expression) -> Option<&[Step]> {
    let is_id =
        |base: &Expression| matches!(&base.kind, ExpressionKind::Root(name) if name == "_id");
    match &expression.kind {
        ExpressionKind::Root(_) if is_id(expression) => Some(&[]),
        ExpressionKind::Path { base, steps } if is_id(peeled(base)) => Some(steps),
        _ => None,
    }
}

/// All paths from `_id`, but for those in filters.
pub(super) fn paths(expression: &Expression) -> Vec<&[Step]> {
    let (mut pending, mut paths) = (vec![expression], Vec::new());
    while let Some(next) = pending.pop() {
        if let Some(steps) = steps_from_id(next) {
            if !paths.contains(&steps) {
                paths.push(steps);
            }
            continue;
        }
        match &next.kind {
            ExpressionKind::And(left, right)
            | ExpressionKind::Or(left, right)
            | ExpressionKind::Compare { left, right, .. } => {
                pending.extend([right, left].map(AsRef::as_ref));
            }
            ExpressionKind::Call { arguments, .. } => pending.extend(arguments.iter().rev()),
            ExpressionKind::Not(inner)
            | ExpressionKind::Parenthesised(inner)
            | ExpressionKind::Path { base: inner, .. } => pending.push(inner),
            _ => {}
        }
    }
    paths
}

/// The text of a path; none for one with filters.
pub(super) fn path_text(query: &Query, steps: &[Step]) -> Option<String> {
    let mut text = "_id".to_owned();
    for step in steps {
        match step {
            Step::Member(name) if is_name(name) => text.extend([".", name]),
            Step::Member(name) => text.extend(["[", &query.quoted(name), "]"]),
            // Writing to a String cannot fail.
            Step::Index(index) => drop(write!(text, "[{index}]")),
            Step::Wildcard => text.push_str("[*]"),
            Step::Flatten => text.push_str("[]"),
            Step::Filter(_) => return None,
        }
    }
    Some(text)
}

fn is_name(name: &str) -> bool {
    name.starts_with(crate::parser::is_name_start) && name.chars().all(crate::parser::is_name_part)
}

/// The conditions, in their order, under which the path is there; none for one with projections.
pub(super) fn presence(query: &Query, steps: &[Step], facts: &Facts) -> Option<Vec<String>> {
    let mut conditions = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let (parent, through) = (steps.get(..index)?, steps.get(..=index)?);
        if facts.are_present(through) {
            continue;
        }
        let text = path_text(query, parent)?;
        let (parent_type, condition) = match step {
            Step::Member(name) => {
                (ValueType::Object, format!("contains(keys({text}), {})", query.quoted(name)))
            }
            Step::Index(index @ 0..) => (ValueType::Array, format!("length({text}) > {index}")),
            Step::Index(index) => {
                (ValueType::Array, format!("length({text}) >= {}", index.unsigned_abs()))
            }
            Step::Filter(_) | Step::Flatten | Step::Wildcard => return None,
        };
        if !facts.have_types(parent, parent_type.alone()) {
            conditions.push(type_test(&text, parent_type.alone()));
        }
        conditions.push(condition);
    }
    Some(conditions)
}

/// [`presence`] of several paths, each condition once.
pub(super) fn all_present(query: &Query, paths: &[&[Step]], facts: &Facts) -> Option<Vec<String>> {
    let mut conditions = Vec::new();
    for steps in paths {
        for condition in presence(query, steps, facts)? {
            if !conditions.contains(&condition) {
                conditions.push(condition);
            }
        }
    }
    Some(conditions)
}

/// The test that what stands there is of one of the types.
pub(super) fn type_test(text: &str, types: &[ValueType]) -> String {
    if let [only] = types {
        return format!("type({text}) == '{only}'");
    }
    let names = types.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>();
    format!("contains([{}], type({text}))", names.join(", "))
}
