//! JSON as security code needs it: a member that occurs twice is an error at every depth.
//!
//! RFC 7515 4 and RFC 7519 4 let a parser refuse duplicates; parsers that keep the first and parsers that keep
//! the last one would otherwise disagree on what was signed.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, de};
use serde_json::{Map, Number, Value};

/// The text is not one JSON object, or a member occurs twice. Nothing of the text is repeated here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON object without duplicate members")]
pub struct StrictJsonError;

/// Parses one JSON object (RFC 8259), refusing duplicate members at every depth, anything after the object,
/// lone surrogates, and nesting deeper than 128.
///
/// # Errors
/// [`StrictJsonError`] for all of these.
pub fn parse_object(json: &[u8]) -> Result<Map<String, Value>, StrictJsonError> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = StrictValue.deserialize(&mut deserializer).map_err(|_| StrictJsonError)?;
    deserializer.end().map_err(|_| StrictJsonError)?;
    match value {
        Value::Object(members) => Ok(members),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(StrictJsonError)
        }
    }
}

struct StrictValue;

impl<'de> DeserializeSeed<'de> for StrictValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StrictValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(Self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            if members.insert(name, entries.next_value_seed(Self)?).is_some() {
                return Err(A::Error::custom("duplicate member"));
            }
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_json_type() {
        let members =
            parse_object(br#" {"a":[1,-2,2.5,1e3,true,null,"x"],"b":{"c":{}}} "#).unwrap();
        assert_eq!(
            Value::Object(members),
            serde_json::json!({"a":[1,-2,2.5,1000.0,true,null,"x"],"b":{"c":{}}})
        );
    }

    #[test]
    fn refuses_what_is_not_exactly_one_object_without_duplicates() {
        let deep = format!("{}{}", r#"{"a":"#.repeat(200), "1");
        for (name, json) in [
            ("duplicate", r#"{"a":1,"a":1}"#),
            ("duplicate spelt by escape", r#"{"a":1,"\u0061":2}"#),
            ("nested duplicate", r#"{"a":{"b":1,"b":2}}"#),
            ("duplicate in an array", r#"{"a":[{"b":1,"b":2}]}"#),
            ("array", "[]"),
            ("string", r#""a""#),
            ("two objects", "{}{}"),
            ("trailing text", "{} x"),
            ("trailing comma", r#"{"a":1,}"#),
            ("lone surrogate", r#"{"a":"\ud800"}"#),
            ("number out of range", r#"{"a":1e999}"#),
            ("too deep", &deep),
            ("empty", ""),
        ] {
            assert_eq!(parse_object(json.as_bytes()), Err(StrictJsonError), "{name}");
        }
        assert_eq!(parse_object(b"{\"a\":\"\xff\"}"), Err(StrictJsonError), "not UTF-8");
    }
}
