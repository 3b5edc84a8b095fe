//! The policies to start from: each loads as it stands, and does with real claims what it says.
#![allow(
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::time::{Duration, UNIX_EPOCH};

use claim_mapping::{Login, Policy, Refusal};
use policy_analysis::{STARTERS, check, format};
use serde_json::{Value, json};

fn starter(provider: &str) -> &'static str {
    STARTERS.iter().find(|starter| starter.provider == provider).unwrap().policy
}

/// The user id, the collections that are read, and whether everything is.
fn evaluate(provider: &str, claims: &Value) -> Result<(String, Vec<String>, bool), Refusal> {
    let policy = Policy::parse(starter(provider)).unwrap();
    let login = Login {
        claims: claims.as_object().unwrap(),
        database_id: "3f5c1c0e-1111-4222-8333-0123456789ab",
        provider,
        now: UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    };
    let decision = policy.evaluate(&login)?;
    let read = decision.permissions.read;
    Ok((decision.user_id, read.queries_by_collection.keys().cloned().collect(), read.everything))
}

#[test]
fn every_starter_loads_is_formatted_and_names_its_schema() {
    assert_eq!(STARTERS.len(), 15);
    for starter in STARTERS {
        let problems = Policy::parse(starter.policy).err();
        assert_eq!(problems, None, "{}", starter.provider);
        assert_eq!(format(starter.policy).unwrap(), starter.policy, "{}", starter.provider);
        let first = starter.policy.lines().next();
        assert_eq!(first, Some("#:schema ../../docs/policy.schema.json"), "{}", starter.provider);
    }
}

/// With every alternative that stands in a comment in force, too.
#[test]
fn every_alternative_loads_and_is_formatted() {
    for starter in STARTERS {
        let mut is_code = false;
        let lines = starter.policy.lines().map(|line| {
            is_code = line.starts_with("# [") || (is_code && line.starts_with('#'));
            let code = line.strip_prefix("# ").or_else(|| line.strip_prefix('#'));
            code.filter(|_| is_code).unwrap_or(line)
        });
        let policy = lines.flat_map(|line| [line, "\n"]).collect::<String>();
        assert_ne!(policy, starter.policy, "{} has no alternatives", starter.provider);
        assert_eq!(Policy::parse(&policy).err(), None, "{}\n{policy}", starter.provider);
        assert_eq!(format(&policy).unwrap(), policy, "{}", starter.provider);
        let found = check(&policy);
        assert!(found.is_empty(), "{}: {found:#?}\n{policy}", starter.provider);
    }
}

#[test]
fn users_get_their_own_documents() {
    for (provider, claims, user_id, collections) in [
        ("oidc", json!({"sub": "u1"}), "u1", vec!["tasks"]),
        (
            "custom",
            json!({"sub": "u1", "role": "driver", "tenant": "north"}),
            "u1",
            vec!["orders", "tasks"],
        ),
        ("auth0", json!({"sub": "auth0|65a1"}), "auth0|65a1", vec!["tasks"]),
        (
            "okta",
            json!({"sub": "ana@acme.example", "uid": "00u1", "scp": ["openid"]}),
            "00u1",
            vec!["tasks"],
        ),
        (
            "entra",
            json!({"sub": "x", "tid": "t1", "oid": "o1", "scp": "Sync.Use", "roles": ["Driver"]}),
            "t1.o1",
            vec!["tasks"],
        ),
        (
            "cognito",
            json!({"sub": "b2f5", "username": "ana", "cognito:groups": ["ops"]}),
            "b2f5",
            vec!["tasks"],
        ),
        (
            "firebase",
            json!({"sub": "Xk3f", "firebase": {"sign_in_provider": "password"}}),
            "Xk3f",
            vec!["tasks"],
        ),
        ("google", json!({"sub": "1101", "hd": "example.com"}), "1101", vec!["notes", "tasks"]),
        ("google", json!({"sub": "1101", "email": "x@example.com"}), "1101", vec!["tasks"]),
        ("apple", json!({"sub": "001234.a", "email_verified": "true"}), "001234.a", vec!["tasks"]),
        (
            "keycloak",
            json!({"sub": "f1e2", "realm_access": {"roles": ["driver"]}}),
            "f1e2",
            vec!["tasks"],
        ),
        (
            "supabase",
            json!({"sub": "4a5b", "role": "authenticated", "is_anonymous": false,
                "user_metadata": {"role": "ditto-admin"}}),
            "4a5b",
            vec!["tasks"],
        ),
        ("clerk", json!({"sub": "user_2"}), "user_2", vec!["tasks"]),
        (
            "clerk",
            json!({"sub": "user_2", "o": {"id": "org_2", "rol": "admin"}}),
            "user_2",
            vec!["members", "notes", "tasks"],
        ),
        (
            "stytch",
            json!({"sub": "member-1", "https://stytch.com/session": {"roles": ["user"]},
                "https://stytch.com/organization": {"organization_id": "o1"}}),
            "member-1",
            vec!["notes", "tasks"],
        ),
        ("introspection", json!({"sub": "u-1001", "scope": "sync"}), "u-1001", vec!["tasks"]),
        (
            "access-code",
            json!({"sub": "kiosk-1", "role": "staff", "site": "s1"}),
            "kiosk-1",
            vec!["orders", "tasks"],
        ),
    ] {
        let (id, read, is_everything) = evaluate(provider, &claims).unwrap();
        assert_eq!((id.as_str(), is_everything), (user_id, false), "{provider}");
        assert_eq!(read, collections, "{provider}: {claims}");
    }
}

