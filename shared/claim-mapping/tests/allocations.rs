//! Rules that do not apply cost no memory.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use claim_mapping::{Login, Policy};
use serde_json::json;

/// The allocations of a login by a policy with this many grants that do not apply.
fn allocations(idle_grants: usize) -> u64 {
    let mut text = "user_id = \"{sub}\"\n[session]\nlength = \"1h\"\n\
        [[grant]]\nread = { tasks = \"_id.owner == {sub}\" }\n"
        .to_owned();
    for grant in 0..idle_grants {
        let condition = match grant % 4 {
            0 => format!("{{ claim = \"role\", equals = \"role-{grant}\" }}"),
            1 => format!("{{ claim = \"groups\", contains = \"group-{grant}\" }}"),
            2 => format!("{{ not = {{ any = [{{ claim = \"level\", at_most = {grant} }}] }} }}"),
            _ => "{ claim = \"missing\", prefix = \"x\" }".to_owned(),
        };
        write!(
            text,
            "[[grant]]\nwhen = {condition}\nread = {{ c{grant} = \"_id.a == {{sub}}\" }}\n"
        )
        .unwrap();
    }
    let policy = Policy::parse(&text).unwrap();
    let claims = json!({"sub": "u1", "role": "driver", "groups": ["a", "b"], "level": 1});
    let login = Login {
        claims: claims.as_object().unwrap(),
        database_id: "db",
        provider: "my-auth",
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    };
    let measured = allocation_counter::measure(|| {
        policy.evaluate(&login).unwrap();
    });
    measured.count_total
}

#[test]
fn do_not_grow_with_grants_that_do_not_apply() {
    let alone = allocations(0);
    assert!(alone > 0, "the counter counts");
    assert_eq!(allocations(400), alone);
}
