//! Conditions that never hold, and grants that nobody gets.

use super::{GRANT, HEAD, assert_found, assert_says, grant, only};

#[test]
fn conditions_that_never_hold_together() {
    let contradiction = |list: &str| grant(list);
    let c = "lint.contradiction";
    let a = r#"{ claim = "a", equals = "x" }"#;
    let holds = |second: &str| contradiction(&format!("[{a}, {second}]"));
    for second in [
        r#"{ claim = "a", equals = "y" }"#,
        r#"{ claim = "a", equals = 1 }"#,
        r#"{ claim = "a", none_of = ["x", "z"] }"#,
        r#"{ claim = "a", any_of = ["y", "z"] }"#,
        r#"{ claim = "a", exists = false }"#,
        r#"{ claim = "a", at_least = 1 }"#,
        r#"{ claim = "a", boolean = true }"#,
        r#"{ claim = "a", prefix = "y" }"#,
        r#"{ claim = "a", suffix = "y" }"#,
        r#"{ claim = "a", glob = "y*" }"#,
        r#"{ claim = "a", contains = "y" }"#,
        r#"{ claim = "a", all_of = ["x", "y"] }"#,
        r#"{ not = { claim = "a", equals = "x" } }"#,
        r#"{ not = { claim = "a", exists = true } }"#,
        r#"{ not = { any = [{ claim = "a", equals = "x" }, { claim = "b", equals = 1 }] } }"#,
        r#"{ any = [{ claim = "a", equals = "y" }, { claim = "a", equals = "z" }] }"#,
        r#"{ all = [{ claim = "b", exists = true }, { claim = "a", equals = "y" }] }"#,
    ] {
        assert_says(second, &format!("{HEAD}{}", holds(second)), &[(c, second)]);
    }
    for second in [
        a,
        r#"{ claim = "a", any_of = ["x", "y"] }"#,
        r#"{ claim = "a", none_of = ["y"] }"#,
        r#"{ claim = "a", exists = true }"#,
        r#"{ claim = "a", prefix = "x" }"#,
        r#"{ claim = "a", glob = "?" }"#,
        r#"{ claim = "a", contains = "x" }"#,
        r#"{ claim = "b", equals = "y" }"#,
        r#"{ claim = "a.b", equals = "y" }"#,
        r#"{ claim = "a | lower", equals = "y" }"#,
        r#"{ not = { claim = "a", equals = "y" } }"#,
        r#"{ not = { all = [{ claim = "a", equals = "x" }, { claim = "b", equals = 1 }] } }"#,
        r#"{ any = [{ claim = "a", equals = "y" }, { claim = "b", equals = "z" }] }"#,
    ] {
        assert_says(second, &format!("{HEAD}{}", holds(second)), &[]);
    }
}

