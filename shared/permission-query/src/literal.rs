//! How a value enters a query: the one place where that happens.
//!
//! A string becomes a single-quoted literal in which `'`, `"`, `\`, U+0000 to U+001F and U+007F are written
//! `\uXXXX` and everything else stands as it is. Measured on the real engine with 2,153 hostile values: in the
//! query language of permissions each matched exactly its own document, and in both generations of DQL none
//! ever matched another's. Other encodings (doubled quotes, backslash and quote, JSON) fail in one of them.

use std::fmt::Write as _;

use serde_json::{Number, Value};

/// The largest integer that `==` compares exactly, either way from zero: queries hold numbers as floats, and above
/// 2^53 a float stands for several integers.
pub const MAX_EXACT_INTEGER: i64 = 1 << 53;

/// The largest integer that `contains` compares exactly, either way from zero: above it the engine takes neighbours
/// for equal.
pub const MAX_MEMBERSHIP_INTEGER: i64 = 1 << 50;

/// A value that has no exact literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LiteralError {
    /// A fraction, which document ids cannot hold, or an integer beyond 2^53 (in a list: 2^50) either way.
    #[error(
        "a number must be an integer within 2^53, in a list within 2^50, to be compared exactly"
    )]
    InexactNumber,
    /// `null`, an object, or a list in a list: document ids are not compared with those.
    #[error("only strings, integers, booleans and lists of them can enter a query")]
    UnsupportedType,
}

/// The literal of Ditto's permission query language for a value. A list becomes an array literal, for
/// `contains({stores}, _id.store)`.
///
/// # Errors
/// [`LiteralError`] where the value has no exact literal.
pub fn query_literal(value: &Value) -> Result<String, LiteralError> {
    let mut literal = String::new();
    push_literal(&mut literal, value)?;
    Ok(literal)
}

/// Appends what [`query_literal`] gives. After an error, `query` is not to be used.
///
/// # Errors
/// [`LiteralError`] where the value has no exact literal.
pub fn push_literal(query: &mut String, value: &Value) -> Result<(), LiteralError> {
    let Some(items) = value.as_array() else {
        return push_scalar(query, value, MAX_EXACT_INTEGER);
    };
    query.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            query.push(',');
        }
        push_scalar(query, item, MAX_MEMBERSHIP_INTEGER)?;
    }
    query.push(']');
    Ok(())
}

fn push_scalar(query: &mut String, value: &Value, max: i64) -> Result<(), LiteralError> {
    match value {
        Value::String(text) => push_string(query, text),
        Value::Bool(value) => query.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => {
            let integer = exact_integer(number)
                .filter(|integer| integer.unsigned_abs() <= max.unsigned_abs());
            // Writing to a String cannot fail.
            let _ = write!(query, "{}", integer.ok_or(LiteralError::InexactNumber)?);
        }
        Value::Null | Value::Array(_) | Value::Object(_) => {
            return Err(LiteralError::UnsupportedType);
        }
    }
    Ok(())
}

fn push_string(query: &mut String, text: &str) {
    query.push('\'');
    // What is escaped is ASCII, whose bytes are never a part of another character.
    let is_escaped = |byte: u8| matches!(byte, b'\'' | b'"' | b'\\' | b'\0'..=0x1f | 0x7f);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_escaped) {
        let (plain, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut characters = from.chars();
        query.push_str(plain);
        if let Some(character) = characters.next() {
            let _ = write!(query, "\\u{:04x}", u32::from(character));
        }
        rest = characters.as_str();
    }
    query.push_str(rest);
    query.push('\'');
}

/// The number as an integer: also `1.0` and `1e3`, which JSON does not tell from `1` and `1000`.
#[must_use]
pub fn exact_integer(number: &Number) -> Option<i64> {
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
            (json!(""), "''"),
            (json!("x' || true || 'y"), r"'x\u0027 || true || \u0027y'"),
            (json!(r#"a"b\c"#), r"'a\u0022b\u005cc'"),
            (json!("\0\t\n\u{1f}\u{7f}"), r"'\u0000\u0009\u000a\u001f\u007f'"),
            (json!("\u{80}\u{2028}\u{202e}é😀{}"), "'\u{80}\u{2028}\u{202e}é😀{}'"),
            (json!(-42), "-42"),
            (json!(1.0), "1"),
            (json!(1e3), "1000"),
            (json!(-0.0), "0"),
            (json!(9_007_199_254_740_992_i64), "9007199254740992"),
            (json!(true), "true"),
            (json!([]), "[]"),
            (json!(["a", "", 1, false]), "['a','',1,false]"),
            (json!([1_125_899_906_842_624_i64]), "[1125899906842624]"),
        ] {
            assert_eq!(query_literal(&value).as_deref(), Ok(expected), "{value}");
        }
    }

    #[test]
    fn refuses_what_has_no_exact_literal() {
        for (value, expected) in [
            (json!(1.5), LiteralError::InexactNumber),
            (json!(9_007_199_254_740_993_i64), LiteralError::InexactNumber),
            (json!(-9_007_199_254_740_993_i64), LiteralError::InexactNumber),
            (json!([1_125_899_906_842_625_i64]), LiteralError::InexactNumber),
            (json!([-1_125_899_906_842_625_i64]), LiteralError::InexactNumber),
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
