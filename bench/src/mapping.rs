//! A realistic policy: loading it beside parsing its TOML, and mapping a user's claims beside serializing the answer
//! that comes out, measured in turns in the same run.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark talks to people and stops where it cannot measure"
)]

mod measure;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, SystemTime};

use claim_mapping::{Login, Policy};
use measure::{in_turns, micros};
use serde_json::{Value, json};
use toml::de::DeTable;

const RULES: usize = 30;
const COLLECTIONS: usize = 10;
const CLAIMS: usize = 20;

/// What mapping and loading may take.
const MAPPING_AIM: Duration = Duration::from_micros(5);
const LOAD_AIM: Duration = Duration::from_micros(300);

fn main() {
    let text = policy();
    let policy = Policy::parse(&text).unwrap();
    let claims = claims();
    let claims = claims.as_object().unwrap();
    assert_eq!((policy.rules().grants.len(), claims.len()), (RULES, CLAIMS));
    let login = Login {
        claims,
        database_id: "3f5c1c0e-1111-4222-8333-0123456789ab",
        provider: "my-auth",
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    };
    let answer = policy.evaluate(&login).unwrap().permissions;
    assert_eq!(answer.query_count(), 12, "what is measured is a user with four of the rules");
    println!(
        "A policy of {RULES} rules and {COLLECTIONS} collections, a user with {CLAIMS} claims\n"
    );
    println!("| what | floor in the same run | floor | time | ratio | aim |");
    println!("|---|---|---:|---:|---:|---:|");
    let mapping = in_turns(
        || serde_json::to_vec(black_box(&answer)).unwrap(),
        || policy.evaluate(black_box(&login)).unwrap(),
    );
    row("mapping", "serializing the permissions", mapping, MAPPING_AIM);
    let load = in_turns(
        || DeTable::parse_recoverable(black_box(&text)),
        || Policy::parse(black_box(&text)).unwrap(),
    );
    row("load", "parsing the TOML", load, LOAD_AIM);
}

fn row(what: &str, floor_is: &str, (floor, time): (Duration, Duration), aim: Duration) {
    let ratio = time.as_secs_f64() / floor.as_secs_f64();
    let (floor, time, aim) = (micros(floor), micros(time), micros(aim));
    println!("| {what} | {floor_is} | {floor} | {time} | {ratio:.2}x | <= {aim} |");
}

fn policy() -> String {
    let mut text = "user_id = \"{sub | strip_prefix('auth0|')}\"\n[session]\nlength = \"12h\"\n\
        [[require]]\nclaim = \"email_verified\"\nboolean = true\n\
        [[deny]]\nusers = [\"u-1\", \"u-2\", \"u-3\"]\n"
        .to_owned();
    for rule in 0..RULES {
        let (one, other) = (rule % COLLECTIONS, rule.wrapping_add(1) % COLLECTIONS);
        write!(
            text,
            "[[grant]]\n\
             when = [{{ claim = \"roles\", contains = \"role-{rule}\" }}, {{ claim = \"level\", at_least = 2 }}]\n\
             read = {{ collection{one} = \"(_id.tenant == {{tenant}}) && (_id.owner{rule} == {{sub}})\", \
                       collection{other} = \"contains({{stores}}, _id.store{rule})\" }}\n\
             write = {{ collection{one} = \"(_id.tenant == {{tenant}}) && (_id.owner{rule} == {{sub}})\" }}\n"
        )
        .unwrap();
    }
    text
}

fn claims() -> Value {
    let mut claims = json!({
        "iss": "https://id.example.org", "sub": "auth0|5f7c8ec7c33c6c004bbafe82", "aud": "https://ditto.example.org",
        "email_verified": true, "roles": ["role-3", "role-9", "role-17", "role-26"], "level": 3, "tenant": "north",
        "stores": ["s-101", "s-102", "s-103", "s-104"],
    });
    let claims_object = claims.as_object_mut().unwrap();
    for other in claims_object.len()..CLAIMS {
        claims_object.insert(format!("other_{other}"), json!("something else"));
    }
    claims
}
