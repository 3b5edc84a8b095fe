//! What became of each rule.

use claim_mapping::{Denied, Deny, Grant, Login, Refusal, Rules, Truth};
use serde::Serialize;
use toml::de::DeTable;

use super::condition::{self, ConditionStep, short};
use super::{GrantTrace, PolicySource, Trace, placeholder};

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleStep {
    /// What kind of rule it is.
    pub kind: RuleKind,
    /// Its place among those of its kind, counted from 1.
    pub number: usize,
    /// The line of the policy, counted from 1.
    pub line: usize,
    /// Whether it took effect; nothing where it was not reached.
    pub takes_effect: Option<bool>,
    /// What became of it.
    pub outcome: String,
    /// Its conditions.
    pub conditions: Vec<ConditionStep>,
}

/// The kind of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// A `[[deny]]`; it takes effect where it denies.
    Deny,
    /// A `[[grant]]`; it takes effect where it applies.
    Grant,
    /// A `[[require]]`; it takes effect where it is met.
    Require,
    /// The `user_id`; it takes effect where it can be made.
    UserId,
}

struct Steps<'s> {
    source: &'s PolicySource<'s>,
    login: &'s Login<'s>,
    trace: &'s Trace,
    refusal: Option<&'s Refusal>,
}

/// What became of each rule, in the order in which they are decided on.
pub(super) fn steps(
    source: &PolicySource<'_>,
    login: &Login<'_>,
    trace: &Trace,
    refusal: Option<&Refusal>,
) -> Vec<RuleStep> {
    let steps = Steps { source, login, trace, refusal };
    let rules = source.policy.rules();
    let mut all = steps.requirements(rules);
    all.push(steps.user_id(rules));
    all.extend(rules.deny.iter().enumerate().map(|(index, deny)| steps.denial(index, deny)));
    let grants = rules.grants.iter().enumerate();
    all.extend(grants.map(|(index, grant)| steps.grant(index, grant, rules)));
    all
}

impl Steps<'_> {
    fn requirements(&self, rules: &Rules) -> Vec<RuleStep> {
        let requirement = |(index, condition): (usize, &claim_mapping::Condition)| {
            let is_met = self.trace.requirement(index);
            let outcome = match is_met {
                Some(true) => "is met",
                Some(false) => "is not met",
                None => NOT_REACHED,
            };
            RuleStep {
                kind: RuleKind::Require,
                number: index.saturating_add(1),
                line: self.source.line(condition.span.start),
                takes_effect: is_met,
                outcome: outcome.to_owned(),
                conditions: self.all(std::slice::from_ref(condition)),
            }
        };
        rules.require.iter().enumerate().map(requirement).collect()
    }

    fn user_id(&self, rules: &Rules) -> RuleStep {
        let is_usable = match self.refusal {
            Some(Refusal::Requirement { .. }) => None,
            refusal => Some(refusal != Some(&Refusal::UserId)),
        };
        let user_id = rules.user_id.text(self.login).map(serde_json::Value::from);
        let outcome = match (is_usable, user_id) {
            (None, _) => NOT_REACHED.to_owned(),
            (Some(true), user_id) => format!("is {}", user_id.unwrap_or_default()),
            (Some(false), Some(user_id)) => {
                format!("cannot be {}: it is blank, too long or unprintable", short(&user_id))
            }
            (Some(false), None) => {
                let reason = placeholder::unfilled(&rules.user_id, self.login);
                format!("cannot be made: {}", reason.unwrap_or_default())
            }
        };
        let (table, _) = DeTable::parse_recoverable(self.source.text);
        let at = table.get_ref().get("user_id").map(|node| node.span().start);
        RuleStep {
            kind: RuleKind::UserId,
            number: 1,
            line: self.source.line(at.unwrap_or_default()),
            takes_effect: is_usable,
            outcome,
            conditions: Vec::new(),
        }
    }

    fn denial(&self, index: usize, deny: &Deny) -> RuleStep {
        let denies = self.trace.denial(index);
        let (conditions, about) = match &deny.who {
            Denied::Users(_) => (Vec::new(), true),
            Denied::When(conditions) => (self.all(conditions), false),
        };
        let is_unknown = conditions.iter().any(|step| step.decides && step.outcome == UNKNOWN);
        let outcome = match denies {
            Some(true) if about => "denies: the user id is among its `users`",
            Some(true) if is_unknown => "denies: what cannot be told denies",
            Some(true) => "denies",
            Some(false) if about => "does not deny: the user id is not among its `users`",
            Some(false) => "does not deny",
            None => NOT_REACHED,
        };
        RuleStep {
            kind: RuleKind::Deny,
            number: index.saturating_add(1),
            line: self.source.line(deny.span.start),
            takes_effect: denies,
            outcome: outcome.to_owned(),
            conditions,
        }
    }

    fn grant(&self, index: usize, grant: &Grant, rules: &Rules) -> RuleStep {
        let trace = self.trace.grant(index);
        RuleStep {
            kind: RuleKind::Grant,
            number: index.saturating_add(1),
            line: self.source.line(grant.span.start),
            takes_effect: trace.map(|trace| *trace == GrantTrace::Applies),
            outcome: self.grant_outcome(trace, grant, rules),
            conditions: self.all(&grant.when),
        }
    }

    fn grant_outcome(&self, trace: Option<&GrantTrace>, grant: &Grant, rules: &Rules) -> String {
        let reason = match trace {
            None => return NOT_REACHED.to_owned(),
            Some(GrantTrace::Applies) => return "applies".to_owned(),
            Some(GrantTrace::ConditionNotMet(Truth::Unknown)) => "its `when` cannot be told".into(),
            Some(GrantTrace::ConditionNotMet(_)) => "its `when` does not hold".to_owned(),
            Some(GrantTrace::Over) => self.over(grant),
            Some(GrantTrace::Unfilled { claim, reason }) => {
                let query = placeholder::unfilled_query(rules, grant, self.login);
                let query = query.map(|query| {
                    let line = self.source.line(query.span.start);
                    format!(" in `{}` on line {line}", query.template.query().text())
                });
                let query = query.unwrap_or_default();
                format!("`{{{claim}}}` cannot be filled{query}: {reason}")
            }
        };
        format!("does not apply: {reason}")
    }

    fn over(&self, grant: &Grant) -> String {
        let Some(until) = &grant.until else { return String::new() };
        match until.value(self.login) {
            None => format!("`until` has no value: there is no `{until}`"),
            Some(end) if end.as_u64().is_some() => format!("its time is over: `{until}` is {end}"),
            Some(end) => format!("`until` is no time: `{until}` is {}", short(&end)),
        }
    }

    fn all(&self, conditions: &[claim_mapping::Condition]) -> Vec<ConditionStep> {
        condition::all(conditions, self.source, self.login, self.trace)
    }
}

const NOT_REACHED: &str = "was not reached";
const UNKNOWN: &str = "cannot be told";
