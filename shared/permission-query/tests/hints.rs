//! What is no query: refused at its place, with what to write instead.

use permission_query::Query;
use serde_json::Value;

/// A text, or a template where it says so; what stands at the place of the error; a part of the hint.
const HABITS: &str = include_str!("cases/habits.jsonl");

#[test]
fn says_what_to_write_instead() {
    let mut failures = Vec::new();
    for line in HABITS.lines() {
        let habit: Value = serde_json::from_str(line).unwrap();
        let (text, is_template) = match habit["template"].as_str() {
            Some(template) => (template, true),
            None => (habit["query"].as_str().unwrap(), false),
        };
        let parsed = if is_template { Query::parse_template(text) } else { Query::parse(text) };
        let error = parsed.unwrap_err();
        let hint = error.hint.as_deref().unwrap_or_default();
        let place = text.get(error.span.clone());
        if place != habit["place"].as_str() || !hint.contains(habit["hint"].as_str().unwrap()) {
            failures.push(format!("{line}\n{place:?} {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn errors_stand_where_the_text_stands() {
    for text in ["\u{feff}  _id == é", "_id == 'ü' && é", "_id == 'ü\\q'"] {
        let error = Query::parse(text).unwrap_err();
        assert!(text.get(error.span.clone()).is_some_and(|place| !place.is_empty()), "{error}");
    }
}

#[test]
fn blank_ends_are_trimmed_as_javascript_does() {
    for blank in ["\u{c}", "\u{b}", "\u{a0}", "\u{feff}", "\u{2028}", "\u{3000}"] {
        let text = format!("{blank}_id == 'a'{blank}");
        let query = Query::parse(&text).unwrap();
        assert_eq!(query.text(), text);
        assert_eq!(query.expression().span, blank.len()..text.len() - blank.len());
        assert!(Query::parse(&format!("_id =={blank}'a'")).is_err(), "{blank:?}");
    }
}

#[test]
fn templates_hold_placeholders_where_literals_stand() {
    let text =
        r#"_id.a == {claims['}"']} && contains({stores}, _id.s) && _id == {{'a{{}}': '}}'}}"#;
    assert!(Query::parse_template(text).is_ok());
    let not_a_query = Query::parse(text).unwrap_err();
    assert_eq!(text.get(not_a_query.span), Some("c"));
    let filled = "_id == {'a{}': '}'}";
    let template = "_id == {{'a{{}}': '}}'}}";
    let id = serde_json::json!({"a{}": "}"});
    assert_eq!(Query::parse(filled).unwrap().matches(&id), Ok(true));
    assert_eq!(Query::parse_template(template).unwrap().matches(&id), Ok(true));
}
