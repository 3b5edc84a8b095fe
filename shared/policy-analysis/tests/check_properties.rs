//! What holds of `check` and of generated logins for all policies.
#![allow(clippy::unwrap_used, reason = "a panic is the failure report")]

#[path = "../../claim-mapping/tests/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "other tests use the rest of it")]
mod support;

use std::collections::BTreeSet;

use claim_mapping::{Grant, Policy};
use policy_analysis::{GrantTrace, Trace, check, generate};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// The grants that apply to some generated login, by their places.
fn applying(policy: &Policy) -> BTreeSet<usize> {
    let mut applying = BTreeSet::new();
    for login in generate(&[policy]).logins {
        let mut trace = Trace::default();
        // Who is refused is given nothing.
        let _ = policy.evaluate_observed(&login.login(), &mut trace);
        let grants = 0..policy.rules().grants.len();
        applying.extend(grants.filter(|index| trace.grant(*index) == Some(&GrantTrace::Applies)));
    }
    applying
}

fn is_about(span: &std::ops::Range<usize>, grant: &Grant) -> bool {
    let all = grant.when.first().zip(grant.when.last());
    all.is_some_and(|(first, last)| first.span.start <= span.start && span.end <= last.span.end)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        rng_seed: RngSeed::Fixed(20),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nobody_gets_what_is_said_to_be_nobodys((head, grants) in support::policy()) {
        let text = format!("{head}{}", grants.concat());
        let Ok(policy) = Policy::parse(&text) else { return Ok(()) };
        let applying = applying(&policy);
        for found in check(&text) {
            prop_assert!(text.get(found.span.clone()).is_some(), "{:?}\n{}", found, text);
            let is_nobodys = found.code == "lint.unreachable_grant"
                || (found.code == "lint.contradiction" && found.message.contains("nobody gets"));
            for index in applying.iter().filter(|_| is_nobodys) {
                let grant = policy.rules().grants.get(*index).unwrap();
                prop_assert!(!is_about(&found.span, grant), "{:?}\n{}", found, text);
            }
        }
    }
}

#[test]
fn tests_on_one_claim_are_met_together() {
    for tests in [
        vec!["any_of = [\"eu\", \"us\"]", "none_of = [\"guest\"]", "glob = \"store-*\""],
        vec!["prefix = \"store-\"", "suffix = \"-admin\"", "contains = \"eu\""],
        vec!["all_of = [\"a\", \"b\"]", "glob = \"x?\""],
    ] {
        let asked = tests.iter().map(|test| format!("{{ claim = \"groups\", {test} }}"));
        let text = format!(
            "user_id = \"{{sub}}\"\n[session]\nlength = \"1h\"\n[[grant]]\nwhen = [{}]\nread = {{ t = \"true\" }}\n",
            asked.collect::<Vec<_>>().join(", ")
        );
        assert_eq!(applying(&Policy::parse(&text).unwrap()), BTreeSet::from([0]), "{text}");
    }
}
