//! Explanations: what became of each rule, and what decided that.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::time::{Duration, SystemTime};

use claim_mapping::{Login, Policy};
use policy_analysis::{Budget, Explanation, PolicySource};
use serde_json::{Value, json};

/// All that a policy can say.
const POLICY: &str = r#"user_id = "{sub | strip_prefix('auth0|')}"

[session]
length = "12h"

[[require]]
claim = "email_verified"
boolean = true

[[require]]
any = [{ claim = "amr", contains = "mfa" }, { all = [{ claim = "level", at_least = 2 }, { not = { claim = "guest", equals = true } }] }]

[[deny]]
users = ["eve"]

[[deny]]
when = { claim = "suspended | default(false)", equals = true }

[map.region]
eu-west = "emea"

[role.driver]
read = { orders = "(_id.tenant == {tenant}) && (_id.driver == {sub})" }
session = "30m"

[[grant]]
read = { tasks = ["_id.owner == {sub}", "_id.region == {region | map(region)}"] }
write = { tasks = "_id.owner == {sub}" }

[[grant]]
when = [{ claim = "role", any_of = ["driver", "courier"] }, { claim = "email", suffix = "@example.com" }]
roles = ["driver"]

[[grant]]
until = "contract_end"
read = { plans = "true" }
write = { plans = "starts_with(_id.path, {each folders})" }

[[grant]]
when = { claim = "groups", glob = "ops-*" }
read = "everything"
remote_query = true

[client_info]
name = "{name}"
tags = ["{tag}", "fixed"]

[identity_metadata]
role = "{role}"
provider = "{request.provider}"
"#;

fn explain(claims: &Value, documents: &[(String, Value)]) -> Explanation {
    let policy = Policy::parse(POLICY).unwrap();
    let source = PolicySource { policy: &policy, text: POLICY, file: "policy.toml" };
    let login = Login {
        claims: claims.as_object().unwrap(),
        database_id: "d",
        provider: "test",
        now: SystemTime::UNIX_EPOCH + Duration::from_secs(1000),
        remaining_life: Duration::from_hours(1),
    };
    Explanation::of(&source, &login, documents)
}

fn text(claims: &Value, documents: &[(String, Value)]) -> String {
    explain(claims, documents).text(&Budget::default())
}

#[test]
fn an_accepted_login() {
    let claims = json!({
        "sub": "auth0|u1", "email_verified": "true", "level": 2, "guest": false, "region": "eu-west",
        "role": "driver", "email": "u1@example.com", "tenant": "north", "contract_end": 2800,
        "folders": ["a", "b"], "groups": ["sales"], "name": "Una",
    });
    let documents = [
        ("tasks".to_owned(), json!({"owner": "auth0|u1"})),
        ("plans".to_owned(), json!({"path": 7})),
    ];
    let expected = r#"accepted: user "u1"

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is "true")
  policy.toml:10   requirement 2 is met
  policy.toml:10      any of: holds
  policy.toml:11        { claim = "amr", contains = "mfa" }: cannot be told (`amr` has no value)
  policy.toml:11        all of: holds
  policy.toml:11        > { claim = "level", at_least = 2 }: holds (`level` is 2)
  policy.toml:11          not: holds
  policy.toml:11          > { claim = "guest", equals = true }: does not hold (`guest` is false)
  policy.toml:1    user_id is "u1"
  policy.toml:13   denial 1 does not deny: the user id is not among its `users`
  policy.toml:16   denial 2 does not deny
  policy.toml:17    > { claim = "suspended | default(false)", equals = true }: does not hold (`suspended | default(false)` is false)
  policy.toml:26   grant 1 applies
  policy.toml:30   grant 2 applies
  policy.toml:31    > { claim = "role", any_of = ["driver", "courier"] }: holds (`role` is "driver")
  policy.toml:31    > { claim = "email", suffix = "@example.com" }: holds (`email` is "u1@example.com")
  policy.toml:34   grant 3 applies
  policy.toml:39   grant 4 does not apply: its `when` does not hold
  policy.toml:40    > { claim = "groups", glob = "ops-*" }: does not hold (`groups` is ["sales"])

left out of the answer
  policy.toml:46   client_info.tags[0]: `{tag}` has no value

session 30m: role `driver`

