//! What a policy decides on a user's claims.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::time::{Duration, SystemTime};

use claim_mapping::{Decision, Login, MAX_ANSWER_SIZE, MAX_QUERIES, Policy, Refusal};
use serde_json::{Value, json};

const POLICY: &str = r#"
user_id = "app|{sub}"

[session]
length = "12h"

[[require]]
claim = "email_verified"
boolean = true

[[deny]]
users = ["app|u-left", "app|u-gone"]

[[deny]]
when = { claim = "suspended | default(false)", equals = true }

[map.region]
eu-west = "emea"
eu-all = ["emea", "nordics"]

[role.courier]
read = { orders = "_id.driver == {sub}", shops = "true" }
write = { orders = "_id.driver == {sub}" }

[[grant]]
when = { claim = "role", equals = "driver" }
roles = ["courier"]

[[grant]]
when = [{ claim = "groups", contains = "ops" }, { claim = "level", any_of = [2, 3] }]
read = "everything"
remote_query = true

[[grant]]
when = { claim = "role", any_of = ["driver", "manager"] }
read = { orders = ["contains({stores}, _id.store)", "_id.driver == {sub}"] }

[[grant]]
when = { claim = "role", equals = "planner" }
read = { routes = "_id.region == {each regions | map(region)}" }
write = { routes = "(_id.db == {request.database_id}) && (_id.via == {request.provider})" }

[role.root]
read = "everything"
write = "everything"
remote_query = true

[[grant]]
when = { claim = "role", equals = "root" }
roles = "root"
write = { orders = "_id.driver == {sub}" }

[[grant]]
when = { claim = "role", equals = "contractor" }
until = "contract_end"
session = "30m"
read = { shops = ["true", "_id.owner == {sub}"] }

[client_info]
name = "{name}"
level = "{level}"
greeting = "hello {name}"
nested = { stores = "{stores}", fixed = 1 }

[identity_metadata]
role = "{role}"
"#;

const NOW: u64 = 1_700_000_000;
const DATABASE: &str = "3f5c1c0e-1111-4222-8333-0123456789ab";

fn decide_by(policy: &str, claims: &Value) -> Result<Decision, Refusal> {
    let policy = Policy::parse(policy).unwrap_or_else(|problems| panic!("{problems}"));
    policy.evaluate(&Login {
        claims: claims.as_object().unwrap(),
        database_id: DATABASE,
        provider: "my-auth",
        now: SystemTime::UNIX_EPOCH + Duration::from_secs(NOW),
        remaining_life: Duration::from_hours(1),
    })
}

