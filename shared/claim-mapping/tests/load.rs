//! What is said of a policy that cannot be used: everything at once, with places and hints.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use claim_mapping::{MAX_POLICY_SIZE, Policy};

const GOOD: &str = r#"user_id = "{sub}"
[session]
length = "1h"
[map.region]
a = "b"
[role.reader]
read = { a = "true" }
[[grant]]
roles = "reader"
read = "everything"
"#;

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
roles = ["reeder", "x"]
[[grant]]
read = "all"
[[grant]]
read = { a = "_id.a == {sub | lowr}" }
[role.reader]
read = { a = "true" }
[[deny]]
users = []
[client_info]
when = 2026-01-01
"#;
    let problems = Policy::parse(policy).unwrap_err().to_string();
    let expected = [
        "policy.toml:1:12: policy.template: a claim name with ` ` in it must stand in double quotes",
        "policy.toml:2:1: policy.unknown_name: `sesion` is not a name of a policy (did you mean `session`?)",
        "policy.toml:3:1: policy.missing_name: `length` is missing",
        "policy.toml:4:1: policy.unknown_name: `lenght` is not a name of `session` (did you mean `length`?)",
        "policy.toml:6:26: policy.unknown_name: `equal` is not a name of a condition (did you mean `equals`?)",
        "policy.toml:7:52: policy.value: an empty list grants nothing (remove the collection, or write \"true\" for all its documents)",
        "policy.toml:8:1: policy.unknown_name: `wirte` is not a name of a grant (did you mean `write`?)",
        "policy.toml:9:10: policy.unknown_name: there is no `[role.reeder]` (did you mean `reader`?)",
        "policy.toml:9:20: policy.unknown_name: there is no `[role.x]`",
        "policy.toml:11:8: policy.wrong_type: expected \"everything\" or queries by collection, found string (for example { tasks = \"_id.owner == {sub}\", shops = \"true\" })",
        "policy.toml:13:24: policy.template: `lowr` is not one of default, lower, map, strip_prefix, trim; did you mean `lower`?",
        "policy.toml:17:9: policy.value: the list is empty",
        "policy.toml:19:8: policy.wrong_type: expected a string, an integer, a boolean, a list or a table, found datetime",
    ];
    let lines = problems.lines().filter(|line| !line.contains("query.syntax")).collect::<Vec<_>>();
    assert_eq!(lines, expected);
    let in_string = problems.lines().find(|line| line.contains("query.syntax")).unwrap();
    assert!(in_string.starts_with("policy.toml:7:35: query.syntax: "), "{in_string}");
}

#[test]
fn a_usual_mistake_is_told_what_to_write() {
    const READ: &str = "read = \"everything\"";
    const USER: &str = "user_id = \"{sub}\"\n";
    let with = |line: &str| GOOD.replacen(READ, &format!("{line}\n{READ}"), 1);
    for (name, policy, expected) in [
        ("[grant]", GOOD.replace("[[grant]]", "[grant]"), "double brackets"),
        ("no user_id", GOOD.replace(USER, ""), "names below a header"),
        ("constant user_id", GOOD.replace("{sub}", "sub"), "a claim stands in braces"),
        ("seconds", GOOD.replace("\"1h\"", "3600"), "\"30m\", \"12h\""),
        ("1 hour", GOOD.replace("1h", "1 hour"), "this is no length of time"),
        ("read = \"true\"", GOOD.replace("\"everything\"", "\"true\""), "all documents of all"),
        ("query no string", GOOD.replace("\"everything\"", "{ t = true }"), "are \"true\""),
        ("dotted name", GOOD.replace("\"everything\"", "{ a.b = \"true\" }"), "a dot in"),
        ("condition as text", with("when = \"role == admin\""), "for example { claim ="),
        ("two", with("when = { claim = \"a\", equals = 1, exists = true }"), "`equals`, `exists`"),
        ("none", with("when = { claim = \"a\" }"), "a condition asks something"),
        ("equals a list", with("when = { claim = \"a\", equals = [1] }"), "`any_of` takes a list"),
        ("any_of no list", with("when = { claim = \"a\", any_of = 1 }"), "in brackets"),
        ("braces", with("when = { claim = \"{a}\", equals = 1 }"), "without braces"),
        ("deny with claim", format!("{GOOD}[[deny]]\nclaim = \"a\"\nequals = 1\n"), "when = {"),
        ("require with when", format!("{GOOD}[[require]]\nwhen = 1\n"), "without `when`"),
    ] {
        let problems = Policy::parse(&policy).unwrap_err();
        assert_eq!(problems.0.len(), 1, "{name}: {problems}");
        assert!(problems.to_string().contains(expected), "{name}: {problems}");
    }
    let below = format!("{}{USER}", GOOD.replace(USER, ""));
    let problems = Policy::parse(&below).unwrap_err().to_string();
    assert!(problems.contains("it belongs to the top of the file"), "{problems}");
    let twice = GOOD.replace("[role.reader]", "[[role.reader]]");
    let problems = Policy::parse(&twice).unwrap_err().to_string();
    assert!(problems.contains("single brackets"), "{problems}");
}

