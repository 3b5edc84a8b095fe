//! What is said of a policy that cannot be used: everything at once, with places and hints.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use claim_mapping::Policy;

const GOOD: &str =
    "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n[[grant]]\nread = \"everything\"\n";

#[test]
fn reports_every_problem_with_its_place_and_a_hint() {
    let policy = r#"user_id = "{su b}"
sesion = 1
[session]
lenght = "12h"
[[grant]]
when = { claim = "role", equal = "driver" }
read = { orders = "_id.driver == '{sub}'", shops = [] }
wirte = "everything"
[[grant]]
read = "all"
[client_info]
when = 2026-01-01
"#;
    let problems = Policy::parse(policy).unwrap_err().to_string();
    assert_eq!(
        problems.lines().collect::<Vec<_>>(),
        [
            "policy.toml:1:11: policy.template: {su b}: a claim name with ` ` in it must stand in double quotes",
            "policy.toml:2:1: policy.unknown_name: `sesion` is not a name of a policy (did you mean `session`?)",
            "policy.toml:3:1: policy.missing_name: `length` is missing",
            "policy.toml:4:1: policy.unknown_name: `lenght` is not a name of `session` (did you mean `length`?)",
            "policy.toml:6:8: policy.missing_name: a condition asks one thing of a claim (give exactly one of `equals`, `any_of`, `contains`)",
            "policy.toml:6:26: policy.unknown_name: `equal` is not a name of a condition (did you mean `equals`?)",
            "policy.toml:7:19: policy.template: {sub} stands inside quotes, but a placeholder brings its own: write it without them",
            "policy.toml:7:52: policy.value: an empty list grants nothing (remove the collection, or write \"true\" for all its documents)",
            "policy.toml:8:1: policy.unknown_name: `wirte` is not a name of a grant (did you mean `write`?)",
            "policy.toml:10:8: policy.wrong_type: expected \"everything\" or queries by collection, found string (for example { tasks = \"_id.owner == {sub}\" })",
            "policy.toml:12:8: policy.wrong_type: expected a string, an integer, a boolean, a list or a table, found datetime",
        ]
    );
}

#[test]
fn a_good_policy_loads() {
    assert!(Policy::parse(GOOD).is_ok());
}

#[test]
fn each_mistake_is_one_problem_with_its_code() {
    for (name, from, to, code) in [
        ("no user id", "user_id = \"{sub}\"", "", "policy.missing_name"),
        ("no session", "[session]\nlength = \"1h\"", "", "policy.missing_name"),
        ("no grant", "[[grant]]\nread = \"everything\"", "", "policy.missing_name"),
        ("empty grants", "[[grant]]\nread = \"everything\"", "", "policy.missing_name"),
        (
            "grant of nothing",
            "read = \"everything\"",
            "when = { claim = \"a\", equals = 1 }",
            "policy.missing_name",
        ),
        ("grant of no collection", "read = \"everything\"", "read = {}", "policy.missing_name"),
        (
            "grant of no query",
            "read = \"everything\"",
            "remote_query = false",
            "policy.missing_name",
        ),
        ("no condition", "read =", "when = []\nread =", "policy.value"),
        ("not TOML", "\"1h\"", "1h", "policy.syntax"),
        (
            "name given twice",
            "length = \"1h\"",
            "length = \"1h\"\nlength = \"1h\"",
            "policy.syntax",
        ),
        ("session without unit", "\"1h\"", "\"60\"", "policy.value"),
        ("session below the floor", "\"1h\"", "\"59s\"", "policy.value"),
        ("session of another type", "\"1h\"", "3600", "policy.wrong_type"),
        ("boolean as text", "read =", "remote_query = \"true\"\nread =", "policy.wrong_type"),
        (
            "condition on a float",
            "read =",
            "when = { claim = \"a\", equals = 1.5 }\nread =",
            "policy.wrong_type",
        ),
        (
            "two tests in one condition",
            "read =",
            "when = { claim = \"a\", equals = 1, contains = 1 }\nread =",
            "policy.missing_name",
        ),
        ("empty any_of", "read =", "when = { claim = \"a\", any_of = [] }\nread =", "policy.value"),
        (
            "number out of range",
            "read =",
            "when = { claim = \"a\", equals = 99999999999999999999 }\nread =",
            "policy.value",
        ),
        ("unmatched brace", "{sub}", "{sub", "policy.template"),
    ] {
        assert!(GOOD.contains(from), "{name}: the case changes nothing");
        let problems = Policy::parse(&GOOD.replacen(from, to, 1)).unwrap_err().0;
        let codes = problems.iter().map(|problem| problem.kind.code()).collect::<Vec<_>>();
        assert!(codes.contains(&code), "{name}: {codes:?}");
    }
}
