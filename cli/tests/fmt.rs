//! `ditto-auth fmt` as people run it.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const MESSY: &str = "# Who.\nuser_id='{sub}'   # them\n[session]\nlength = \"12h\"\n";
const NEAT: &str = "# Who.\nuser_id = \"{sub}\" # them\n\n[session]\nlength = \"12h\"\n";

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ditto-auth"))
        .arg("fmt")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn texts(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        let file = folder.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

#[test]
fn formats_the_policies_of_all_functions_and_the_examples_beside_them() {
    let folder = folder(&[
        ("functions/a/policy.toml", MESSY),
        ("functions/b/policy.toml", NEAT),
        ("functions/b/policy.test.toml", "a=1"),
        ("functions/b/Cargo.toml", "a=1"),
        ("policy.toml", MESSY),
    ]);
    let read = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    let changed = "functions/a/policy.toml\nfunctions/b/policy.test.toml\n";
    let output = run(folder.path(), &[], "");
    assert_eq!(texts(&output), (Some(0), changed.to_owned(), String::new()));
    assert_eq!(read("functions/a/policy.toml"), NEAT);
    assert_eq!(read("functions/b/policy.test.toml"), "a = 1\n");
    assert_eq!(read("functions/b/Cargo.toml"), "a=1");
    assert_eq!(read("policy.toml"), MESSY);
    let again = run(folder.path(), &[], "");
    assert_eq!(texts(&again), (Some(0), String::new(), String::new()));
}

#[test]
fn a_check_shows_what_would_change_and_changes_nothing() {
    let folder = folder(&[("messy.toml", MESSY), ("neat.toml", NEAT)]);
    let output = run(folder.path(), &["--check", "messy.toml", "neat.toml"], "");
    let difference = "\
--- messy.toml
+++ messy.toml, formatted
@@ -1,3 +1,4 @@
 # Who.
-user_id='{sub}'   # them
+user_id = \"{sub}\" # them
+
 [session]
";
    assert_eq!(texts(&output), (Some(1), difference.to_owned(), String::new()));
    assert_eq!(fs::read_to_string(folder.path().join("messy.toml")).unwrap(), MESSY);
    let neat = run(folder.path(), &["--check", "neat.toml"], "");
    assert_eq!(texts(&neat), (Some(0), String::new(), String::new()));
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = folder(&[]);
    let output = run(folder.path(), &["-"], MESSY);
    assert_eq!(texts(&output), (Some(0), NEAT.to_owned(), String::new()));
    assert_eq!(texts(&run(folder.path(), &["-"], "")), (Some(0), String::new(), String::new()));
    assert_eq!(run(folder.path(), &["--check", "-"], MESSY).status.code(), Some(1));
    assert_eq!(run(folder.path(), &["--check", "-"], NEAT).status.code(), Some(0));
}

#[test]
fn what_cannot_be_formatted_is_named_and_keeps_no_other_from_it() {
    let folder = folder(&[("broken.toml", "a = 1\nb = \n"), ("messy.toml", MESSY)]);
    let (code, shown, error) =
        texts(&run(folder.path(), &["broken.toml", "missing.toml", "messy.toml"], ""));
    assert_eq!((code, shown.as_str()), (Some(2), "messy.toml\n"));
    let lines = error.lines().collect::<Vec<_>>();
    assert_eq!(lines.len(), 2, "{error}");
    for (line, start) in
        lines.iter().zip(["error: broken.toml:2:5: policy.syntax: ", "error: missing.toml: "])
    {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("broken.toml")).unwrap(), "a = 1\nb = \n");

    let check = run(folder.path(), &["--check", "broken.toml", "messy.toml"], "");
    assert_eq!(check.status.code(), Some(2));
    let (code, _, error) = texts(&run(folder.path(), &[], ""));
    assert_eq!(code, Some(2));
    assert!(error.starts_with("error: there is no functions/*/policy.toml here"), "{error}");
}
