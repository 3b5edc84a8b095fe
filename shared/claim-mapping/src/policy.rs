//! The evaluation of a policy.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::condition::all;
use crate::decision::MAX_USER_ID_LENGTH;
use crate::given::Given;
use crate::observer::GrantOutcome;
use crate::rules::{Denied, Grant, JsonTemplate, JsonTemplateValue, Rules};
use crate::{ClaimReference, Decision, Login, Observer, Refusal, Truth};

/// A loaded policy: every problem it could have had was found by [`Policy::parse`].
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    rules: Rules,
}

impl Policy {
    pub(crate) fn new(rules: Rules) -> Self {
        Self { rules }
    }

    /// What it says, as data.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Decides on a login whose token was verified.
    ///
    /// # Errors
    /// [`Refusal`]: the user is not let in.
    pub fn evaluate(&self, login: &Login<'_>) -> Result<Decision, Refusal> {
        self.evaluate_observed(login, &mut ())
    }

    /// The same, heard by an observer. Requirements, `user_id`, `deny` rules and grants are evaluated in that order,
    /// up to the first that refuses.
    ///
    /// # Errors
    /// [`Refusal`]: the user is not let in.
    pub fn evaluate_observed(
        &self,
        login: &Login<'_>,
        observer: &mut impl Observer,
    ) -> Result<Decision, Refusal> {
        self.check_requirements(login, observer)?;
        let user_id = self.rules.user_id.text(login).filter(|user_id| is_user_id(user_id));
        let user_id = user_id.ok_or(Refusal::UserId)?;
        self.check_denials(&user_id, login, observer)?;
        let given = self.given(login, observer)?;
        let decision = Decision {
            user_id,
            session_seconds: self.rules.session.seconds(given.session, login.remaining_life),
            permissions: given.into_permissions(),
            client_info: fill(&self.rules.client_info, login),
            identity_metadata: fill(&self.rules.identity_metadata, login),
        };
        if decision.is_too_large() { Err(Refusal::AnswerTooLarge) } else { Ok(decision) }
    }

    fn check_requirements(
        &self,
        login: &Login<'_>,
        observer: &mut impl Observer,
    ) -> Result<(), Refusal> {
        for (index, condition) in self.rules.require.iter().enumerate() {
            let is_met = condition.truth(login, observer) == Truth::True;
            observer.requirement(index, is_met);
            if !is_met {
                return Err(Refusal::Requirement { number: index.saturating_add(1) });
            }
        }
        Ok(())
    }

    /// A rule that cannot be evaluated denies: skipped, it would let in whom it is there to keep out.
    fn check_denials(
        &self,
        user_id: &str,
        login: &Login<'_>,
        observer: &mut impl Observer,
    ) -> Result<(), Refusal> {
        for (index, deny) in self.rules.deny.iter().enumerate() {
            let denies = match &deny.who {
                Denied::Users(users) => users.contains(user_id),
                Denied::When(conditions) => all(conditions, login, observer) != Truth::False,
            };
            observer.deny(index, denies);
            if denies {
                return Err(Refusal::Denied { number: index.saturating_add(1) });
            }
        }
        Ok(())
    }

    fn given<'p>(
        &'p self,
        login: &Login<'_>,
        observer: &mut impl Observer,
    ) -> Result<Given<'p>, Refusal> {
        let (mut given, mut applies) = (Given::default(), false);
        for (index, grant) in self.rules.grants.iter().enumerate() {
            let outcome = match self.give(grant, login, &mut given, observer) {
                Ok(()) => GrantOutcome::Applies,
                Err(outcome) => outcome,
            };
            observer.grant(index, &outcome);
            applies |= outcome == GrantOutcome::Applies;
            if given.is_too_large() {
                return Err(Refusal::AnswerTooLarge);
            }
        }
        if applies { Ok(given) } else { Err(Refusal::NoGrant) }
    }

    /// Adds what a grant gives, or says why it does not apply: it gives all it says or nothing at all.
    fn give<'p>(
        &'p self,
        grant: &'p Grant,
        login: &Login<'_>,
        given: &mut Given<'p>,
        observer: &mut impl Observer,
    ) -> Result<(), GrantOutcome<'p>> {
        match all(&grant.when, login, observer) {
            Truth::True => {}
            truth @ (Truth::False | Truth::Unknown) => {
                return Err(GrantOutcome::ConditionNotMet(truth));
            }
        }
        let left =
            grant.until.as_ref().map(|until| time_left(until, login).ok_or(GrantOutcome::Over));
        let left = left.transpose()?;
        given.add(self.rules.gifts(grant), login).map_err(GrantOutcome::Unfilled)?;
        given.limit_session(left);
        Ok(())
    }
}

/// How long it is until the time that a claim holds, or nothing where it has passed or the claim holds none.
fn time_left(until: &ClaimReference, login: &Login<'_>) -> Option<Duration> {
    let end = until.value(login)?.as_u64()?;
    let left = end.checked_sub(login.seconds()).filter(|left| *left > 0);
    left.map(Duration::from_secs)
}

fn fill(table: &JsonTemplate, login: &Login<'_>) -> Option<Map<String, Value>> {
    Some(fill_members(table, login)).filter(|members| !members.is_empty())
}

fn fill_members(table: &JsonTemplate, login: &Login<'_>) -> Map<String, Value> {
    let filled = |(name, value): (&String, &JsonTemplateValue)| {
        fill_value(value, login).map(|value| (name.clone(), value))
    };
    table.iter().filter_map(filled).collect()
}

fn fill_value(value: &JsonTemplateValue, login: &Login<'_>) -> Option<Value> {
    match value {
        JsonTemplateValue::Fixed(value) => Some(value.clone()),
        JsonTemplateValue::Filled { template, .. } => template.value(login),
        JsonTemplateValue::List(items) => {
            Some(Value::Array(items.iter().filter_map(|item| fill_value(item, login)).collect()))
        }
        JsonTemplateValue::Table(table) => Some(Value::Object(fill_members(table, login))),
    }
}

fn is_user_id(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= MAX_USER_ID_LENGTH
        && !text.chars().any(char::is_control)
}
