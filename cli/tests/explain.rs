//! `ditto-auth explain` as people run it.
#![allow(clippy::unwrap_used, reason = "a panic is the failure report")]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tempfile::TempDir;

const POLICY: &str = r#"user_id = "{sub}"

[session]
length = "12h"

[[grant]]
when = { claim = "role", equals = "driver" }
read = { orders = "_id.driver == {sub}", all = "true" }

[client_info]
provider = "{request.provider}"
database = "{request.database_id}"
"#;

/// The exit code, standard output and standard error.
fn explain(folder: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ditto-auth"))
        .args(["explain", "policy.toml"])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that fails before it reads has closed its end.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), POLICY).unwrap();
    folder
}

fn token(claims: &Value) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{}", encode(r#"{"alg":"none"}"#), encode(&claims.to_string()), "c2lnbmF0dXJl")
}

const DRIVER: &str = r#"{"sub": "dan", "role": "driver"}"#;

#[test]
fn an_accepted_login_is_explained() {
    let folder = folder();
    fs::write(folder.path().join("claims.json"), DRIVER).unwrap();
    let documents = ["--doc", "orders={\"driver\": \"dan\"}", "--doc", "tasks=1"];
    let (code, out, err) =
        explain(folder.path(), &[&["--claims", "claims.json"], &documents[..]].concat(), "");
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    for line in [
        "accepted: user \"dan\"",
        "  policy.toml:6    grant 1 applies",
        "  policy.toml:7     > { claim = \"role\", equals = \"driver\" }: holds (`role` is \"driver\")",
        "session 1h: the token's remaining life",
        "  all         all         none",
        "  orders      1 query     none",
        "  orders {\"driver\":\"dan\"}",
        "    can read it: _id.driver == 'dan' matches it",
        "    cannot write it: no query matches it",
        "    \"provider\": \"test\"",
    ] {
        assert!(out.lines().any(|found| found == line), "no {line} in\n{out}");
    }
    assert!(!out.contains("VERIFIED"), "{out}");
    let (code, piped, _) = explain(folder.path(), &["--claims", "-"], DRIVER);
    assert_eq!(code, Some(0));
    assert!(out.starts_with(&piped), "{piped}");
}

#[test]
fn a_refused_login_is_explained() {
    let (code, out, err) = explain(folder().path(), &["--claims", "-"], r#"{"sub": "eve"}"#);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    let expected = r#"refused: policy.no_grant: no grant of the policy applies to these claims

rules (`>` marks the conditions that decided)
  policy.toml:1    user_id is "eve"
  policy.toml:6    grant 1 does not apply: its `when` cannot be told
  policy.toml:7     > { claim = "role", equals = "driver" }: cannot be told (`role` has no value)
"#;
    assert_eq!(out, expected);
}

#[test]
fn a_token_is_read_and_neither_trusted_nor_shown() {
    let folder = folder();
    let token = token(&json!({"sub": "dan", "role": "driver", "exp": 4600}));
    fs::write(folder.path().join("token"), &token).unwrap();
    for (file, format, input) in
        [("token", "text", ""), ("-", "text", token.as_str()), ("-", "json", &token)]
    {
        let arguments = ["--token", file, "--now", "1970-01-01T01:00:00Z", "--format", format];
        let (code, out, err) = explain(folder.path(), &arguments, input);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
        assert!(token.split('.').all(|part| !out.contains(part)), "{out}");
        if format == "text" {
            assert!(out.starts_with("NOTHING WAS VERIFIED"), "{out}");
            assert!(out.contains("\nsession 1000s: the token's remaining life\n"), "{out}");
        } else {
            let json = serde_json::from_str::<Value>(&out).unwrap();
            assert_eq!(json.get("is_verified"), Some(&Value::Bool(false)));
        }
    }
    for broken in [token.replace('.', ""), format!("{token}.x.y"), token.replace("eyJ", "!")] {
        let (code, out, err) = explain(folder.path(), &["--token", "-"], &broken);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(
            err.starts_with("error: ") && token.split('.').all(|part| !err.contains(part)),
            "{err}"
        );
    }
}

#[test]
fn what_the_request_says_can_be_given() {
    let arguments = [
        "--claims",
        "-",
        "--provider",
        "p",
        "--database",
        "d",
        "--token-life",
        "30m",
        "--format",
        "json",
        "--doc",
        "orders={\"driver\": \"eve\"}",
        "--budget-queries",
        "1",
    ];
    let (code, out, err) = explain(folder().path(), &arguments, DRIVER);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let json = serde_json::from_str::<Value>(&out).unwrap();
    for (pointer, expected) in [
        ("/is_accepted", json!(true)),
        ("/policy", json!("policy.toml")),
        ("/answer/clientInfo", json!({"provider": "p", "database": "d"})),
        ("/answer/expirationSeconds", json!(1800)),
        ("/rules/1/conditions/0/decides", json!(true)),
        ("/matrix/0", json!({"collection": "all", "read": "all", "write": "none"})),
        ("/documents/0/read", json!({"outcome": "nothing"})),
        ("/footprint/queries", json!(2)),
        ("/within_budget", json!(false)),
    ] {
        assert_eq!(json.pointer(pointer), Some(&expected), "{pointer} of {out}");
    }
}

#[test]
fn what_cannot_be_explained_is_an_error() {
    let folder = folder();
    for (arguments, input, expected) in [
        (vec!["--claims", "nowhere.json"], "", "error: nowhere.json: "),
        (vec!["--claims", "-"], "[]", "error: -: no JSON object: "),
        (vec![], "", "required arguments were not provided"),
        (vec!["--claims", "-", "--token", "-"], DRIVER, "cannot be used with"),
        (
            vec!["--claims", "-", "--doc", "tasks"],
            DRIVER,
            "write the collection, `=` and the _id as JSON",
        ),
        (
            vec!["--claims", "-", "--doc", "tasks={x}"],
            DRIVER,
            "write the collection, `=` and the _id as JSON",
        ),
        (vec!["--claims", "-", "--now", "today"], DRIVER, "write it in UTC"),
        (vec!["--claims", "-", "--token-life", "1"], DRIVER, "write a number and a unit"),
    ] {
        let (code, out, err) = explain(folder.path(), &arguments, input);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains(expected), "{err}");
    }
    fs::write(folder.path().join("policy.toml"), "user_id = 1\n").unwrap();
    let (code, _, err) = explain(folder.path(), &["--claims", "-"], DRIVER);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("error: policy.toml:1:1: policy.missing_name: "), "{err}");
}
