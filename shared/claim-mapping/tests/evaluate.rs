//! What a policy decides on a user's claims.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::time::Duration;

use claim_mapping::{Decision, Policy, Refusal};
use serde_json::{Value, json};

const POLICY: &str = r#"
user_id = "app|{sub}"

[session]
length = "12h"

[[require]]
claim = "email_verified"
equals = true

[[grant]]
when = { claim = "role", equals = "driver" }
read = { orders = "_id.driver == {sub}", shops = "true" }
write = { orders = "_id.driver == {sub}" }

[[grant]]
when = [{ claim = "groups", contains = "ops" }, { claim = "level", any_of = [2, 3] }]
read = "everything"
remote_query = true

[[grant]]
when = { claim = "role", any_of = ["driver", "manager"] }
read = { orders = ["contains({stores}, _id.store)", "_id.driver == {sub}"] }

[client_info]
name = "{name}"
level = "{level}"
greeting = "hello {name}"
nested = { stores = "{stores}", fixed = 1 }

[identity_metadata]
role = "{role}"
"#;

const TOKEN_LIFE: Duration = Duration::from_hours(1);

fn decide(claims: &Value) -> Result<Decision, Refusal> {
    Policy::parse(POLICY).unwrap().evaluate(claims.as_object().unwrap(), TOKEN_LIFE)
}

fn driver() -> Value {
    json!({"sub": "u1", "email_verified": true, "role": "driver", "stores": ["s1"], "name": "Ada"})
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims.as_object_mut().unwrap().insert(name.to_owned(), value);
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name);
    claims
}

#[test]
fn grants_add_up_and_duplicates_fold() {
    let decision = decide(&driver()).unwrap();
    assert_eq!(decision.user_id, "app|u1");
    assert_eq!(decision.session_seconds, 3600);
    assert_eq!(
        serde_json::to_value(&decision.permissions).unwrap(),
        json!({
            "read": {"everything": false, "queriesByCollection": {
                "orders": ["_id.driver == 'u1'", "contains(['s1'], _id.store)"],
                "shops": ["true"],
            }},
            "write": {"everything": false, "queriesByCollection": {"orders": ["_id.driver == 'u1'"]}},
            "remoteQuery": false,
        })
    );
}

#[test]
fn everything_wins_over_queries() {
    let claims = with(with(driver(), "groups", json!(["x", "ops"])), "level", json!(3));
    assert_eq!(
        serde_json::to_value(decide(&claims).unwrap().permissions).unwrap(),
        json!({
            "read": {"everything": true, "queriesByCollection": {}},
            "write": {"everything": false, "queriesByCollection": {"orders": ["_id.driver == 'u1'"]}},
            "remoteQuery": true,
        })
    );
}

#[test]
fn a_grant_whose_placeholder_cannot_be_filled_does_not_apply() {
    for (name, stores) in [
        ("empty text in the list", json!(["s1", ""])),
        ("object", json!({})),
        ("null", Value::Null),
        ("inexact number", json!(1.5)),
    ] {
        let decision = decide(&with(driver(), "stores", stores)).unwrap();
        let orders = decision.permissions.read.queries_by_collection.get("orders").unwrap();
        assert_eq!(orders, &["_id.driver == 'u1'"], "{name}");
    }
    let decision = decide(&without(driver(), "stores")).unwrap();
    assert_eq!(decision.permissions.read.queries_by_collection.len(), 2, "missing");
}

#[test]
fn no_grant_is_a_refusal() {
    for (name, claims) in [
        ("another role", with(driver(), "role", json!("guest"))),
        ("role of another type", with(driver(), "role", json!(["driver"]))),
        ("no role", without(driver(), "role")),
        ("manager without stores", without(with(driver(), "role", json!("manager")), "stores")),
    ] {
        assert_eq!(decide(&claims), Err(Refusal::NoGrant), "{name}");
    }
    let half = with(with(driver(), "groups", json!(["ops"])), "role", json!("guest"));
    assert_eq!(decide(&half), Err(Refusal::NoGrant), "one of two conditions");
    let text = with(with(half, "groups", json!("ops")), "level", json!(2));
    assert_eq!(decide(&text), Err(Refusal::NoGrant), "`contains` on a string");
}

#[test]
fn a_requirement_that_does_not_hold_or_cannot_be_evaluated_denies() {
    for (name, claims) in [
        ("false", with(driver(), "email_verified", json!(false))),
        ("missing", without(driver(), "email_verified")),
        ("a string", with(driver(), "email_verified", json!("true"))),
        ("null", with(driver(), "email_verified", Value::Null)),
    ] {
        assert_eq!(decide(&claims), Err(Refusal::Requirement { number: 1 }), "{name}");
    }
}

#[test]
fn a_user_without_a_usable_id_is_refused() {
    for (name, claims) in [
        ("missing", without(driver(), "sub")),
        ("empty", with(driver(), "sub", json!(""))),
        ("control character", with(driver(), "sub", json!("a\nb"))),
        ("list", with(driver(), "sub", json!(["u1"]))),
        ("too long", with(driver(), "sub", json!("u".repeat(600)))),
    ] {
        assert_eq!(decide(&claims), Err(Refusal::UserId), "{name}");
    }
}

#[test]
fn templates_build_typed_json_and_leave_out_what_is_missing() {
    let decision = decide(&with(driver(), "level", json!(1))).unwrap();
    assert_eq!(
        Value::Object(decision.client_info.unwrap()),
        json!({"name": "Ada", "level": 1, "greeting": "hello Ada", "nested": {"stores": ["s1"], "fixed": 1}})
    );
    let decision = decide(&without(driver(), "name")).unwrap();
    assert_eq!(
        Value::Object(decision.client_info.unwrap()),
        json!({"nested": {"stores": ["s1"], "fixed": 1}})
    );
    assert_eq!(Value::Object(decision.identity_metadata.unwrap()), json!({"role": "driver"}));
    let admin = json!({"sub": "u1", "email_verified": true, "groups": ["ops"], "level": 2});
    assert_eq!(decide(&admin).unwrap().identity_metadata, None, "no member, no metadata");
}

#[test]
fn a_claim_cannot_break_out_of_its_query() {
    let decision = decide(&with(driver(), "sub", json!("x' || true || 'y"))).unwrap();
    assert_eq!(
        decision.permissions.write.queries_by_collection.get("orders").unwrap(),
        &[r"_id.driver == 'x\u0027 || true || \u0027y'"]
    );
}
