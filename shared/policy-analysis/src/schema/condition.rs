//! The schema of a condition: it asks one thing of one claim, or combines conditions.

use claim_mapping::CONDITION_NAMES;
use serde_json::{Value, json};

use super::table;

/// The names that stand without a claim of their own.
const COMBINATIONS: [&str; 3] = ["all", "any", "not"];

pub(super) fn condition() -> Value {
    let asked = CONDITION_NAMES.iter().filter(|name| **name != "claim");
    let forms = asked.map(|name| {
        if COMBINATIONS.contains(name) {
            json!({ "required": [name], "maxProperties": 1 })
        } else {
            json!({ "required": ["claim", name], "maxProperties": 2 })
        }
    });
    table("condition", CONDITION_NAMES, &json!({ "oneOf": forms.collect::<Vec<_>>() }))
}