access
  collection  read        write
  orders      1 query     none
  plans       all         2 queries
  tasks       2 queries   1 query
  remote query: no

answer: 556 bytes, 7 queries; within the budget of 4096 bytes, 50 queries
{
  "authenticated": true,
  "userID": "u1",
  "expirationSeconds": 1800,
  "permissions": {
    "read": {
      "everything": false,
      "queriesByCollection": {
        "orders": [
          "(_id.tenant == 'north') && (_id.driver == 'auth0|u1')"
        ],
        "plans": [
          "true"
        ],
        "tasks": [
          "_id.owner == 'auth0|u1'",
          "_id.region == 'emea'"
        ]
      }
    },
    "write": {
      "everything": false,
      "queriesByCollection": {
        "plans": [
          "starts_with(_id.path, 'a')",
          "starts_with(_id.path, 'b')"
        ],
        "tasks": [
          "_id.owner == 'auth0|u1'"
        ]
      }
    },
    "remoteQuery": false
  },
  "clientInfo": {
    "name": "Una",
    "tags": [
      "fixed"
    ]
  },
  "identityServiceMetadata": {
    "provider": "test",
    "role": "driver"
  }
}

documents
  tasks {"owner":"auth0|u1"}
    can read it: _id.owner == 'auth0|u1' matches it
    can write it: _id.owner == 'auth0|u1' matches it
  plans {"path":7}
    can read it: true matches it
    cannot write it: starts_with(_id.path, 'a') fails: argument 1 of starts_with() must be text, not a number
"#;
    assert_eq!(text(&claims, &documents), expected);
}

#[test]
fn grants_that_do_not_apply_say_why() {
    // Somebody else's region, no tenant, a contract that is over; the grant of operators applies, so that all is open.
    let claims = json!({
        "sub": "auth0|u2", "email_verified": true, "amr": ["pwd", "mfa"], "region": "us-east",
        "role": "courier", "email": "u2@example.com", "contract_end": 1000, "groups": ["ops-eu"],
    });
    let expected = r#"accepted: user "u2"

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is true)
  policy.toml:10   requirement 2 is met
  policy.toml:10      any of: holds
  policy.toml:11      > { claim = "amr", contains = "mfa" }: holds (`amr` is ["pwd","mfa"])
  policy.toml:11        all of: not reached
  policy.toml:1    user_id is "u2"
  policy.toml:13   denial 1 does not deny: the user id is not among its `users`
  policy.toml:16   denial 2 does not deny
  policy.toml:17    > { claim = "suspended | default(false)", equals = true }: does not hold (`suspended | default(false)` is false)
  policy.toml:26   grant 1 does not apply: `{region | map(region)}` cannot be filled in `_id.region == {region | map(region)}` on line 27: there is no value
  policy.toml:30   grant 2 does not apply: `{tenant}` cannot be filled in `(_id.tenant == {tenant}) && (_id.driver == {sub})` on line 23: there is no value
  policy.toml:31    > { claim = "role", any_of = ["driver", "courier"] }: holds (`role` is "courier")
  policy.toml:31    > { claim = "email", suffix = "@example.com" }: holds (`email` is "u2@example.com")
  policy.toml:34   grant 3 does not apply: its time is over: `contract_end` is 1000
  policy.toml:39   grant 4 applies
  policy.toml:40    > { claim = "groups", glob = "ops-*" }: holds (`groups` is ["ops-eu"])

left out of the answer
  policy.toml:45   client_info.name: `{name}` has no value
  policy.toml:46   client_info.tags[0]: `{tag}` has no value

session 1h: the token's remaining life

access
  collection    read        write
  (all others)  all         none
  remote query: yes

answer: 297 bytes, 0 queries; within the budget of 4096 bytes, 50 queries
{
  "authenticated": true,
  "userID": "u2",
  "expirationSeconds": 3600,
  "permissions": {
    "read": {
      "everything": true,
      "queriesByCollection": {}
    },
    "write": {
      "everything": false,
      "queriesByCollection": {}
    },
    "remoteQuery": true
  },
  "clientInfo": {
    "tags": [
      "fixed"
    ]
  },
  "identityServiceMetadata": {
    "provider": "test",
    "role": "courier"
  }
}
"#;
    assert_eq!(text(&claims, &[]), expected);
}

