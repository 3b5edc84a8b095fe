//! Personas: reading them, letting them log in, and what is said of the outcome.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::time::{Duration, SystemTime};

use claim_mapping::{Policy, line_and_column};
use policy_analysis::{Answer, Budget, Footprint, Persona, PolicySource, Suite, footprints, junit};
use serde_json::json;

const POLICY: &str = r#"
user_id = "{sub}"
[session]
length = "12h"
[[require]]
claim = "email_verified"
boolean = true
[[deny]]
users = ["eve"]
[role.driver]
read = { orders = "_id.driver == {sub}" }
[[grant]]
when = { claim = "guest | default(false)", equals = false }
read = { tasks = ["_id.owner == {sub}", "_id.team == 'all'"] }
write = { tasks = "_id.owner == {sub}" }
[[grant]]
when = { claim = "role", equals = "driver" }
roles = ["driver"]
remote_query = true
session = "30m"
[client_info]
name = "{name}"
[identity_metadata]
role = "{role}"
"#;

const DRIVER: &str = r#"
[[persona]]
name = "driver"
claims = { sub = "dan", email_verified = true, role = "driver", name = "Dan" }

[persona.expect]
user_id = "dan"
session = "30m"
read = { orders = ["_id.driver == 'dan'"], tasks = ["_id.owner == 'dan'", "_id.team == 'all'"] }
write = { tasks = "_id.owner == 'dan'" }
remote_query = true
client_info = { name = "Dan" }
identity_metadata = { role = "driver" }
"#;

fn run(policy: &str, tests: &str) -> Suite {
    let parsed = Policy::parse(policy).unwrap();
    let source = PolicySource { policy: &parsed, text: policy, file: "policy.toml" };
    Suite::run(&source, "policy.test.toml", &Persona::parse_all(tests).unwrap())
}

/// The differences of the only persona.
fn difference(policy: &str, tests: &str) -> String {
    let suite = run(policy, tests);
    let [outcome] = suite.outcomes.as_slice() else { panic!("one persona") };
    outcome.problems.iter().map(|problem| problem.difference.as_str()).collect()
}

/// Where and what the problems of a test file are.
fn problems(text: &str) -> Vec<String> {
    let problems = Persona::parse_all(text).unwrap_err();
    let line = |problem: &policy_analysis::Diagnostic| {
        let (line, column) = line_and_column(text, problem.span.start);
        let hint = problem.hint.as_deref().unwrap_or("-");
        format!("{line}:{column}: {}: {} ({hint})", problem.code, problem.message)
    };
    problems.iter().map(line).collect()
}

