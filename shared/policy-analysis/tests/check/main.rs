//! What is said of a policy: each trap where it is, and nothing where there is none.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

mod conditions;
mod grants;
mod identity;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use permission_query::Severity;
use policy_analysis::{Diagnostic, LintKind, STARTERS, check};

const HEAD: &str = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n";
const GRANT: &str = "[[grant]]\nread = { t = \"true\" }\nwrite = { t = \"true\" }\n";

/// Each case: a name, what follows the head, the codes with the texts they point at.
type Cases<'c> = &'c [(&'c str, String, &'c [(&'c str, &'c str)])];

fn assert_found(cases: Cases<'_>) {
    for (name, rest, expected) in cases {
        assert_says(name, &format!("{HEAD}{rest}"), expected);
    }
}

fn assert_says(name: &str, policy: &str, expected: &[(&str, &str)]) {
    let found = check(policy);
    let said = found.iter().map(|found| (found.code, &policy[found.span.clone()]));
    assert_eq!(said.collect::<Vec<_>>(), expected, "{name}\n{found:#?}");
}

fn only(policy: &str) -> Diagnostic {
    let found = check(policy);
    let [found] = found.as_slice() else { panic!("{found:#?}") };
    found.clone()
}

fn grant(when: &str) -> String {
    format!("[[grant]]\nwhen = {when}\nread = {{ t = \"true\" }}\nwrite = {{ t = \"true\" }}\n")
}

#[test]
fn problems_of_a_policy_that_does_not_load_are_errors_and_all_that_is_said() {
    let policy =
        "user_id = \"{email}\"\n[session]\nlenght = \"1h\"\n[[grant]]\nread = \"everything\"\n";
    assert_says(
        "errors alone",
        policy,
        &[("policy.missing_name", "[session]"), ("policy.unknown_name", "lenght")],
    );
    let errors = check(policy);
    assert!(errors.iter().all(|error| error.severity == Severity::Error), "{errors:?}");
    assert_eq!(errors[1].hint.as_deref(), Some("did you mean `length`?"));
}

#[test]
fn traps_of_queries_stand_at_their_places() {
    let written =
        "[[grant]]\nread = { t = \"_id.tenant == {t} || _id.x != 1\" }\nwrite = { t = \"true\" }\n";
    let found = check(&format!("{HEAD}{written}"));
    let inequality = found.iter().find(|found| found.code == "query.missing_inequality").unwrap();
    let policy = format!("{HEAD}{written}");
    assert_eq!(inequality.severity, Severity::Warning);
    assert!(policy[inequality.span.clone()].contains("!="), "{found:?}");
    assert!(inequality.span.len() < "_id.tenant == {t} || _id.x != 1".len(), "{found:?}");
    assert!(inequality.hint.as_ref().unwrap().starts_with("write `"), "{found:?}");
}

#[test]
fn a_pattern_that_the_engine_refuses_is_an_error_at_the_pattern() {
    let rest = "[role.r]\nread = { t = \"type(_id.s) == 'string' && regex(_id.s, '(')\" }\nwrite = { t = \"true\" }\n[[grant]]\nroles = \"r\"\n";
    let policy = format!("{HEAD}{rest}");
    let found = check(&policy);
    let error = found.iter().find(|found| found.severity == Severity::Error).unwrap();
    assert_eq!((error.code, &policy[error.span.clone()]), ("query.invalid_regex", "'('"));
}

