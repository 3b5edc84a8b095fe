//! `ditto-auth test` as people run it.
#![allow(clippy::unwrap_used, reason = "a panic is the failure report")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const POLICY: &str = r#"user_id = "{sub}"

[session]
length = "12h"

[[grant]]
write = { tasks = "_id.owner == {sub}" }

[[grant]]
when = { claim = "role", equals = "admin" }
read = "everything"
"#;

const USER: &str = r#"[[persona]]
name = "user"
claims = { sub = "u" }
expect = { write = { tasks = ["_id.owner == 'u'"] } } # own tasks
"#;

const ADMIN: &str = r#"
[[persona]]
name = "admin"
claims = { sub = "a", role = "admin" }
expect = { read = "everything" }
"#;

/// The exit code, standard output and standard error.
fn test(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ditto-auth"));
    let output = command.arg("test").args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn functions(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        let file = folder.path().join("functions").join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn one(policy: &str, tests: &str) -> TempDir {
    functions(&[("a/policy.toml", policy), ("a/policy.test.toml", tests)])
}

#[test]
fn the_shipped_policies_pass_and_are_covered() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let (code, out, err) = test(Path::new(root), &["--coverage-min", "100"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    for line in ["functions/custom/policy.test.toml", "functions/oidc/policy.test.toml"] {
        assert!(out.lines().any(|found| found == line), "{out}");
    }
    assert_eq!(out.matches("coverage 100 %").count(), 2, "{out}");
}

#[test]
fn all_functions_with_a_policy_are_tested() {
    let tests = format!("{USER}{ADMIN}");
    let folder = functions(&[
        ("a/policy.toml", POLICY),
        ("a/policy.test.toml", &tests),
        ("b/policy.toml", &POLICY.replace("owner", "author")),
        ("b/policy.test.toml", USER),
        ("c/Cargo.toml", ""),
    ]);
    let expected = r#"functions/a/policy.test.toml
  pass  user      231 bytes, 1 query
  pass  admin     230 bytes, 1 query
2 passed, 0 failed
coverage 100 %: 5 of 5 branches of the policy

functions/b/policy.test.toml
  FAIL  user     232 bytes, 1 query
        functions/b/policy.test.toml:1: the answer differs
          - write.tasks = "_id.owner == 'u'"
          + write.tasks = "_id.author == 'u'"
0 passed, 1 failed
coverage 60 %: 3 of 5 branches of the policy
functions/b/policy.toml:9: no persona where grant 2 applies
    [[grant]]
functions/b/policy.toml:10: no persona where the condition holds
    when = { claim = "role", equals = "admin" }
"#;
    let (code, out, err) = test(folder.path(), &[]);
    assert_eq!((code, out.as_str(), err.as_str()), (Some(1), expected, ""));
    assert_eq!(test(folder.path(), &["functions/a"]).0, Some(0));
}

#[test]
fn coverage_can_be_demanded() {
    let folder = one(POLICY, USER);
    for (percent, expected) in [("60", 0), ("61", 1), ("100", 1)] {
        let (code, _, err) = test(folder.path(), &["--coverage-min", percent]);
        assert_eq!(code, Some(expected), "{percent}: {err}");
        assert_eq!(err.contains("covers 60 %"), expected == 1, "{err}");
    }
    assert_eq!(test(folder.path(), &["--coverage-min", "101"]).0, Some(2));
    assert_eq!(test(folder.path(), &["--coverage-min", "1", "--filter", "u"]).0, Some(2));
}

#[test]
fn expectations_are_rewritten() {
    let tests = format!("{USER}{ADMIN}");
    let folder = one(&POLICY.replace("owner", "author"), &tests);
    let file = folder.path().join("functions/a/policy.test.toml");
    assert_eq!(test(folder.path(), &[]).0, Some(1));
    assert_eq!(fs::read_to_string(&file).unwrap(), tests);
    let (code, out, err) = test(folder.path(), &["--update"]);
    assert_eq!(
        (code, err.as_str()),
        (Some(0), "functions/a/policy.test.toml: updated user\n"),
        "{out}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), tests.replace("owner", "author"));
    assert_eq!(test(folder.path(), &[]).0, Some(0));
}

#[test]
fn a_filter_chooses_personas() {
    let broken = format!("{USER}{ADMIN}").replace("_id.owner", "_id.author");
    let folder = one(POLICY, &broken);
    let (code, out, _) = test(folder.path(), &["--filter", "dmi"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("admin") && !out.contains("user") && !out.contains("coverage"), "{out}");
    assert_eq!(test(folder.path(), &["--filter", "user"]).0, Some(1));
    let (code, _, err) = test(folder.path(), &["--filter", "nobody"]);
    assert_eq!((code, err.as_str()), (Some(2), "error: no persona has `nobody` in its name\n"));
}

#[test]
fn programs_read_json_and_junit() {
    let folder = one(&POLICY.replace("owner", "author"), USER);
    let arguments = ["--format", "json", "--junit", "report.xml", "--budget-bytes", "231"];
    let (code, out, _) = test(folder.path(), &arguments);
    assert_eq!(code, Some(1));
    let json = serde_json::from_str::<Value>(&out).unwrap();
    assert_eq!(json.pointer("/0/failures"), Some(&1.into()));
    assert_eq!(json.pointer("/0/personas/0/footprint/bytes"), Some(&232.into()));
    assert_eq!(json.pointer("/0/personas/0/within_budget"), Some(&false.into()));
    let xml = fs::read_to_string(folder.path().join("report.xml")).unwrap();
    assert!(xml.contains(r#"<testsuite name="functions/a/policy.test.toml" tests="1""#), "{xml}");
    assert!(xml.contains(r#"<failure message="the answer differs" type="policy">"#), "{xml}");
}

#[test]
fn what_cannot_be_tested_is_an_error() {
    let functions = |policy: &str, tests: Option<&str>| {
        let mut files = vec![("a/policy.toml", policy)];
        files.extend(tests.map(|tests| ("a/policy.test.toml", tests)));
        files.push(("b/policy.toml", POLICY));
        files.push(("b/policy.test.toml", USER));
        functions(&files)
    };
    for (folder, expected) in [
        (functions(POLICY, None), "functions/a/policy.test.toml: there is no such file; write who"),
        (
            functions("user_id = 1\n", Some(USER)),
            "functions/a/policy.toml:1:11: policy.wrong_type: ",
        ),
        (
            functions(POLICY, Some(&USER.replace("claims", "claim"))),
            "functions/a/policy.test.toml:1:1: test.missing_name: `claims` is missing\nfunctions/a/policy.test.toml:3:1: test.unknown_name: `claim` is not a name of a persona (did you mean `claims`?)\n",
        ),
    ] {
        for arguments in [&[][..], &["--update"][..]] {
            let (code, out, err) = test(folder.path(), arguments);
            assert_eq!(code, Some(2), "{err}");
            assert!(err.starts_with("error: ") && err.contains(expected), "{err}");
            // The others are tested all the same.
            assert!(out.contains("functions/b/policy.test.toml\n  pass  user"), "{out}");
        }
    }
    let empty = tempfile::tempdir().unwrap();
    let (code, _, err) = test(empty.path(), &[]);
    assert!(
        code == Some(2) && err.starts_with("error: there is no functions/*/policy.toml here"),
        "{err}"
    );
    let (code, _, err) = test(empty.path(), &["nowhere"]);
    assert!(code == Some(2) && err.starts_with("error: nowhere/policy.toml: "), "{err}");
}
