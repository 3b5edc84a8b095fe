//! The policy loader and the evaluation: no text makes them panic, and every query of an answer is one that the
//! engine takes.
#![no_main]

use std::time::{Duration, SystemTime};

use claim_mapping::{Login, Policy};
use libfuzzer_sys::fuzz_target;
use permission_query::Query;
use serde_json::json;

fuzz_target!(|text: &str| {
    let policy = match Policy::parse(text) {
        Ok(policy) => policy,
        Err(problems) => {
            assert!(!problems.0.is_empty());
            assert!(problems.0.iter().all(|problem| problem.line > 0 && problem.column > 0));
            return;
        }
    };
    for claims in [
        json!({}),
        json!({"sub": "u1", "role": "driver", "groups": ["a", "b"], "level": 3, "ok": true}),
        json!({"sub": "x' || true || 'y", "role": ["driver"], "groups": "a b", "level": "3", "ok": "true"}),
    ] {
        let decision = policy.evaluate(&Login {
            claims: claims.as_object().unwrap(),
            database_id: "db",
            provider: "my-auth",
            now: SystemTime::UNIX_EPOCH,
            remaining_life: Duration::from_secs(3600),
        });
        if let Ok(decision) = decision {
            for access in [&decision.permissions.read, &decision.permissions.write] {
                for query in access.queries_by_collection.values().flatten() {
                    assert!(Query::parse(query).is_ok(), "{query}");
                }
            }
        }
    }
});