#[test]
fn a_refused_login() {
    let documents = [("tasks".to_owned(), json!(1))];
    let none = "
documents
  tasks 1
    cannot read it: the login is refused
    cannot write it: the login is refused
";
    for (claims, expected) in [
        (
            json!({"sub": "auth0|u", "email_verified": "yes"}),
            r#"refused: policy.requirement: condition 1 of `require` does not hold

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is not met
  policy.toml:6     > { claim = "email_verified", boolean = true }: cannot be told (`email_verified` is "yes")
  policy.toml:10   requirement 2 was not reached
  policy.toml:1    user_id was not reached
  policy.toml:13   denial 1 was not reached
  policy.toml:16   denial 2 was not reached
  policy.toml:26   grant 1 was not reached
  policy.toml:30   grant 2 was not reached
  policy.toml:34   grant 3 was not reached
  policy.toml:39   grant 4 was not reached
"#,
        ),
        (
            json!({"sub": "auth0|u", "email_verified": true, "level": "2", "guest": true}),
            r#"refused: policy.requirement: condition 2 of `require` does not hold

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is true)
  policy.toml:10   requirement 2 is not met
  policy.toml:10      any of: cannot be told
  policy.toml:11      > { claim = "amr", contains = "mfa" }: cannot be told (`amr` has no value)
  policy.toml:11        all of: does not hold
  policy.toml:11          { claim = "level", at_least = 2 }: cannot be told (`level` is "2")
  policy.toml:11          not: does not hold
  policy.toml:11            { claim = "guest", equals = true }: holds (`guest` is true)
  policy.toml:1    user_id was not reached
  policy.toml:13   denial 1 was not reached
  policy.toml:16   denial 2 was not reached
  policy.toml:26   grant 1 was not reached
  policy.toml:30   grant 2 was not reached
  policy.toml:34   grant 3 was not reached
  policy.toml:39   grant 4 was not reached
"#,
        ),
        (
            json!({"sub": "u", "email_verified": true, "amr": ["mfa"]}),
            r#"refused: policy.user_id: `user_id` cannot be made of these claims

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is true)
  policy.toml:10   requirement 2 is met
  policy.toml:10      any of: holds
  policy.toml:11      > { claim = "amr", contains = "mfa" }: holds (`amr` is ["mfa"])
  policy.toml:11        all of: not reached
  policy.toml:1    user_id cannot be made: `{sub | strip_prefix('auth0|')}` has no value
  policy.toml:13   denial 1 was not reached
  policy.toml:16   denial 2 was not reached
  policy.toml:26   grant 1 was not reached
  policy.toml:30   grant 2 was not reached
  policy.toml:34   grant 3 was not reached
  policy.toml:39   grant 4 was not reached
"#,
        ),
        (
            json!({"sub": "auth0|a\u{1}", "email_verified": true, "amr": ["mfa"]}),
            r#"refused: policy.user_id: `user_id` cannot be made of these claims

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is true)
  policy.toml:10   requirement 2 is met
  policy.toml:10      any of: holds
  policy.toml:11      > { claim = "amr", contains = "mfa" }: holds (`amr` is ["mfa"])
  policy.toml:11        all of: not reached
  policy.toml:1    user_id cannot be "a\u0001": it is blank, too long or unprintable
  policy.toml:13   denial 1 was not reached
  policy.toml:16   denial 2 was not reached
  policy.toml:26   grant 1 was not reached
  policy.toml:30   grant 2 was not reached
  policy.toml:34   grant 3 was not reached
  policy.toml:39   grant 4 was not reached
"#,
        ),
        (
            json!({"sub": "auth0|eve", "email_verified": true, "amr": ["mfa"]}),
            r#"refused: policy.denied: rule 1 of `deny` denies, or cannot be evaluated

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is true)
  policy.toml:10   requirement 2 is met
  policy.toml:10      any of: holds
  policy.toml:11      > { claim = "amr", contains = "mfa" }: holds (`amr` is ["mfa"])
  policy.toml:11        all of: not reached
  policy.toml:1    user_id is "eve"
  policy.toml:13   denial 1 denies: the user id is among its `users`
  policy.toml:16   denial 2 was not reached
  policy.toml:26   grant 1 was not reached
  policy.toml:30   grant 2 was not reached
  policy.toml:34   grant 3 was not reached
  policy.toml:39   grant 4 was not reached
