//! `ditto-auth query` and `ditto-auth literal` as people run them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is the failure report")]

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The exit code, standard output and standard error.
fn ditto_auth(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ditto-auth"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that does not read its input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let [stdout, stderr] =
        [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code().unwrap(), stdout, stderr)
}

#[test]
fn queries_that_parse_are_checked_and_those_that_do_not_are_shown() {
    for (queries, code, codes, last) in [
        (&["_id.owner == 'ann'"][..], 0, &[][..], "1 query: no problems"),
        (&["_id.owner == {sub}"], 0, &[], "1 query: no problems"),
        (&["_id == {'a':1}"], 0, &[], "1 query: no problems"),
        (&["_id.x != 1"], 0, &["warning[query.missing_inequality]"], "1 query: 1 warning"),
        (&["!_id.a == 1 && _id.b == 2"], 0, &["error[query.negation_reach]"], ""),
        (&["-1 == _id.n"], 0, &[], "1 query: no problems"),
        (&["_id.a == ", "_id.b == 1"], 2, &["error[query.syntax]"], "2 queries: 1 error"),
        (&["_id.a == 1", "_id.b = 1"], 2, &["error[query.syntax]"], "2 queries: 1 error"),
    ] {
        let arguments = [&["query", "check"], queries].concat();
        let (found, stdout, stderr) = ditto_auth(&arguments, "");
        assert_eq!(found, code, "{queries:?}\n{stdout}{stderr}");
        assert!(codes.iter().all(|code| stdout.contains(code)), "{queries:?}\n{stdout}");
        assert_eq!(codes.is_empty(), !stdout.contains("-->"), "{queries:?}\n{stdout}");
        assert!(stdout.trim_end().ends_with(last), "{queries:?}\n{stdout}");
    }
}

#[test]
fn options_are_no_queries() {
    let query = "-1 == _id.n";
    for arguments in [&["--format", "json", query, query][..], &[query, "--format", "json"]] {
        let (code, stdout, stderr) = ditto_auth(&[&["query", "check"], arguments].concat(), "");
        assert_eq!((code, stderr.as_str()), (0, ""), "{arguments:?}");
        let report = serde_json::from_str::<Value>(&stdout).unwrap();
        assert_eq!(report["errors"], 0, "{report}");
    }
    let (code, _, stderr) = ditto_auth(&["query", "check", query, query, "--format", "json"], "");
    assert_eq!(code, 2);
    assert!(stderr.contains("options stand before the queries"), "{stderr}");
    let (code, stdout, _) = ditto_auth(&["query", "match", "--ids", "-", "-1 == _id"], "-1\n");
    assert_eq!((code, stdout.as_str()), (0, "0\n"));
}

#[test]
fn a_trap_is_shown_at_its_character() {
    let (_, stdout, _) = ditto_auth(&["query", "check", "--format", "json", "'ä' != _id.x"], "");
    let report = serde_json::from_str::<Value>(&stdout).unwrap();
    let found = &report["diagnostics"][0];
    assert_eq!((&found["code"], &found["column"]), (&"query.missing_inequality".into(), &1.into()));
    let (_, stdout, _) = ditto_auth(&["query", "check", "_id.a = 1"], "");
    assert!(stdout.contains("1 | _id.a = 1\n  |       ^"), "{stdout}");
    assert!(stdout.contains("--> query:1:7"), "{stdout}");
}

#[test]
fn match_prints_the_numbers_of_the_matching_ids_and_nothing_else() {
    let ids = "{\"owner\":\"ann\"}\n\n  \n{\"owner\":\"bob\"}\n7\r\n\"ann\"\n{\"owner\":\"ann\"}";
    for (query, expected) in [
        ("_id.owner == 'ann'", "0\n4\n"),
        ("_id == 7", "2\n"),
        ("!(_id.owner == 'ann')", "1\n"),
        ("-1 < _id", "2\n"),
        ("_id.owner == 'eve'", ""),
        ("true", "0\n1\n2\n3\n4\n"),
    ] {
        let (code, stdout, stderr) = ditto_auth(&["query", "match", query, "--ids", "-"], ids);
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, expected, ""), "{query}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ids.jsonl");
    fs::write(&file, ids).unwrap();
    let file = file.to_str().unwrap();
    let (code, stdout, _) = ditto_auth(&["query", "match", "--ids", file, "_id == 'ann'"], "");
    assert_eq!((code, stdout.as_str()), (0, "3\n"));
}

#[test]
fn match_says_why_it_could_not() {
    for (query, ids, code, error) in [
        ("_id.a = 1", "1", 2, "error[query.syntax]"),
        ("_id.owner == {sub}", "1", 2, "error[query.syntax]"),
        ("true", "1\n\nab\n", 2, "error: -:3: no JSON: "),
        ("true", "\"\\ud800\"\n", 2, "error: -:1: no JSON: "),
        (
            "starts_with(_id.z, 'a')",
            "{\"z\":\"a\"}\n\n{\"z\":1}\n",
            3,
            "error: -:3: the engine fails on this id: ",
        ),
        ("starts_with(_id.z, 'a')", "{\"z\":1}\nab\n", 2, "error: -:2: no JSON: "),
        ("nothing(_id)", "1", 3, "error: -:1: the engine fails on this id: "),
    ] {
        let (found, stdout, stderr) = ditto_auth(&["query", "match", query, "--ids", "-"], ids);
        assert_eq!((found, stdout.as_str()), (code, ""), "{query}\n{stderr}");
        assert!(stderr.starts_with(error), "{query}\n{stderr}");
    }
    let (code, stdout, stderr) = ditto_auth(&["query", "match", "true", "--ids", "missing"], "");
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.starts_with("error: missing: "), "{stderr}");
    // No id gets to the function, so the engine does not notice that it does not have it.
    assert_eq!(ditto_auth(&["query", "match", "nothing(_id)", "--ids", "-"], "\n").0, 0);
}

#[test]
fn literal_prints_what_a_placeholder_becomes() {
    for (value, expected) in [
        (r#""it's""#, r"'it\u0027s'"),
        ("-7", "-7"),
        ("true", "true"),
        (r#"["a", 1]"#, "['a',1]"),
        ("9007199254740992", "9007199254740992"),
    ] {
        let (code, stdout, stderr) = ditto_auth(&["literal", value], "");
        assert_eq!((code, stdout.trim_end(), stderr.as_str()), (0, expected, ""), "{value}");
    }
    for value in ["9007199254740993", "-9007199254740993", "1.5", "null", "{}", "ann", ""] {
        let (code, stdout, stderr) = ditto_auth(&["literal", value], "");
        assert_eq!((code, stdout.as_str()), (2, ""), "{value}");
        assert!(stderr.starts_with("error: "), "{stderr}");
    }
}
