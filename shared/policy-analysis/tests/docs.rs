//! The pages about policies say what is so: every example loads and does what the text says, and what the tables list is
//! what the code has. `docs_conditions` and `docs_claims` try the language itself.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is the failure report")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use claim_mapping::{
    CONDITION_NAMES, Claims, DENY_NAMES, Decision, GRANT_NAMES, Login, MAX_ANSWER_SIZE,
    MAX_CONDITION_DEPTH, MAX_GATHERED_QUERIES, MAX_GATHERED_SIZE, MAX_JSON_DEPTH, MAX_MAPPED_ITEMS,
    MAX_POLICY_SIZE, MAX_QUERIES, MAX_QUERY_TEMPLATE_SIZE, MAX_SESSION, MAX_USER_ID_LENGTH,
    MIN_SESSION, POLICY_NAMES, Policy, ROLE_NAMES, Refusal, SESSION_NAMES,
};
use policy_analysis::{
    DEFAULT_DATABASE_ID, DEFAULT_PROVIDER, DOCUMENT_NAMES, EXPECT_NAMES, LintKind, PERSONA_NAMES,
    Persona, PolicySource, REFUSAL_CODES, STARTERS, Suite, check,
};
use serde_json::json;

const POLICIES: &str = include_str!("../../../docs/policies.md");
const TOOLS: &str = include_str!("../../../docs/policy-tools.md");

/// What fragments are completed with.
const HEAD: &str = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n";
const GRANT: &str = "[[grant]]\nwrite = \"everything\"\n";

fn toml_blocks(page: &str) -> Vec<&str> {
    let blocks = page.split("```toml\n").skip(1);
    blocks.map(|rest| rest.split_once("```").unwrap().0).collect()
}

/// The part below a header, up to the next one.
fn section<'p>(page: &'p str, header: &str) -> &'p str {
    let (_, below) =
        page.split_once(&format!("\n{header}\n\n")).unwrap_or_else(|| panic!("{header}"));
    below.split("\n##").next().unwrap()
}

fn decide(policy: &str, claims: &serde_json::Value) -> Result<Decision, Refusal> {
    let policy = Policy::parse(policy).unwrap_or_else(|problems| panic!("{problems}\n{policy}"));
    policy.evaluate(&Login {
        claims: claims.as_object().unwrap(),
        database_id: DEFAULT_DATABASE_ID,
        provider: DEFAULT_PROVIDER,
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    })
}

#[test]
fn every_example_loads_and_leaves_no_trap() {
    let (mut policies, mut fragments, mut tests) = (0, 0, 0);
    for block in toml_blocks(POLICIES).into_iter().chain(toml_blocks(TOOLS)) {
        if block.contains("[[persona]]") {
            Persona::parse_all(block).unwrap_or_else(|problems| panic!("{problems:?}\n{block}"));
            tests += 1;
            continue;
        }
        let is_whole = block.contains("user_id = ");
        let policy = match (is_whole, block.contains("[[grant]]")) {
            (true, _) => block.to_owned(),
            (false, true) => format!("{HEAD}{block}"),
            (false, false) => format!("{block}{HEAD}{GRANT}"),
        };
        let count = if is_whole { &mut policies } else { &mut fragments };
        *count += 1;
        Policy::parse(&policy).unwrap_or_else(|problems| panic!("{problems}\n{policy}"));
        // The grant that completes a fragment is for everybody, which is warned of.
        let found = check(&policy).into_iter().filter(|it| it.code != LintKind::Everything.code());
        let found = found.map(|found| format!("{}: {}", found.code, found.message));
        assert_eq!(found.collect::<Vec<_>>(), [""; 0], "{policy}");
    }
    assert_eq!((policies, fragments, tests), (1, 2, 1));
}

