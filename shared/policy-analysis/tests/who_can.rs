//! What `who_can` says of policies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is the failure report"
)]
#![allow(clippy::too_many_lines, reason = "tables of cases")]

use claim_mapping::Policy;
use policy_analysis::{Operation, Question, WhoCan, nearest_collection, who_can};
use serde_json::{Value, json};

const HEAD: &str = "user_id = \"{sub | strip_prefix('auth0|')}\"\n[session]\nlength = \"12h\"\n\
    [map.region]\neu = \"emea\"\nus = [\"amer\", \"usa\"]\n";

fn policy(text: &str) -> Policy {
    Policy::parse(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn ask(text: &str, operation: Operation, collection: &str, document: Option<Value>) -> WhoCan {
    let text = format!("{HEAD}{text}");
    let question = Question { operation, collection: collection.to_owned(), document };
    who_can(&policy(&text), &text, &question)
}

/// What the claims must be so that one query matches one document; nothing where it never does.
fn solve(query: &str, document: Value) -> Option<Vec<Vec<String>>> {
    let grant = format!("[[grant]]\nread = {{ c = \"{query}\" }}\n");
    let answer = ask(&grant, Operation::Read, "c", Some(document));
    let way = answer.ways.into_iter().next()?;
    Some(way.queries[0].alternatives.clone())
}

#[test]
fn says_what_claims_must_be_for_a_document() {
    let id = || {
        json!({
            "tenant": "north", "owner": "u1", "kind": "a", "level": 3, "path": "/a/b", "ok": true,
            "members": ["u1", "u2"], "region": "emea", "place": {"city": "Graz"}, "tags": ["x", "y"],
        })
    };
    for (query, expected) in [
        ("_id.tenant == {tenant}", &[&["tenant must be 'north'"][..]][..]),
        ("{tenant} == (_id.tenant)", &[&["tenant must be 'north'"]]),
        ("_id.level == {level}", &[&["level must be 3"]]),
        ("_id.ok == {is_ok}", &[&["is_ok must be true"]]),
        ("_id.place.city == {city}", &[&["city must be 'Graz'"]]),
        ("_id.tags[-1] == {tag}", &[&["tag must be 'y'"]]),
        (
            "(_id.tenant == {tenant}) && (_id.owner == {user})",
            &[&["tenant must be 'north'", "user must be 'u1'"]],
        ),
        (
            "(_id.tenant == {x}) || (_id.owner == {x})",
            &[&["x must be 'north'"], &["x must be 'u1'"]],
        ),
        ("(_id.kind == 'a') || (_id.owner == {x})", &[&[]]),
        ("_id.kind == 'a'", &[&[]]),
        ("_id.owner != {x}", &[&["x must not be 'u1'"]]),
        ("_id.level <= {level}", &[&["level must be >= 3"]]),
        ("{level} < _id.level", &[&["level must be < 3"]]),
        ("contains({stores}, _id.owner)", &[&["stores must have 'u1'"]]),
        ("contains(_id.members, {x})", &[&["x must be 'u1'"], &["x must be 'u2'"]]),
        ("_id.owner == {each users}", &[&["users must have 'u1'"]]),
        ("starts_with(_id.path, {x})", &[&["x must be a beginning of '/a/b'"]]),
        ("starts_with(_id.path, {each x})", &[&["x must have a beginning of '/a/b'"]]),
        ("ends_with(_id.path, {x})", &[&["x must be an end of '/a/b'"]]),
        ("starts_with({x}, _id.path)", &[&["x must begin with '/a/b'"]]),
        ("_id.owner == {sub | strip_prefix('auth0|')}", &[&["sub must be 'auth0|u1'"]]),
        ("_id.region == {r | map(region)}", &[&["r must be 'eu'"]]),
    ] {
        let expected = expected.iter().map(|all| all.to_vec()).collect::<Vec<_>>();
        let found = solve(query, id());
        let found = found.unwrap_or_else(|| panic!("{query} never matches"));
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn leaves_out_what_can_never_match() {
    let id = || json!({"tenant": "north", "kind": "a", "region": "mars", "owner": "u1"});
    for query in [
        "_id.missing == {tenant}",
        "(_id.kind == 'b') && (_id.tenant == {tenant})",
        // No entry of the table becomes this.
        "_id.region == {r | map(region)}",
        // One claim cannot be two values.
        "(_id.tenant == {x}) && (_id.kind == {x})",
        // Nobody has this user id and a `sub` without the prefix.
        "_id.owner == {sub}",
    ] {
        assert_eq!(solve(query, id()), None, "{query}");
    }
    let way = |gate: &str, when: &str| {
        let text =
            format!("{gate}[[grant]]\n{when}read = {{ c = \"_id.tenant == {{tenant}}\" }}\n");
        !ask(&text, Operation::Read, "c", Some(id())).ways.is_empty()
    };
    for (gate, when, expected) in [
        ("", "when = { claim = \"tenant\", equals = \"north\" }\n", true),
        ("", "when = { claim = \"tenant\", equals = \"south\" }\n", false),
        ("", "when = { claim = \"tenant | lower\", any_of = [\"south\"] }\n", false),
        ("", "when = { not = { claim = \"tenant\", equals = \"north\" } }\n", false),
        (
            "",
            "when = { any = [{ claim = \"tenant\", equals = \"south\" }, { claim = \"x\", exists = true }] }\n",
            true,
        ),
        ("[[require]]\nclaim = \"tenant\"\nprefix = \"s\"\n", "", false),
        ("[[require]]\nclaim = \"tenant\"\nprefix = \"n\"\n", "", true),
        ("[[deny]]\nwhen = { claim = \"tenant\", equals = \"north\" }\n", "", false),
        ("[[deny]]\nwhen = { claim = \"tenant\", equals = \"south\" }\n", "", true),
        ("[[deny]]\nusers = [\"u1\"]\n", "", true),
    ] {
        assert_eq!(way(gate, when), expected, "{gate}{when}");
    }
    let denied = "[[deny]]\nusers = [\"u1\"]\n[[grant]]\nread = { c = \"_id.owner == {sub | strip_prefix('auth0|')}\" }\n";
    for (owner, ways) in [("u1", 0), ("u2", 1)] {
        let answer = ask(denied, Operation::Read, "c", Some(json!({"owner": owner})));
        assert_eq!(answer.ways.len(), ways, "{owner}");
    }
}

#[test]
fn names_each_grant_and_role_with_its_condition() {
    let text = r#"
[[require]]
all = [{ claim = "email", suffix = "@example.com" }, { claim = "level", at_least = 1 }]

[[deny]]
users = ["u 7", "u8"]

[[deny]]
when = [{ claim = "suspended", boolean = true }]

[role.driver]
read = { orders = "_id.tenant == {tenant}" }
write = { orders = "_id.driver == {sub}" }

[role.auditor]
read = "everything"

[[grant]]
when = [
  { claim = "role", any_of = ["driver", "courier"] },
  { any = [{ claim = "level", greater_than = 2 }, { not = { claim = "groups", glob = "eu-*" } }] },
]
until = "contract.end"
roles = ["driver", "auditor"]
read = { orders = ["_id.a == {each a}", "true"], shops = "_id.s == {s}" }

[[grant]]
write = { orders = "_id.driver == {sub}" }
"#;
    let answer = ask(text, Operation::Read, "orders", None);
    let condition =
        "role is one of driver, courier AND (level > 2 OR NOT groups is like eu-*)".to_owned();
    let ways = answer.ways.iter().map(|way| {
        let queries = way.queries.iter().map(|query| query.text.as_str()).collect::<Vec<_>>();
        (way.grant, way.role.as_deref(), queries)
    });
    assert_eq!(
        ways.collect::<Vec<_>>(),
        [
            (1, Some("driver"), vec!["_id.tenant == {tenant}"]),
            (1, Some("auditor"), vec![]),
            (1, None, vec!["_id.a == {each a}", "true"]),
        ]
    );
    for way in &answer.ways {
        assert_eq!(way.condition, condition);
        assert_eq!(way.until.as_deref(), Some("contract.end"));
        assert_eq!(way.needs, ["a", "s", "sub", "tenant"]);
    }
    assert_eq!(answer.requirements, ["email ends with @example.com AND level >= 1"]);
    assert_eq!(
        answer.denials,
        ["user id is one of 'u 7', u8", "suspended is true, or that cannot be told"]
    );
    let writers = ask(text, Operation::Write, "orders", None);
    let writers = writers.ways.iter().map(|way| (way.grant, way.condition.as_str()));
    assert_eq!(writers.collect::<Vec<_>>(), [(1, condition.as_str()), (2, "every verified user")]);
    assert_eq!(ask(text, Operation::Write, "shops", None).ways, []);
}

#[test]
fn a_misspelt_collection_is_told_from_a_new_one() {
    let text = format!("{HEAD}[[grant]]\nread = {{ orders = \"true\", shops = \"true\" }}\n");
    let policy = policy(&text);
    for (name, expected) in
        [("ordres", Some("orders")), ("shop", Some("shops")), ("orders", None), ("invoices", None)]
    {
        assert_eq!(nearest_collection(&[&policy], name), expected, "{name}");
    }
}

#[test]
fn more_claims_than_can_be_tried_together_are_no_nobody() {
    let claims = (0..16).map(|index| format!("(_id.a == {{c{index}}})")).collect::<Vec<_>>();
    let every = solve(&claims.join(" && "), json!({"a": "x"})).unwrap();
    assert_eq!(every.len(), 1, "{every:?}");
    assert_eq!(every[0].len(), claims.len());
    let any = solve(&claims.join(" || "), json!({"a": "x"})).unwrap();
    assert_eq!(any.len(), claims.len(), "{any:?}");
    assert_eq!(solve(&claims.join(" && "), json!({"b": "x"})), None);
}

#[test]
fn what_a_policy_says_cannot_write_to_the_terminal() {
    let grant = "[[grant]]\nwhen = { claim = \"role\", equals = \"\\u009b31m\\u202e\" }\nread = \"everything\"\n";
    let text = ask(grant, Operation::Read, "c", None).text("policy.toml");
    assert!(text.contains("role = \"\\u009b31m\\u202e\""), "{text:?}");
}