#[test]
fn says_what_is_wrong_with_a_test_file() {
    let wrong = |line: &str| format!("[[persona]]\nname = \"a\"\nclaims = {{}}\n{line}\n");
    let expects = |line: &str| wrong(&format!("[persona.expect]\n{line}"));
    let document = |lines: &str| wrong(&format!("[[persona.document]]\n{lines}"));
    for (text, expected) in [
        (String::new(), "1:1: test.missing_name: the file has no persona (add `[[persona]]` with"),
        ("persona = 1".into(), "1:11: test.wrong_type: expected a list, found integer (-)"),
        ("[[persona]\n".into(), "1:1"),
        ("[[personas]]\n".into(), "1:3: test.unknown_name: `personas` is not a name of a test file (did you mean `persona`?)"),
        (wrong(""), "1:1: test.missing_name: this persona expects nothing (add `[persona.expect]` or `[[persona.document]]`, or run with --update)"),
        (wrong("expects = {}"), "4:1: test.unknown_name: `expects` is not a name of a persona (did you mean `expect`?)"),
        (wrong("zebra = 1"), "4:1: test.unknown_name: `zebra` is not a name of a persona (the names are name, claims, provider"),
        (wrong("provider = 1"), "4:12: test.wrong_type: expected a string, found integer (-)"),
        (wrong("now = \"2026\""), "4:7: test.wrong_type: expected a time, found string (-)"),
        (wrong("now = 2026-01-01T00:00:00"), "4:7: test.value: this is no moment since 1970 in UTC (write it like 2026-01-01T00:00:00Z)"),
        (wrong("now = 1969-12-31T00:00:00Z"), "4:7: test.value: this is no moment since 1970 in UTC"),
        (wrong("token_life = \"1 fortnight\""), "4:14: test.value: this is no length of time (write a number and a unit, or seconds"),
        (wrong("token_life = -1"), "4:14: test.value: this is no length of time"),
        (wrong("token_life = true"), "4:14: test.wrong_type: expected a length of time, found boolean (-)"),
        (expects(""), "4:1: test.missing_name: `expect` expects nothing (give `refused`, or some of user_id, session, read,"),
        (expects("refused = \"policy.no_grants\""), "5:11: test.value: `policy.no_grants` is not the code of a refusal (did you mean `policy.no_grant`?)"),
        (expects("refused = \"token.expired\""), "5:11: test.value: `token.expired` is not the code of a refusal (write one of policy.answer_too_large, policy.denied,"),
        (expects("refused = \"policy.denied\"\nuser_id = \"u\""), "6:1: test.value: a refused login has no `user_id` (give `refused`, or what the answer is)"),
        (expects("user = \"u\""), "5:1: test.unknown_name: `user` is not a name of `expect` (did you mean `user_id`?)"),
        (expects("session = 4294967296"), "5:11: test.value: a session lasts at most 2^32 - 1 seconds (-)"),
        (expects("session = \"1ms\""), "5:11: test.value: this is no length of time"),
        (expects("read = \"all\""), "5:8: test.value: `all` is not an access (write one of everything)"),
        (expects("read = \"everyting\""), "5:8: test.value: `everyting` is not an access (did you mean `everything`?)"),
        (expects("read = true"), "5:8: test.wrong_type: expected \"everything\", or a table of collections, found boolean (-)"),
        (expects("read = { t = [1] }"), "5:15: test.wrong_type: expected a string, found integer (-)"),
        (expects("remote_query = 1"), "5:16: test.wrong_type: expected true or false, found integer (-)"),
        (expects("client_info = []"), "5:15: test.wrong_type: expected a table, found array (-)"),
        (document("id = 1\ncan = \"read\""), "4:1: test.missing_name: `collection` is missing (-)"),
        (document("collection = \"t\"\ncan = \"read\""), "4:1: test.missing_name: `id` is missing (-)"),
        (document("collection = \"t\"\nid = 1"), "4:1: test.missing_name: this document expects nothing (add `can = [\"read\"]`"),
        (document("collection = \"t\"\nid = 1\ncannot = []"), "4:1: test.missing_name: this document expects nothing"),
        (document("collection = \"t\"\nid = 1\ncan = [\"raed\"]"), "7:8: test.value: `raed` is not an operation (did you mean `read`?)"),
        (document("collection = \"t\"\nid = 1\ncan = \"read\"\ncannot = [\"read\"]"), "4:1: test.value: `read` cannot be both possible and impossible (give it once)"),
        (document("collection = \"t\"\nid = 1\nmay = \"read\""), "7:1: test.unknown_name: `may` is not a name of a document"),
        ("[[persona]]\nclaims = 1\nexpect = { user_id = \"u\" }".into(), "1:1: test.missing_name: `name` is missing (-)\n2:10: test.wrong_type: expected a table, found integer (-)"),
        ("[[persona]]\nname = \" \"\nclaims = { a = nan, b = 1970-01-01, c = [99999999999999999999] }\nexpect = { user_id = \"u\" }".into(), "2:8: test.value: the name is empty (say who this is)\n3:16: test.value: JSON has no such number (-)\n3:25: test.value: JSON has no dates (write seconds since 1970, as a token has them, or quote it)\n3:42: test.value: JSON has no such number (-)"),
        (format!("{DRIVER}{DRIVER}"), "16:8: test.value: there is another persona `driver` (give each its own name)"),
    ] {
        let problems = problems(&text).join("\n");
        assert!(problems.contains(expected), "{text}\n{problems}\nis not\n{expected}");
    }
}

#[test]
fn names_every_problem_at_once() {
    let text = "[[persona]]\nname = 1\nclaims = 2\nnow = 3\ntoken_life = true\nexpect = 5\n[[persona.document]]\n";
    let lines = problems(text);
    let places =
        lines.iter().map(|line| line.rsplit_once(": ").unwrap().0.split(": ").next().unwrap());
    let places = places.collect::<Vec<_>>();
    assert_eq!(places, ["2:8", "3:10", "4:7", "5:14", "6:10", "7:1", "7:1", "7:1"], "{lines:#?}");
}

