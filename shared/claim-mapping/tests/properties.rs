//! What holds for any policy and any claims.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::too_many_lines,
    reason = "a panic is the failure report, and tables are long"
)]

mod support;

use std::time::{Duration, SystemTime};

use claim_mapping::{Decision, Login, Policy, QueryTemplate, Refusal, ValueMaps};
use permission_query::Query;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Map, Value, json};
use support::{TEMPLATES, claims, is_filled, policy};

fn login(claims: &Map<String, Value>) -> Login<'_> {
    Login {
        claims,
        database_id: "3f5c1c0e-1111-4222-8333-0123456789ab",
        provider: "my-auth",
        now: SystemTime::UNIX_EPOCH,
        remaining_life: Duration::from_hours(1),
    }
}

fn load(head: &str, grants: &[String]) -> Policy {
    let text = format!("{head}{}", grants.concat());
    Policy::parse(&text).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn decide(policy: &Policy, claims: &Map<String, Value>) -> Result<Decision, Refusal> {
    policy.evaluate(&login(claims))
}

fn maps() -> ValueMaps {
    let role = [("admin".to_owned(), json!(["ops", "a"])), ("ops".to_owned(), json!(2))];
    ValueMaps::from_iter([("role".to_owned(), std::sync::Arc::new(role.into_iter().collect()))])
}

proptest! {
    #![proptest_config(Config { cases: 300, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_claim_changes_a_query_but_by_a_literal_of_exactly_its_value(claims in claims()) {
        for template in TEMPLATES {
            let parsed = QueryTemplate::parse(template, &maps()).unwrap();
            let mut queries = Vec::new();
            // A claim that cannot stand there gives no query, which is right as well.
            if parsed.fill(&login(&claims), |query| queries.push(query)).is_err() {
                continue;
            }
            for query in queries {
                let filled = Query::parse(&query).unwrap_or_else(|error| panic!("{query}: {error}"));
                let login = login(&claims);
                let is_right = is_filled(parsed.query().expression(), filled.expression(), &login, &maps());
                prop_assert!(is_right, "{} became {}", template, query);
            }
        }
    }

    #[test]
    fn every_query_of_an_answer_is_one_that_the_engine_takes(
        (head, grants) in policy(),
        claims in claims(),
    ) {
        if let Ok(decision) = decide(&load(&head, &grants), &claims) {
            let permissions = decision.permissions;
            for access in [&permissions.read, &permissions.write] {
                prop_assert!(!access.everything || access.queries_by_collection.is_empty());
                for query in access.queries_by_collection.values().flatten() {
                    prop_assert!(Query::parse(query).is_ok(), "{}", query);
                }
            }
        }
    }

    #[test]
    fn the_order_of_grants_plays_no_part(
        (head, grants) in policy(),
        claims in claims(),
        turn in 0_usize..5,
    ) {
        let decision = decide(&load(&head, &grants), &claims);
        let mut others = grants.clone();
        others.rotate_left(turn % grants.len());
        prop_assert!(decision == decide(&load(&head, &others), &claims));
        others.reverse();
        prop_assert!(decision == decide(&load(&head, &others), &claims));
        // Once more is not more.
        others.extend(grants);
        prop_assert!(decision == decide(&load(&head, &others), &claims));
    }

    #[test]
    fn the_same_login_gets_the_same_answer_to_the_byte(
        (head, grants) in policy(),
        claims in claims(),
    ) {
        let answer = |policy: &Policy| {
            let decision = decide(policy, &claims).map_err(|refusal| refusal.to_string());
            decision.map(|decision| serde_json::to_string(&decision.permissions).unwrap())
        };
        let policy = load(&head, &grants);
        prop_assert_eq!(answer(&policy), answer(&policy));
        prop_assert_eq!(answer(&policy), answer(&load(&head, &grants)));
    }

    #[test]
    fn whoever_is_denied_stays_so_whatever_is_granted(
        (head, grants) in policy(),
        claims in claims(),
        (_, more_grants) in policy(),
        more in proptest::collection::btree_map("x[a-z]{0,3}", any::<bool>(), 0..4),
    ) {
        let denied = decide(&load(&head, &grants), &claims);
        if let Err(Refusal::Denied { .. } | Refusal::Requirement { .. }) = denied {
            let grants = grants.into_iter().chain(more_grants).collect::<Vec<_>>();
            prop_assert!(decide(&load(&head, &grants), &claims) == denied);
            // Claims that the denial is not about do not lift it either.
            let mut claims = claims;
            claims.extend(more.into_iter().map(|(name, value)| (name, json!(value))));
            prop_assert!(decide(&load(&head, &grants), &claims) == denied);
        }
    }

    #[test]
    fn a_denied_user_gets_in_with_no_claims_whatever((head, grants) in policy(), claims in claims()) {
        let user = claims.get("sub").and_then(Value::as_str).unwrap();
        let list = serde_json::to_string(&[format!("x{user}")]).unwrap();
        // A JSON string is a TOML string, but for these two.
        prop_assume!(!list.contains("\\/") && !list.contains('\u{7f}'));
        let denied = load(&format!("{head}[[deny]]\nusers = {list}\n"), &grants);
        prop_assert!(decide(&denied, &claims).is_err());
    }

    #[test]
    fn no_text_makes_the_loader_panic(text in "\\PC{0,80}", (head, grants) in policy(), at in 0_usize..2000) {
        let _ = Policy::parse(&text);
        let mut whole = format!("{head}{}", grants.concat());
        let at = whole.char_indices().map(|(at, _)| at).take_while(|index| *index <= at).last().unwrap_or(0);
        whole.insert_str(at, &text);
        if let Err(problems) = Policy::parse(&whole) {
            prop_assert!(!problems.0.is_empty());
            for problem in problems.0 {
                prop_assert!(whole.get(problem.span.clone()).is_some() || problem.span.start >= whole.len());
            }
        }
    }
}