fn decide(claims: &Value) -> Result<Decision, Refusal> {
    decide_by(POLICY, claims)
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

fn role(role: &str) -> Value {
    with(driver(), "role", json!(role))
}

fn permissions(claims: &Value) -> Value {
    serde_json::to_value(decide(claims).unwrap().permissions).unwrap()
}

#[test]
fn grants_and_their_roles_add_up_and_duplicates_fold() {
    let decision = decide(&driver()).unwrap();
    assert_eq!(decision.user_id, "app|u1");
    assert_eq!(decision.session_seconds, 3600);
    assert_eq!(
        permissions(&driver()),
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
fn everything_wins_over_queries_and_all_documents_over_others_of_the_collection() {
    let claims = with(with(driver(), "groups", json!("x ops")), "level", json!(3));
    assert_eq!(
        permissions(&claims),
        json!({
            "read": {"everything": true, "queriesByCollection": {}},
            "write": {"everything": false, "queriesByCollection": {"orders": ["_id.driver == 'u1'"]}},
            "remoteQuery": true,
        })
    );
    let everything = json!({"everything": true, "queriesByCollection": {}});
    assert_eq!(
        permissions(&role("root")),
        json!({"read": everything, "write": everything, "remoteQuery": true}),
        "what a role gives, the grant does not take back"
    );
    let contractor = with(role("contractor"), "contract_end", json!(NOW + 7200));
    assert_eq!(
        permissions(&contractor).pointer("/read/queriesByCollection"),
        Some(&json!({"shops": ["true"]}))
    );
}

#[test]
fn each_makes_one_query_for_each_item() {
    let planner = |regions: Value| with(role("planner"), "regions", regions);
    let read = |claims: &Value| permissions(claims).pointer("/read/queriesByCollection").cloned();
    let queries = |queries: Value| Some(json!({"routes": queries}));
    for (name, regions, expected) in [
        (
            "a list, mapped",
            json!(["eu-all", "mars", "eu-west"]),
            queries(json!(["_id.region == 'emea'", "_id.region == 'nordics'"])),
        ),
        ("one value", json!("eu-west"), queries(json!(["_id.region == 'emea'"]))),
        ("nothing listed", json!(["mars"]), Some(json!({}))),
    ] {
        assert_eq!(read(&planner(regions)), expected, "{name}");
    }
    assert_eq!(decide(&role("planner")), Err(Refusal::NoGrant), "no claim");
    assert_eq!(decide(&planner(json!("mars"))), Err(Refusal::NoGrant), "one value, not listed");
    assert_eq!(
        permissions(&planner(json!([]))).pointer("/write/queriesByCollection/routes/0"),
        Some(&json!(format!("(_id.db == '{DATABASE}') && (_id.via == 'my-auth')")))
    );
}

#[test]
fn a_grant_that_is_over_does_not_apply_and_one_that_ends_ends_the_session() {
    let contractor = |end: Value| decide(&with(role("contractor"), "contract_end", end));
    let seconds = |end: Value| contractor(end).unwrap().session_seconds;
    assert_eq!(seconds(json!(NOW + 7200)), 1800, "the grant's own session is shorter");
    assert_eq!(seconds(json!(NOW + 900)), 900, "its end is shorter");
    assert_eq!(seconds(json!(NOW + 1)), 60, "no session is shorter than a minute");
    for (name, end) in [
        ("now", json!(NOW)),
        ("past", json!(NOW - 1)),
        ("text", json!("2099-01-01")),
        ("negative", json!(-1)),
        ("fraction", json!(1e10 + 0.5)),
        ("null", Value::Null),
    ] {
        assert_eq!(contractor(end), Err(Refusal::NoGrant), "{name}");
    }
    assert_eq!(decide(&role("contractor")), Err(Refusal::NoGrant), "missing");
}

#[test]
fn a_denial_wins_over_all_grants_and_denies_where_it_cannot_be_told() {
    let admin = with(with(driver(), "groups", json!(["ops"])), "level", json!(3));
    for (name, claims, number) in [
        ("a user", with(admin.clone(), "sub", json!("u-gone")), 1),
        ("a condition", with(admin.clone(), "suspended", json!(true)), 2),
        ("a condition of another type", with(admin.clone(), "suspended", json!("yes")), 2),
    ] {
        assert_eq!(decide(&claims), Err(Refusal::Denied { number }), "{name}");
    }
    assert!(decide(&with(admin.clone(), "suspended", json!(false))).is_ok());
    assert!(decide(&with(admin, "sub", json!("u-gon"))).is_ok());
    let blunt = POLICY.replace("suspended | default(false)", "suspended");
    assert_eq!(decide_by(&blunt, &driver()), Err(Refusal::Denied { number: 2 }), "missing claim");
}

#[test]
fn a_grant_whose_placeholder_cannot_be_filled_does_not_apply() {
    for (name, stores) in [
        ("object", json!({})),
        ("null", Value::Null),
        ("inexact number", json!(1.5)),
        ("integer beyond 2^50", json!([1_125_899_906_842_625_i64])),
        ("list of lists", json!([["s1"]])),
    ] {
        let decision = decide(&with(driver(), "stores", stores)).unwrap();
        let orders = decision.permissions.read.queries_by_collection.get("orders").unwrap();
        assert!(orders.iter().eq(["_id.driver == 'u1'"]), "{name}: {orders:?}");
    }
    let decision = decide(&without(driver(), "stores")).unwrap();
    assert_eq!(decision.permissions.read.queries_by_collection.len(), 2, "missing");
}

#[test]
fn no_grant_is_a_refusal() {
    for (name, claims) in [
        ("another role", role("guest")),
        ("role of another type", with(driver(), "role", json!({"is": "driver"}))),
        ("no role", without(driver(), "role")),
        ("manager without stores", without(role("manager"), "stores")),
    ] {
        assert_eq!(decide(&claims), Err(Refusal::NoGrant), "{name}");
    }
    let half = with(with(driver(), "groups", json!(["ops"])), "role", json!("guest"));
    assert_eq!(decide(&half), Err(Refusal::NoGrant), "one of two conditions");
}

#[test]
fn a_requirement_that_does_not_hold_or_cannot_be_told_denies() {
    for (name, claims) in [
        ("false", with(driver(), "email_verified", json!(false))),
        ("missing", without(driver(), "email_verified")),
        ("another text", with(driver(), "email_verified", json!("yes"))),
        ("null", with(driver(), "email_verified", Value::Null)),
    ] {
        assert_eq!(decide(&claims), Err(Refusal::Requirement { number: 1 }), "{name}");
    }
    assert!(decide(&with(driver(), "email_verified", json!("true"))).is_ok());
}

#[test]
fn a_user_without_a_usable_id_is_refused() {
    for (name, claims) in [
        ("missing", without(driver(), "sub")),
        ("empty", with(driver(), "sub", json!(""))),
        ("control character", with(driver(), "sub", json!("a\nb"))),
        ("list", with(driver(), "sub", json!(["u1"]))),
        ("too long", with(driver(), "sub", json!("u".repeat(509)))),
    ] {
        assert_eq!(decide(&claims), Err(Refusal::UserId), "{name}");
    }
    assert!(decide(&with(driver(), "sub", json!("u".repeat(508)))).is_ok());
    let bare = POLICY.replace("app|{sub}", "{sub}");
    assert_eq!(
        decide_by(&bare, &with(driver(), "sub", json!(" \u{a0}"))),
        Err(Refusal::UserId),
        "blank"
    );
}

#[test]
fn an_answer_beyond_its_limits_is_refused_whole() {
    let planner = |count: usize| {
        let regions = (0..count).map(|index| index.to_string()).collect::<Vec<_>>();
        with(with(driver(), "role", json!("each")), "regions", json!(regions))
    };
    let policy = format!(
        "{POLICY}\n[[grant]]\nwhen = {{ claim = \"role\", equals = \"each\" }}\nread = {{ routes = \"_id.r == {{each regions}}\" }}\n"
    );
    let count = |count| {
        decide_by(&policy, &planner(count)).map(|decision| decision.permissions.query_count())
    };
    assert_eq!(count(MAX_QUERIES), Ok(MAX_QUERIES));
    assert_eq!(count(MAX_QUERIES + 1), Err(Refusal::AnswerTooLarge));
    let stores = |size: usize| decide(&with(role("manager"), "stores", json!(["s".repeat(size)])));
    assert!(stores(MAX_ANSWER_SIZE / 4).is_ok());
    assert_eq!(stores(MAX_ANSWER_SIZE), Err(Refusal::AnswerTooLarge));
    let named = |name: Value| decide(&with(driver(), "name", name));
    for (what, name) in [
        ("client_info", json!("n".repeat(MAX_ANSWER_SIZE))),
        ("control characters", json!("\u{1}".repeat(MAX_ANSWER_SIZE / 6))),
        ("empty lists", json!(vec![json!([]); MAX_ANSWER_SIZE / 2])),
    ] {
        assert_eq!(named(name), Err(Refusal::AnswerTooLarge), "{what}");
    }
}

#[test]
fn no_token_fills_the_memory() {
    let list = |count: usize| (0..count).map(|item| format!("item-{item}")).collect::<Vec<_>>();
    let claims = json!({"sub": "u", "xs": list(3000), "ys": list(3000), "zs": vec![0; 6000]});
    let policy = |rest: &str| format!("user_id = \"{{sub}}\"\n[session]\nlength = \"1h\"\n{rest}");
    let stores = serde_json::to_string(&list(2000)).unwrap();
    for (name, rest, expected) in [
        (
            "a list in the queries of a list",
            "[[grant]]\nread = { a = \"(_id.a == {each xs}) && contains({ys}, _id.b)\" }\n"
                .to_owned(),
            Refusal::AnswerTooLarge,
        ),
        (
            "a table that makes many of one",
            format!(
                "[map.r]\n0 = {stores}\n[[grant]]\nread = {{ a = \"contains({{zs | map(r)}}, _id.b)\" }}\n"
            ),
            Refusal::NoGrant,
        ),
    ] {
        let measured = std::cell::Cell::new(None);
        let allocations = allocation_counter::measure(|| {
            measured.set(Some(decide_by(&policy(&rest), &claims).err()));
        });
        assert_eq!(measured.take().flatten(), Some(expected), "{name}");
        assert!(
            allocations.bytes_max < 32 * 1024 * 1024,
            "{name}: {} bytes",
            allocations.bytes_max
        );
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
    let orders = decision.permissions.write.queries_by_collection.get("orders").unwrap();
    assert!(orders.iter().eq([r"_id.driver == 'x\u0027 || true || \u0027y'"]), "{orders:?}");
}
