//! What `diff` says of pairs of policies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is the failure report"
)]
#![allow(clippy::too_many_lines, reason = "tables of cases")]

use claim_mapping::Policy;
use policy_analysis::{Allowed, Comparison, diff};
use serde_json::json;

const HEAD: &str = "user_id = \"{sub}\"\n[session]\nlength = \"12h\"\n";
const TASKS: &str = "[[grant]]\nread = { tasks = \"_id.owner == {sub}\" }\n";
const DRIVER: &str = "[[grant]]\nwhen = { claim = \"role\", equals = \"driver\" }\nread = { orders = \"_id.tenant == {tenant}\" }\n";

fn policy(text: &str) -> Policy {
    Policy::parse(text).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn compare(old: &str, new: &str, allowed: &[&str]) -> Comparison {
    let (old, new) = (policy(old), policy(new));
    let allowed = allowed.iter().map(ToString::to_string).collect::<Vec<_>>();
    let allowed = Allowed::parse(&allowed, &[&old, &new]).unwrap();
    diff(&old, &new, Vec::new(), &allowed)
}

/// Each change with its sign: `+read:orders`, `?+` where it is not certain.
fn signs(comparison: &Comparison) -> Vec<String> {
    let text = comparison.text();
    let signs = text.lines().filter(|line| line.starts_with(['+', '-', '~']));
    let sign = |line: &str| {
        let mut words = line.split(' ');
        let sign = format!("{}{}", words.next().unwrap(), words.next().unwrap());
        if line.contains("perhaps") { format!("?{sign}") } else { sign }
    };
    let mut signs = signs.map(sign).collect::<Vec<_>>();
    signs.dedup();
    signs
}

struct Case {
    name: &'static str,
    old: String,
    new: String,
    expect: &'static [&'static str],
}

fn changed(
    name: &'static str,
    old: &[&str],
    new: &[&str],
    expect: &'static [&'static str],
) -> Case {
    let text = |parts: &[&str]| format!("{HEAD}{}", parts.concat());
    Case { name, old: text(old), new: text(new), expect }
}

fn orders(when: &str, query: &str) -> String {
    format!("[[grant]]\n{when}\nread = {{ orders = \"{query}\" }}\n")
}

