//! What an evaluation decided, rule by rule.

use std::collections::BTreeMap;
use std::ops::Range;

use claim_mapping::{Condition, GrantOutcome, Observer, Truth};

/// Notes each decision of an evaluation. What is missing in it was not reached.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// Conditions by their places in the policy.
    conditions: BTreeMap<(usize, usize), Truth>,
    requirements: BTreeMap<usize, bool>,
    denials: BTreeMap<usize, bool>,
    grants: BTreeMap<usize, GrantTrace>,
}

/// What became of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GrantTrace {
    /// It applies.
    Applies,
    /// Its `when` does not hold, or cannot be told.
    ConditionNotMet(Truth),
    /// The time of its `until` has passed, or its claim holds no time.
    Over,
    /// This placeholder of its queries cannot be filled, for this reason.
    Unfilled {
        /// The placeholder.
        claim: String,
        /// Why not.
        reason: String,
    },
}

impl Trace {
    /// What became of a condition.
    #[must_use]
    pub fn condition(&self, condition: &Condition) -> Option<Truth> {
        self.conditions.get(&place(&condition.span)).copied()
    }

    /// Whether a requirement is met; `index` counts from 0.
    #[must_use]
    pub fn requirement(&self, index: usize) -> Option<bool> {
        self.requirements.get(&index).copied()
    }

    /// Whether a `deny` rule denies; `index` counts from 0.
    #[must_use]
    pub fn denial(&self, index: usize) -> Option<bool> {
        self.denials.get(&index).copied()
    }

    /// What became of a grant; `index` counts from 0.
    #[must_use]
    pub fn grant(&self, index: usize) -> Option<&GrantTrace> {
        self.grants.get(&index)
    }
}

impl Observer for Trace {
    fn condition(&mut self, condition: &Condition, truth: Truth) {
        self.conditions.insert(place(&condition.span), truth);
    }

    fn requirement(&mut self, index: usize, is_met: bool) {
        self.requirements.insert(index, is_met);
    }

    fn deny(&mut self, index: usize, denies: bool) {
        self.denials.insert(index, denies);
    }

    fn grant(&mut self, index: usize, outcome: &GrantOutcome<'_>) {
        let outcome = match outcome {
            GrantOutcome::Applies => GrantTrace::Applies,
            GrantOutcome::ConditionNotMet(truth) => GrantTrace::ConditionNotMet(*truth),
            GrantOutcome::Over => GrantTrace::Over,
            GrantOutcome::Unfilled(unfilled) => GrantTrace::Unfilled {
                claim: unfilled.claim.to_string(),
                reason: unfilled.reason.to_string(),
            },
        };
        self.grants.insert(index, outcome);
    }
}

fn place(span: &Range<usize>) -> (usize, usize) {
    (span.start, span.end)
}