#[test]
fn the_example_does_what_the_text_says() {
    let example = toml_blocks(POLICIES).first().copied().unwrap();
    let text = section(POLICIES, "## By example").replace('\n', " ");
    let (_, from_claims) = text.split_once("with the claims `").unwrap();
    let claims = from_claims.split_once('`').unwrap().0;
    let claims = serde_json::from_str::<serde_json::Value>(claims).unwrap();
    let decision = decide(example, &claims).unwrap();
    assert!(text.contains(&format!("is let in as `{}` until the token ends", decision.user_id)));
    assert_eq!(decision.session_seconds, 3600);
    let orders = "(_id.tenant == 'north') && (_id.driver == 'u1')";
    assert_eq!(
        serde_json::to_value(&decision.permissions).unwrap(),
        json!({
            "read": { "everything": false, "queriesByCollection": {
                "orders": [orders], "shops": ["_id.tenant == 'north'"],
            }},
            "write": { "everything": false, "queriesByCollection": { "orders": [orders] }},
            "remoteQuery": false,
        }),
    );
    assert_eq!(decision.client_info, None);
    let metadata = Claims::from_iter([("role".to_owned(), json!("driver"))]);
    assert_eq!(decision.identity_metadata, Some(metadata));

    let long = Policy::parse(example).unwrap().rules().session.length;
    assert_eq!(long, Duration::from_hours(12));
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().insert(name.to_owned(), value);
        decide(example, &claims).map(|decision| decision.permissions.write.everything)
    };
    assert_eq!(with("email_verified", json!(false)), Err(Refusal::Requirement { number: 1 }));
    assert_eq!(with("sub", json!("u-1042")), Err(Refusal::Denied { number: 1 }));
    assert_eq!(with("role", json!("cook")), Err(Refusal::NoGrant));
    assert_eq!(with("groups", json!(["ops"])), Ok(false));
}

#[test]
fn the_personas_of_the_page_pass_against_the_policy_they_are_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join("functions/custom/policy.toml")).unwrap();
    let policy = Policy::parse(&text).unwrap();
    let block = toml_blocks(TOOLS).into_iter().find(|it| it.contains("[[persona]]")).unwrap();
    let personas = Persona::parse_all(block).unwrap();
    let source = PolicySource { file: "policy.toml", text: &text, policy: &policy };
    let suite = Suite::run(&source, "policy.test.toml", &personas);
    assert_eq!(suite.failures(), 0, "{}", suite.text(&policy_analysis::Budget::default()));
}

#[test]
fn every_recipe_is_linked_and_no_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/policies");
    let folders =
        fs::read_dir(root).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let links = section(POLICIES, "## Recipes").split("](../examples/policies/").skip(1);
    let links = links.map(|link| link.split_once("/policy.toml)").unwrap().0);
    assert_eq!(links.map(str::to_owned).collect::<BTreeSet<_>>(), folders.collect());
}

#[test]
fn the_limits_are_those_of_the_code() {
    const KIB: usize = 1024;
    let longest_name = (1..1000).take_while(|length| {
        let name = "c".repeat(*length);
        Policy::parse(&format!("{HEAD}[[grant]]\nread = {{ {name} = \"true\" }}")).is_ok()
    });
    let rows = [
        format!("| a policy | {} KiB |", MAX_POLICY_SIZE / KIB),
        format!("| a query template | {MAX_QUERY_TEMPLATE_SIZE} bytes |"),
        format!("| a collection's name | {} bytes |", longest_name.count()),
        format!("| depth of conditions | {MAX_CONDITION_DEPTH} |"),
        format!("| depth of `client_info` and `identity_metadata` | {MAX_JSON_DEPTH} |"),
        format!("| a user id | {MAX_USER_ID_LENGTH} characters |"),
        format!("| queries of an answer, reading and writing together | {MAX_QUERIES} |"),
        format!(
            "| queries of all its grants, before duplicates fold | {MAX_GATHERED_QUERIES}, {} MiB |",
            MAX_GATHERED_SIZE / KIB / KIB
        ),
        format!("| items of a list after `map` | {MAX_MAPPED_ITEMS} |"),
        format!(
            "| an answer as JSON: queries, collections, `client_info`, `identity_metadata` | {} KiB |",
            MAX_ANSWER_SIZE / KIB
        ),
    ];
    let limits = section(POLICIES, "### Limits");
    let table = limits.lines().filter(|line| line.starts_with('|')).skip(2);
    assert_eq!(table.collect::<Vec<_>>(), rows);
    let session = format!("from {} s to {} s", MIN_SESSION.as_secs(), MAX_SESSION.as_secs());
    assert!(section(POLICIES, "### Session").contains(&session));
}

