//! How much of a policy personas try, counted exactly.
#![allow(clippy::unwrap_used, reason = "a panic is the failure report")]

use claim_mapping::Policy;
use policy_analysis::{Coverage, Persona, PersonaOutcome};

const POLICY: &str = r#"user_id = "{sub}"
[session]
length = "12h"

[[require]]
any = [{ claim = "a", exists = true }, { not = { claim = "b", boolean = true } }]

[[deny]]
when = { claim = "suspended | default(false)", equals = true }

[role.driver]
read = { orders = "_id.driver == {sub}" }

[role.unused]
read = { orders = "_id.tenant == {tenant}" }

[[grant]]
write = { tasks = "_id.owner == {sub}" }

[[grant]]
read = { tasks = "_id.tenant == {tenant}" }

[[grant]]
when = [{ claim = "role", equals = "driver" }, { claim = "level", at_least = 2 }]
roles = ["driver"]
"#;

fn coverage(claims: &[&str]) -> Coverage {
    let policy = Policy::parse(POLICY).unwrap();
    let persona = |(index, claims): (usize, &&str)| {
        format!(
            "[[persona]]\nname = \"{index}\"\nclaims = {{ {claims} }}\nexpect.user_id = \"u\"\n"
        )
    };
    let tests = claims.iter().enumerate().map(persona).collect::<String>();
    let personas = Persona::parse_all(&tests).unwrap_or_default();
    assert_eq!(personas.len(), claims.len(), "{tests}");
    let outcomes = personas.iter().map(|persona| PersonaOutcome::of(&policy, persona));
    let outcomes = outcomes.collect::<Vec<_>>();
    let traces = outcomes.iter().map(|outcome| &outcome.trace).collect::<Vec<_>>();
    Coverage::of(&policy, POLICY, &traces)
}

fn uncovered(claims: &[&str]) -> Vec<String> {
    let coverage = coverage(claims);
    coverage.uncovered().map(|branch| format!("{} {}", branch.line, branch.what)).collect()
}

/// All branches: a grant for everybody has no other way, and `user_id` has seen to its claim.
const ALL: [&str; 22] = [
    "5 requirement 1 is met",
    "5 requirement 1 is not met",
    "6 the condition holds",
    "6 the condition does not hold",
    "6 the condition holds",
    "6 the condition does not hold",
    "6 the condition holds",
    "6 the condition does not hold",
    "8 denial 1 denies",
    "8 denial 1 does not deny",
    "9 the condition holds",
    "9 the condition does not hold",
    "17 grant 1 applies",
    "20 grant 2 applies",
    "20 grant 2 does not apply",
    "23 grant 3 applies",
    "23 grant 3 does not apply",
    "24 the condition holds",
    "24 the condition does not hold",
    "24 the condition holds",
    "24 the condition does not hold",
    "11 role `driver` is given",
];

#[test]
fn every_branch_is_counted_once() {
    let coverage = coverage(&[]);
    let mut expected = ALL.to_vec();
    expected.push("14 role `unused` is given");
    assert_eq!(uncovered(&[]), expected);
    assert_eq!((coverage.covered(), coverage.branches.len(), coverage.percent()), (0, 23, 0));
    let source = |line: usize| {
        let mut branches = coverage.branches.iter();
        branches.find(|branch| branch.line == line).unwrap().source.clone()
    };
    assert_eq!(source(17), "[[grant]]");
    assert_eq!(source(14), "[role.unused]");
    assert!(source(24).starts_with("when = [{ claim = \"role\""), "{}", source(24));
}

#[test]
fn what_a_login_reaches_is_covered() {
    // Let in by `a`: the rest of `any` is not looked at.
    let coverage = coverage(&["sub = \"u\", a = 1"]);
    let covered = coverage.branches.iter().filter(|branch| branch.is_covered);
    let covered = covered.map(|branch| format!("{} {}", branch.line, branch.what));
    assert_eq!(
        covered.collect::<Vec<_>>(),
        [
            "5 requirement 1 is met",
            "6 the condition holds",
            "8 denial 1 does not deny",
            "9 the condition does not hold",
            "17 grant 1 applies",
            "20 grant 2 does not apply",
            "23 grant 3 does not apply",
            "24 the condition does not hold",
            "24 the condition does not hold",
        ]
    );
    assert_eq!(coverage.percent(), 39);
}

#[test]
fn all_but_the_role_that_no_grant_gives_can_be_covered() {
    let personas = [
        "sub = \"u\", a = 1, tenant = \"t\", role = \"driver\", level = 2",
        "sub = \"u\", b = false, role = \"driver\", level = 1",
        "sub = \"u\", b = true",
        "sub = \"u\", a = 1, suspended = true",
        "sub = \"u\", a = 1",
    ];
    assert_eq!(uncovered(&personas), ["14 role `unused` is given"]);
    let coverage = coverage(&personas);
    // Rounded down: 100 means all.
    assert_eq!((coverage.covered(), coverage.percent()), (22, 95));
}

#[test]
fn only_what_can_stay_out_is_counted_so() {
    let ways = |grant: &str| {
        let policy = format!(
            "user_id = \"{{sub}}-{{iss}}\"\n[session]\nlength = \"1h\"\n[[grant]]\n{grant}\n"
        );
        let coverage = Coverage::of(&Policy::parse(&policy).unwrap(), &policy, &[]);
        coverage.branches.iter().filter(|branch| branch.what.starts_with("grant")).count()
    };
    for (grant, expected) in [
        ("read = \"everything\"", 1),
        ("read = { t = \"true\" }", 1),
        ("read = { t = \"_id.a == {sub} && _id.b == {iss}\" }", 1),
        ("read = { t = \"_id.a == {sub | lower}\" }", 2),
        ("write = { t = [\"true\", \"_id.a == {tenant}\"] }", 2),
        ("read = \"everything\"\nuntil = \"end\"", 2),
        ("read = \"everything\"\nwhen = { claim = \"a\", exists = true }", 2),
    ] {
        assert_eq!(ways(grant), expected, "{grant}");
    }
}
