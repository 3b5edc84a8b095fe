//! What holds for every text, value and tree.

mod absence;
mod guard;
mod tree;

use permission_query::{ExpressionKind, FindingKind, Query, query_literal};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

use absence::condition;
use guard::guarded_calls;
use tree::{expression, printed, without_spans};

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 300,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}

/// Pieces of queries, so that random texts get past the first character.
const PIECES: [&str; 62] = [
    "_id",
    ".a",
    ".b",
    "['x']",
    "[0]",
    "[-1]",
    "[*]",
    "[]",
    "[?",
    "]",
    "(",
    ")",
    "!",
    " ",
    "&&",
    " || ",
    " && ",
    " == ",
    " != ",
    "==",
    "<",
    ">=",
    "'a'",
    "\"b\"",
    "''",
    "'1'",
    "1",
    "-2.5",
    "1e3",
    "true",
    "false",
    "null",
    "[1,'a']",
    "{'a':1}",
    "{{'a':1}}",
    "{sub}",
    "{",
    "}",
    "@",
    ",",
    "type(",
    "contains(",
    "starts_with(",
    "regex(",
    "keys(_id)",
    "length(",
    "not_null(",
    "not(",
    "nosuch(",
    "_id.a == 1",
    "_id.b != 'x'",
    "type(_id) == 'object'",
    "contains(['a'], _id)",
    "'^[a'",
    "'\\u00e9'",
    "\\",
    "é",
    "\0",
    "\u{feff}",
    "\n",
    "'",
    ".e0",
];

fn text() -> impl Strategy<Value = String> {
    let pieces = proptest::sample::select(&PIECES[..]);
    let of_pieces = proptest::collection::vec(pieces, 0..14).prop_map(|pieces| pieces.concat());
    prop_oneof![4 => of_pieces, 1 => any::<String>()]
}

/// Uses a query in every way; the findings must hold together.
fn exercise(query: &Query) {
    for id in [json!("a"), json!(1), json!({"a": 1, "b": [{"a": "x"}]}), json!([["a"], null])] {
        let _ = query.matches(&id);
    }
    let findings = query.findings();
    for finding in &findings {
        assert!(query.text().get(finding.span.clone()).is_some(), "{query:?} {finding:?}");
    }
    for error in query.errors() {
        assert!(findings.contains(&error), "{query:?} {error:?}");
    }
}

/// A value that has a literal.
fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::from),
        (-(1_i64 << 50)..=1 << 50).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![scalar(), proptest::collection::vec(scalar(), 0..5).prop_map(Value::from)]
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_panics(text in text()) {
        for query in [Query::parse(&text), Query::parse_template(&text)] {
            match query {
                Ok(query) => exercise(&query),
                Err(error) => prop_assert!(text.get(error.span.clone()).is_some(), "{error}"),
            }
        }
    }

    #[test]
    fn literals_are_the_values(value in value()) {
        let literal = query_literal(&value).unwrap();
        let template = literal.replace('{', "{{").replace('}', "}}");
        for query in [Query::parse(&literal), Query::parse_template(&template)] {
            let kind = query.unwrap().expression().kind.clone();
            prop_assert_eq!(kind, ExpressionKind::Literal(value.clone()));
        }
        let other = if value == "x" { "y" } else { "x" };
        let query = Query::parse(&format!("_id == {literal}")).unwrap();
        prop_assert_eq!(query.matches(&value), Ok(true));
        prop_assert_eq!(query.matches(&json!(other)), Ok(false));
    }

    #[test]
    fn trees_are_what_was_printed(tree in expression()) {
        let text = printed(&tree);
        let query = Query::parse_template(&text).unwrap();
        prop_assert_eq!(without_spans(query.expression().clone()), tree, "{}", text);
        exercise(&query);
    }

    #[test]
    fn rewrites_rid_queries_of_their_trap(tree in expression()) {
        let query = Query::parse_template(&printed(&tree)).unwrap();
        for finding in query.findings() {
            let Some(rewrite) = &finding.rewrite else { continue };
            let rewritten = Query::parse_template(rewrite).unwrap();
            let is_left = |kind: FindingKind| rewritten.findings().iter().any(|left| left.kind == kind);
            prop_assert!(!is_left(finding.kind), "{:?}: {} -> {rewrite}", finding.kind, query.text());
        }
    }

    #[test]
    fn rewrites_about_absence_do_what_is_meant(condition in condition()) {
        let mut query = Query::parse(&condition.text()).unwrap();
        for kind in [FindingKind::MissingInequality, FindingKind::MissingAlternative] {
            let findings = query.findings();
            let Some(found) = findings.iter().find(|finding| finding.kind == kind) else { continue };
            query = Query::parse(found.rewrite.as_deref().unwrap()).unwrap();
        }
        for id in documents() {
            prop_assert_eq!(query.matches(&id), Ok(condition.means(&id)), "{} for {}", query.text(), id);
        }
    }

    #[test]
    fn guarded_calls_never_fail(text in guarded_calls()) {
        let mut query = Query::parse(&text).unwrap();
        for kind in [FindingKind::UnguardedCall, FindingKind::SubstringContains] {
            let findings = query.findings();
            let Some(found) = findings.iter().find(|finding| finding.kind == kind) else { continue };
            query = Query::parse(found.rewrite.as_deref().unwrap()).unwrap();
        }
        for id in documents() {
            prop_assert!(query.matches(&id).is_ok(), "{} for {}", query.text(), id);
        }
    }
}

/// Ids with and without each member.
fn documents() -> Vec<Value> {
    let values = [None, Some(json!("a")), Some(json!("b")), Some(json!(["a"])), Some(Value::Null)];
    let mut documents =
        vec![json!("a"), json!(["a"]), json!({"o": "a"}), json!({"o": {}, "x": "a"})];
    for x in &values {
        for y in &values {
            for k in &values {
                let inner = k.as_ref().map(|k| json!({ "k": k }));
                let members = [("x", x.clone()), ("y", y.clone()), ("o", inner)];
                let members =
                    members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
                documents.push(Value::Object(members.collect()));
            }
        }
    }
    documents
}
