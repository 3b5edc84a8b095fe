//! Numbers: those of ids are integers of 64 bits, those of queries floats.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::exact_integer;

/// Which is greater, exactly.
pub(super) fn order(left: &Number, right: &Number) -> Ordering {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(left), None) => order_to_float(left, float(right)),
        (None, Some(right)) => order_to_float(right, float(left)).reverse(),
        (None, None) => float(left).total_cmp(&float(right)),
    }
}

fn order_to_float(integer: i128, float: f64) -> Ordering {
    let whole = float.floor();
    match format!("{whole:.0}").parse::<i128>() {
        Ok(whole_integer) => {
            let is_above = float > whole;
            integer.cmp(&whole_integer).then(if is_above {
                Ordering::Less
            } else {
                Ordering::Equal
            })
        }
        Err(_) if float > 0.0 => Ordering::Less,
        Err(_) => Ordering::Greater,
    }
}

/// Whether `contains` takes them for equal.
pub(super) fn are_near(left: &Number, right: &Number) -> bool {
    let (left, right) = (float(left), float(right));
    left.total_cmp(&right).is_eq()
        || (left - right).abs() / (left.abs() + right.abs()) < f64::EPSILON
        || (left == 0.0 && right == 0.0)
}

/// The number as a float, the nearest for a large integer.
pub(super) fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

/// The float as a number, an integer where it is a whole one. There is no number for infinity.
pub(super) fn of_float(float: f64) -> Option<Value> {
    let number = Number::from_f64(float)?;
    Some(Value::Number(exact_integer(&number).map_or(number, Number::from)))
}

/// Leaves numbers as functions return them: as floats, which large integers do not survive.
pub(super) fn round(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(rounded) = of_float(float(number)) {
                *value = rounded;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(members) => members.values_mut().for_each(round),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}
