//! Every measured case: what the real engine of SDK 4.14 answered.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed step is the test's report")]

use permission_query::{Query, query_literal};
use serde_json::Value;

const CASES: &str = include_str!("cases/visible.jsonl");
const MORE_CASES: &str = include_str!("cases/engine_more.jsonl");
const DOCUMENTS: &str = include_str!("cases/docsets.json");
const VALUES: &str = include_str!("cases/embed.jsonl");

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The indexes of the ids that match, or the kind of the error.
fn answer(query: &str, ids: &[Value]) -> Result<Vec<usize>, &'static str> {
    let query = Query::parse(query).map_err(|_| "parse")?;
    let mut matching = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        if query.matches(id).map_err(|_| "runtime")? {
            matching.push(index);
        }
    }
    Ok(matching)
}

fn assert_agrees(cases: &str, count: usize) {
    let documents: Value = serde_json::from_str(DOCUMENTS).unwrap();
    let cases = lines(cases);
    assert_eq!(cases.len(), count);
    let disagreeing = cases
        .iter()
        .filter_map(|case| {
            let ids = case["docset"]
                .as_str()
                .and_then(|name| documents.get(name))
                .unwrap_or(&case["ids"]);
            let found = answer(case["query"].as_str().unwrap(), ids.as_array().unwrap());
            let expected = match case["error_kind"].as_str() {
                Some(kind) => Err(kind),
                None => Ok(serde_json::from_value(case["matches"].clone()).unwrap()),
            };
            (found != expected).then(|| format!("{case} gives {found:?}"))
        })
        .collect::<Vec<_>>();
    assert!(disagreeing.is_empty(), "{}", disagreeing.join("\n"));
}

#[test]
fn agrees_with_the_engine() {
    assert_agrees(CASES, 420);
}

/// Projections, what functions make of numbers, `@`, and queries of all kinds that were made at random.
#[test]
fn agrees_with_the_engine_off_the_beaten_track() {
    assert_agrees(MORE_CASES, 610);
}

fn assert_selects(query: &str, value: &Value, all: &[Value]) {
    let query = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    for other in all {
        let expected = match (value, query.text().starts_with("contains(")) {
            (Value::Array(items), true) => items.contains(other),
            _ => value == other,
        };
        assert_eq!(query.matches(other), Ok(expected), "{} for {other}", query.text());
    }
}

#[test]
fn measured_literals_select_their_value_alone() {
    let cases = lines(VALUES);
    assert_eq!(cases.len(), 150);
    let mut all = cases.iter().map(|case| case["value"].clone()).collect::<Vec<_>>();
    all.extend(cases.iter().filter_map(|case| case["value"].as_array()).flatten().cloned());
    for case in &cases {
        for form in ["query_that_works", "ascii_query", "equality_query"] {
            if let Some(query) = case[form].as_str() {
                assert_selects(query, &case["value"], &all);
            }
        }
        let literal = query_literal(&case["value"]).unwrap();
        assert_selects(&format!("_id == {literal}"), &case["value"], &all);
        let template = format!("_id == {}", literal.replace('{', "{{").replace('}', "}}"));
        let parsed = Query::parse_template(&template).unwrap();
        assert_eq!(parsed.matches(&case["value"]), Ok(true), "{template}");
        let list = if case["value"].is_array() { literal } else { format!("[{literal}]") };
        assert_selects(&format!("contains({list}, _id)"), &case["value"], &all);
    }
}
