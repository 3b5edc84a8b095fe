//! No text may overflow the stack or take more than linear time: the engine's process ends with some of these.
#![expect(clippy::unwrap_used, reason = "a failed step is the test's report")]

use std::time::{Duration, Instant};

use permission_query::{MAX_QUERY_DEPTH, Query};
use serde_json::{Value, json};

/// Runs it with the stack of a thread, whatever the main thread has.
fn with_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap()
}

/// Everything that can be done with a query.
fn exercise(text: &str) -> Result<(), String> {
    let (query, template) = (Query::parse(text), Query::parse_template(text));
    for parsed in [&query, &template].into_iter().flatten() {
        assert!(parsed.errors().len() <= parsed.findings().len());
        for id in [json!("a"), json!({"a": [1, {"a": 2}]}), Value::Null] {
            let _ = parsed.matches(&id);
        }
        assert_eq!(*parsed, parsed.clone());
    }
    query.map(drop).map_err(|error| error.message)
}

const LONG: [&str; 34] = [
    "[",
    "(",
    "!",
    "{",
    "{'a':",
    "{{",
    "{{'a':",
    "'",
    "\"",
    "\\",
    "==1",
    "1==",
    "1==1.a",
    "a.",
    ".a",
    "_id[*]",
    "[*]",
    "[]",
    "[?",
    "[?a",
    "_id[?",
    "a(",
    "type(_id,",
    "1,",
    "[1,",
    "&&1",
    "true||",
    "_id && ",
    "!a==",
    " ",
    "-",
    "1",
    "\u{feff}",
    "é",
];

#[test]
fn takes_any_length_of_anything() {
    for piece in LONG {
        for prefix in ["", "_id", "1", "_id.a == 1 && ", "("] {
            let text = prefix.to_owned() + &piece.repeat(500_000 / piece.len());
            let start = Instant::now();
            with_small_stack(move || exercise(&text)).unwrap_or_default();
            let name = format!("{prefix}{piece}{piece}");
            assert!(start.elapsed() < Duration::from_secs(10), "{name}: {:?}", start.elapsed());
        }
    }
}

#[test]
fn takes_the_longest_and_deepest_that_the_engine_takes() {
    let depth = MAX_QUERY_DEPTH;
    let cases = [
        ("comparisons", format!("1{}", "==1".repeat(1_000)), format!("1{}", "==1".repeat(1_001))),
        ("steps", format!("_id{}", ".a".repeat(900)), format!("_id{}", ".a".repeat(901))),
        ("projections", format!("_id{}", "[*]".repeat(900)), format!("_id{}", "[*]".repeat(901))),
        ("both", format!("1{}", "==1.a".repeat(500)), format!("1{}", "==1.a".repeat(501))),
        ("literals", nested("[", "1", "]", 500), nested("[", "1", "]", 501)),
        ("objects", nested("{'a':", "1", "}", 500), nested("{'a':", "1", "}", 501)),
        ("parentheses", nested("(", "1", ")", depth), nested("(", "1", ")", depth + 1)),
        ("negations", nested("!", "1", "", depth), nested("!", "1", "", depth + 1)),
        ("arguments", nested("type(", "1", ")", depth), nested("type(", "1", ")", depth + 1)),
        ("filters", nested("_id[?", "1", "]", depth), nested("_id[?", "1", "]", depth + 1)),
        ("operators", nested("1 && ", "1", "", depth), nested("1 || ", "1", "", depth + 1)),
        ("right sides", nested("1 == (", "1", ")", 95), nested("1 == (", "1", ")", 96)),
        (
            "chains in parentheses",
            nested("(", "1", "==1==1==1==1==1)", depth - 1),
            nested("(", "1", "==1==1==1==1==1==1)", depth - 1),
        ),
    ];
    for (name, longest, longer) in cases {
        assert_eq!(with_small_stack(move || exercise(&longest)), Ok(()), "{name}");
        assert!(with_small_stack(move || exercise(&longer)).is_err(), "{name}, one more");
    }
}

fn nested(open: &str, inside: &str, close: &str, times: usize) -> String {
    open.repeat(times) + inside + &close.repeat(times)
}

#[test]
fn takes_wide_queries() {
    let terms = |times: usize| vec!["_id == 'a'"; times].join(" || ");
    assert_eq!(exercise(&terms(190)), Ok(()));
    assert!(exercise(&terms(191)).is_err());
    let list = format!("contains([{}'z'], _id)", "'abc',".repeat(20_000));
    assert_eq!(exercise(&list), Ok(()));
    let wide = format!("not_null({}_id)", "!a && b || c == 1 == 2, ".repeat(20_000));
    assert_eq!(with_small_stack(move || exercise(&wide)), Ok(()));
}

#[test]
fn filters_in_filters_end() {
    let list = "[1,1,1,1,1,1,1,1,1,1]";
    let query = Query::parse(&nested(&format!("{list}[?"), "1", "]", 60)).unwrap();
    let error = query.matches(&Value::Null).unwrap_err();
    assert_eq!(error, permission_query::RunError::TooExpensive);
}