#[test]
fn a_persona_is_a_login_with_defaults() {
    let text = "[[persona]]\nname = \"a\"\nclaims = { l = [1, 2.5, true, \"x\", { y = -1 }] }\nexpect = { user_id = \"u\" }\n[[persona]]\nname = \"b\"\nclaims = {}\nprovider = \"p\"\ndatabase_id = \"d\"\nnow = 1970-01-01T00:01:00Z\ntoken_life = 90\nexpect = { user_id = \"u\" }";
    let personas = Persona::parse_all(text).unwrap();
    let [a, b] = personas.as_slice() else { panic!("two personas") };
    assert_eq!(
        serde_json::Value::from(a.claims.clone()),
        json!({"l": [1, 2.5, true, "x", {"y": -1}]})
    );
    let login = a.login();
    assert_eq!(
        (login.provider, login.database_id),
        ("test", "00000000-0000-4000-8000-000000000001")
    );
    assert_eq!(login.remaining_life, Duration::from_hours(1));
    let since = login.now.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(since.as_secs(), 1_767_225_600);
    let login = b.login();
    assert_eq!((login.provider, login.database_id), ("p", "d"));
    assert_eq!(login.remaining_life, Duration::from_secs(90));
    assert_eq!(login.now, SystemTime::UNIX_EPOCH + Duration::from_mins(1));
    assert_eq!((a.line, b.line), (1, 5));
}

#[test]
fn a_policy_that_is_broken_makes_its_personas_fail() {
    assert_eq!(difference(POLICY, DRIVER), "");
    for (good, broken, expected) in [
        (
            "user_id = \"{sub}\"",
            "user_id = \"x-{sub}\"",
            "- user_id = \"dan\"\n+ user_id = \"x-dan\"\n",
        ),
        ("session = \"30m\"", "session = \"10m\"", "- session = \"30m\"\n+ session = \"10m\"\n"),
        ("session = \"30m\"", "session = \"61s\"", "- session = \"30m\"\n+ session = \"61s\"\n"),
        (", \"_id.team == 'all'\"", "", "- read.tasks = \"_id.team == 'all'\"\n"),
        (
            "read = { orders = \"_id.driver == {sub}\" }",
            "read = \"everything\"",
            "- read.orders = \"_id.driver == 'dan'\"\n- read.tasks = \"_id.owner == 'dan'\"\n- read.tasks = \"_id.team == 'all'\"\n+ read = \"everything\"\n",
        ),
        (
            "write = { tasks = \"_id.owner == {sub}\" }",
            "",
            "- write.tasks = \"_id.owner == 'dan'\"\n+ write = {}\n",
        ),
        (
            "write = { tasks =",
            "write = { tasksx =",
            "- write.tasks = \"_id.owner == 'dan'\"\n+ write.tasksx = \"_id.owner == 'dan'\"\n",
        ),
        ("remote_query = true", "", "- remote_query = true\n+ remote_query = false\n"),
        (
            "name = \"{name}\"",
            "name = \"{name}!\"",
            "- client_info.name = \"Dan\"\n+ client_info.name = \"Dan!\"\n",
        ),
        ("name = \"{name}\"", "", "- client_info.name = \"Dan\"\n+ client_info = {}\n"),
        (
            "role = \"{role}\"",
            "role = 1",
            "- identity_metadata.role = \"driver\"\n+ identity_metadata.role = 1\n",
        ),
        (
            "boolean = true",
            "boolean = false",
            "- accepted = true\n- user_id = \"dan\"\n- session = \"30m\"\n- read.orders = \"_id.driver == 'dan'\"\n- read.tasks = \"_id.owner == 'dan'\"\n- read.tasks = \"_id.team == 'all'\"\n- write.tasks = \"_id.owner == 'dan'\"\n- remote_query = true\n- client_info.name = \"Dan\"\n- identity_metadata.role = \"driver\"\n+ refused = \"policy.requirement\"\n",
        ),
    ] {
        assert!(POLICY.contains(good), "{good}");
        assert_eq!(difference(&POLICY.replace(good, broken), DRIVER), expected, "{broken}");
    }
}

#[test]
fn what_is_not_expected_is_not_compared() {
    let tests = "[[persona]]\nname = \"a\"\nclaims = { sub = \"u\", email_verified = true }\n[persona.expect]\nremote_query = false\nclient_info = {}\nidentity_metadata = {}";
    assert_eq!(difference(POLICY, tests), "");
    assert_eq!(
        difference(POLICY, &tests.replace("client_info = {}", "client_info = { a = 1 }")),
        "- client_info.a = 1\n+ client_info = {}\n"
    );
}