#[test]
fn names_what_is_gained_and_lost() {
    let everyone = |query: &str| orders("", query);
    let has_role =
        |condition: &str| orders(&format!("when = {{ claim = \"role\", {condition} }}"), "true");
    let verified = "[[require]]\nclaim = \"email_verified\"\nboolean = true\n";
    let suspended = "[[deny]]\nwhen = { claim = \"suspended | default(false)\", equals = true }\n";
    let leavers = "[[deny]]\nusers = [\"u-7\"]\n";
    let both = "_id.tenant == {tenant} && _id.driver == {sub}";
    for Case { name, old, new, expect } in [
        changed("grant added", &[TASKS], &[TASKS, DRIVER], &["+read:orders"]),
        changed("grant removed", &[TASKS, DRIVER], &[TASKS], &["-read:orders"]),
        changed("order changed", &[TASKS, DRIVER], &[DRIVER, TASKS], &[]),
        changed(
            "condition widened",
            &[TASKS, &has_role("any_of = [\"driver\"]")],
            &[TASKS, &has_role("any_of = [\"driver\", \"courier\"]")],
            &["+read:orders"],
        ),
        changed("requirement dropped", &[verified, TASKS], &[TASKS], &["+login", "+read:tasks"]),
        changed("requirement added", &[TASKS], &[verified, TASKS], &["-login", "-read:tasks"]),
        changed("denial dropped", &[suspended, TASKS], &[TASKS], &["+login", "+read:tasks"]),
        changed("user no longer denied", &[leavers, TASKS], &[TASKS], &["+login", "+read:tasks"]),
        changed(
            "query loosened",
            &[&everyone(both)],
            &[&everyone("_id.tenant == {tenant}")],
            &["+read:orders"],
        ),
        changed(
            "query narrowed",
            &[&everyone("_id.tenant == {tenant}")],
            &[&everyone(both)],
            &["-read:orders"],
        ),
        changed(
            "query turned around",
            &[&everyone(both)],
            &[&everyone("({sub} == _id.driver) && (_id.tenant == {tenant})")],
            &[],
        ),
        changed(
            "list instead of alternatives",
            &[&everyone("contains(['a', 'b'], _id.kind)")],
            &[&everyone("_id.kind == 'a' || _id.kind == 'b'")],
            &[],
        ),
        changed(
            "a query that fails on some documents matches none of them",
            &[&everyone("starts_with(_id.path, 'a')")],
            &[&everyone("(type(_id.path) == 'string') && starts_with(_id.path, 'a')")],
            &[],
        ),
        changed(
            "another literal",
            &[&everyone("_id.kind == 'a'")],
            &[&everyone("_id.kind == 'b'")],
            &["+read:orders", "-read:orders"],
        ),
        changed(
            "a query within another",
            &[&everyone("_id.tenant == {tenant}")],
            &[&everyone("_id.tenant == {tenant}"), &everyone(both)],
            // Only those without a tenant would gain, and for them neither applies.
            &[],
        ),
        changed(
            "all documents",
            &[&everyone("_id.tenant == {tenant}")],
            &[&everyone("true")],
            &["+login", "+read:orders"],
        ),
        changed(
            "undecided",
            &[&everyone("regex(_id.kind, '^a+$')")],
            &[&everyone("regex(_id.kind, '^b+$')")],
            &["?+read:orders", "?-read:orders"],
        ),
        changed(
            "undecided between two texts",
            &[&everyone("(_id.a > 'm') && (_id.a < 'n')")],
            &[&everyone("_id.a == 'mm'")],
            &["?+read:orders", "?-read:orders"],
        ),
        changed(
            "everything",
            &[TASKS],
            &[
                TASKS,
                "[[grant]]\nwhen = { claim = \"groups\", contains = \"ops\" }\nread = \"everything\"\n",
            ],
            &["+read:*"],
        ),
        changed("white space and comments", &[TASKS], &["# hello\n\n", TASKS, "\n# bye\n"], &[]),
        changed("remote query", &[TASKS], &[TASKS, "remote_query = true\n"], &["+remote_query"]),
        changed(
            "metadata added",
            &[TASKS],
            &[TASKS, "[identity_metadata]\nrole = \"{role}\"\n"],
            &["+identity_metadata"],
        ),
        changed(
            "client info changed",
            &[TASKS, "[client_info]\nkind = \"a\"\n"],
            &[TASKS, "[client_info]\nkind = \"b\"\n"],
            &["~client_info"],
        ),
        changed(
            "role renamed",
            &["[role.a]\nread = { orders = \"true\" }\n", TASKS, "roles = [\"a\"]\n"],
            &["[role.b]\nread = { orders = \"true\" }\n", TASKS, "roles = [\"b\"]\n"],
            &[],
        ),
        changed(
            "transform added to a condition",
            &[TASKS, &orders("when = { claim = \"role\", equals = \"driver\" }", "true")],
            &[TASKS, &orders("when = { claim = \"role | lower\", equals = \"driver\" }", "true")],
            &["+read:orders"],
        ),
        changed(
            "until dropped",
            &[TASKS, &orders("until = \"contract_end\"", "true")],
            &[TASKS, &orders("", "true")],
            &["+read:orders", "+session"],
        ),
        Case {
            name: "longer session",
            old: format!("{HEAD}{TASKS}"),
            new: format!("{HEAD}{TASKS}").replace("12h", "24h"),
            expect: &["+session"],
        },
        Case {
            name: "beyond the token",
            old: format!("{HEAD}{TASKS}"),
            new: format!("{HEAD}{TASKS}").replace("\"12h\"", "\"12h\"\nwithin_token = false"),
            expect: &["+session"],
        },
        Case {
            name: "another user",
            old: format!("{HEAD}{TASKS}"),
            new: format!("{HEAD}{TASKS}").replace("\"{sub}\"", "\"oidc|{sub}\""),
            expect: &["~user_id"],
        },
    ] {
        let comparison = compare(&old, &new, &[]);
        assert_eq!(signs(&comparison), expect, "{name}\n{}", comparison.text());
    }
}

#[test]
fn only_widenings_that_are_not_named_count() {
    let wider =
        format!("{TASKS}{DRIVER}").replace("[[grant]]\nwhen", "[[grant]]\nsession = \"24h\"\nwhen");
    let (old, new) = (format!("{HEAD}{TASKS}"), format!("{HEAD}{wider}").replace("12h", "24h"));
    for (allowed, widens) in [
        (&[][..], true),
        (&["read:orders"], true),
        (&["session"], true),
        (&["session", "read:orders"], false),
        (&["session", "read:*"], false),
        (&["session", "write:*"], true),
        (&["session", "read:tasks"], true),
    ] {
        let comparison = compare(&old, &new, allowed);
        assert_eq!(comparison.widens(), widens, "{allowed:?}\n{}", comparison.text());
    }
    let narrowed = compare(&new, &old, &[]);
    assert!(!narrowed.changes.is_empty() && !narrowed.widens(), "{}", narrowed.text());
}

