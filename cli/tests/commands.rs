//! The commands as people run them.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::net::TcpListener;
use std::process::{Command, Output};

fn ditto_auth(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ditto-auth")).args(arguments).output().unwrap()
}

#[test]
fn the_demo_shows_every_login_and_ends_well() {
    let output = ditto_auth(&["demo"]);
    let table = String::from_utf8(output.stdout).unwrap();
    let progress = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{table}\n{progress}");
    assert!(progress.contains("Starting the webhook at http://127.0.0.1:"), "{progress}");
    for row in [
        ["oidc", "ada", "accepted", ""],
        ["oidc", "grace", "accepted", ""],
        ["custom", "dan", "accepted", ""],
        ["custom", "x' || true || 'y", "accepted", ""],
        ["oidc", "mallory", "refused", "token.expired"],
        ["oidc", "mallory", "refused", "token.audience"],
        ["oidc", "mallory", "refused", "token.unsigned"],
        ["custom", "mallory", "refused", "token.signature"],
        ["custom", "mallory", "no verdict", "caller.signature"],
    ] {
        let is_row = |line: &str| row.iter().all(|cell| line.contains(cell));
        assert!(table.lines().any(is_row), "no row {row:?} in\n{table}");
    }
    assert!(table.contains("What to do next"), "{table}");
}

#[test]
fn a_port_in_use_is_an_error_that_names_it() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = ditto_auth(&["serve", "--port", &port]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(error.starts_with(&format!("error: port {port} of localhost: ")), "{error}");
}

#[test]
fn what_is_no_key_store_or_provider_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keystore.json");
    std::fs::write(&file, "{}").unwrap();
    let file = file.to_str().unwrap();
    let event = concat!(env!("CARGO_MANIFEST_DIR"), "/../events/oidc/accepted.json");
    for (arguments, expected) in [
        (vec!["event", "sign", event, "--keystore", file], "is not a key store of this tool"),
        (vec!["event", "settings", "nobody"], "there is no provider `nobody`"),
    ] {
        let output = ditto_auth(&arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.starts_with("error: ") && error.contains(expected), "{error}");
    }
}

#[test]
fn an_event_is_signed_with_the_keys_of_its_key_store() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keystore.json");
    let file = file.to_str().unwrap();
    assert!(ditto_auth(&["event", "keystore", file]).status.success());
    let event = concat!(env!("CARGO_MANIFEST_DIR"), "/../events/custom/accepted.json");
    let output = ditto_auth(&["event", "sign", event, "--keystore", file]);
    let event = serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    let signature = event.pointer("/headers/ditto-signature").unwrap().as_str().unwrap();
    assert!(signature.starts_with("t="), "{signature}");
    assert!(!event.to_string().contains("$TOKEN"), "{event}");
    assert_eq!(event.get("x-login"), None);
}