#[test]
fn refusals_are_told_apart() {
    let large = format!("{:?}", vec!["x".repeat(1000); 300]);
    for (claims, expected) in [
        ("sub = \"u\"", "policy.requirement"),
        ("email_verified = true", "policy.user_id"),
        ("sub = \"eve\", email_verified = true", "policy.denied"),
        ("sub = \"u\", email_verified = true, guest = true", "policy.no_grant"),
        (&format!("sub = \"u\", email_verified = true, name = {large}"), "policy.answer_too_large"),
    ] {
        for code in policy_analysis::REFUSAL_CODES {
            let tests = format!(
                "[[persona]]\nname = \"a\"\nclaims = {{ {claims} }}\nexpect = {{ refused = \"{code}\" }}"
            );
            let difference = difference(POLICY, &tests);
            if code == expected {
                assert_eq!(difference, "");
            } else {
                assert_eq!(
                    difference,
                    format!("- refused = \"{code}\"\n+ refused = \"{expected}\"\n")
                );
            }
        }
    }
    let accepted = "[[persona]]\nname = \"a\"\nclaims = { sub = \"u\", email_verified = true }\nexpect = { refused = \"policy.denied\" }";
    let difference = difference(POLICY, accepted);
    let lines = difference.lines().collect::<Vec<_>>();
    assert_eq!(lines.first(), Some(&"- refused = \"policy.denied\""), "{difference}");
    assert!(
        lines.contains(&"+ accepted = true") && lines.contains(&"+ user_id = \"u\""),
        "{difference}"
    );
}