#[test]
fn a_word_that_allows_nothing_is_refused_with_those_that_do() {
    let policy = policy(&format!("{HEAD}{TASKS}"));
    for word in ["read:orders", "reads", "read", "", "login ", "READ:*"] {
        let error = Allowed::parse(&[word.to_owned()], &[&policy]).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "`{word}` is nothing that can be allowed; the words are client_info, identity_metadata, login, \
                 remote_query, session, user_id, read:*, read:tasks, write:*, write:tasks"
            )
        );
    }
}

#[test]
fn programs_read_the_same() {
    let comparison =
        compare(&format!("{HEAD}{TASKS}"), &format!("{HEAD}{TASKS}{DRIVER}"), &["read:*"]);
    let mut answer = comparison.json();
    assert!(answer["logins"]["generated"].as_u64().unwrap() > 50, "{answer}");
    assert_eq!(answer["logins"]["is_cut_off"], json!(false));
    assert_eq!(answer["widens"], json!(false));
    let change = &mut answer["changes"][0];
    assert!(change["logins"].take().as_u64().unwrap() > 5);
    assert!(change["example"]["token_life"].take().as_u64().unwrap() > 12 * 60 * 60);
    assert_eq!(
        *change,
        json!({
            "subject": "read:orders",
            "direction": "gain",
            "certain": true,
            "allowed": true,
            "who": "everyone where role = driver",
            "personas": [],
            "logins": null,
            "before": [],
            "after": ["_id.tenant == {tenant}"],
            "document": {"tenant": "tenant-1"},
            "example": {
                "claims": {"role": "driver", "sub": "sub-1", "tenant": "tenant-1"},
                "provider": "test",
                "database_id": "00000000-0000-4000-8000-000000000001",
                "token_life": null,
            },
        })
    );
}

/// What changes and for whom, between two tables of `map(m)`.
fn changed_by_table(rest: &str, old: &str, new: &str) -> Vec<String> {
    let text =
        |eu: &str| format!("{HEAD}[map.m]\neu = \"{eu}\"\nus = \"us\"\nall = \"all\"\n{rest}");
    let comparison = compare(&text(old), &text(new), &[]);
    let said = comparison.changes.iter().map(|change| format!("{} {}", change.subject, change.who));
    said.collect()
}

#[test]
fn what_a_table_says_anew_is_found() {
    let filled = "[[grant]]\nread = { t = \"_id.region == {region | map(m)}\" }\n";
    let where_eu = "read:t everyone where region is or has eu";
    assert_eq!(changed_by_table(filled, "a", "b"), [where_eu, where_eu]);
    // Among so many grants that not all of them can be tried.
    let roles = |index: u16| (0..30).map(|role| format!("\"r{role}-{index}\"")).collect::<Vec<_>>();
    let other = |index| {
        orders(
            &format!(
                "when = [{{ claim = \"role\", any_of = [{}] }}, {{ claim = \"g{}\", equals = {index} }}]",
                roles(index).join(", "),
                index % 4
            ),
            "true",
        )
    };
    let others = (0..80).map(other);
    let asked = "[[grant]]\nwhen = [{ claim = \"region | map(m)\", equals = \"high\" }, { claim = \"dept\", equals = \"d\" }, { claim = \"level\", equals = 7 }]\nread = { s = \"true\" }\n";
    let many = format!("{TASKS}{}{asked}", others.collect::<String>());
    assert_eq!(
        changed_by_table(&many, "low", "high"),
        ["read:s everyone where region | map(m) = high AND dept = d AND level = 7 now"]
    );
}

#[test]
fn what_is_gained_in_many_ways_is_told_in_few() {
    let orders = |value: u8| {
        let grant = |index| {
            orders(
                &format!("when = {{ claim = \"role\", equals = \"r{index}\" }}"),
                &format!("_id.x == {}", index + usize::from(value) * 100),
            )
        };
        format!("{HEAD}{}", (0..40).map(grant).collect::<String>())
    };
    let comparison = compare(&orders(0), &orders(1), &[]);
    let gains = comparison.changes.iter().filter(|change| change.widens()).collect::<Vec<_>>();
    assert_eq!(gains.len(), 9);
    // None of those who gain is forgotten.
    let counted = gains.iter().map(|change| change.count).sum::<usize>();
    assert!(counted >= 40, "{counted}");
}
