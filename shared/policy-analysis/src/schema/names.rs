//! What each name of a policy takes, and what it means.

use serde_json::{Value, json};

use super::{extend, list};

/// The schema of a name in a kind of table.
pub(super) fn member(kind: &str, name: &str) -> Value {
    let takes = match (kind, name) {
        ("policy", "user_id") => json!({ "type": "string" }),
        ("policy", "session") => reference("session"),
        ("policy", "require") | ("deny" | "grant", "when") | ("condition", "all" | "any") => {
            reference("conditions")
        }
        ("policy", "deny" | "grant") => list(&reference(name)),
        ("policy", "map") => reference("values"),
        ("policy", "role") => {
            json!({ "type": "object", "additionalProperties": reference("role") })
        }
        ("policy", "client_info" | "identity_metadata") => {
            json!({ "type": "object", "additionalProperties": reference("json") })
        }
        ("deny", "users") => list(&json!({ "type": "string" })),
        ("session", "length") | ("grant" | "role", "session") => reference("duration"),
        ("grant" | "role", "read" | "write") => reference("access"),
        ("grant", "roles") => {
            json!({ "oneOf": [{ "type": "string" }, list(&json!({ "type": "string" }))] })
        }
        ("grant", "until") | ("condition", "claim" | "glob" | "prefix" | "suffix") => {
            json!({ "type": "string", "minLength": 1 })
        }
        ("session", "within_token")
        | ("grant" | "role", "remote_query")
        | ("condition", "boolean" | "exists") => json!({ "type": "boolean" }),
        ("condition", "not") => reference("condition"),
        ("condition", "equals" | "contains") => reference("scalar"),
        ("condition", "all_of" | "any_of" | "none_of") => reference("scalars"),
        ("condition", "at_least" | "at_most" | "greater_than" | "less_than") => {
            json!({ "type": "number" })
        }
        _ => json!({}),
    };
    let mut schema = takes;
    extend(&mut schema, &json!({ "description": description(kind, name) }));
    schema
}

fn reference(definition: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{definition}") })
}

fn description(kind: &str, name: &str) -> &'static str {
    match kind {
        "policy" => of_policy(name),
        "condition" => of_condition(name),
        "deny" => of_denial(name),
        "session" => of_session(name),
        _ => of_grant(name),
    }
}

fn of_policy(name: &str) -> &'static str {
    match name {
        "user_id" => {
            "Who the user is, unique within the database: text with placeholders such as {sub}. If it cannot be filled, the login is refused."
        }
        "session" => "How long a session lasts.",
        "require" => "Conditions without which nobody is let in.",
        "deny" => "Who is let in under no circumstances, whatever the grants say.",
        "map" => "Tables for map(NAME): from a claim's value to another.",
        "role" => "Named grants, for `roles` of [[grant]].",
        "grant" => {
            "What is given, and to whom. Grants add up; if none applies, the login is refused."
        }
        "client_info" => {
            "What the app on the device is handed. A member whose claim is missing is left out."
        }
        "identity_metadata" => {
            "What every peer of the mesh sees: never personal data, never secrets."
        }
        _ => "",
    }
}

fn of_session(name: &str) -> &'static str {
    match name {
        "length" => "How long a session lasts at most, from 60s: a number and s, m, h or d.",
        "within_token" => {
            "Whether a session ends with the token it was opened with (the default). With false, somebody whose account is closed keeps access until the session ends."
        }
        _ => "",
    }
}

fn of_denial(name: &str) -> &'static str {
    match name {
        "users" => "User ids, as `user_id` makes them.",
        "when" => "One condition, or a list of which all must hold. What cannot be told denies.",
        _ => "",
    }
}

fn of_grant(name: &str) -> &'static str {
    match name {
        "when" => {
            "One condition, or a list of which all must hold. Without it, the grant applies to every verified user."
        }
        "until" => {
            "A claim with a time in seconds since 1970: the grant applies until then, and the session ends then."
        }
        "roles" => "The names of the roles that it gives.",
        "read" => {
            "What may be read: \"everything\", or queries by collection, such as { tasks = \"_id.owner == {sub}\" }."
        }
        "write" => "What may be written, and so relayed: \"everything\", or queries by collection.",
        "remote_query" => "Whether the device may be queried by the portal's tools.",
        "session" => {
            "How long a session with it lasts at most, from 60s: a number and s, m, h or d."
        }
        _ => "",
    }
}

fn of_condition(name: &str) -> &'static str {
    match name {
        "claim" => {
            "The claim that is asked about: names separated by dots, a name with other characters than letters, digits, _, - and : in double quotes."
        }
        "all" => "All of these conditions hold.",
        "all_of" => "A list that has each of these, or text of which each is a word.",
        "any" => "One of these conditions holds, or more.",
        "any_of" => "One of these, or a list that has one of these.",
        "at_least" => "A number that is this or more.",
        "at_most" => "A number that is this or less.",
        "boolean" => "This boolean, or the text \"true\" or \"false\" for it.",
        "contains" => "A list that has this, or text of which this is a word.",
        "equals" => "This value, of this type.",
        "exists" => "Whether the claim is there, and not null.",
        "glob" => "Text of this form: * is any text, ? is one character. Or a list with such text.",
        "greater_than" => "A number above this.",
        "less_than" => "A number below this.",
        "none_of" => {
            "None of these, and text of which none is a word, or a list that has none of these."
        }
        "not" => "This condition does not hold.",
        "prefix" => "Text that begins so, or a list with such text.",
        "suffix" => "Text that ends so, or a list with such text.",
        _ => "",
    }
}
