//! What holds for every text that is formatted: it says the same, has all it had, and is not changed again.
#![allow(clippy::unwrap_used, reason = "a panic is the failure report")]

use policy_analysis::format;
use proptest::prelude::*;

fn assert_same_meaning(text: &str, formatted: &str) {
    let parse = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
    assert_eq!(parse(text), parse(formatted), "{text}\n{formatted}");
    assert_eq!(pieces(text), pieces(formatted), "{text}\n{formatted}");
}

/// All but what the format may change: with this equal, nothing is lost, new, or at another place.
fn pieces(text: &str) -> String {
    let may_change = |character: char| {
        character.is_whitespace() || matches!(character, ',' | '"' | '\'' | '\\' | '\u{feff}')
    };
    text.chars().filter(|character| !may_change(*character)).collect()
}

fn spaces() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 2 => "[ \t]{1,3}"]
}

/// What may stand between the items of a list.
fn gap() -> impl Strategy<Value = String> {
    let comment = "[ \t]{0,2}#[ -~é]{0,30}\n";
    let line = prop_oneof![2 => comment, 1 => "[ \t]{0,2}\r?\n"];
    prop_oneof![
        3 => spaces(),
        1 => (prop::collection::vec(line, 1..4), spaces()).prop_map(|(lines, spaces)| lines.concat() + &spaces),
    ]
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i32>().prop_map(|integer| integer.to_string()),
        any::<bool>().prop_map(|boolean| boolean.to_string()),
        Just("1979-05-27T07:32:00Z".to_owned()),
        r"'[ -&\(-~é]{0,40}'",
        r#""([ !#-\[\]-~é]|\\"|\\\\|\\t|\\u200b){0,40}""#,
        "'''\n?[ -&\\(-~é\n]{0,20}'''",
        "\"\"\"[ !#-\\[\\]-~\n]{0,20}\"\"\"",
    ]
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(3, 20, 5, |value| {
        let items = || prop::collection::vec((gap(), value.clone(), gap()), 0..5);
        let list = |items: Vec<(String, String, String)>, end: String, is_table: bool| {
            let item = |(index, (before, value, after)): (usize, &(String, String, String))| {
                let name = if is_table { format!("n{index}=") } else { String::new() };
                format!("{before}{name}{value}{after}")
            };
            let items = items.iter().enumerate().map(item).collect::<Vec<_>>();
            let (open, close) = if is_table { ('{', '}') } else { ('[', ']') };
            let comma = if items.is_empty() { "" } else { "," };
            format!("{open}{}{comma}{end}{close}", items.join(","))
        };
        (items(), gap(), any::<bool>())
            .prop_map(move |(items, end, is_table)| list(items, end, is_table))
    })
}

fn document() -> impl Strategy<Value = String> {
    let comment = prop_oneof![2 => Just(String::new()), 1 => " {0,2}#[ -~é]{0,30}"];
    let line = prop_oneof![
        3 => (spaces(), spaces(), value(), comment.clone()).prop_map(|(before, around, value, comment)| {
            format!("{before}NAME{around}={around}{value}{comment}")
        }),
        1 => (spaces(), comment.clone()).prop_map(|(space, comment)| format!("{space}[{space}NAME{space}]{comment}")),
        1 => (spaces(), comment.clone()).prop_map(|(space, comment)| format!("[[{space}list]]{comment}")),
        2 => (spaces(), comment).prop_map(|(space, comment)| space + &comment),
    ];
    let line_end = prop_oneof!["\n", "\r\n", "\n\n\n"];
    prop::collection::vec((line, line_end), 0..12).prop_map(|lines| {
        let number = |(index, (line, end)): (usize, &(String, String))| {
            line.replacen("NAME", &format!("k{index}"), 1) + end
        };
        lines.iter().enumerate().map(number).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn formatting_again_changes_nothing_and_no_meaning_ever_changes(text in document()) {
        let formatted = format(&text).unwrap();
        assert_same_meaning(&text, &formatted);
        prop_assert_eq!(&format(&formatted).unwrap(), &formatted, "{}", text);
        prop_assert!(formatted.lines().all(|line| !line.ends_with(' ') || formatted.contains("'''") || formatted.contains("\"\"\"")));
    }
}
