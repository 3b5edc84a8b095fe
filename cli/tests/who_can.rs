//! `ditto-auth who-can` as people run it.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

const POLICY: &str = r#"user_id = "{sub}"

[session]
length = "12h"

[[require]]
claim = "email_verified"
boolean = true

[role.driver]
read = { orders = "(_id.tenant == {tenant}) && (_id.driver == {sub})" }

[[grant]]
when = [{ claim = "role", any_of = ["driver", "courier"] }, { claim = "level", at_least = 2 }]
roles = ["driver"]

[[grant]]
when = { claim = "groups", contains = "ops" }
write = "everything"
"#;

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("functions/a")).unwrap();
    fs::write(folder.path().join("functions/a/policy.toml"), POLICY).unwrap();
    fs::write(folder.path().join("broken.toml"), "a").unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ditto-auth"));
    let output = command.arg("who-can").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn says_who_can_and_what_they_must_be_for_a_document() {
    let folder = folder();
    let expected = "\
functions/a/policy.toml
  role is one of driver, courier AND level >= 2
    by        grant 1, role driver (line 13)
    what      (_id.tenant == {tenant}) && (_id.driver == {sub})
    claims    sub must be 'u1', tenant must be 'north'
    needs     sub, tenant
  everybody must meet: email_verified is true
";
    let document = r#"{"tenant": "north", "driver": "u1"}"#;
    let answer = run(folder.path(), &["read", "orders", "--doc", document]);
    assert_eq!(answer, (Some(0), expected.to_owned(), String::new()));
    let claims = "    claims    sub must be 'u1', tenant must be 'north'\n";
    let answer = run(folder.path(), &["read", "orders", "functions/a/policy.toml"]);
    assert_eq!(answer, (Some(0), expected.replace(claims, ""), String::new()));
}

#[test]
fn nobody_is_an_answer_too() {
    let folder = folder();
    let nobody = "functions/a/policy.toml\n  nobody\n";
    let answer = run(folder.path(), &["read", "orders", "--doc", "{\"tenant\": \"north\"}"]);
    assert_eq!(answer, (Some(1), nobody.to_owned(), String::new()));
    let note = "no policy names the collection `invoices`\n";
    let answer = run(folder.path(), &["read", "invoices"]);
    assert_eq!(answer, (Some(1), nobody.to_owned(), note.to_owned()));
    // Everything is every collection.
    let (code, text, error) = run(folder.path(), &["write", "invoices"]);
    assert_eq!((code, error.as_str()), (Some(0), note));
    assert!(
        text.contains(
            "groups has ops\n    by        grant 2 (line 17)\n    what      everything\n"
        )
    );
}

#[test]
fn programs_read_the_same() {
    let folder = folder();
    let document = r#"{"tenant": "north", "driver": "u1"}"#;
    let arguments = ["read", "orders", "--format", "json", "--doc", document];
    let (code, text, _) = run(folder.path(), &arguments);
    assert_eq!(code, Some(0));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&text).unwrap(),
        json!([{
            "policy": "functions/a/policy.toml",
            "requirements": ["email_verified is true"],
            "denials": [],
            "ways": [{
                "grant": 1,
                "line": 13,
                "role": "driver",
                "condition": "role is one of driver, courier AND level >= 2",
                "until": null,
                "needs": ["sub", "tenant"],
                "everything": false,
                "queries": [{
                    "query": "(_id.tenant == {tenant}) && (_id.driver == {sub})",
                    "claims": [["sub must be 'u1'", "tenant must be 'north'"]],
                }],
            }],
        }])
    );
}

#[test]
fn what_cannot_be_told_is_said() {
    let folder = folder();
    for (arguments, code, expected) in [
        (
            &["read", "ordres"][..],
            1,
            "error: no policy names the collection `ordres`; did you mean `orders`?",
        ),
        (&["read", "orders", "missing.toml"], 2, "error: missing.toml: "),
        (&["read", "orders", "broken.toml"], 2, "error: broken.toml:1:"),
        (&["read", "orders", "--doc", "{"], 2, "error: --doc takes a document's `_id` as JSON: "),
        (&["delete", "orders"], 2, "error: invalid value 'delete' for '<read|write>'"),
    ] {
        let (found, text, error) = run(folder.path(), arguments);
        assert_eq!((found, text.as_str()), (Some(code), ""), "{arguments:?}: {error}");
        assert!(error.starts_with(expected), "{arguments:?}: {error}");
    }
    let (code, _, error) = run(&folder.path().join("functions"), &["read", "orders"]);
    assert_eq!(
        (code, error.starts_with("error: there is no functions")),
        (Some(2), true),
        "{error}"
    );
}
