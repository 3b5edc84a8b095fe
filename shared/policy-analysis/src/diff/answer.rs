//! The differences between the answers of two policies to one login.

use std::collections::BTreeMap;

use claim_mapping::{Decision, GrantOutcome, Observer, Permissions, Policy, Refusal, Rules};
use serde_json::{Map, Value};

use super::access::{Accesses, Given};
use super::documents::DocumentComparison;
use super::{Difference, Direction, Subject};
use crate::generate::SampleLogin;
use crate::personas::{Operation, duration_text, refusal_code};

/// Compares two policies, login by login.
pub(super) struct Comparer<'p> {
    pub(super) old: &'p Policy,
    pub(super) new: &'p Policy,
    documents: DocumentComparison,
}

/// The differences for one login, and who lets it in.
pub(super) struct Compared {
    pub(super) differences: Vec<Difference>,
    pub(super) let_in_before: bool,
    pub(super) let_in_now: bool,
}

impl<'p> Comparer<'p> {
    pub(super) fn new(old: &'p Policy, new: &'p Policy) -> Self {
        Self { old, new, documents: DocumentComparison::default() }
    }

    pub(super) fn compare(&mut self, login: &SampleLogin) -> Compared {
        let before = Answer::of(self.old, login);
        let now = Answer::of(self.new, login);
        let mut differences = Vec::new();
        if before.result != now.result {
            differences.extend(of_login(&before.result, &now.result));
            if let (Ok(before), Ok(now)) = (&before.result, &now.result) {
                of_decisions(before, now, &mut differences);
            }
            self.of_permissions(login, &before, &now, &mut differences);
        }
        let is_let_in = |answer: &Answer<'_>| answer.result.is_ok();
        Compared { differences, let_in_before: is_let_in(&before), let_in_now: is_let_in(&now) }
    }

    /// Whoever is refused may do nothing.
    fn of_permissions(
        &mut self,
        login: &SampleLogin,
        before: &Answer<'_>,
        now: &Answer<'_>,
        differences: &mut Vec<Difference>,
    ) {
        let none = Permissions::default();
        for operation in [Operation::Read, Operation::Write] {
            let (before, now) = (before.given(operation, &none), now.given(operation, &none));
            Accesses { login, operation, before, now }.compare(&mut self.documents, differences);
        }
        let (before, now) = (before.permissions(&none), now.permissions(&none));
        let remote_query = Difference::between(
            Subject::RemoteQuery,
            before.remote_query.cmp(&now.remote_query),
            before.remote_query.to_string(),
            now.remote_query.to_string(),
        );
        differences.extend(remote_query);
    }
}

/// What one policy makes of a login.
struct Answer<'p> {
    rules: &'p Rules,
    result: Result<Decision, Refusal>,
    applying: Applying,
}

/// The grants that apply, by their places.
#[derive(Default)]
struct Applying(Vec<usize>);

impl Observer for Applying {
    fn grant(&mut self, index: usize, outcome: &GrantOutcome<'_>) {
        if *outcome == GrantOutcome::Applies {
            self.0.push(index);
        }
    }
}

impl<'p> Answer<'p> {
    fn of(policy: &'p Policy, login: &SampleLogin) -> Self {
        let mut applying = Applying::default();
        let result = policy.evaluate_observed(&login.login(), &mut applying);
        Self { rules: policy.rules(), result, applying }
    }

    fn permissions<'a>(&'a self, none: &'a Permissions) -> &'a Permissions {
        self.result.as_ref().map_or(none, |decision| &decision.permissions)
    }

    fn given<'a>(&'a self, operation: Operation, none: &'a Permissions) -> Given<'a> {
        let permissions = self.permissions(none);
        let access = operation.of(&permissions.read, &permissions.write);
        Given { access, rules: self.rules, grants: &self.applying.0 }
    }
}

impl Difference {
    /// Of two values of which one is more, or nothing where they are equal.
    fn between(
        subject: Subject,
        order: std::cmp::Ordering,
        before: String,
        after: String,
    ) -> Option<Self> {
        let direction = match order {
            std::cmp::Ordering::Less => Direction::Gain,
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Greater => Direction::Loss,
        };
        Some(Self::shown(subject, direction, vec![before], vec![after]))
    }

    /// One that needs no document.
    fn shown(
        subject: Subject,
        direction: Direction,
        before: Vec<String>,
        after: Vec<String>,
    ) -> Self {
        let key = format!("{before:?} {after:?}");
        Self { subject, direction, is_certain: true, before, after, key, document: None }
    }
}

fn of_login(
    before: &Result<Decision, Refusal>,
    now: &Result<Decision, Refusal>,
) -> Option<Difference> {
    let text = |answer: &Result<Decision, Refusal>| match answer {
        Ok(_) => "let in".to_owned(),
        Err(refusal) => format!("refused: {}", refusal_code(refusal)),
    };
    let order = before.is_ok().cmp(&now.is_ok());
    Difference::between(Subject::Login, order, text(before), text(now))
}

fn of_decisions(before: &Decision, now: &Decision, differences: &mut Vec<Difference>) {
    if before.user_id != now.user_id {
        differences.push(Difference {
            key: String::new(),
            ..Difference::shown(
                Subject::UserId,
                Direction::Change,
                vec![before.user_id.clone()],
                vec![now.user_id.clone()],
            )
        });
    }
    differences.extend(Difference::between(
        Subject::Session,
        before.session_seconds.cmp(&now.session_seconds),
        duration_text(u64::from(before.session_seconds)),
        duration_text(u64::from(now.session_seconds)),
    ));
    let pairs = [
        (Subject::ClientInfo, &before.client_info, &now.client_info),
        (Subject::IdentityMetadata, &before.identity_metadata, &now.identity_metadata),
    ];
    for (subject, before, now) in pairs {
        of_members(&subject, before.as_ref(), now.as_ref(), differences);
    }
}

/// Member by member: what is shown anew is a gain for whoever sees it.
fn of_members(
    subject: &Subject,
    before: Option<&Map<String, Value>>,
    now: Option<&Map<String, Value>>,
    differences: &mut Vec<Difference>,
) {
    let (before, now) = (members(before), members(now));
    let names = before.keys().chain(now.keys()).collect::<std::collections::BTreeSet<_>>();
    for name in names {
        let (before, after) = (before.get(name), now.get(name));
        let direction = match (before, after) {
            (None, Some(_)) => Direction::Gain,
            (Some(_), None) => Direction::Loss,
            (Some(before), Some(after)) if before != after => Direction::Change,
            _ => continue,
        };
        let text = |value: Option<&&Value>| {
            value.iter().map(|value| format!("{name} = {value}")).collect::<Vec<_>>()
        };
        differences.push(Difference {
            key: name.clone(),
            ..Difference::shown(subject.clone(), direction, text(before), text(after))
        });
    }
}

/// All members that hold no further members, by their paths.
fn members(table: Option<&Map<String, Value>>) -> BTreeMap<String, &Value> {
    let mut found = BTreeMap::new();
    if let Some(table) = table {
        add_members("", table, &mut found);
    }
    found
}

fn add_members<'v>(
    above: &str,
    table: &'v Map<String, Value>,
    found: &mut BTreeMap<String, &'v Value>,
) {
    for (name, value) in table {
        let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        if let Some(below) = value.as_object().filter(|below| !below.is_empty()) {
            add_members(&path, below, found);
        } else {
            found.insert(path, value);
        }
    }
}
