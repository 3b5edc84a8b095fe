//! What the tool prints for editors, shells and readers.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::fs;
use std::process::{Command, Output};

fn ditto_auth(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ditto-auth")).args(arguments).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = ditto_auth(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The commands, as the help lists them.
fn commands() -> Vec<String> {
    let help = text(&["--help"]);
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter(|line| !line.starts_with("   "));
    let names = names.map(|line| line.split_whitespace().next().unwrap().to_owned());
    let names = names.collect::<Vec<_>>();
    for name in ["fmt", "schema", "init", "completions", "man", "serve"] {
        assert!(names.iter().any(|it| it == name), "{name} is not in {names:?}");
    }
    names
}

#[test]
fn the_schema_is_that_of_the_documentation() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/policy.schema.json");
    assert_eq!(text(&["schema"]), fs::read_to_string(file).unwrap());
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = text(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&command), "{command} is not in that of {shell}");
        }
    }
    assert_eq!(ditto_auth(&["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn the_completions_of_bash_are_a_script() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ditto-auth.bash");
    fs::write(&file, text(&["completions", "bash"])).unwrap();
    let check = Command::new("bash").arg("-n").arg(&file).output().unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn every_command_has_a_manual_page() {
    let page = text(&["man"]).replace("\\-", "-");
    assert!(page.contains(".TH ditto-auth 1"), "{page}");
    for command in commands() {
        assert!(page.contains(&format!("ditto-auth-{command}(1)")), "{command} is not in {page}");
        let page = text(&["man", &command]).replace("\\-", "-");
        assert!(page.contains(&format!(".TH ditto-auth-{command} 1")), "{page}");
    }
    let nested = text(&["man", "event", "sign"]).replace("\\-", "-");
    assert!(nested.contains("ditto-auth event sign"), "{nested}");
    let unknown = ditto_auth(&["man", "event", "sing"]);
    assert_eq!(unknown.status.code(), Some(2));
    let error = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(error, "error: there is no command `event sing`\n");
}