#[test]
fn lists_numbers_and_patterns_that_never_hold_together() {
    let claim = |test: &str| format!("{{ claim = \"a\", {test} }}");
    let not = |test: &str| format!("{{ not = {{ claim = \"a\", {test} }} }}");
    let never = [
        (
            format!(
                "{{ all = [{}, {}] }}",
                claim("all_of = [\"x\", \"y\"]"),
                claim("all_of = [\"y\", \"z\"]")
            ),
            claim("none_of = [\"x\"]"),
        ),
        (claim("at_least = 3"), claim("at_most = 2")),
        (claim("greater_than = 2"), claim("less_than = 2.0")),
        (claim("greater_than = 2"), claim("at_most = 2")),
        (claim("at_least = 3"), claim("equals = 2")),
        (claim("at_least = 3"), claim("any_of = [1, 2]")),
        (claim("at_least = 3"), not("greater_than = 1")),
        (claim("at_least = 3"), claim("prefix = \"a\"")),
        (claim("boolean = true"), claim("boolean = false")),
        (claim("boolean = true"), claim("equals = false")),
        (claim("contains = \"x\""), claim("none_of = [\"x\"]")),
        (claim("all_of = [\"x\", \"y\"]"), not("contains = \"y\"")),
        (claim("any_of = [\"x\", \"y\"]"), claim("none_of = [\"x\", \"y\", \"z\"]")),
        (claim("glob = \"a*\""), not("glob = \"a*\"")),
        (claim("any_of = [\"x\"]"), not("any_of = [\"x\", \"y\"]")),
        (claim("prefix = \"ab\""), not("prefix = \"a\"")),
        (claim("suffix = \"ab\""), not("suffix = \"b\"")),
        // A word of text may be what `any_of` means, and cannot be told.
        (claim("contains = \"x\""), not("any_of = [\"x\", \"y\"]")),
    ];
    for (first, second) in &never {
        let policy = format!("{HEAD}{}", grant(&format!("[{first}, {second}]")));
        assert_says(&format!("{first} {second}"), &policy, &[("lint.contradiction", second)]);
    }
    let possible = [
        (
            format!("{{ all = [{}, {}] }}", not("equals = \"x\""), claim("glob = \"*b\"")),
            claim("prefix = \"a\""),
        ),
        (claim("at_least = 2"), claim("at_most = 2")),
        (claim("greater_than = 2"), claim("less_than = 2.5")),
        (claim("greater_than = 9007199254740992"), claim("less_than = 9007199254740994")),
        (claim("at_least = 3"), claim("any_of = [1, 4]")),
        (claim("boolean = true"), claim("equals = \"true\"")),
        (claim("contains = \"x\""), claim("contains = \"y\"")),
        (claim("contains = \"x\""), claim("none_of = [\"y\"]")),
        (claim("all_of = [\"x\", \"y\"]"), not("all_of = [\"x\", \"z\"]")),
        (claim("any_of = [\"x\", \"y\"]"), claim("none_of = [\"x\"]")),
        (claim("any_of = [\"x\", 1]"), claim("any_of = [\"y\", 1]")),
        (claim("prefix = \"a\""), claim("prefix = \"b\"")),
        (claim("prefix = \"a\""), not("prefix = \"ab\"")),
        (claim("glob = \"a*\""), not("glob = \"ab*\"")),
        (claim("glob = \"a*\""), claim("suffix = \"b\"")),
        (not("equals = \"x\""), claim("prefix = \"x\"")),
        (not("equals = \"x\""), claim("contains = \"x\"")),
        (not("contains = \"x\""), not("contains = \"y\"")),
    ];
    for (first, second) in &possible {
        let policy = format!("{HEAD}{}", grant(&format!("[{first}, {second}]")));
        assert_says(&format!("{first} {second}"), &policy, &[]);
    }
}

