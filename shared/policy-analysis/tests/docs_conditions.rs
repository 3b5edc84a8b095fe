//! Every row of the tables of conditions in `docs/policies.md` does what it says. The forms are read out of the page: one
//! that is added there must be tried here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::time::{Duration, SystemTime};

use claim_mapping::{Decision, Login, Policy, Refusal};
use policy_analysis::{DEFAULT_DATABASE_ID, DEFAULT_PROVIDER};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../docs/policies.md");
const HEAD: &str = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n";

/// What becomes of a condition.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Is {
    Held,
    Not,
    Untold,
}
use Is::{Held, Not, Untold};

fn decide(policy: &str, claim: Option<&Value>) -> Result<Decision, Refusal> {
    let policy = Policy::parse(policy).unwrap_or_else(|problems| panic!("{problems}\n{policy}"));
    let mut claims = json!({ "sub": "u" });
    if let Some(claim) = claim {
        claims.as_object_mut().unwrap().insert("x".to_owned(), claim.clone());
    }
    policy.evaluate(&Login {
        claims: claims.as_object().unwrap(),
        database_id: DEFAULT_DATABASE_ID,
        provider: DEFAULT_PROVIDER,
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    })
}

/// The rows of the table under this header.
fn rows(header: &str) -> Vec<&str> {
    let (_, below) = PAGE.split_once(header).unwrap_or_else(|| panic!("{header}"));
    below.lines().skip(2).take_while(|line| line.starts_with('|')).collect()
}

