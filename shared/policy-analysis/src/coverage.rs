//! How much of a policy its personas try: each rule, and each condition in it, one way and the other.

use std::ops::Range;

use claim_mapping::{Condition, ConditionKind, Denied, Grant, Policy, Rules, Truth};
use serde::Serialize;

use crate::explain::{GrantTrace, Trace};
use crate::lines::Lines;
use crate::structure::{granted_queries, placeholders};

/// The branches of a policy, each tried by a persona or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The branches, rule by rule.
    pub branches: Vec<Branch>,
}

/// One way that a rule or a condition can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// The line of the policy, counted from 1.
    pub line: usize,
    /// The way: `grant 2 applies`.
    pub what: String,
    /// The line itself.
    pub source: String,
    /// Whether a persona went it.
    #[serde(skip)]
    pub is_covered: bool,
}

impl Coverage {
    /// What logins, of which traces were kept, tried of a policy with this text.
    #[must_use]
    pub fn of(policy: &Policy, text: &str, traces: &[&Trace]) -> Self {
        let mut collector = Collector { lines: Lines::of(text), traces, branches: Vec::new() };
        collector.add_rules(policy.rules());
        Self { branches: collector.branches }
    }

    /// How many branches were tried.
    #[must_use]
    pub fn covered(&self) -> usize {
        self.branches.iter().filter(|branch| branch.is_covered).count()
    }

    /// The branches that no login tried.
    pub fn uncovered(&self) -> impl Iterator<Item = &Branch> {
        self.branches.iter().filter(|branch| !branch.is_covered)
    }

    /// The share of branches that were tried, in whole percent, rounded down: 100 means all.
    #[must_use]
    pub fn percent(&self) -> usize {
        let covered = self.covered().saturating_mul(100);
        covered.checked_div(self.branches.len()).unwrap_or(100)
    }
}

struct Collector<'c> {
    lines: Lines<'c>,
    traces: &'c [&'c Trace],
    branches: Vec<Branch>,
}

impl Collector<'_> {
    fn add_rules(&mut self, rules: &Rules) {
        for (index, condition) in rules.require.iter().enumerate() {
            let (number, span) = (index.saturating_add(1), &condition.span);
            for (is_met, way) in [(true, "is met"), (false, "is not met")] {
                self.add(span, format!("requirement {number} {way}"), |trace| {
                    trace.requirement(index) == Some(is_met)
                });
            }
            // The requirement is the condition: only the parts are something else.
            self.add_parts(condition);
        }
        for (index, deny) in rules.deny.iter().enumerate() {
            let (number, span) = (index.saturating_add(1), &deny.span);
            for (denies, way) in [(true, "denies"), (false, "does not deny")] {
                self.add(span, format!("denial {number} {way}"), |trace| {
                    trace.denial(index) == Some(denies)
                });
            }
            if let Denied::When(conditions) = &deny.who {
                self.add_conditions(conditions);
            }
        }
        for (index, grant) in rules.grants.iter().enumerate() {
            self.add_grant(index, grant, rules);
        }
        for (index, role) in rules.roles.iter().enumerate() {
            let gives = |grant: &Grant| grant.roles.contains(&index);
            self.add(&role.span, format!("role `{}` is given", role.name), |trace| {
                let mut grants = rules.grants.iter().enumerate();
                grants.any(|(index, grant)| gives(grant) && applies(trace, index))
            });
        }
    }

    fn add_grant(&mut self, index: usize, grant: &Grant, rules: &Rules) {
        let number = index.saturating_add(1);
        let span = &grant.span;
        self.add(span, format!("grant {number} applies"), |trace| applies(trace, index));
        if can_stay_out(grant, rules) {
            self.add(span, format!("grant {number} does not apply"), |trace| {
                trace.grant(index).is_some_and(|grant| *grant != GrantTrace::Applies)
            });
        }
        self.add_conditions(&grant.when);
    }

    fn add_conditions(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            self.add_condition(condition);
        }
    }

    fn add_condition(&mut self, condition: &Condition) {
        self.add(&condition.span, "the condition holds".to_owned(), |trace| {
            trace.condition(condition) == Some(Truth::True)
        });
        self.add(&condition.span, "the condition does not hold".to_owned(), |trace| {
            matches!(trace.condition(condition), Some(Truth::False | Truth::Unknown))
        });
        self.add_parts(condition);
    }

    fn add_parts(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => self.add_conditions(parts),
            ConditionKind::Not(inner) => self.add_condition(inner),
            ConditionKind::Claim { .. } => {}
        }
    }

    fn add(&mut self, span: &Range<usize>, what: String, is_tried: impl Fn(&Trace) -> bool) {
        let line = self.lines.number(span.start);
        let source = self.lines.line(line).trim();
        let is_covered = self.traces.iter().any(|trace| is_tried(trace));
        self.branches.push(Branch { line, what, source: source.to_owned(), is_covered });
    }
}

fn applies(trace: &Trace, index: usize) -> bool {
    trace.grant(index) == Some(&GrantTrace::Applies)
}

/// Whether there are logins that get as far as the grants, but not this one. A claim that `user_id` is made of is
/// there by then.
fn can_stay_out(grant: &Grant, rules: &Rules) -> bool {
    let is_sure = |claim| placeholders(&rules.user_id).any(|sure| sure == claim);
    let mut queries = granted_queries(rules, grant);
    !grant.when.is_empty()
        || grant.until.is_some()
        || queries.any(|query| query.template.claims().any(|claim| !is_sure(claim)))
}
