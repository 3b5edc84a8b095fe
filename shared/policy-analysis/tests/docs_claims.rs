//! Every row of the table of transforms in `docs/policies.md`, and every reason why a placeholder is not filled, does what
//! it says. The forms are read out of the page: one that is added there must be tried here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use claim_mapping::{ClaimReference, Decision, Login, Policy, Refusal, ValueMaps};
use policy_analysis::{DEFAULT_DATABASE_ID, DEFAULT_PROVIDER};
use serde_json::{Value, json};

const PAGE: &str = include_str!("../../../docs/policies.md");
const HEAD: &str = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n";

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

#[test]
fn transforms_do_what_their_table_says() {
    let map = "[map.region]\n7 = \"seven\"\nnorth = [\"n1\", \"n2\"]\nsouth = \"s\"\n";
    let cases = [
        ("lower", json!("ÄB"), Some(json!("Äb"))),
        ("lower", json!(["A", "b"]), Some(json!(["a", "b"]))),
        ("lower", json!(["A", 1]), None),
        ("lower", json!(1), None),
        ("trim", json!(" a\t"), Some(json!("a"))),
        ("trim", json!([" a", "b "]), Some(json!(["a", "b"]))),
        ("trim", json!(["a", true]), None),
        ("strip_prefix('auth0|')", json!("auth0|x"), Some(json!("x"))),
        ("strip_prefix('auth0|')", json!("x"), None),
        ("strip_prefix('auth0|')", json!(1), None),
        ("strip_prefix('auth0|')", json!(["auth0|x", "y"]), Some(json!(["x"]))),
        ("strip_prefix('auth0|')", json!(["auth0|x", 1]), None),
        ("map(region)", json!("south"), Some(json!("s"))),
        ("map(region)", json!("7"), Some(json!("seven"))),
        ("map(region)", json!(7), Some(json!("seven"))),
        ("map(region)", json!("west"), None),
        ("map(region)", json!(["south", "west", "north"]), Some(json!(["s", "n1", "n2"]))),
        ("default('none')", json!("a"), Some(json!("a"))),
        ("default('none')", json!(null), Some(json!("none"))),
        ("default(-1)", json!(null), Some(json!(-1))),
        ("default(true)", json!(null), Some(json!(true))),
        ("lower | default('none')", json!(1), None),
        ("strip_prefix('auth0|') | lower", json!("auth0|X"), Some(json!("x"))),
    ];
    let forms = rows("| transform | makes of a value |").into_iter().flat_map(forms);
    let forms = forms.collect::<BTreeSet<_>>();
    let tried =
        cases.iter().map(|(transform, ..)| (*transform).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(forms.len(), 5);
    assert!(forms.is_subset(&tried), "{:?}", forms.difference(&tried));
    let names = forms.iter().map(|form| form.split('(').next().unwrap()).collect::<Vec<_>>();
    let unknown =
        ClaimReference::parse("x | somethingElse", &ValueMaps::new()).unwrap_err().to_string();
    assert_eq!(unknown, format!("`somethingElse` is not one of {}", names.join(", ")));
    for (transform, value, expected) in cases {
        let policy = format!(
            "{HEAD}{map}[[grant]]\nwrite = \"everything\"\n[client_info]\nit = \"{{x | {transform}}}\"\n"
        );
        let info = decide(&policy, Some(&value)).unwrap().client_info;
        let made = info.and_then(|mut members| members.remove("it"));
        assert_eq!(made, expected, "{transform} of {value}");
    }
}

/// The query that a claim gives, or nothing where the grant does not apply.
fn query(template: &str, claim: Option<&Value>) -> Option<Vec<String>> {
    let decision = decide(&format!("{HEAD}[[grant]]\nwrite.t = \"{template}\""), claim).ok()?;
    let queries = decision.permissions.write.queries_by_collection;
    Some(queries.into_values().flatten().collect())
}

#[test]
fn placeholders_become_what_the_text_says_or_their_grant_does_not_apply() {
    const TO_53: i64 = 1 << 53;
    const TO_50: i64 = 1 << 50;
    let (equal, haystack) = ("_id.x == {x}", "contains({x}, _id.x)");
    let (needle, text) = ("contains(_id.x, {x})", "starts_with(_id.x, {x})");
    let each = "starts_with(_id.x, {each x})";
    for (template, value, expected) in [
        (equal, json!("it's"), Some(vec![r"_id.x == 'it\u0027s'"])),
        (equal, json!(true), Some(vec!["_id.x == true"])),
        (equal, json!(["a", 1]), Some(vec!["_id.x == ['a',1]"])),
        (equal, json!(""), Some(vec!["_id.x == ''"])),
        (equal, json!(TO_53), Some(vec!["_id.x == 9007199254740992"])),
        (equal, json!(TO_53 + 1), None),
        (equal, json!(1.5), None),
        (equal, json!({}), None),
        (equal, json!([["a"]]), None),
        (equal, json!(null), None),
        (haystack, json!(["a", "b"]), Some(vec!["contains(['a','b'], _id.x)"])),
        (haystack, json!("a"), Some(vec!["contains(['a'], _id.x)"])),
        (haystack, json!([TO_50]), Some(vec!["contains([1125899906842624], _id.x)"])),
        (haystack, json!([TO_50 + 1]), None),
        (needle, json!("a"), Some(vec!["contains(_id.x, 'a')"])),
        (needle, json!(TO_50 + 1), None),
        (needle, json!(""), None),
        (needle, json!(["a"]), None),
        (text, json!("a"), Some(vec!["starts_with(_id.x, 'a')"])),
        (text, json!(""), None),
        (text, json!(1), None),
        ("ends_with(_id.x, {x})", json!(""), None),
        ("ends_with(_id.x, {x})", json!(true), None),
        (each, json!(["a", "b"]), Some(vec!["starts_with(_id.x, 'a')", "starts_with(_id.x, 'b')"])),
        (each, json!("a"), Some(vec!["starts_with(_id.x, 'a')"])),
        (each, json!([]), Some(vec![])),
        (each, json!(["a", 1]), None),
    ] {
        let expected = expected.map(|queries| queries.into_iter().map(str::to_owned).collect());
        assert_eq!(query(template, Some(&value)), expected, "{template} with {value}");
    }
    for template in [equal, haystack, needle, text, each] {
        assert_eq!(query(template, None), None, "{template}");
    }
    for refused in ["regex(_id.x, {x})", "_id.x == '{x}'", "{x}", "length({x}) == _id.x"] {
        let policy = format!("{HEAD}[[grant]]\nwrite.t = \"{refused}\"");
        assert!(Policy::parse(&policy).is_err(), "{refused}");
    }
}
