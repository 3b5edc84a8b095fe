//! Claims from values at their paths.

use claim_mapping::{Claims, PathStep};
use serde_json::Value;

/// Beyond this index, a list is not filled up to reach it.
const MAX_ITEM: usize = 64;

/// Puts a value at a path, and on the way objects and lists that lead to it.
pub(super) fn put(claims: &mut Claims, name: &str, below: &[PathStep], value: Value) {
    put_below(claims.entry(name).or_insert(Value::Null), below, value);
}

fn put_below(place: &mut Value, steps: &[PathStep], value: Value) {
    let Some((step, rest)) = steps.split_first() else {
        *place = value;
        return;
    };
    match step {
        PathStep::Member(name) => {
            if !place.is_object() {
                *place = Value::Object(Claims::new());
            }
            if let Value::Object(members) = place {
                put_below(members.entry(name).or_insert(Value::Null), rest, value);
            }
        }
        PathStep::Item(index) => {
            let index = (*index).min(MAX_ITEM);
            if !place.is_array() {
                *place = Value::Array(Vec::new());
            }
            if let Value::Array(items) = place {
                if items.len() <= index {
                    items.resize(index.saturating_add(1), Value::Null);
                }
                if let Some(item) = items.get_mut(index) {
                    put_below(item, rest, value);
                }
            }
        }
    }
}