#[test]
fn a_good_policy_loads() {
    Policy::parse(GOOD).unwrap();
}

#[test]
fn a_problem_inside_a_string_is_shown_at_its_character() {
    let place = |query: &str| {
        let policy =
            GOOD.replacen("read = \"everything\"", &format!("read = {{ t = {query} }}"), 1);
        let problems = Policy::parse(&policy).unwrap_err().0;
        let problem = problems.first().unwrap().clone();
        (problem.line, problem.column, policy.get(problem.span).unwrap().to_owned())
    };
    assert_eq!(place(r#""_id.a == {s b}""#), (10, 24, "{s b}".to_owned()));
    assert_eq!(place(r"'_id.a == {s b}'"), (10, 24, "{s b}".to_owned()));
    assert_eq!(place(r#""""_id.a == {s b}""""#), (10, 26, "{s b}".to_owned()));
    // Escapes shift all places: the whole string is shown.
    assert_eq!(
        place(r#""_id['\u0061'] == {s b}""#),
        (10, 14, r#""_id['\u0061'] == {s b}""#.to_owned())
    );
}

#[test]
fn each_mistake_is_one_problem_with_its_code() {
    const SESSION: &str = "[session]\nlength = \"1h\"\n";
    const GRANT: &str = "[[grant]]\nroles = \"reader\"\nread = \"everything\"\n";
    const READ: &str = "read = \"everything\"";
    for (name, from, to, code) in [
        ("no user id", "user_id = \"{sub}\"\n", "", "policy.missing_name"),
        ("no session", SESSION, "", "policy.missing_name"),
        ("no grant", GRANT, "", "policy.missing_name"),
        ("empty grants", "user_id", "grant = []\nuser_id", "policy.value"),
        ("grant that is no table", "user_id", "grant = [1]\nuser_id", "policy.wrong_type"),
        (
            "grant of nothing",
            "roles = \"reader\"\nread = \"everything\"",
            "when = { claim = \"a\", equals = 1 }",
            "policy.missing_name",
        ),
        (
            "grant of no collection",
            "roles = \"reader\"\nread = \"everything\"",
            "read = {}",
            "policy.missing_name",
        ),
        (
            "grant of no query",
            "roles = \"reader\"\nread = \"everything\"",
            "remote_query = false",
            "policy.missing_name",
        ),
        ("role of nothing", "read = { a = \"true\" }", "session = \"1h\"", "policy.missing_name"),
        ("no role", "roles = \"reader\"", "roles = []", "policy.value"),
        ("role of another type", "roles = \"reader\"", "roles = 1", "policy.wrong_type"),
        (
            "unknown name of a role",
            "read = { a = \"true\" }",
            "read = { a = \"true\" }\nwhen = 1",
            "policy.unknown_name",
        ),
        ("no condition", READ, "when = []\nread = \"everything\"", "policy.value"),
        ("not TOML", "\"1h\"", "1h", "policy.syntax"),
        (
            "name given twice",
            "length = \"1h\"",
            "length = \"1h\"\nlength = \"1h\"",
            "policy.syntax",
        ),
        ("session without unit", "\"1h\"", "\"60\"", "policy.value"),
        ("session below the floor", "\"1h\"", "\"59s\"", "policy.value"),
        ("session above u32", "\"1h\"", "\"4294967296s\"", "policy.value"),
        ("session of another type", "\"1h\"", "3600", "policy.wrong_type"),
        (
            "grant's session below the floor",
            READ,
            "session = \"1s\"\nread = \"everything\"",
            "policy.value",
        ),
        (
            "boolean as text",
            READ,
            "remote_query = \"true\"\nread = \"everything\"",
            "policy.wrong_type",
        ),
        (
            "condition on a float",
            READ,
            "when = { claim = \"a\", equals = 1.5 }\nread = \"everything\"",
            "policy.wrong_type",
        ),
        (
            "two tests in one condition",
            READ,
            "when = { claim = \"a\", equals = 1, contains = 1 }\nread = \"everything\"",
            "policy.missing_name",
        ),
        (
            "no test in a condition",
            READ,
            "when = { claim = \"a\" }\nread = \"everything\"",
            "policy.missing_name",
        ),
        (
            "no claim in a condition",
            READ,
            "when = { equals = 1 }\nread = \"everything\"",
            "policy.missing_name",
        ),
        (
            "claim beside all",
            READ,
            "when = { claim = \"a\", all = [{ claim = \"b\", exists = true }] }\nread = \"everything\"",
            "policy.value",
        ),
        ("empty all", READ, "when = { all = [] }\nread = \"everything\"", "policy.value"),
        (
            "empty any_of",
            READ,
            "when = { claim = \"a\", any_of = [] }\nread = \"everything\"",
            "policy.value",
        ),
        (
            "empty prefix",
            READ,
            "when = { claim = \"a\", prefix = \"\" }\nread = \"everything\"",
            "policy.value",
        ),
        (
            "text as a bound",
            READ,
            "when = { claim = \"a\", at_least = \"2\" }\nread = \"everything\"",
            "policy.wrong_type",
        ),
        (
            "infinite bound",
            READ,
            "when = { claim = \"a\", at_least = inf }\nread = \"everything\"",
            "policy.value",
        ),
        (
            "number of a text claim",
            READ,
            "when = { claim = \"sub\", at_least = 2 }\nread = \"everything\"",
            "policy.wrong_type",
        ),
        (
            "text of a number claim",
            READ,
            "when = { claim = \"exp\", prefix = \"2\" }\nread = \"everything\"",
            "policy.wrong_type",
        ),
        (
            "integer for the provider",
            READ,
            "when = { claim = \"request.provider\", any_of = [1, 2] }\nread = \"everything\"",
            "policy.wrong_type",
        ),
        (
            "number out of range",
            READ,
            "when = { claim = \"a\", equals = 99999999999999999999 }\nread = \"everything\"",
            "policy.value",
        ),
        (
            "until of a text claim",
            READ,
            "until = \"sub\"\nread = \"everything\"",
            "policy.wrong_type",
        ),
        ("deny of nobody", "[map.region]", "[[deny]]\n[map.region]", "policy.missing_name"),
        (
            "deny twice over",
            "[map.region]",
            "[[deny]]\nusers = [\"a\"]\nwhen = { claim = \"a\", exists = true }\n[map.region]",
            "policy.missing_name",
        ),
        ("map to a float", "a = \"b\"", "a = 1.5", "policy.wrong_type"),
        ("unknown map", "{sub}", "{sub | map(regoin)}", "policy.template"),
        ("unmatched brace", "{sub}", "{sub", "policy.template"),
        ("collection without a name", READ, "read = { \"\" = \"true\" }", "policy.value"),
        ("query of another type", READ, "read = { a = 1 }", "policy.wrong_type"),
        ("wrong query", READ, "read = { a = \"_id.a = 1\" }", "query.syntax"),
    ] {
        assert!(GOOD.contains(from), "{name}: the case changes nothing");
        let problems = Policy::parse(&GOOD.replacen(from, to, 1)).unwrap_err().0;
        let codes = problems.iter().map(|problem| problem.kind.code()).collect::<Vec<_>>();
        let extra = codes.iter().filter(|found| **found != code && **found != "policy.syntax");
        assert!(codes.contains(&code) && extra.count() == 0, "{name}: {codes:?}");
    }
}

#[test]
fn nothing_is_nested_or_long_without_end() {
    let nested = |depth: usize| {
        let condition = (0..depth)
            .fold("{ claim = \"a\", exists = true }".to_owned(), |inner, _| {
                format!("{{ not = {inner} }}")
            });
        GOOD.replacen(
            "read = \"everything\"",
            &format!("when = {condition}\nread = \"everything\""),
            1,
        )
    };
    assert!(Policy::parse(&nested(16)).is_ok());
    let problems = Policy::parse(&nested(17)).unwrap_err().0;
    assert!(problems.iter().all(|problem| problem.kind.code() == "policy.limit"), "{problems:?}");
    let json = |depth: usize| {
        let value = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        format!("{GOOD}[client_info]\na = {value}\n")
    };
    assert!(Policy::parse(&json(15)).is_ok());
    let problems = Policy::parse(&json(16)).unwrap_err().0;
    assert_eq!(problems.first().unwrap().kind.code(), "policy.limit");
    let long = format!("{GOOD}#{}", "x".repeat(MAX_POLICY_SIZE));
    let problems = Policy::parse(&long).unwrap_err().0;
    assert_eq!(problems.first().unwrap().kind.code(), "policy.limit");
}
