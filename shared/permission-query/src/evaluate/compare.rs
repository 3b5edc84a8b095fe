//! Equality and order.

use std::cmp::Ordering;

use serde_json::Value;

use super::number;
use crate::Comparison;

/// Whether the comparison holds, or nothing where values of these types have no order.
pub(crate) fn holds(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    match comparison {
        Comparison::Equal => Some(are_equal(left, right)),
        Comparison::NotEqual => Some(!are_equal(left, right)),
        Comparison::Greater => order(left, right).map(Ordering::is_gt),
        Comparison::GreaterOrEqual => order(left, right).map(Ordering::is_ge),
        Comparison::Less => order(left, right).map(Ordering::is_lt),
        Comparison::LessOrEqual => order(left, right).map(Ordering::is_le),
    }
}

/// Whether they are the same value; numbers exactly.
fn are_equal(left: &Value, right: &Value) -> bool {
    are_equal_by(left, right, |left, right| number::order(left, right).is_eq())
}

/// Whether `contains` takes them for the same value; numbers only nearly.
pub(super) fn are_members_equal(left: &Value, right: &Value) -> bool {
    are_equal_by(left, right, number::are_near)
}

fn are_equal_by(
    left: &Value,
    right: &Value,
    are_numbers_equal: fn(&serde_json::Number, &serde_json::Number) -> bool,
) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => are_numbers_equal(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left.iter().zip(right).all(|(l, r)| are_equal_by(l, r, are_numbers_equal))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, l)| {
                    right.get(key).is_some_and(|r| are_equal_by(l, r, are_numbers_equal))
                })
        }
        (left, right) => left == right,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => Some(number::order(left, right)),
        // The order of bytes in UTF-8 is that of code points.
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Array(left), Value::Array(right)) => {
            for (left, right) in left.iter().zip(right) {
                let order = order(left, right)?;
                if order.is_ne() {
                    return Some(order);
                }
            }
            Some(left.len().cmp(&right.len()))
        }
        (left, right) => are_equal(left, right).then_some(Ordering::Equal),
    }
}
