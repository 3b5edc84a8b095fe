//! From JSON, as people write it, to the literal of the query language.

use permission_query::{LiteralError, query_literal};
use serde_json::Value;

/// JSON that has no literal.
#[derive(Debug, thiserror::Error)]
pub enum JsonLiteralError {
    /// The value cannot enter a query.
    #[error(transparent)]
    Literal(#[from] LiteralError),
    /// It is no JSON.
    #[error("it is no JSON: {0}; text stands in double quotes")]
    Syntax(#[from] serde_json::Error),
}

/// The literal that a placeholder would become for this JSON value. Nothing is rounded on the way.
///
/// # Errors
/// [`JsonLiteralError`], see its variants.
pub fn json_literal(json: &str) -> Result<String, JsonLiteralError> {
    let value = serde_json::from_str::<Value>(json)?;
    if numbers(json).any(|number| !is_integer(number)) {
        // Parsed as a float, it may have become an integer, but lists of lists are refused for what they are.
        query_literal(&value)?;
        return Err(LiteralError::InexactNumber.into());
    }
    Ok(query_literal(&value)?)
}

/// The numbers of a JSON text, as they are written.
fn numbers(json: &str) -> impl Iterator<Item = &str> {
    let mut is_text = false;
    let mut is_escaped = false;
    let parts = json.split(move |character: char| {
        let was_text = is_text;
        match character {
            '"' if !is_escaped => is_text = !is_text,
            _ => {}
        }
        is_escaped = character == '\\' && !is_escaped;
        was_text || is_text || !matches!(character, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')
    });
    // The `e` of `true` and `false` is no number.
    parts.filter(|part| part.contains(|character: char| character.is_ascii_digit()))
}

/// Whether the number that is written is an integer, whatever a float makes of it.
fn is_integer(number: &str) -> bool {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('-').trim_start_matches('0');
    if whole.is_empty() && fraction.is_empty() {
        return true;
    }
    // An exponent beyond this belongs to no number that JSON texts hold exactly.
    let Ok(exponent) = exponent.parse::<i64>() else { return false };
    let zeros = whole.len().saturating_sub(whole.trim_end_matches('0').len());
    let places = if fraction.is_empty() {
        i64::try_from(zeros).unwrap_or(i64::MAX)
    } else {
        i64::try_from(fraction.len()).map_or(i64::MIN, i64::saturating_neg)
    };
    places.saturating_add(exponent) >= 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_the_literal_of_exactly_this_value() {
        for (json, expected) in [
            (r#""a'b""#, r"'a\u0027b'"),
            (r#""1.5""#, "'1.5'"),
            (r#""say \"1.5\"""#, r"'say \u00221.5\u0022'"),
            (r#""\\" "#, r"'\u005c'"),
            ("9007199254740992", "9007199254740992"),
            ("-9007199254740992", "-9007199254740992"),
            ("1.0", "1"),
            ("1.50e1", "15"),
            ("1e3", "1000"),
            ("1000e-3", "1"),
            ("0.0e-9", "0"),
            ("-0", "0"),
            ("true", "true"),
            (r#"["a", 1, false, 1e2]"#, "['a',1,false,100]"),
            ("[]", "[]"),
        ] {
            assert_eq!(json_literal(json).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn nothing_is_rounded() {
        for json in [
            "9007199254740993",
            "-9007199254740993",
            "9007199254740993.0",
            "9007199254740992.5",
            "1.00000000000000000001",
            "4503599627370497.00001",
            "1e-400",
            "1.5",
            "100e-3",
            "18446744073709551617",
            "1e300",
            "[1.00000000000000000001]",
            "[1125899906842625]",
        ] {
            let error = json_literal(json).unwrap_err();
            let is_inexact =
                matches!(error, JsonLiteralError::Literal(LiteralError::InexactNumber));
            assert!(is_inexact, "{json}: {error}");
        }
    }

    #[test]
    fn other_values_are_refused_for_what_they_are() {
        for json in ["null", "{}", "[[1.5]]", "[null]"] {
            let error = json_literal(json).unwrap_err();
            let is_type = matches!(error, JsonLiteralError::Literal(LiteralError::UnsupportedType));
            assert!(is_type, "{json}: {error}");
        }
        for json in ["", "abc", "'a'", "1e400", r#""\ud800""#, "1 2", "NaN", "01"] {
            let error = json_literal(json).unwrap_err();
            assert!(matches!(error, JsonLiteralError::Syntax(_)), "{json}: {error}");
        }
    }
}
