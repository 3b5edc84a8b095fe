//! Numbers. The engine holds them as floats.

use serde_json::{Number, Value};
use winnow::Result;
use winnow::stream::Stream as _;

use super::{Failure, Input, position, rest};
use crate::{MAX_EXACT_INTEGER, exact_integer};

/// A number. Leading zeros are allowed; `1.` ends before its point.
pub(super) fn number(input: &mut Input<'_>) -> Result<Value, Failure> {
    let length = length(rest(input));
    let start = position(input);
    let text = input.next_slice(length);
    if !text.ends_with(|last: char| last.is_ascii_digit()) {
        return Err(super::error(input, "a digit is expected after `-`"));
    }
    let number =
        text.parse::<f64>().ok().and_then(Number::from_f64).ok_or_else(|| {
            Failure::new(super::since(input, start), "the number is out of range")
        })?;
    // INVARIANT: an integer has one form, so that literals are equal as JSON when they are to the engine.
    let integer = exact_integer(&number).or_else(|| exact_bound(&number));
    Ok(Value::Number(integer.map_or(number, Number::from)))
}

/// 2^53, the last integer that is exact.
fn exact_bound(number: &Number) -> Option<i64> {
    [MAX_EXACT_INTEGER, MAX_EXACT_INTEGER.saturating_neg()]
        .into_iter()
        .find(|bound| Number::from(*bound).as_f64() == number.as_f64())
}

fn length(text: &str) -> usize {
    let integer = text.strip_prefix('-').unwrap_or(text);
    let mut rest = after_digits(integer);
    if let Some(fraction) = rest.strip_prefix('.') {
        let after = after_digits(fraction);
        rest = if after.len() < fraction.len() { after } else { return length_before(text, rest) };
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let after = after_digits(digits);
        rest = if after.len() < digits.len() { after } else { rest };
    }
    length_before(text, rest)
}

fn length_before(text: &str, rest: &str) -> usize {
    text.len().saturating_sub(rest.len())
}

fn after_digits(text: &str) -> &str {
    text.trim_start_matches(|character: char| character.is_ascii_digit())
}
