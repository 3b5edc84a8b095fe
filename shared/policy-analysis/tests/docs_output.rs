//! What `docs/policy-tools.md` shows of the tool is what it prints.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is the failure report")]

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use claim_mapping::{Login, Policy};
use policy_analysis::{
    Budget, DEFAULT_DATABASE_ID, DEFAULT_PROVIDER, Explanation, Operation, PolicySource, Question,
    check, diff, who_can,
};
use serde_json::json;

const PAGE: &str = include_str!("../../../docs/policy-tools.md");

/// The block of output in this section.
fn shown(header: &str) -> &'static str {
    let (_, below) = PAGE.split_once(&format!("\n## {header}\n")).unwrap();
    let (_, block) = below.split_once("```text\n").unwrap();
    block.split_once("```").unwrap().0
}

fn policy_of_custom() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../functions/custom/policy.toml");
    fs::read_to_string(file).unwrap()
}

fn of_drivers(condition: &str) -> (String, Policy) {
    let access = "{ orders = \"_id.tenant == {tenant}\" }";
    let text = format!(
        "user_id = \"{{sub}}\"\n\n[session]\nlength = \"12h\"\n\n[[grant]]\nwhen = {{ claim = \"role\", {condition} }}\nread = {access}\n"
    );
    let policy = Policy::parse(&text).unwrap();
    (text, policy)
}

/// The warning that the comments of this policy take back.
#[test]
fn check_prints_what_is_shown() {
    let text = policy_of_custom();
    let lines = text.lines().filter(|line| !line.starts_with("# allow"));
    let text = lines.collect::<Vec<_>>().join("\n");
    let found = check(&text);
    let found = found.first().unwrap();
    let before = text.get(..found.span.start).unwrap();
    let column = before.rsplit('\n').next().unwrap().len();
    let line = before.matches('\n').count();
    let (start, _) = found.message.split_once(": ").unwrap();
    let place = format!("functions/custom/policy.toml:{}:{}", line + 1, column + 1);
    assert_eq!(shown("check"), format!("warning[{}]: {start}: …\n  --> {place}\n", found.code));
}

#[test]
fn explain_prints_what_is_shown() {
    let (text, policy) = of_drivers("equals = \"driver\"");
    let source = PolicySource { file: "policy.toml", text: &text, policy: &policy };
    let claims = json!({ "sub": "eve" });
    let login = Login {
        claims: claims.as_object().unwrap(),
        database_id: DEFAULT_DATABASE_ID,
        provider: DEFAULT_PROVIDER,
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    };
    let printed = Explanation::of(&source, &login, &[]).text(&Budget::default());
    assert_eq!(shown("explain"), printed);
}

/// Everybody has tasks, so that nobody is let in who was not before.
#[test]
fn diff_prints_what_is_shown() {
    let with_tasks = |condition| {
        let (drivers, _) = of_drivers(condition);
        let tasks = "[[grant]]\nread = { tasks = \"_id.owner == {sub}\" }\n";
        Policy::parse(&format!("{drivers}\n{tasks}")).unwrap()
    };
    let old = with_tasks("any_of = [\"driver\"]");
    let new = with_tasks("any_of = [\"driver\", \"courier\"]");
    let printed = diff(&old, &new, Vec::new(), &[]).text();
    // How many logins are tried is not what the page is about.
    let without_count = |text: &str| {
        let words = text.trim_end().split(' ').filter(|word| word.parse::<usize>().is_err());
        words.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(without_count(shown("diff")), without_count(&printed));
}

#[test]
fn who_can_prints_what_is_shown() {
    let text = policy_of_custom();
    let policy = Policy::parse(&text).unwrap();
    let (command, output) = shown("who-can").split_once('\n').unwrap();
    let (_, document) = command.split_once("--doc '").unwrap();
    let (document, file) = document.split_once("' ").unwrap();
    assert!(command.starts_with("$ ditto-auth who-can read orders --doc"), "{command}");
    let question = Question {
        operation: Operation::Read,
        collection: "orders".to_owned(),
        document: Some(serde_json::from_str(document).unwrap()),
    };
    assert_eq!(output, who_can(&policy, &text, &question).text(file));
}
