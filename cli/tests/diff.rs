//! `ditto-auth diff` as people run it.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const OLD: &str = r#"user_id = "{sub}"

[session]
length = "12h"

[[grant]]
read = { tasks = "_id.owner == {sub}" }
"#;

const PERSONAS: &str = r#"[[persona]]
name = "dora, who drives"
claims = { sub = "dora", role = "driver", tenant = "north" }

[persona.expect]
user_id = "dora"
"#;

fn new() -> String {
    let grant = r#"[[grant]]
when = { claim = "role", equals = "driver" }
read = { orders = "_id.tenant == {tenant}" }
"#;
    format!("{OLD}\n{grant}")
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        fs::write(folder.path().join(file), text).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ditto-auth"));
    let output: Output = command.arg("diff").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_widening_is_shown_and_fails_unless_it_is_allowed() {
    let folder = folder(&[("old.toml", OLD), ("new.toml", &new())]);
    let (code, text, error) = run(folder.path(), &["old.toml", "new.toml"]);
    assert_eq!((code, error.as_str()), (Some(1), ""), "{text}");
    let shown = "\
+ read:orders gained
  who       everyone where role = driver
  before    nothing
  now       _id.tenant == {tenant}
  document  {\"tenant\":\"tenant-1\"}
  example   {\"role\":\"driver\",\"sub\":\"sub-1\",\"tenant\":\"tenant-1\"}

1 difference found in ";
    assert!(text.starts_with(shown), "{text}");
    for (arguments, expected) in [
        (&["old.toml", "new.toml", "--allow", "read:orders"][..], 0),
        (&["old.toml", "new.toml", "--allow", "session", "--allow", "read:*"], 0),
        (&["old.toml", "new.toml", "--allow", "write:*"], 1),
        (&["new.toml", "old.toml"], 0),
        (&["old.toml", "old.toml"], 0),
    ] {
        let (code, text, error) = run(folder.path(), arguments);
        assert_eq!((code, error.as_str()), (Some(expected), ""), "{arguments:?}\n{text}");
    }
}

#[test]
fn no_difference_is_said_with_how_it_was_looked_for() {
    let folder = folder(&[("old.toml", OLD), ("new.toml", &format!("# the same\n{OLD}"))]);
    let (code, text, _) = run(folder.path(), &["old.toml", "new.toml"]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with("no difference found in "), "{text}");
    assert!(text.contains(" generated logins; ") && text.contains("no proof"), "{text}");
}

#[test]
fn personas_beside_either_policy_are_tried() {
    let folder = folder(&[
        ("old.toml", OLD),
        ("old.test.toml", PERSONAS),
        ("new.toml", &new()),
        ("new.test.toml", &PERSONAS.replace("dora", "dirk")),
    ]);
    let (code, text, error) = run(folder.path(), &["old.toml", "new.toml", "--format", "json"]);
    assert_eq!((code, error.as_str()), (Some(1), ""), "{text}");
    let answer = serde_json::from_str::<serde_json::Value>(&text).unwrap();
    let change = answer.pointer("/changes/0").unwrap();
    assert_eq!(
        change.get("personas"),
        Some(&serde_json::json!(["dora, who drives", "dirk, who drives"]))
    );
    assert_eq!(change.get("subject"), Some(&serde_json::json!("read:orders")));
    assert_eq!(answer.pointer("/logins/personas"), Some(&serde_json::json!(2)));
    assert_eq!(answer.get("widens"), Some(&serde_json::json!(true)));
}

#[test]
fn the_old_policy_may_come_from_git() {
    let folder = folder(&[("policy.toml", OLD)]);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        let mut command = Command::new("git");
        let output =
            command.args(identity).args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "old"]);
    fs::write(folder.path().join("policy.toml"), new()).unwrap();
    let (code, text, error) = run(folder.path(), &["--git", "HEAD", "policy.toml"]);
    assert_eq!((code, error.as_str()), (Some(1), ""), "{text}");
    assert!(text.starts_with("+ read:orders gained\n"), "{text}");
    let (code, _, error) = run(folder.path(), &["--git", "nowhere", "policy.toml"]);
    assert_eq!(code, Some(2));
    assert!(error.starts_with("error: policy.toml, as of nowhere: "), "{error}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let folder = folder(&[
        ("old.toml", OLD),
        ("broken.toml", "user_id = \"{sub}\"\nsesion = 1\n"),
        ("beside.toml", OLD),
        ("beside.test.toml", "[[persona]]\nnam = \"x\"\n"),
    ]);
    for (arguments, expected) in [
        (&["old.toml", "missing.toml"][..], "error: missing.toml: "),
        (&["old.toml", "broken.toml"], "error: broken.toml:1:1: policy.missing_name: "),
        (&["old.toml", "beside.toml"], "error: beside.test.toml:"),
        (
            &["old.toml", "old.toml", "--allow", "read:task"],
            "error: `read:task` is nothing that can be allowed; the words are ",
        ),
        (&["old.toml"], "error: the following required arguments were not provided"),
    ] {
        let (code, text, error) = run(folder.path(), arguments);
        assert_eq!((code, text.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(error.starts_with(expected), "{arguments:?}: {error}");
    }
}