"#,
        ),
        (
            json!({"sub": "auth0|u", "email_verified": true, "amr": "mfa", "suspended": 1}),
            r#"refused: policy.denied: rule 2 of `deny` denies, or cannot be evaluated

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is true)
  policy.toml:10   requirement 2 is met
  policy.toml:10      any of: holds
  policy.toml:11      > { claim = "amr", contains = "mfa" }: holds (`amr` is "mfa")
  policy.toml:11        all of: not reached
  policy.toml:1    user_id is "u"
  policy.toml:13   denial 1 does not deny: the user id is not among its `users`
  policy.toml:16   denial 2 denies: what cannot be told denies
  policy.toml:17    > { claim = "suspended | default(false)", equals = true }: cannot be told (`suspended | default(false)` is 1)
  policy.toml:26   grant 1 was not reached
  policy.toml:30   grant 2 was not reached
  policy.toml:34   grant 3 was not reached
  policy.toml:39   grant 4 was not reached
"#,
        ),
        (
            json!({
                "sub": "auth0|u", "email_verified": true, "amr": "mfa", "role": ["driver"], "email": "u@x",
                "contract_end": "2800", "groups": "ops", "region": "us-east",
            }),
            r#"refused: policy.no_grant: no grant of the policy applies to these claims

rules (`>` marks the conditions that decided)
  policy.toml:6    requirement 1 is met
  policy.toml:6     > { claim = "email_verified", boolean = true }: holds (`email_verified` is true)
  policy.toml:10   requirement 2 is met
  policy.toml:10      any of: holds
  policy.toml:11      > { claim = "amr", contains = "mfa" }: holds (`amr` is "mfa")
  policy.toml:11        all of: not reached
  policy.toml:1    user_id is "u"
  policy.toml:13   denial 1 does not deny: the user id is not among its `users`
  policy.toml:16   denial 2 does not deny
  policy.toml:17    > { claim = "suspended | default(false)", equals = true }: does not hold (`suspended | default(false)` is false)
  policy.toml:26   grant 1 does not apply: `{region | map(region)}` cannot be filled in `_id.region == {region | map(region)}` on line 27: there is no value
  policy.toml:30   grant 2 does not apply: its `when` does not hold
  policy.toml:31      { claim = "role", any_of = ["driver", "courier"] }: holds (`role` is ["driver"])
  policy.toml:31    > { claim = "email", suffix = "@example.com" }: does not hold (`email` is "u@x")
  policy.toml:34   grant 3 does not apply: `until` is no time: `contract_end` is "2800"
  policy.toml:39   grant 4 does not apply: its `when` does not hold
  policy.toml:40    > { claim = "groups", glob = "ops-*" }: does not hold (`groups` is "ops")
"#,
        ),
    ] {
        assert_eq!(text(&claims, &documents), format!("{expected}{none}"));
    }
}

#[test]
fn what_limits_the_session_is_named() {
    let session = |more: Value| {
        let mut claims =
            json!({"sub": "auth0|u", "email_verified": true, "amr": "mfa", "region": "eu-west"});
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let session = explain(&claims, &[]).session.unwrap();
        (session.seconds, session.limit)
    };
    for (more, expected) in [
        (json!({}), (3600, "the token's remaining life")),
        (json!({"contract_end": 1900, "folders": []}), (900, "`until` of grant 3")),
        (json!({"contract_end": 1001, "folders": []}), (60, "no session is shorter")),
        (
            json!({"role": "driver", "email": "u@example.com", "tenant": "t"}),
            (1800, "role `driver`"),
        ),
    ] {
        assert_eq!(session(more), (expected.0, expected.1.to_owned()));
    }
}

