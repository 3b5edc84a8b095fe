//! Functions that make text or read it.

use std::io::{self, Write};

use serde_json::ser::{Formatter, Serializer};
use serde_json::{Number, Value};

pub(super) fn convert(name: &str, values: &[&Value]) -> Value {
    match (name, values) {
        ("to_string", [Value::String(text)]) => Value::String(text.clone()),
        ("to_string", [value]) => Value::String(json(value)),
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

fn json(value: &Value) -> String {
    use serde::Serialize as _;

    let mut json = Vec::new();
    // Writing to a Vec cannot fail, nor is what JSON is made of anything but UTF-8.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut json, Numbers));
    String::from_utf8(json).unwrap_or_default()
}

/// Writes floats as the engine does: as integers where 64 bits can hold them, else in the shortest form.
struct Numbers;

impl Formatter for Numbers {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, float: f64) -> io::Result<()> {
        // -2^63 and 2^64.
        let is_integer = float.fract() == 0.0
            && (-9_223_372_036_854_775_808.0..=18_446_744_073_709_551_616.0).contains(&float);
        if is_integer {
            let text = format!("{:.0}", float.abs());
            let integer = text.parse::<u64>().unwrap_or(u64::MAX);
            let sign = if float < 0.0 { "-" } else { "" };
            return write!(writer, "{sign}{integer}");
        }
        let text = Number::from_f64(float).map(|number| number.to_string()).unwrap_or_default();
        writer.write_all(text.replace("e+", "e").as_bytes())
    }
}