/// What the code spans of the first cell say.
fn forms(row: &str) -> Vec<String> {
    let row = row.replace("\\|", "\u{0}");
    let cell = row.split('|').nth(1).unwrap().replace('\u{0}', "|");
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The conditions of the table, the other names of a row written out, each on the claim `x`.
fn conditions() -> Vec<String> {
    let rows = rows("| form | a string, a number, a boolean | a list |");
    let written_out = rows.into_iter().flat_map(|row| {
        let mut forms = forms(row).into_iter();
        let whole = forms.next().unwrap();
        let (claim, test) = whole.split_once(", ").unwrap();
        let (_, value) = test.split_once(" = ").unwrap();
        assert!(claim.starts_with("{ claim = "), "{row}");
        let others = forms.map(|name| format!("{{ claim = \"x\", {name} = {value}"));
        let own = format!("{{ claim = \"x\", {test}");
        std::iter::once(own).chain(others).collect::<Vec<_>>()
    });
    written_out.collect()
}

fn becomes(condition: &str, claim: Option<&Value>) -> Is {
    let applies = |when: &str| {
        decide(&format!("{HEAD}[[grant]]\nwhen = {when}\nwrite = \"everything\""), claim).is_ok()
    };
    match (applies(condition), applies(&format!("{{ not = {condition} }}"))) {
        (true, false) => Held,
        (false, true) => Not,
        (false, false) => Untold,
        (true, true) => panic!("{condition} and its opposite hold"),
    }
}

#[test]
fn conditions_do_what_their_table_says() {
    let cases = [
        (
            r#"equals = "driver""#,
            vec![
                (json!("driver"), Held),
                (json!("Driver"), Not),
                (json!("driver x"), Not),
                (json!(1), Untold),
                (json!(["driver"]), Untold),
            ],
        ),
        (
            r#"any_of = ["driver", "manager"]"#,
            vec![
                (json!("manager"), Held),
                (json!("driver manager"), Untold),
                (json!(["cook", "driver"]), Held),
                (json!(["cook", 1]), Untold),
                (json!(["driver", 1]), Held),
                (json!([]), Not),
                (json!(true), Untold),
            ],
        ),
        (
            r#"none_of = ["guest"]"#,
            vec![
                (json!("driver"), Held),
                (json!("guest"), Not),
                (json!("driver guest"), Untold),
                (json!("guests"), Held),
                (json!(["driver"]), Held),
                (json!(["driver", "guest"]), Not),
                (json!(1), Untold),
            ],
        ),
        (
            r#"all_of = ["ops", "eu"]"#,
            vec![
                (json!(["eu", "x", "ops"]), Held),
                (json!(["ops"]), Not),
                (json!("eu ops"), Held),
                (json!("ops,eu"), Not),
                (json!(1), Untold),
            ],
        ),
        (
            r#"contains = "sync""#,
            vec![
                (json!("a sync b"), Held),
                (json!("a,sync"), Not),
                (json!("resync"), Not),
                (json!(["a", "sync"]), Held),
                (json!(["a sync"]), Not),
                (json!(true), Untold),
            ],
        ),
        (
            r#"suffix = "@example.com""#,
            vec![
                (json!("a@example.com"), Held),
                (json!("@example.com.evil"), Not),
                (json!(["x", "a@example.com"]), Held),
                (json!(["x", 1]), Untold),
                (json!(1), Untold),
            ],
        ),
        (
            r#"prefix = "@example.com""#,
            vec![
                (json!("@example.com.x"), Held),
                (json!("a@example.com"), Not),
                (json!(["x", "@example.com"]), Held),
                (json!(false), Untold),
            ],
        ),
        (
            r#"glob = "store-*-eu""#,
            vec![
                (json!("store-1-eu"), Held),
                (json!("store--eu"), Held),
                (json!("store-1-eu2"), Not),
                (json!(["x", "store-1-eu"]), Held),
                (json!(7), Untold),
            ],
        ),
        (
            "at_least = 2",
            vec![(json!(2), Held), (json!(1.9), Not), (json!("2"), Untold), (json!([2]), Untold)],
        ),
        ("at_most = 2", vec![(json!(2), Held), (json!(2.1), Not), (json!([2]), Untold)]),
        ("greater_than = 2", vec![(json!(2.1), Held), (json!(2), Not), (json!([3]), Untold)]),
        ("less_than = 2", vec![(json!(1), Held), (json!(2), Not), (json!(true), Untold)]),
        (
            "boolean = true",
            vec![
                (json!(true), Held),
                (json!("true"), Held),
                (json!(false), Not),
                (json!("false"), Not),
                (json!("TRUE"), Untold),
                (json!(1), Untold),
                (json!([true]), Untold),
            ],
        ),
        (
            "exists = true",
            vec![
                (json!(""), Held),
                (json!(false), Held),
                (json!([]), Held),
                (json!({}), Held),
                (json!(null), Not),
            ],
        ),
    ];
    let tried = cases.iter().map(|(test, _)| format!("{{ claim = \"x\", {test} }}"));
    assert_eq!(conditions(), tried.collect::<Vec<_>>());
    for (test, values) in cases {
        let condition = format!("{{ claim = \"x\", {test} }}");
        for (value, expected) in values {
            assert_eq!(becomes(&condition, Some(&value)), expected, "{condition} of {value}");
        }
        let missing = if test.starts_with("exists") { Not } else { Untold };
        assert_eq!(becomes(&condition, None), missing, "{condition} of nothing");
        let object = if test.starts_with("exists") { Held } else { Untold };
        assert_eq!(becomes(&condition, Some(&json!({ "a": 1 }))), object, "{condition}");
    }
    assert_eq!(becomes(r#"{ claim = "x", glob = "a?c" }"#, Some(&json!("abc"))), Held);
    assert_eq!(becomes(r#"{ claim = "x", glob = "a?c" }"#, Some(&json!("abbc"))), Not);
    for (value, other) in [("1", json!("1")), ("1", json!(true)), ("true", json!("true"))] {
        let equals = format!("{{ claim = \"x\", equals = {value} }}");
        assert_eq!(becomes(&equals, Some(&other)), Untold, "{equals} of {other}");
    }
}

#[test]
fn combinations_do_what_their_table_says() {
    let forms = rows("| form | holds where |").into_iter().flat_map(forms);
    assert_eq!(
        forms.collect::<Vec<_>>(),
        ["{ all = [ … ] }", "{ any = [ … ] }", "{ not = { … } }"]
    );
    let holds = r#"{ claim = "x", equals = "a" }"#;
    let does_not = r#"{ claim = "x", equals = "b" }"#;
    let untold = r#"{ claim = "missing", equals = "a" }"#;
    for (condition, expected) in [
        (format!("{{ all = [{holds}, {holds}] }}"), Held),
        (format!("{{ all = [{holds}, {untold}] }}"), Untold),
        (format!("{{ all = [{untold}, {does_not}] }}"), Not),
        (format!("{{ any = [{does_not}, {does_not}] }}"), Not),
        (format!("{{ any = [{untold}, {holds}] }}"), Held),
        (format!("{{ any = [{untold}, {does_not}] }}"), Untold),
        (format!("{{ not = {holds} }}"), Not),
        (format!("{{ not = {does_not} }}"), Held),
        (format!("{{ not = {untold} }}"), Untold),
    ] {
        assert_eq!(becomes(&condition, Some(&json!("a"))), expected, "{condition}");
    }
}

#[test]
fn what_cannot_be_told_denies_and_a_default_lets_those_without_the_claim_in() {
    let text = "`when = { claim = \"suspended | default(false)\", equals = true }`";
    assert!(PAGE.replace('\n', " ").contains(text));
    let rest = "[[grant]]\nwrite = \"everything\"";
    let deny =
        |when: &str, claim| decide(&format!("{HEAD}[[deny]]\n{when}\n{rest}"), claim).is_ok();
    let bare = r#"when = { claim = "x", equals = true }"#;
    let with_default = r#"when = { claim = "x | default(false)", equals = true }"#;
    assert!(!deny(bare, None));
    assert!(deny(with_default, None));
    assert!(!deny(with_default, Some(&json!(true))));
    assert!(!deny(with_default, Some(&json!("yes"))));
}
