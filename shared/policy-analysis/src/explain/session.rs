//! How long the session lasts, and by what.

use std::time::{Duration, SystemTime};

use claim_mapping::{Decision, Grant, Login, MIN_SESSION, Rules};
use serde::Serialize;

use super::{GrantTrace, Trace};

/// How long the session lasts, and by what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionStep {
    /// Its length.
    pub seconds: u32,
    /// What makes it no longer.
    pub limit: String,
}

impl SessionStep {
    pub(super) fn of(decision: &Decision, rules: &Rules, login: &Login<'_>, trace: &Trace) -> Self {
        let mut limits = vec![(rules.session.length, "`length` of `[session]`".to_owned())];
        if rules.session.within_token {
            limits.push((login.remaining_life, "the token's remaining life".to_owned()));
        }
        for (index, grant) in rules.grants.iter().enumerate() {
            if trace.grant(index) == Some(&GrantTrace::Applies) {
                add_grant(&mut limits, index.saturating_add(1), grant, rules, login);
            }
        }
        // Of limits that are equal, the first is named: the policy's own before the token.
        let shortest = limits.into_iter().min_by_key(|(length, _)| *length);
        let limit = match shortest {
            Some((length, _)) if length < MIN_SESSION => "no session is shorter".to_owned(),
            Some((_, limit)) => limit,
            None => String::new(),
        };
        Self { seconds: decision.session_seconds, limit }
    }
}

fn add_grant(
    limits: &mut Vec<(Duration, String)>,
    number: usize,
    grant: &Grant,
    rules: &Rules,
    login: &Login<'_>,
) {
    let end = grant.until.as_ref().and_then(|until| until.value(login)?.as_u64());
    let end = end.and_then(|end| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(end)));
    if let Some(left) = end.and_then(|end| end.duration_since(login.now).ok()) {
        limits.push((left, format!("`until` of grant {number}")));
    }
    for role in grant.roles.iter().filter_map(|index| rules.roles.get(*index)) {
        let limit = role.gift.session.map(|length| (length, format!("role `{}`", role.name)));
        limits.extend(limit);
    }
    limits.extend(grant.gift.session.map(|length| (length, format!("grant {number}"))));
}