#[test]
fn programs_read_the_same() {
    let claims = json!({
        "sub": "auth0|u1", "email_verified": true, "amr": "mfa", "region": "eu-west", "groups": "ops-1",
    });
    let explanation = explain(&claims, &[("t".to_owned(), json!({"a": 1}))]);
    let json = explanation.json(&Budget { bytes: 10, queries: 50 });
    let members = json.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        members,
        [
            "answer",
            "code",
            "documents",
            "footprint",
            "is_accepted",
            "left_out",
            "matrix",
            "policy",
            "reason",
            "rules",
            "session",
            "within_budget",
        ]
    );
    assert_eq!(json["is_accepted"], true);
    assert_eq!(
        json["rules"][0],
        json!({
            "kind": "require", "number": 1, "line": 6, "takes_effect": true, "outcome": "is met",
            "conditions": [{
                "line": 6, "condition": "{ claim = \"email_verified\", boolean = true }", "outcome": "holds",
                "decides": true, "claim": "`email_verified` is true", "parts": [],
            }],
        })
    );
    assert_eq!(json["rules"][1]["conditions"][0]["parts"][1]["outcome"], "not reached");
    assert_eq!(
        json["matrix"],
        json!([
            {"collection": "tasks", "read": "all", "write": 1},
            {"collection": null, "read": "all", "write": "none"},
        ])
    );
    assert_eq!(json["documents"][0]["read"], json!({"outcome": "everything"}));
    assert_eq!(json["documents"][0]["write"], json!({"outcome": "nothing"}));
    assert_eq!(json["answer"]["userID"], "u1");
    assert_eq!((&json["footprint"]["queries"], &json["within_budget"]), (&json!(1), &json!(false)));
    let refused = explain(&json!({}), &[]);
    let json = refused.json(&Budget::default());
    assert_eq!(
        (&json["is_accepted"], &json["code"]),
        (&json!(false), &json!("policy.requirement"))
    );
    assert_eq!((&json["answer"], &json["footprint"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_long_claim_is_cut() {
    let text = text(&json!({"email_verified": "é".repeat(500)}), &[]);
    let expected = format!("(`email_verified` is \"{} …)", "é".repeat(99));
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn a_large_answer_is_over_the_budget() {
    let claims =
        json!({"sub": "auth0|u", "email_verified": true, "amr": "mfa", "region": "eu-west"});
    let text = explain(&claims, &[]).text(&Budget { bytes: 10, queries: 50 });
    assert!(
        text.contains("3 queries; warning: over the budget of 10 bytes, 50 queries\n"),
        "{text}"
    );
}

/// What an own policy makes of claims, with all defaults.
fn explain_with(text: &str, claims: &Value) -> Explanation {
    let policy = Policy::parse(text).unwrap();
    let source = PolicySource { policy: &policy, text, file: "policy.toml" };
    let login = Login {
        claims: claims.as_object().unwrap(),
        database_id: "d",
        provider: "test",
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    };
    Explanation::of(&source, &login, &[])
}

#[test]
fn a_session_can_last_past_the_token() {
    let text = POLICY.replace("length = \"12h\"", "length = \"12h\"\nwithin_token = false");
    let claims =
        json!({"sub": "auth0|u", "email_verified": true, "amr": "mfa", "region": "eu-west"});
    let session = explain_with(&text, &claims).session.unwrap();
    assert_eq!((session.seconds, session.limit.as_str()), (43_200, "`length` of `[session]`"));
}

#[test]
fn of_several_placeholders_that_which_cannot_be_filled_is_named() {
    let text = "user_id = \"{iss}-{sub}\"\n[session]\nlength = \"1h\"\n[[grant]]\nread = \"everything\"\n[client_info]\nroles = \"{sub}: {roles}\"\n";
    let refused = explain_with(text, &json!({"iss": "i"}));
    let outcome = refused.rules.first().map(|step| step.outcome.as_str());
    assert_eq!(outcome, Some("cannot be made: `{sub}` has no value"));
    let accepted = explain_with(text, &json!({"iss": "i", "sub": "u", "roles": ["a"]}));
    let [left_out] = accepted.left_out.as_slice() else { panic!("one member") };
    assert_eq!(left_out.reason, "`{roles}` is no plain text, but [\"a\"]");
}

#[test]
fn no_claim_steers_the_terminal() {
    let text = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n[[grant]]\nwhen = { claim = \"a\", exists = true }\nread = { t = \"_id.a == {a}\" }\n";
    let claims = json!({"sub": "u\u{202e}", "a": "\u{1b}[31m\u{9b}31m\u{2066}é☃"});
    let shown = explain_with(text, &claims).text(&Budget::default());
    assert!(shown.starts_with(r#"accepted: user "u\u202e""#), "{shown}");
    assert!(shown.contains(r#"(`a` is "\u001b[31m\u009b31m\u2066é☃")"#), "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{2066}']), "{shown}");
}
