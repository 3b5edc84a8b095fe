//! Calling functions.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::compare::{are_members_equal, holds};
use super::number::{float, of_float, round};
use super::{regex, text};
use crate::{Comparison, Function, RunError, ValueType};

/// What the function returns.
pub(super) fn call(name: &str, arguments: &[Cow<'_, Value>]) -> Result<Value, RunError> {
    let unknown = || RunError::UnknownFunction { function: name.to_owned() };
    let function = Function::named(name).ok_or_else(unknown)?;
    check(function, arguments)?;
    let values = arguments.iter().map(AsRef::as_ref).collect::<Vec<&Value>>();
    let mut result = match (name, values.as_slice()) {
        ("contains", [haystack, needle]) => Value::Bool(contains(haystack, needle)),
        ("starts_with", [Value::String(text), Value::String(start)]) => {
            Value::Bool(text.starts_with(start.as_str()))
        }
        ("ends_with", [Value::String(text), Value::String(end)]) => {
            Value::Bool(text.ends_with(end.as_str()))
        }
        ("regex", [Value::String(text), Value::String(pattern), flags @ ..]) => {
            return regex::is_match(text, pattern, flags.first().copied()).map(Value::Bool);
        }
        ("not_null", values) => values
            .iter()
            .find(|value| !value.is_null())
            .map_or(Value::Null, |value| (*value).clone()),
        ("sum" | "avg", [Value::Array(items)]) => total(function, items)?,
        ("type", [value]) => Value::from(ValueType::of(value).name()),
        ("to_string" | "to_number" | "join", values) => text::convert(name, values),
        ("keys" | "values" | "merge", values) => of_objects(name, values),
        (_, [value]) => of_one(name, value).ok_or_else(unknown)?,
        _ => return Err(unknown()),
    };
    round(&mut result);
    Ok(result)
}

fn check(function: &Function, arguments: &[Cow<'_, Value>]) -> Result<(), RunError> {
    if !function.takes(arguments.len()) {
        return Err(RunError::ArgumentCount {
            function: function.name.to_owned(),
            expected: function.takes_in_words(),
            found: arguments.len(),
        });
    }
    for (index, argument) in arguments.iter().enumerate() {
        let Some(parameter) = function.parameter(index) else { continue };
        if !parameter.accepts(argument) {
            return Err(RunError::ArgumentType {
                function: function.name.to_owned(),
                position: index.saturating_add(1),
                expected: parameter.in_words(),
                found: ValueType::of(argument).in_words(),
            });
        }
    }
    Ok(())
}

fn contains(haystack: &Value, needle: &Value) -> bool {
    match (haystack, needle) {
        (Value::Array(items), needle) => items.iter().any(|item| are_members_equal(item, needle)),
        (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
        _ => false,
    }
}

/// The functions of one argument, but for those that go by its type.
fn of_one(name: &str, value: &Value) -> Option<Value> {
    Some(match (name, value) {
        ("length", Value::String(text)) => Value::from(text.chars().count()),
        ("length", Value::Array(items)) => Value::from(items.len()),
        ("length", Value::Object(members)) => Value::from(members.len()),
        ("reverse", Value::String(text)) => Value::String(text.chars().rev().collect()),
        ("reverse", Value::Array(items)) => Value::Array(items.iter().rev().cloned().collect()),
        ("to_array", Value::Array(_)) => value.clone(),
        ("to_array", _) => Value::Array(vec![value.clone()]),
        ("sort", Value::Array(items)) => Value::Array(sorted(items)),
        ("max", Value::Array(items)) => sorted(items).pop().unwrap_or_default(),
        ("min", Value::Array(items)) => sorted(items).into_iter().next().unwrap_or_default(),
        ("abs", Value::Number(number)) => of_float(float(number).abs())?,
        ("ceil", Value::Number(number)) => of_float(float(number).ceil())?,
        ("floor", Value::Number(number)) => of_float(float(number).floor())?,
        _ => return None,
    })
}

/// The sum, or the average. The engine fails where it is infinite.
fn total(function: &Function, items: &[Value]) -> Result<Value, RunError> {
    let sum = items.iter().filter_map(Value::as_f64).sum::<f64>();
    let divisor = if function.name == "avg" { float(&items.len().into()) } else { 1.0 };
    let error = || RunError::OutOfRange { function: function.name.to_owned() };
    of_float(sum / divisor).ok_or_else(error)
}

fn sorted(items: &[Value]) -> Vec<Value> {
    let mut items = items.to_vec();
    items.sort_by(|left, right| {
        if holds(Comparison::Less, left, right) == Some(true) {
            Ordering::Less
        } else if holds(Comparison::Greater, left, right) == Some(true) {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    });
    items
}

/// The functions of objects; names come in order.
fn of_objects(name: &str, objects: &[&Value]) -> Value {
    let mut merged = Map::new();
    for members in objects.iter().filter_map(|object| object.as_object()) {
        merged.extend(members.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    merged.sort_keys();
    match name {
        "keys" => merged.into_iter().map(|(name, _)| Value::String(name)).collect(),
        "values" => merged.into_iter().map(|(_, value)| value).collect(),
        _ => Value::Object(merged),
    }
}
