//! The query parser, the evaluator and the findings: no text makes them panic, overflow or hang, and what parses
//! is what the engine survives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use permission_query::Query;
use serde_json::json;

fuzz_target!(|text: &str| {
    for parsed in [Query::parse(text), Query::parse_template(text)] {
        match parsed {
            Ok(query) => {
                let _ = query.errors();
                for finding in query.findings() {
                    assert!(text.get(finding.span.clone()).is_some(), "{finding:?}");
                    // A rewrite is a query again, of the same kind.
                    if let Some(rewrite) = &finding.rewrite {
                        assert!(Query::parse_template(rewrite).is_ok() || Query::parse(rewrite).is_ok(), "{finding:?}");
                    }
                }
                for id in [json!("x"), json!({"a": [1, "x"], "s": "store-1"}), json!([1, null]), json!(7)] {
                    let _ = query.matches(&id);
                }
            }
            Err(error) => assert!(error.span.start <= text.len(), "{error:?}"),
        }
    }
});