/// The names in the first cells of a section's tables of names.
fn named(page: &str, header: &str) -> BTreeSet<String> {
    let tables = section(page, header).split("\n\n").filter(|part| part.starts_with("| name"));
    let rows = tables.flat_map(|table| table.lines().filter_map(|line| line.strip_prefix("| `")));
    let cells = rows.map(|row| row.split_once(" |").unwrap().0);
    let names = cells.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`'));
    names.map(|name| name.trim_matches(['[', ']']).replace(".NAME", "")).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn every_name_of_the_language_is_listed_and_no_other() {
    assert_eq!(named(POLICIES, "### The file"), set(POLICY_NAMES));
    assert_eq!(named(POLICIES, "### Session"), set(SESSION_NAMES));
    assert_eq!(named(POLICIES, "### Grants"), set(GRANT_NAMES));
    let row = ROLE_NAMES.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    assert!(section(POLICIES, "### The file").contains(&format!("by name: {row}. |")));
    for name in DENY_NAMES {
        assert!(section(POLICIES, "### The file").contains(&format!("`{name}`, ")), "{name}");
    }
    for name in CONDITION_NAMES {
        let conditions = section(POLICIES, "### Conditions");
        let is_listed = conditions.contains(&format!("`{name}`"))
            || conditions.contains(&format!(" {name} = "));
        assert!(is_listed, "{name}");
    }
    let parts = ["persona.document", "persona.expect"];
    let known = [PERSONA_NAMES, EXPECT_NAMES, &parts].concat();
    let known = set(&known).into_iter().filter(|name| !["expect", "document"].contains(&&**name));
    assert_eq!(named(TOOLS, "## test"), known.collect());
    for name in DOCUMENT_NAMES {
        assert!(section(TOOLS, "## test").contains(&format!("`{name}`")), "{name}");
    }
}

/// A policy that refuses for every reason at once gives the first of the table; without that, the second; and so on.
#[test]
fn a_login_is_decided_in_the_order_of_the_table() {
    let table = section(POLICIES, "### The file").lines().filter_map(|line| {
        line.rsplit_once("| `policy.").and_then(|(_, code)| code.strip_suffix("` |"))
    });
    let table = table.map(|code| format!("policy.{code}")).collect::<Vec<_>>();
    let steps = [
        ("[[require]]\nclaim = \"missing\"\nexists = true\n", ""),
        ("user_id = \"{missing}\"\n", "user_id = \"{missing | default('u')}\"\n"),
        ("[[deny]]\nusers = [\"u\"]\nSECOND", "SECOND"),
        ("when = { claim = \"missing\", exists = true }\n", ""),
    ];
    let mut policy = format!(
        "user_id = \"{{missing}}\"\n[session]\nlength = \"1h\"\n{}[[deny]]\nusers = [\"u\"]\nSECOND[[grant]]\nwhen = {{ claim = \"missing\", exists = true }}\nread.t = \"_id.o == {{each many}}\"\n",
        steps.first().unwrap().0
    );
    let claims = json!({ "many": (0..=MAX_QUERIES).collect::<Vec<_>>() });
    let mut codes = Vec::new();
    for (from, to) in steps.into_iter().chain([("", "")]) {
        let refusal = decide(&policy.replace("SECOND", ""), &claims).unwrap_err();
        codes.push(refusal.code().to_owned());
        policy = policy.replacen(from, to, 1);
    }
    assert_eq!(codes, table);
    assert_eq!(codes.into_iter().collect::<BTreeSet<_>>(), set(&REFUSAL_CODES));
}

#[test]
fn every_provider_that_a_policy_can_start_from_is_named() {
    let init = section(TOOLS, "## init");
    for starter in STARTERS {
        assert!(init.contains(&format!("`{}`", starter.provider)), "{}", starter.provider);
    }
}