#[test]
fn comments_take_warnings_back() {
    let when = "when = { claim = \"a\", exists = true }\n";
    let read = "read = { shops = \"true\" }";
    let reason = "# allow lint.relay: shops are few";
    let unused = "lint.unused_allow";
    let personal = "# allow lint.metadata_personal: none";
    let relay = ("lint.relay", "shops");
    assert_found(&[
        ("on the line", format!("[[grant]]\n{when}{read} {reason}\n"), &[]),
        ("above the line", format!("[[grant]]\n{when}{reason}\n# and more\n{read}\n"), &[]),
        ("above the table", format!("{reason}\n[[grant]]\n{when}{read}\n"), &[]),
        ("above an indented table", format!("{reason}\n  [[grant]]\n{when}{read}\n"), &[]),
        ("at the table", format!("[[grant]] {reason}\n{when}{read}\n"), &[]),
        (
            "no reason",
            format!("[[grant]]\n{when}{read} # allow lint.relay\n"),
            &[relay, (unused, "# allow lint.relay")],
        ),
        (
            "another code",
            format!("[[grant]]\n{when}{read} # allow lint.everything: x\n"),
            &[relay, (unused, "# allow lint.everything: x")],
        ),
        (
            "another table",
            format!("{reason}\n{GRANT}[[grant]]\n{when}{read}\n"),
            &[(unused, reason), relay],
        ),
        (
            "two lines above",
            format!("[[grant]]\n{reason}\n{when}{read}\n"),
            &[(unused, reason), relay],
        ),
        (
            "above a list over lines",
            format!(
                "[[grant]]\n{when}{reason}\nread = {{\n    books = [\n        \"true\",\n    ],\n    shops = \"true\",\n}}\nwrite = {{ books = \"true\" }}\n"
            ),
            &[],
        ),
        (
            "behind a list over lines",
            format!(
                "[[grant]]\n{when}read = {{\n    shops = \"true\",\n    books = \"true\",\n}} {reason}\nwrite = {{ books = \"true\" }}\n"
            ),
            &[],
        ),
        (
            "behind an item",
            format!(
                "[[grant]]\n{when}read = {{\n    books = \"true\", {reason}\n    shops = \"true\",\n}}\nwrite = {{ books = \"true\" }}\n"
            ),
            &[(unused, reason), relay],
        ),
        (
            "above an item that is a list",
            format!(
                "{GRANT}[identity_metadata]\nl = [\n    {personal}\n    [\"a\"],\n]\nemail = \"{{email}}\"\n"
            ),
            &[(unused, personal), ("lint.metadata_personal", "email")],
        ),
        (
            "in a text",
            format!(
                "[[grant]]\n{when}write = {{ t = \"true\" }}\n[client_info]\nhelp = '{reason}'\n"
            ),
            &[],
        ),
        (
            "no code",
            format!("[[grant]]\n# allow everybody: yes\n{when}write = {{ t = \"true\" }}\n"),
            &[],
        ),
    ]);
}

#[test]
fn what_is_said_is_in_the_order_of_the_text() {
    let policy = format!(
        "{HEAD}[role.r]\nread = {{ a = \"true\" }}\n{GRANT}[[grant]]\nread = {{ b = \"true\" }}\n[map.m]\na = \"b\"\n"
    );
    let places = check(&policy).iter().map(|found| found.span.start).collect::<Vec<_>>();
    assert_eq!(places.len(), 3);
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn many_conditions_are_checked_in_time() {
    let any = |index: usize| {
        format!(
            "{{ any = [{{ claim = \"a{index}\", equals = 1 }}, {{ claim = \"b{index}\", equals = 1 }}] }}"
        )
    };
    let list = (0..400).map(any).collect::<Vec<_>>().join(", ");
    let values = (0..2_000).map(|value| format!("\"v{value}\"")).collect::<Vec<_>>().join(", ");
    let policy = format!(
        "{HEAD}{}{}",
        grant(&format!("[{list}]")),
        grant(&format!(
            "[{{ claim = \"a\", any_of = [{values}] }}, {{ claim = \"a\", none_of = [{values}] }}]"
        ))
    );
    let found = only(&policy);
    assert_eq!(found.code, "lint.contradiction");
}

#[test]
fn the_policies_of_this_repository_are_good_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut checked = 0;
    for folder in ["functions", "examples/policies"] {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let file = entry.unwrap().path().join("policy.toml");
            if let Ok(text) = fs::read_to_string(&file) {
                assert_eq!(check(&text), [], "{}", file.display());
                checked += 1;
            }
        }
    }
    assert!(checked >= 2, "{checked}");
    for starter in STARTERS {
        assert_eq!(check(starter.policy), [], "{}", starter.provider);
    }
}

#[test]
fn lints_are_documented_as_they_are() {
    let mut table = "| code | what it means |\n|---|---|\n".to_owned();
    for kind in LintKind::ALL {
        writeln!(table, "| `{}` | {} |", kind.code(), kind.meaning()).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/policy-tools.md");
    let docs = fs::read_to_string(path).unwrap_or_default();
    assert!(docs.contains(&table), "docs/policy-tools.md lacks this table:\n\n{table}");
    let codes = LintKind::ALL.map(LintKind::code);
    assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
}