#[test]
fn a_condition_that_a_transform_keeps_from_holding() {
    let c = "lint.contradiction";
    let map = "[map.m]\na = \"x\"\nb = [\"y\", \"z\"]\n";
    for (condition, never) in [
        (r#"{ claim = "a | lower", equals = "Driver" }"#, true),
        (r#"{ claim = "a | lower", equals = "driver" }"#, false),
        (r#"{ claim = "a | lower", prefix = "D" }"#, true),
        (r#"{ claim = "a | lower", contains = "d" }"#, false),
        (r#"{ claim = "a | trim", equals = " a" }"#, true),
        (r#"{ claim = "a | strip_prefix('x|')", equals = 1 }"#, true),
        (r#"{ claim = "a | default('A')", exists = false }"#, true),
        (r#"{ claim = "a | lower | default('A')", equals = "A" }"#, false),
        (r#"{ claim = "a | default('A') | lower", exists = false }"#, false),
        (r#"{ claim = "a | map(m)", equals = "w" }"#, true),
        (r#"{ claim = "a | map(m)", equals = "x" }"#, false),
        (r#"{ claim = "a | map(m)", contains = "z" }"#, false),
        (r#"{ claim = "sub", exists = false }"#, true),
        (r#"{ claim = "request.provider", exists = false }"#, true),
        (r#"{ claim = "name", exists = false }"#, false),
        (r#"{ not = { claim = "name", any_of = ["a", "b"] } }"#, false),
        (r#"{ not = { claim = "sub", exists = true } }"#, true),
        (r#"{ not = { claim = "a | lower", boolean = false } }"#, false),
    ] {
        let map = if condition.contains("map(") { map } else { "" };
        let policy = format!("{HEAD}{map}{}", grant(condition));
        let expected: &[_] = if never { &[(c, condition)] } else { &[] };
        assert_says(condition, &policy, expected);
    }
}

#[test]
fn contradictions_inside_and_outside_of_grants() {
    let (c, x, y) = (
        "lint.contradiction",
        r#"{ claim = "a", equals = "x" }"#,
        r#"{ claim = "a", equals = "y" }"#,
    );
    let both = format!("{{ all = [{x}, {y}] }}");
    let z = r#"{ claim = "b", equals = "z" }"#;
    let require = |one: &str| format!("[[require]]\nall = [{one}]\n");
    let deny = |when: &str| format!("[[deny]]\nwhen = {when}\n");
    assert_found(&[
        ("in `any`", grant(&format!("{{ any = [{both}, {z}] }}")), &[(c, y)]),
        ("in `not`", grant(&format!("{{ not = {both} }}")), &[(c, y)]),
        ("in `all`", grant(&format!("[{z}, {both}]")), &[(c, y)]),
        (
            "alternatives that leave one",
            grant(&format!("[{{ any = [{x}, {z}] }}, {{ any = [{x}, {{ not = {z} }}] }}]")),
            &[],
        ),
        (
            "a denial",
            deny(&format!("[{{ claim = \"a\", exists = true }}, {x}, {y}]")) + GRANT,
            &[(c, y)],
        ),
        ("requirements", require(x) + &require(y) + GRANT, &[(c, "[[require]]")]),
        (
            "everybody denied",
            deny(r#"{ claim = "sub", exists = true }"#) + GRANT,
            &[(c, "[[deny]]")],
        ),
        (
            "everybody who meets the requirement denied",
            require(x) + &deny(r#"{ claim = "a", any_of = ["x", "w"] }"#) + GRANT,
            &[(c, "[[deny]]")],
        ),
    ]);
    let together = format!("[{{ any = [{x}, {z}] }}, {{ not = {x} }}, {{ not = {z} }}]");
    let policy = format!("{HEAD}{}", grant(&together));
    let found = only(&policy);
    assert_eq!(
        found.message,
        "these conditions never hold together: nobody gets what is granted for it"
    );
    assert_eq!(&policy[found.span], &together[1..together.len() - 1]);
}

#[test]
fn grants_that_nobody_gets() {
    let u = "lint.unreachable_grant";
    let driver = r#"{ claim = "role", equals = "driver" }"#;
    let with = |before: &str| format!("{before}\n{}", grant(driver));
    let require = |test: &str| with(&format!("[[require]]\nclaim = \"role\"\n{test}"));
    let deny = |when: &str| with(&format!("[[deny]]\nwhen = {when}"));
    assert_found(&[
        ("a requirement", require("equals = \"manager\""), &[(u, driver)]),
        ("a requirement that is met", require("any_of = [\"manager\", \"driver\"]"), &[]),
        ("a requirement of another claim", with("[[require]]\nclaim = \"r\"\nequals = 1"), &[]),
        ("a denial", deny("{ claim = \"role | default('')\", none_of = [\"manager\"] }"), &[]),
        (
            "a denial of the claim",
            deny(
                "[{ claim = \"role\", exists = true }, { claim = \"role\", none_of = [\"manager\"] }]",
            ),
            &[(u, driver)],
        ),
        (
            "a denial of some",
            deny(
                "[{ claim = \"role\", exists = true }, { claim = \"role\", equals = \"driver\" }, { claim = \"x\", exists = true }]",
            ),
            &[],
        ),
        (
            "a denial and a requirement together",
            with(
                "[[require]]\nany = [{ claim = \"role\", equals = \"manager\" }, { claim = \"x\", equals = 1 }]\n[[deny]]\nwhen = [{ claim = \"x\", exists = true }, { claim = \"x\", equals = 1 }]",
            ),
            &[(u, driver)],
        ),
    ]);
    let policy = format!("{HEAD}{}", require("equals = \"manager\""));
    let expected =
        "the requirement on line 4 refuses everybody whom this grant is for: nobody gets it";
    assert_eq!(only(&policy).message, expected);
}
