//! The evaluation of a policy.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::condition::all;
use crate::decision::{MAX_ANSWER_SIZE, MAX_QUERIES, MAX_USER_ID_LENGTH};
use crate::observer::{GrantOutcome, Unfilled};
use crate::rules::{AccessTemplate, Denied, Gift, Grant, JsonTemplate, JsonTemplateValue, Rules};
use crate::{Access, Decision, Login, Observer, Permissions, Refusal, Truth};

/// A loaded policy: every problem it could have had was found by [`Policy::parse`].
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    rules: Rules,
}

/// What the grants that apply give together.
#[derive(Default)]
struct Given {
    permissions: Permissions,
    session: Option<Duration>,
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
        let Given { permissions, session } = self.given(login, observer)?;
        let decision = Decision {
            user_id,
            session_seconds: self.rules.session.seconds(session, login.remaining_life),
            permissions,
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

    fn given(&self, login: &Login<'_>, observer: &mut impl Observer) -> Result<Given, Refusal> {
        let mut all_given: Option<Given> = None;
        for (index, grant) in self.rules.grants.iter().enumerate() {
            let given = self.give(grant, login, observer);
            let outcome = given.as_ref().map_or_else(|outcome| *outcome, |_| GrantOutcome::Applies);
            observer.grant(index, &outcome);
            if let Ok(given) = given {
                let sum = match all_given.take() {
                    None => given,
                    Some(sum) => sum.and(given),
                };
                if sum.is_too_large() {
                    return Err(Refusal::AnswerTooLarge);
                }
                all_given = Some(sum);
            }
        }
        let mut given = all_given.ok_or(Refusal::NoGrant)?;
        given.permissions.read.fold();
        given.permissions.write.fold();
        Ok(given)
    }

    /// What a grant gives, or why it does not apply: it gives all it says or nothing at all.
    fn give<'p>(
        &'p self,
        grant: &'p Grant,
        login: &Login<'_>,
        observer: &mut impl Observer,
    ) -> Result<Given, GrantOutcome<'p>> {
        match all(&grant.when, login, observer) {
            Truth::True => {}
            truth @ (Truth::False | Truth::Unknown) => {
                return Err(GrantOutcome::ConditionNotMet(truth));
            }
        }
        let mut given = Given::default();
        if let Some(until) = &grant.until {
            let end = until.value(login).and_then(|end| end.as_u64()).ok_or(GrantOutcome::Over)?;
            let left = end.checked_sub(login.seconds()).filter(|left| *left > 0);
            given.session = Some(Duration::from_secs(left.ok_or(GrantOutcome::Over)?));
        }
        for gift in self.rules.gifts(grant) {
            given.take(gift, login).map_err(GrantOutcome::Unfilled)?;
        }
        Ok(given)
    }
}

impl Given {
    fn take<'p>(&mut self, gift: &'p Gift, login: &Login<'_>) -> Result<(), Unfilled<'p>> {
        add_filled(&mut self.permissions.read, &gift.read, login)?;
        add_filled(&mut self.permissions.write, &gift.write, login)?;
        self.permissions.remote_query |= gift.remote_query;
        self.session = shorter(self.session, gift.session);
        Ok(())
    }

    fn and(mut self, other: Self) -> Self {
        let Permissions { read, write, remote_query } = other.permissions;
        add(&mut self.permissions.read, read);
        add(&mut self.permissions.write, write);
        self.permissions.remote_query |= remote_query;
        self.session = shorter(self.session, other.session);
        self
    }

    fn is_too_large(&self) -> bool {
        let Permissions { read, write, .. } = &self.permissions;
        self.permissions.query_count() > MAX_QUERIES
            || read.size().saturating_add(write.size()) > MAX_ANSWER_SIZE
    }
}

fn shorter(one: Option<Duration>, other: Option<Duration>) -> Option<Duration> {
    one.into_iter().chain(other).min()
}

fn add_filled<'p>(
    access: &mut Access,
    template: &'p AccessTemplate,
    login: &Login<'_>,
) -> Result<(), Unfilled<'p>> {
    access.everything |= template.everything;
    for (collection, queries) in &template.queries {
        for query in queries {
            query.template.fill(login, |query| access.add(collection, query))?;
        }
    }
    Ok(())
}

fn add(access: &mut Access, given: Access) {
    access.everything |= given.everything;
    for (collection, queries) in given.queries_by_collection {
        access.queries_by_collection.entry(collection).or_default().extend(queries);
    }
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
