//! For whom `diff` says that something changes, and with which example.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is the failure report"
)]

use claim_mapping::Policy;
use policy_analysis::{Comparison, Persona, SampleLogin, diff};
use serde_json::json;

const HEAD: &str = "user_id = \"{sub}\"\n[session]\nlength = \"12h\"\n";
const TASKS: &str = "[[grant]]\nread = { tasks = \"_id.owner == {sub}\" }\n";
const DRIVER: &str = "[[grant]]\nwhen = { claim = \"role\", equals = \"driver\" }\nread = { orders = \"_id.tenant == {tenant}\" }\n";

fn policy(text: &str) -> Policy {
    Policy::parse(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn compare(old: &str, new: &str) -> Comparison {
    diff(&policy(old), &policy(new), Vec::new(), &[])
}

fn orders(when: &str, query: &str) -> String {
    format!("[[grant]]\n{when}\nread = {{ orders = \"{query}\" }}\n")
}

/// What the only change of a comparison says beside its headline.
fn lines(comparison: &Comparison) -> Vec<String> {
    let text = comparison.text();
    let lines = text.lines().skip(1).take_while(|line| !line.is_empty());
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn says_for_whom_and_shows_an_example_and_a_document() {
    // No part of the change, so no part of the example.
    let info = "[client_info]\nname = \"{name}\"\n";
    let courier = orders(
        "when = { claim = \"role\", any_of = [\"driver\", \"courier\"] }",
        "_id.tenant == {tenant}",
    );
    let driver =
        orders("when = { claim = \"role\", any_of = [\"driver\"] }", "_id.tenant == {tenant}");
    let comparison =
        compare(&format!("{HEAD}{TASKS}{driver}{info}"), &format!("{HEAD}{TASKS}{courier}{info}"));
    assert_eq!(
        lines(&comparison),
        [
            "who       everyone where role is or has courier AND NOT role is or has driver",
            "before    nothing",
            "now       _id.tenant == {tenant}",
            "document  {\"tenant\":\"tenant-1\"}",
            "example   {\"role\":\"courier\",\"sub\":\"sub-1\",\"tenant\":\"tenant-1\"}",
        ]
    );
}

#[test]
fn says_what_is_the_case_rather_than_what_is_not() {
    let text = |roles: &str| {
        let ops =
            "[[grant]]\nwhen = { claim = \"groups\", contains = \"ops\" }\nread = \"everything\"\n";
        let drivers = orders(&format!("when = {{ claim = \"role\", any_of = [{roles}] }}"), "true");
        format!("{HEAD}{drivers}{ops}")
    };
    let comparison =
        compare(&text("\"driver\", \"courier\""), &text("\"driver\", \"courier\", \"rider\""));
    let who = comparison.changes.iter().map(|change| change.who.as_str()).collect::<Vec<_>>();
    assert!(who[0].starts_with("everyone where role is or has rider AND NOT "), "{who:?}");
}

#[test]
fn says_whose_denial_is_lifted() {
    for (gate, who) in [
        ("[[deny]]\nusers = [\"u-7\", \"u-8\"]\n", "user id is u-7, or where user id is u-8"),
        (
            "[[deny]]\nwhen = { claim = \"suspended | default(false)\", equals = true }\n",
            "suspended | default(false) = true",
        ),
        ("[[require]]\nclaim = \"level\"\nat_least = 2\n", "NOT level >= 2"),
    ] {
        let comparison = compare(&format!("{HEAD}{gate}{TASKS}"), &format!("{HEAD}{TASKS}"));
        let login = &comparison.changes[0];
        assert_eq!(login.subject.to_string(), "login");
        // Some cannot be told of, so that the condition alone does not say all.
        assert!(login.who.contains(who), "{gate}: {}", login.who);
    }
}

#[test]
fn personas_are_named_and_come_first_as_examples() {
    let personas = "[[persona]]\nname = \"dora, who drives\"\n\
        claims = { sub = \"dora\", role = \"driver\", tenant = \"north\" }\nexpect = { user_id = \"dora\" }\n\
        [[persona]]\nname = \"olga\"\nclaims = { sub = \"olga\" }\nexpect = { user_id = \"olga\" }\n";
    let personas = Persona::parse_all(personas).unwrap().into_iter().map(SampleLogin::from);
    let (old, new) = (policy(&format!("{HEAD}{TASKS}")), policy(&format!("{HEAD}{TASKS}{DRIVER}")));
    let comparison = diff(&old, &new, personas.collect(), &[]);
    let [change] = comparison.changes.as_slice() else { panic!("{}", comparison.text()) };
    assert_eq!(change.personas, ["dora, who drives"]);
    assert_eq!(
        json!(change.example.claims),
        json!({"sub": "dora", "role": "driver", "tenant": "north"})
    );
    assert_eq!(comparison.personas, 2);
    assert!(comparison.text().contains("in 2 personas and "), "{}", comparison.text());
}

#[test]
fn one_changed_word_is_found_in_a_large_policy() {
    let grants = (0..20).map(|number| {
        let roles = (0..10).map(|role| format!("\"r{number}-{role}\"")).collect::<Vec<_>>();
        format!(
            "[[grant]]\nwhen = [{{ claim = \"role\", any_of = [{}] }}, \
             {{ claim = \"level\", at_least = {} }}, {{ claim = \"groups\", contains = \"g{number}\" }}]\n\
             read = {{ c{number} = \"(_id.tenant == {{tenant}}) && (_id.owner == {{sub}})\" }}\n",
            roles.join(", "),
            number % 7
        )
    });
    let users = (0..200).map(|number| format!("\"u{number}\"")).collect::<Vec<_>>().join(", ");
    let old = format!("{HEAD}[[deny]]\nusers = [{users}]\n{TASKS}{}", grants.collect::<String>());
    for (changed, to, expect) in [
        ("\"r19-9\"", "\"q\"", &["+ read:c19 gained", "- read:c19 lost"][..]),
        ("\"g18\"", "\"g19\"", &["+ read:c18 gained", "- read:c18 lost"]),
        (
            "\"u150\"",
            "\"x150\"",
            &["+ login gained", "+ read:c0 gained", "- login lost", "- read:c0 lost"],
        ),
    ] {
        let comparison = compare(&old, &old.replace(changed, to));
        let text = comparison.text();
        for expected in expect {
            assert!(text.lines().any(|line| line == *expected), "{changed}: no {expected}");
        }
    }
}
