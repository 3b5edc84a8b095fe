//! Each trap: found, at its place, alone, with a rewrite that does what was meant where the query does not.
#![expect(clippy::unwrap_used, reason = "a failed step is the test's report")]

use std::collections::BTreeSet;

use permission_query::{FindingKind, Query, Severity};
use serde_json::Value;

/// By kind: a query or template, the place of its trap, the rewrite if there is one, and an id with whether it was
/// meant to match. The query itself gives another answer for it.
const TRAPS: &str = include_str!("cases/traps.jsonl");

/// Queries and templates without any.
const CLEAN: &str = include_str!("cases/clean.jsonl");

/// A query or template, and its finished form.
fn parse(text: &str) -> (Query, Query) {
    let filled = text.replace("{role}", "'.'").replace("{{", "{").replace("}}", "}");
    (Query::parse_template(text).unwrap(), Query::parse(&filled).unwrap())
}

#[test]
fn finds_each_trap_and_its_way_out() {
    let (mut seen, mut failures) = (BTreeSet::new(), Vec::new());
    for line in TRAPS.lines() {
        let trap: Value = serde_json::from_str(line).unwrap();
        let mut kinds = FindingKind::ALL.iter();
        let kind = kinds.find(|kind| trap["kind"] == kind.code()).unwrap();
        seen.insert(*kind);
        if let Err(what) = check(*kind, &trap) {
            failures.push(format!("{line}\n{what}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert_eq!(seen, FindingKind::ALL.iter().copied().collect());
}

fn check(kind: FindingKind, trap: &Value) -> Result<(), String> {
    let text = trap["query"].as_str().unwrap();
    let (query, filled) = parse(text);
    let findings = query.findings();
    let ensure = |is_right: bool, what: &str| {
        if is_right { Ok(()) } else { Err(format!("{what}: {findings:#?}")) }
    };
    let kinds = findings.iter().map(|finding| finding.kind).collect::<BTreeSet<_>>();
    ensure(kinds == BTreeSet::from([kind]), "not this trap alone")?;
    let finding = findings.first().unwrap();
    ensure(text.get(finding.span.clone()) == trap["place"].as_str(), "the place")?;
    let rewrite = finding.rewrite.as_deref();
    ensure(rewrite == trap["rewrite"].as_str(), "the rewrite")?;
    let needs_no_regex = kind.severity() == Severity::Error && kind != FindingKind::InvalidRegex;
    let errors = if needs_no_regex { findings.clone() } else { Vec::new() };
    ensure(query.errors() == errors, "the errors")?;
    let (id, meant) = (trap.get("id"), trap["meant"].as_bool().unwrap_or_default());
    let does_as_meant = |query: &Query| id.is_none_or(|id| query.matches(id) == Ok(meant));
    ensure(id.is_none() || !does_as_meant(&filled), "no trap for this id")?;
    let Some(rewrite) = rewrite else { return Ok(()) };
    let (rewritten, filled) = parse(rewrite);
    ensure(does_as_meant(&filled), "the rewrite does not what was meant")?;
    let is_left = rewritten.findings().iter().any(|finding| finding.kind == kind);
    ensure(!is_left, "the rewrite has the trap")
}

#[test]
fn finds_nothing_in_clean_queries() {
    for line in CLEAN.lines() {
        let text: String = serde_json::from_str(line).unwrap();
        assert_eq!(Query::parse_template(&text).unwrap().findings(), [], "{text}");
    }
}

#[test]
fn codes_are_distinct_and_in_order() {
    let codes = FindingKind::ALL.iter().map(|kind| kind.code()).collect::<Vec<_>>();
    assert!(codes.is_sorted_by(|one, other| one < other), "{codes:?}");
}

#[test]
fn long_queries_get_errors_without_rewrites() {
    let long = format!("_id.a == '{}' && _id.b == 1 || _id.c == 2", "x".repeat(20_000));
    let errors = Query::parse(&long).unwrap().errors();
    assert_eq!(
        errors.iter().map(|error| error.kind).collect::<Vec<_>>(),
        [FindingKind::MixedOperators]
    );
    assert!(errors.iter().all(|error| error.rewrite.is_none()));
}

#[test]
fn only_orders_of_different_types_are_missing() {
    let kinds = |text: &str| {
        let errors = Query::parse(text).unwrap().errors();
        errors.iter().map(|error| error.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds("type(_id) < 1"), [FindingKind::AlwaysMissing]);
    assert_eq!(kinds("type(_id) == 1"), []);
    assert_eq!(kinds("length(_id) < 1"), []);
}

#[test]
fn null_is_no_proof_of_presence() {
    let findings = Query::parse("_id.x == null && _id.x != 'a'").unwrap().findings();
    let kinds = findings.iter().map(|finding| finding.kind).collect::<Vec<_>>();
    assert_eq!(kinds, [FindingKind::MissingDefault, FindingKind::MissingInequality]);
}
