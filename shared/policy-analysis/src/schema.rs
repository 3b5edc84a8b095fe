//! The JSON Schema of policies, for editors. Its names are the loader's own, so neither can have one more.

mod condition;
mod names;

use claim_mapping::{
    DENY_NAMES, GRANT_NAMES, MAX_QUERY_TEMPLATE_SIZE, POLICY_NAMES, ROLE_NAMES, SESSION_NAMES,
};
use serde_json::{Map, Value, json};

/// The schema of a policy, in JSON Schema 2020-12. It refuses what has the wrong form; what a claim, a template or a
/// query says is left to the loader.
#[must_use]
pub fn policy_schema() -> Value {
    let mut schema = table("policy", POLICY_NAMES, &json!({}));
    let members = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policy of the Ditto authentication webhook",
        "description": "Who a user is to Ditto, and what they may read and write.",
        "required": ["user_id", "session", "grant"],
        "$defs": {
            "access": access(),
            "condition": condition::condition(),
            "conditions": one_or_many(&json!({ "$ref": "#/$defs/condition" })),
            "deny": table("deny", DENY_NAMES, &json!({
                "oneOf": [{ "required": ["users"] }, { "required": ["when"] }],
            })),
            "duration": {
                "type": "string",
                "pattern": "^[0-9]+[smhd]$",
                "examples": ["90s", "30m", "12h", "7d"],
            },
            "grant": table("grant", GRANT_NAMES, &gives(&["roles"])),
            "json": json_template(),
            "query": { "type": "string", "minLength": 1, "maxLength": MAX_QUERY_TEMPLATE_SIZE },
            "role": table("role", ROLE_NAMES, &gives(&[])),
            "scalar": { "type": ["string", "integer", "boolean"] },
            "scalars": list(&json!({ "$ref": "#/$defs/scalar" })),
            "session": table("session", SESSION_NAMES, &json!({ "required": ["length"] })),
            "values": values(),
        },
    });
    extend(&mut schema, &members);
    schema
}

/// The schema as a file.
#[must_use]
pub fn policy_schema_text() -> String {
    format!("{:#}\n", policy_schema())
}

/// A table with these names and no others.
fn table(kind: &str, known: &[&str], more: &Value) -> Value {
    let members = known.iter().map(|name| ((*name).to_owned(), names::member(kind, name)));
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": members.collect::<Map<_, _>>(),
    });
    extend(&mut schema, more);
    schema
}

fn extend(schema: &mut Value, more: &Value) {
    if let (Value::Object(schema), Value::Object(more)) = (schema, more) {
        schema.extend(more.clone());
    }
}

/// `"everything"`, or queries by collection.
fn access() -> Value {
    json!({
        "oneOf": [
            { "const": "everything" },
            {
                "type": "object",
                "propertyNames": { "minLength": 1, "maxLength": 256 },
                "additionalProperties": one_or_many(&json!({ "$ref": "#/$defs/query" })),
            },
        ],
    })
}

/// Something must be given: a grant or a role that gives nothing is a slip.
fn gives(others: &[&str]) -> Value {
    let access = |name: &str| {
        let nothing = json!({ "type": "object", "maxProperties": 0 });
        json!({ "required": [name], "properties": { name: { "not": nothing } } })
    };
    let mut ways = others.iter().map(|name| json!({ "required": [name] })).collect::<Vec<_>>();
    ways.push(access("read"));
    ways.push(access("write"));
    ways.push(json!({
        "required": ["remote_query"],
        "properties": { "remote_query": { "const": true } },
    }));
    json!({ "anyOf": ways })
}

/// The tables of `[map.NAME]`.
fn values() -> Value {
    json!({
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": {
                "type": ["string", "integer", "boolean", "array"],
                "items": { "$ref": "#/$defs/scalar" },
            },
        },
    })
}

/// What JSON a policy can make; a fraction or a date has no place in it.
fn json_template() -> Value {
    json!({
        "type": ["string", "integer", "boolean", "array", "object"],
        "items": { "$ref": "#/$defs/json" },
        "additionalProperties": { "$ref": "#/$defs/json" },
    })
}

fn list(item: &Value) -> Value {
    json!({ "type": "array", "minItems": 1, "items": item })
}

fn one_or_many(item: &Value) -> Value {
    json!({ "oneOf": [item, list(item)] })
}
