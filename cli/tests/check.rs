//! `ditto-auth check` as people run it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is the failure report")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const GOOD: &str = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n[[grant]]\nread = { t = \"_id.o == {sub}\" }\nwrite = { t = \"_id.o == {sub}\" }\n";

fn folder(policies: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in policies {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ditto-auth"));
    command.current_dir(folder).arg("check").args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A policy with one warning, on its fifth line.
fn warned() -> String {
    GOOD.replace("write", "# writes\nremote_query = true #")
        .replace("[[grant]]\n", "[[grant]]\n# \n")
}

#[test]
fn the_exit_code_says_how_bad_it_is() {
    let bad = GOOD.replace("length", "lenght");
    let warned = warned();
    let folder = folder(&[("good.toml", GOOD), ("warned.toml", &warned), ("bad.toml", &bad)]);
    for (arguments, code, last) in [
        (&["good.toml"][..], 0, "1 policy: no problems"),
        (&["warned.toml"], 0, "1 policy: 1 warning"),
        (&["warned.toml", "--deny-warnings"], 1, "1 policy: 1 warning"),
        (&["good.toml", "--deny-warnings"], 0, "1 policy: no problems"),
        (&["bad.toml"], 1, "1 policy: 2 errors"),
        (&["good.toml", "warned.toml", "bad.toml"], 1, "3 policies: 2 errors, 1 warning"),
        (&["missing.toml", "bad.toml"], 2, "1 policy: 2 errors"),
    ] {
        let output = run(folder.path(), arguments);
        let text = stdout(&output);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{text}");
        assert_eq!(text.lines().last(), Some(last), "{arguments:?}\n{text}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(error.starts_with("error: missing.toml: "), code == 2, "{error}");
        assert_eq!(error.is_empty(), code != 2, "{error}");
    }
}

#[test]
fn a_diagnostic_shows_its_place_its_line_and_what_to_do() {
    let folder = folder(&[("policy.toml", &GOOD.replace("length", "lenght"))]);
    let text = stdout(&run(folder.path(), &["policy.toml"]));
    let unknown = "error[policy.unknown_name]: `lenght` is not a name of `session`
 --> policy.toml:3:1
  |
3 | lenght = \"1h\"
  | ^^^^^^
  |
  = help: did you mean `length`?
";
    assert!(text.contains(unknown), "{text}");
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn without_names_it_reads_the_policies_of_all_functions() {
    let policies = [("functions/b/policy.toml", GOOD), ("functions/a/policy.toml", "x = 1\n")];
    let with_functions = folder(&policies);
    fs::create_dir(with_functions.path().join("functions/c")).unwrap();
    let output = run(with_functions.path(), &[]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    let name = Path::new("functions").join("a").join("policy.toml");
    assert!(text.contains(&format!("--> {}:1:1", name.display())), "{text}");
    assert!(text.ends_with("2 policies: 4 errors\n"), "{text}");
    let without = run(folder(&[]).path(), &[]);
    assert_eq!(without.status.code(), Some(2));
    let error = String::from_utf8(without.stderr).unwrap();
    assert_eq!(error, "error: there is no functions/*/policy.toml here; name what is meant\n");
}

#[test]
fn a_dash_is_standard_input() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ditto-auth"));
    command.args(["check", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"x = 1\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("--> stdin:1:1"), "{}", stdout(&output));
}

#[test]
fn machines_get_one_document_of_all_files() {
    let warned = warned();
    let folder =
        folder(&[("good.toml", GOOD), ("a/warned.toml", &warned), ("bad.toml", "x = 1\n")]);
    let files = ["good.toml", "a/warned.toml", "missing.toml", "bad.toml"];
    for format in ["json", "sarif"] {
        let arguments = [&["--format", format], &files[..]].concat();
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(2));
        let report = serde_json::from_slice::<Value>(&output.stdout).unwrap();
        let (places, first) = if format == "json" {
            (&report["diagnostics"], &report["diagnostics"][0]["file"])
        } else {
            let results = &report["runs"][0]["results"];
            (results, &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        };
        assert_eq!((places.as_array().unwrap().len(), first), (5, &Value::from("a/warned.toml")));
    }
    let none = run(folder.path(), &["--format", "json", "good.toml"]);
    assert_eq!(none.status.code(), Some(0));
    assert_eq!(serde_json::from_slice::<Value>(&none.stdout).unwrap()["warnings"], 0);
}
