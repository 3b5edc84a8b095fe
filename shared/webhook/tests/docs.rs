//! The tables of `docs/errors.md` and `docs/settings.md` are those of the code. A failure prints the right table.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::fmt::Write as _;
use std::path::Path;

use claim_mapping::{ProblemKind, Refusal};
use permission_query::{FindingKind, Severity};
use webhook::{COMMON_SETTINGS, Class, Reason, Setting, SettingKind};

fn doc(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    std::fs::read_to_string(&path).unwrap_or_default()
}

fn assert_has(name: &str, table: &str) {
    assert!(doc(name).contains(table), "docs/{name} lacks this table:\n\n{table}");
}

fn answer_of(class: Class) -> &'static str {
    match class {
        Class::BadRequest => "400",
        Class::Internal => "500",
        Class::MediaType => "415",
        Class::Method => "405",
        Class::Refused => "refused",
        Class::TooLarge => "413",
        Class::Unavailable => "503",
        Class::Unproven => "401",
    }
}

#[test]
fn errors_are_documented_as_they_are() {
    let mut table = "| code | answer | the device is told | what it means, and what to change |\n|---|---|---|---|\n".to_owned();
    for reason in Reason::ALL {
        let answer = answer_of(reason.class());
        writeln!(
            table,
            "| `{}` | {answer} | {} | {} |",
            reason.code(),
            reason.message(),
            reason.remedy()
        )
        .unwrap();
    }
    assert_has("errors.md", &table);
}

#[test]
fn codes_are_unique_and_sorted() {
    let codes = Reason::ALL.iter().map(|reason| reason.code()).collect::<Vec<_>>();
    assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
}

#[test]
fn a_policy_s_refusal_has_one_code() {
    for refusal in [
        Refusal::AnswerTooLarge,
        Refusal::Denied { number: 1 },
        Refusal::NoGrant,
        Refusal::Requirement { number: 1 },
        Refusal::UserId,
    ] {
        assert_eq!(Reason::from(refusal).code(), refusal.code());
    }
}

#[test]
fn codes_of_a_start_that_fails_are_all_documented() {
    let errors = doc("errors.md");
    let policy = ProblemKind::ALL.iter().map(|kind| kind.code());
    for code in policy.chain(SettingKind::ALL.iter().map(|kind| kind.code())) {
        assert!(errors.contains(&format!("| `{code}` |")), "docs/errors.md lacks `{code}`");
    }
    for kind in FindingKind::ALL {
        let loads = if kind.severity() == Severity::Error { "no" } else { "warning" };
        let row = format!("| `{}` | {loads} |", kind.code());
        assert!(errors.contains(&row), "docs/errors.md lacks `{row}`");
    }
    let documented = errors.lines().filter(|line| line.starts_with("| `")).count();
    let starts = ProblemKind::ALL.len() + SettingKind::ALL.len() + FindingKind::ALL.len();
    assert_eq!(documented, Reason::ALL.len() + starts);
}

fn settings_table(settings: &[Setting]) -> String {
    let mut table = "| variable | default | meaning |\n|---|---|---|\n".to_owned();
    for Setting { name, default, meaning } in settings {
        writeln!(table, "| `{name}` | {default} | {meaning} |").unwrap();
    }
    table
}

#[test]
fn settings_are_documented_as_they_are() {
    assert_has("settings.md", &settings_table(COMMON_SETTINGS));
    for provider in [oidc::PROVIDER, custom::PROVIDER] {
        assert_has("settings.md", &settings_table(provider.settings));
    }
}
