//! Following the steps of a path.

use std::borrow::Cow;

use serde_json::Value;

use super::{Answer, Scope, evaluate, is_truthy};
use crate::{RunError, Step};

/// What lies at the end of the steps. After a projection the steps up to the next one apply to each element, and that
/// one to the list of what they gave.
pub(super) fn follow<'v>(
    value: Cow<'v, Value>,
    steps: &'v [Step],
    scope: Scope<'v>,
) -> Result<Answer<'v>, RunError> {
    let (mut value, mut steps) = (value, steps);
    while let Some((step, after)) = steps.split_first() {
        scope.visit()?;
        let next = match step {
            Step::Member(name) => member(value, name),
            Step::Index(index) => element(value, *index),
            Step::Filter(_) | Step::Flatten | Step::Wildcard => {
                let length = after.iter().position(Step::is_projection).unwrap_or(after.len());
                let (each, rest) = after.split_at_checked(length).unwrap_or((after, &[]));
                steps = rest;
                let Some(projected) = project(value, step, each, scope)? else { return Ok(None) };
                value = projected;
                continue;
            }
        };
        let Some(next) = next else { return Ok(None) };
        value = next;
        steps = after;
    }
    Ok(Some(value))
}

fn project<'v>(
    value: Cow<'v, Value>,
    step: &'v Step,
    each: &'v [Step],
    scope: Scope<'v>,
) -> Result<Answer<'v>, RunError> {
    let Some(elements) = elements(value) else { return Ok(None) };
    let mut projected = Vec::new();
    for element in selected(elements, step) {
        if let Step::Filter(condition) = step {
            let scope = Scope { current: &element, ..scope };
            match evaluate(condition, scope)? {
                None => return Ok(None),
                Some(condition) if !is_truthy(&condition) => continue,
                Some(_) => {}
            }
        }
        let Some(end) = follow(element, each, scope)? else { return Ok(None) };
        projected.push(end.into_owned());
    }
    Ok(Some(Cow::Owned(Value::Array(projected))))
}

/// The elements, those of arrays among them where the step says so.
fn selected<'v>(elements: Vec<Cow<'v, Value>>, step: &Step) -> Vec<Cow<'v, Value>> {
    if *step != Step::Flatten {
        return elements;
    }
    let flat = |element: Cow<'v, Value>| match element {
        Cow::Borrowed(Value::Array(items)) => items.iter().map(Cow::Borrowed).collect(),
        Cow::Owned(Value::Array(items)) => items.into_iter().map(Cow::Owned).collect(),
        single @ (Cow::Borrowed(_) | Cow::Owned(_)) => vec![single],
    };
    elements.into_iter().flat_map(flat).collect()
}

fn elements(value: Cow<'_, Value>) -> Option<Vec<Cow<'_, Value>>> {
    match value {
        Cow::Borrowed(value) => Some(value.as_array()?.iter().map(Cow::Borrowed).collect()),
        Cow::Owned(Value::Array(items)) => Some(items.into_iter().map(Cow::Owned).collect()),
        Cow::Owned(_) => None,
    }
}

fn member<'v>(value: Cow<'v, Value>, name: &str) -> Answer<'v> {
    match value {
        Cow::Borrowed(value) => value.as_object()?.get(name).map(Cow::Borrowed),
        Cow::Owned(mut value) => value.as_object_mut()?.remove(name).map(Cow::Owned),
    }
}

fn element(value: Cow<'_, Value>, index: i32) -> Answer<'_> {
    let length = value.as_array()?.len();
    let distance = usize::try_from(index.unsigned_abs()).ok()?;
    let index = if index < 0 { length.checked_sub(distance)? } else { distance };
    match value {
        Cow::Borrowed(value) => value.get(index).map(Cow::Borrowed),
        Cow::Owned(mut value) => value.get_mut(index).map(|item| Cow::Owned(item.take())),
    }
}
