//! Settings: what starts a function, and everything that is said of those that do not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::arithmetic_side_effects,
    clippy::unchecked_time_subtraction,
    dead_code,
    reason = "a panic is the failure report, and not every test needs all of the support"
)]

mod support;

use support::environment;
use webhook::{Deployment, Provider};

fn problems(provider: &Provider, settings: &[(&str, &str)]) -> Vec<String> {
    let read = Deployment::read(provider, &environment(settings.iter().copied()));
    read.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

const GOOD: &[(&str, &str)] = &[
    ("DITTO_DATABASE_IDS", "3f5c1c0e-1111-4222-8333-0123456789ab, other"),
    ("DITTO_SIGNATURE_SECRET", "ditto"),
    ("SIGNING_KEYS_SECRET", "keys"),
    ("ISSUER", "https://id.example.org/"),
    ("AUDIENCE", "a,b"),
];

/// The good settings with some of them replaced; an empty value takes one away.
fn with(changes: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let kept = GOOD.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes).copied().collect()
}

#[test]
fn good_settings_start_and_the_platforms_variables_are_left_alone() {
    for (name, changes) in [
        ("as they are", vec![]),
        ("all databases on purpose", vec![("DITTO_DATABASE_IDS", "*")]),
        (
            "no signatures on purpose",
            vec![("DITTO_SIGNATURE", "off"), ("DITTO_SIGNATURE_SECRET", "")],
        ),
        ("several names", vec![("PROVIDER_NAME", "a,b")]),
        ("a provider on this machine", vec![("ISSUER", "http://127.0.0.1:4000/oidc")]),
        ("algorithms", vec![("ALGORITHMS", "ES256,Ed25519")]),
        ("empty ones count as not given", vec![("LOG_LEVEL", ""), ("TOKEN_KIND", " ")]),
        (
            "the platform's",
            vec![
                ("AWS_REGION", "x"),
                ("PATH", "x"),
                ("_HANDLER", "x"),
                ("HOSTNAME", "x"),
                ("LANG", "x"),
            ],
        ),
    ] {
        assert_eq!(problems(&oidc::PROVIDER, &with(&changes)), [""; 0], "{name}");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let wrong = [
        ("AUDIENCES", "a"),
        ("DITTO_DATABASE_IDS", "a b"),
        ("DITTO_SIGNATURE", "Off"),
        ("DITTO_TOKEN", "x"),
        ("ISSUER", "login.example.org"),
        ("TOKEN_KIND", "acess"),
        ("ALGORITHMS", "RS256,HS256"),
        ("LOG_LEVEL", "loud"),
        ("log_level", "info"),
    ];
    assert_eq!(
        problems(&oidc::PROVIDER, &wrong),
        [
            "setting.unknown: AUDIENCES: is not a setting; did you mean `AUDIENCE`?",
            "setting.unknown: DITTO_TOKEN: is not a setting",
            "setting.unknown: log_level: is not a setting; did you mean `LOG_LEVEL`?",
            "setting.invalid: DITTO_DATABASE_IDS: must be ids of letters, digits and hyphens, or `*` alone",
            "setting.invalid: DITTO_SIGNATURE: must be one of required, off; did you mean `off`?",
            "setting.missing: SIGNING_KEYS_SECRET: must be given",
            "setting.invalid: LOG_LEVEL: must be one of info, error, warn, debug, trace",
            "setting.missing: AUDIENCE: must be given",
            "setting.invalid: TOKEN_KIND: must be one of access, id; did you mean `access`?",
            "setting.invalid: ALGORITHMS: each must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA",
            "setting.invalid: ISSUER: must be an https URL",
        ]
    );
}

#[test]
fn each_mistake_is_told_with_its_code() {
    for (name, changes, expected) in [
        (
            "signature off and a secret",
            vec![("DITTO_SIGNATURE", "off")],
            "setting.contradiction: DITTO_SIGNATURE_SECRET: is given although DITTO_SIGNATURE is `off`; remove one of the two",
        ),
        (
            "signature required, no secret",
            vec![("DITTO_SIGNATURE_SECRET", "")],
            "setting.missing: DITTO_SIGNATURE_SECRET: must be given",
        ),
        (
            "no databases",
            vec![("DITTO_DATABASE_IDS", "")],
            "setting.missing: DITTO_DATABASE_IDS: must be given",
        ),
        (
            "all databases and one",
            vec![("DITTO_DATABASE_IDS", "*,x")],
            "setting.invalid: DITTO_DATABASE_IDS: must be ids of letters, digits and hyphens, or `*` alone",
        ),
        (
            "a name too few",
            vec![("AUDIENCE", "a,,b")],
            "setting.invalid: AUDIENCE: has an empty name between two commas",
        ),
        ("a blank audience", vec![("AUDIENCE", " ")], "setting.missing: AUDIENCE: must be given"),
        (
            "issuer that only begins like this machine",
            vec![("ISSUER", "http://127.0.0.1.evil.example")],
            "setting.invalid: ISSUER: must be an https URL",
        ),
        (
            "no algorithm",
            vec![("ALGORITHMS", "none")],
            "setting.invalid: ALGORITHMS: each must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA",
        ),
    ] {
        assert_eq!(problems(&oidc::PROVIDER, &with(&changes)), [expected], "{name}");
    }
    assert_eq!(problems(&custom::PROVIDER, &with(&[("ALGORITHMS", "HS256")])), [""; 0]);
}

#[test]
fn problems_of_the_policy_are_told_with_those_of_the_settings() {
    let provider = Provider { policy: "user_id = 1", ..oidc::PROVIDER };
    assert_eq!(
        problems(&provider, &with(&[("AUDIENCE", "")])),
        [
            "policy.toml:1:1: policy.missing_name: `session` is missing",
            "policy.toml:1:1: policy.missing_name: `grant` is missing",
            "policy.toml:1:11: policy.wrong_type: expected a string, found integer",
            "setting.missing: AUDIENCE: must be given",
        ]
    );
}

#[test]
fn no_value_of_a_setting_is_shown() {
    let secret = "c2VjcmV0LXBhc3RlZC1oZXJl";
    let shown = problems(
        &oidc::PROVIDER,
        &[
            ("DITTO_SIGNATURE", secret),
            ("LOG_LEVEL", secret),
            ("ISSUER", secret),
            ("ALGORITHMS", secret),
            ("DITTO_DATABASE_IDS", "c2VjcmV0 LXBhc3RlZC1oZXJl"),
        ],
    );
    assert!(shown.len() >= 5 && shown.iter().all(|line| !line.contains("c2VjcmV0")), "{shown:?}");
}