#[test]
fn administrators_get_everything() {
    for (provider, claims) in [
        ("oidc", json!({"sub": "u1", "groups": ["ditto-admin"]})),
        ("auth0", json!({"sub": "auth0|65a1", "https://app.example.com/roles": ["ditto-admin"]})),
        ("okta", json!({"uid": "00u1", "groups": ["ditto-admin"]})),
        ("entra", json!({"tid": "t1", "oid": "o1", "scp": "Sync.Use", "roles": ["Ditto.Admin"]})),
        ("cognito", json!({"sub": "b2f5", "username": "ana", "cognito:groups": ["ditto-admin"]})),
        (
            "firebase",
            json!({"sub": "u1", "role": "ditto-admin", "firebase": {"sign_in_provider": "phone"}}),
        ),
        ("keycloak", json!({"sub": "f1e2", "realm_access": {"roles": ["ditto-admin"]}})),
        (
            "supabase",
            json!({"sub": "4a5b", "role": "authenticated", "is_anonymous": false,
                "app_metadata": {"role": "ditto-admin"}}),
        ),
        (
            "stytch",
            json!({"sub": "user-1", "https://stytch.com/session": {"roles": ["ditto-admin"]}}),
        ),
        ("introspection", json!({"sub": "u-1001", "scope": "sync ditto-admin"})),
    ] {
        let (_, _, is_everything) = evaluate(provider, &claims).unwrap();
        assert!(is_everything, "{provider}");
    }
}

#[test]
fn what_is_no_user_is_refused() {
    let denied = Refusal::Denied { number: 1 };
    let requirement = |number| Refusal::Requirement { number };
    for (provider, claims, refusal) in [
        ("oidc", json!({"groups": ["ditto-admin"]}), Refusal::UserId),
        ("auth0", json!({"sub": "K1aB@clients", "scope": "write:orders"}), denied),
        ("okta", json!({"sub": "0oa1", "cid": "0oa1"}), Refusal::UserId),
        ("entra", json!({"tid": "t1", "oid": "o1", "roles": ["Ditto.Admin"]}), requirement(1)),
        ("cognito", json!({"sub": "5abc", "client_id": "5abc"}), requirement(1)),
        (
            "firebase",
            json!({"sub": "x", "firebase": {"sign_in_provider": "anonymous"}}),
            requirement(1),
        ),
        ("firebase", json!({"sub": "x"}), requirement(1)),
        ("keycloak", json!({"sub": "x", "preferred_username": "service-account-a"}), denied),
        ("supabase", json!({"role": "service_role", "ref": "x"}), requirement(1)),
        (
            "supabase",
            json!({"sub": "x", "role": "authenticated", "is_anonymous": true}),
            requirement(2),
        ),
        (
            "supabase",
            json!({"sub": "x", "role": "authenticated", "is_anonymous": false, "client_id": "c"}),
            requirement(3),
        ),
        ("clerk", json!({"sub": "user_2", "sts": "pending"}), denied),
        ("stytch", json!({"sub": "m2m-client-1"}), requirement(1)),
        ("stytch", json!({"sub": "m2m-client-1", "https://stytch.com/session": {}}), denied),
    ] {
        assert_eq!(evaluate(provider, &claims), Err(refusal), "{provider}: {claims}");
    }
}
