//! Transforms, backwards: which values of a claim become a wanted one.

use claim_mapping::{ClaimReference, Transform, ValueMap};
use serde_json::Value;

/// The values of the claim that become the wanted one, the most natural first; none where there is none. Values are
/// likely ones: whoever relies on them checks them.
pub(crate) fn inputs(reference: &ClaimReference, wanted: &Value) -> Vec<Value> {
    let outputs = vec![wanted.clone()];
    reference.transforms.iter().rev().fold(outputs, |outputs, transform| {
        outputs.iter().flat_map(|output| before(transform, output)).collect()
    })
}

/// Values of the claim that show what the transforms do: written otherwise than they make it, and what they leave
/// nothing of.
pub(crate) fn oddities(reference: &ClaimReference, wanted: &Value) -> Vec<Value> {
    let mut odd = Vec::new();
    for transform in &reference.transforms {
        match transform {
            Transform::Default(_) => {}
            Transform::Lower => {
                odd.extend(
                    inputs(reference, wanted)
                        .iter()
                        .map(|value| on_text(value, &|text| text.to_uppercase())),
                );
            }
            Transform::Trim => {
                odd.extend(
                    inputs(reference, wanted)
                        .iter()
                        .map(|value| on_text(value, &|text| format!(" {text} "))),
                );
            }
            Transform::StripPrefix(_) | Transform::Map { .. } => odd.push(wanted.clone()),
        }
    }
    odd
}

fn before(transform: &Transform, output: &Value) -> Vec<Value> {
    match transform {
        Transform::Default(_) | Transform::Lower | Transform::Trim => vec![output.clone()],
        Transform::StripPrefix(prefix) => {
            vec![on_text(output, &|text| format!("{prefix}{text}"))]
        }
        Transform::Map { table, .. } => keys(table, output),
    }
}

fn keys(table: &ValueMap, output: &Value) -> Vec<Value> {
    let Value::Array(items) = output else { return keys_of_one(table, output).collect() };
    let keys = items.iter().filter_map(|item| keys_of_one(table, item).next());
    let keys = keys.collect::<Vec<_>>();
    if keys.is_empty() && !items.is_empty() { Vec::new() } else { vec![Value::Array(keys)] }
}

fn keys_of_one<'t>(table: &'t ValueMap, output: &'t Value) -> impl Iterator<Item = Value> + 't {
    let gives =
        move |to: &Value| to == output || to.as_array().is_some_and(|items| items.contains(output));
    table.iter().filter(move |(_, to)| gives(to)).map(|(from, _)| Value::from(from.as_str()))
}

fn on_text(value: &Value, change: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| on_text(item, change)).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.clone(),
    }
}
