//! `ditto-auth init` as people run it.
#![allow(clippy::unwrap_used, reason = "a panic is a test's failure report")]

use std::fs;
use std::process::{Command, Output};

use claim_mapping::Policy;

const PROVIDERS: [&str; 15] = [
    "oidc",
    "custom",
    "auth0",
    "okta",
    "entra",
    "cognito",
    "firebase",
    "google",
    "apple",
    "keycloak",
    "supabase",
    "clerk",
    "stytch",
    "introspection",
    "access-code",
];

fn ditto_auth(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ditto-auth")).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn prints_a_policy_that_loads_for_every_provider() {
    let mut policies = Vec::new();
    for provider in PROVIDERS {
        let output = ditto_auth(&["init", provider]);
        assert_eq!(output.status.code(), Some(0), "{provider}: {}", text(&output.stderr));
        let policy = text(&output.stdout).to_owned();
        assert_eq!(Policy::parse(&policy).err(), None, "{provider}");
        policies.push(policy);
    }
    policies.sort();
    policies.dedup();
    assert_eq!(policies.len(), PROVIDERS.len());
}

#[test]
fn writes_a_file_and_never_over_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.toml");
    let name = file.to_str().unwrap();
    let output = ditto_auth(&["init", "okta", "--out", name]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""));
    assert_eq!(fs::read(&file).unwrap(), ditto_auth(&["init", "okta"]).stdout);

    fs::write(&file, "mine").unwrap();
    let output = ditto_auth(&["init", "okta", "--out", name]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    assert!(error.starts_with(&format!("error: {name} is there already; ")), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");

    let nowhere = folder.path().join("none/policy.toml");
    let output = ditto_auth(&["init", "okta", "--out", nowhere.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("none/policy.toml: "), "{}", text(&output.stderr));
}

#[test]
fn an_unknown_provider_is_met_with_the_nearest_and_the_list() {
    let output = ditto_auth(&["init", "auht0"]);
    let error = text(&output.stderr);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""));
    assert!(error.contains("a similar value exists: 'auth0'"), "{error}");
    for provider in PROVIDERS {
        assert!(error.contains(provider), "{provider} is not in {error}");
    }
    assert_eq!(ditto_auth(&["init"]).status.code(), Some(2));
}
