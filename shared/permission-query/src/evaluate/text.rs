//! Functions that make text or read it.

use serde_json::{Number, Value};

use crate::exact_integer;

pub(super) fn convert(name: &str, values: &[&Value]) -> Value {
    match (name, values) {
        ("to_string", [value]) => Value::String(to_string(value)),
        ("to_number", [Value::Number(number)]) => Value::Number(number.clone()),
        // Any JSON, as the engine does: `to_number('true')` is `true`.
        ("to_number", [Value::String(text)]) => serde_json::from_str(text).unwrap_or_default(),
        ("join", [Value::String(separator), Value::Array(items)]) => {
            let items = items.iter().filter_map(Value::as_str).collect::<Vec<_>>();
            Value::String(items.join(separator))
        }
        _ => Value::Null,
    }
}

fn to_string(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            exact_integer(number).map_or_else(|| number.clone(), Number::from).to_string()
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