#[test]
fn documents_pass_or_do_not() {
    let document = |id: &str, lines: &str| {
        let claims = "{ sub = \"dan\", email_verified = true, role = \"driver\" }";
        format!(
            "[[persona]]\nname = \"a\"\nclaims = {claims}\n[[persona.document]]\ncollection = \"tasks\"\nid = {id}\n{lines}"
        )
    };
    let messages = |tests: &str| {
        let suite = run(POLICY, tests);
        let outcome = suite.outcomes.first().unwrap();
        outcome.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    for (id, lines, expected) in [
        ("{ owner = \"dan\" }", "can = [\"read\", \"write\"]", vec![]),
        (
            "{ owner = \"dan\" }",
            "cannot = \"write\"",
            vec!["tasks {\"owner\":\"dan\"}: can write it: _id.owner == 'dan' matches it"],
        ),
        ("{ owner = \"eve\" }", "cannot = [\"read\", \"write\"]", vec![]),
        (
            "{ owner = \"eve\" }",
            "can = [\"read\", \"write\"]",
            vec![
                "tasks {\"owner\":\"eve\"}: cannot read it: no query matches it",
                "tasks {\"owner\":\"eve\"}: cannot write it: no query matches it",
            ],
        ),
        ("{ owner = \"eve\", team = \"all\" }", "can = \"read\"\ncannot = \"write\"", vec![]),
        ("\"dan\"", "cannot = [\"read\", \"write\"]", vec![]),
    ] {
        assert_eq!(messages(&document(id, lines)), expected, "{id} {lines}");
    }
    let elsewhere =
        document("{ owner = \"dan\" }", "can = \"read\"").replace("\"tasks\"", "\"others\"");
    assert_eq!(
        messages(&elsewhere),
        ["others {\"owner\":\"dan\"}: cannot read it: no query matches it"]
    );
    let refused = document("1", "cannot = \"read\"").replace("email_verified = true, ", "");
    assert_eq!(messages(&refused), ["refused: condition 1 of `require` does not hold"]);
    let expect = "[[persona]]\nexpect = { refused = \"policy.requirement\" }\n";
    let refused = refused.replace("[[persona]]\n", expect);
    assert_eq!(messages(&refused), Vec::<String>::new());
    assert_eq!(
        messages(&refused.replace("cannot", "can")),
        ["tasks 1: cannot read it: the login is refused"]
    );
}

#[test]
fn everything_passes_and_a_query_that_fails_is_shown() {
    let tests = |id: &str, lines: &str| {
        format!(
            "[[persona]]\nname = \"a\"\nclaims = {{ sub = \"u\" }}\n[[persona.document]]\ncollection = \"t\"\nid = {id}\n{lines}"
        )
    };
    let policy = |read: &str| {
        format!("user_id = \"{{sub}}\"\n[session]\nlength = \"1h\"\n[[grant]]\nread = {read}\n")
    };
    let everything = policy("\"everything\"");
    assert!(
        run(&everything, &tests("1", "can = \"read\"\ncannot = \"write\""))
            .outcomes
            .first()
            .unwrap()
            .passes()
    );
    // A text that is a number is an error of the engine, and fails the query for every document.
    let failing = policy("{ t = [\"_id.a == 1\", \"starts_with(_id.b, {sub})\"] }");
    for lines in ["can = \"read\"", "cannot = \"read\""] {
        let suite = run(&failing, &tests("{ a = 1, b = 2 }", lines));
        let problem = suite.outcomes.first().unwrap().problems.first().unwrap().clone();
        assert!(problem.message.contains("starts_with(_id.b, 'u') fails: "), "{problem:?}");
        assert_eq!(problem.line, 4);
    }
}

#[test]
fn an_answer_weighs_its_json() {
    let policy = Policy::parse(POLICY).unwrap();
    let personas = Persona::parse_all(DRIVER).unwrap();
    let decision = policy.evaluate(&personas.first().unwrap().login()).unwrap();
    let json = r#"{"authenticated":true,"userID":"dan","expirationSeconds":1800,"permissions":{"read":{"everything":false,"queriesByCollection":{"orders":["_id.driver == 'dan'"],"tasks":["_id.owner == 'dan'","_id.team == 'all'"]}},"write":{"everything":false,"queriesByCollection":{"tasks":["_id.owner == 'dan'"]}},"remoteQuery":true},"clientInfo":{"name":"Dan"},"identityServiceMetadata":{"role":"driver"}}"#;
    assert_eq!(serde_json::to_string(&Answer::from(&decision)).unwrap(), json);
    let footprint = Footprint { bytes: json.len(), queries: 4 };
    assert_eq!(Footprint::of(&decision), footprint);
    for (bytes, queries, fits) in
        [(json.len(), 4, true), (json.len() - 1, 4, false), (json.len(), 3, false)]
    {
        assert_eq!(footprint.fits(&Budget { bytes, queries }), fits, "{bytes} {queries}");
    }
    assert_eq!(Budget::default(), Budget { bytes: 4096, queries: 50 });
    let refused =
        "[[persona]]\nname = \"no\"\nclaims = {}\nexpect = { refused = \"policy.requirement\" }";
    let all = Persona::parse_all(&format!("{DRIVER}{refused}")).unwrap();
    let footprints = footprints(&policy, &all);
    let all = footprints.iter().map(|one| (one.persona.as_str(), one.footprint));
    assert_eq!(all.collect::<Vec<_>>(), [("driver", footprint)]);
}

#[test]
fn the_report_has_a_line_for_each_persona() {
    let refused = "[[persona]]\nname = \"unverified\"\nclaims = { sub = \"u\" }\nexpect = { refused = \"policy.requirement\" }";
    let suite = run(&POLICY.replace("\"30m\"", "\"10m\""), &format!("{DRIVER}{refused}"));
    let text = suite.text(&Budget { bytes: 100, queries: 50 });
    let expected = r#"policy.test.toml
  FAIL  driver         388 bytes, 4 queries  warning: over the budget
        policy.test.toml:2: the answer differs
          - session = "30m"
          + session = "10m"
  pass  unverified  refused
1 passed, 1 failed
coverage 61 %: 8 of 13 branches of the policy
"#;
    assert!(text.starts_with(expected), "{text}");
    let within = suite.text(&Budget::default());
    assert!(!within.contains("warning"), "{within}");
    let json = suite.json(&Budget { bytes: 100, queries: 50 });
    assert_eq!(json["failures"], 1);
    assert_eq!(json["policy"], "policy.toml");
    assert_eq!(json["personas"][0]["within_budget"], false);
    assert_eq!(json["personas"][0]["footprint"], json!({"bytes": 388, "queries": 4}));
    assert_eq!(
        json["personas"][0]["problems"][0]["difference"],
        "- session = \"30m\"\n+ session = \"10m\"\n"
    );
    assert_eq!(json["personas"][1]["passes"], true);
    assert_eq!(json["coverage"]["percent"], 61);
    assert_eq!(json["coverage"]["uncovered"][0]["what"], "denial 1 denies");
}

#[test]
fn junit_says_what_failed() {
    let refused = "[[persona]]\nname = \"<hostile> & \\u0001\"\nclaims = { sub = \"u\" }\nexpect = { refused = \"policy.requirement\" }";
    let suite = run(&POLICY.replace("\"30m\"", "\"10m\""), &format!("{DRIVER}{refused}"));
    let report = quick_junit::Report::deserialize_from_str(&junit(&[suite]).unwrap()).unwrap();
    assert_eq!((report.tests, report.failures), (2, 1));
    let [cases] = report.test_suites.as_slice() else { panic!("one suite") };
    assert_eq!(cases.name.as_str(), "policy.test.toml");
    let names = cases.test_cases.iter().map(|case| case.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["driver", "<hostile> & "]);
    let quick_junit::TestCaseStatus::NonSuccess { message, description, .. } =
        &cases.test_cases[0].status
    else {
        panic!("a failure")
    };
    assert_eq!(message.as_ref().unwrap().as_str(), "the answer differs");
    assert!(description.as_ref().unwrap().as_str().contains("- session = \"30m\""));
}
