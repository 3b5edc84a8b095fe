//! What is expected and what becomes of a login, as text in which a difference shows.

use std::fmt::Write as _;

use claim_mapping::{Access, Decision};
use serde_json::{Map, Value};
use similar::{ChangeTag, TextDiff};

use super::{Expected, ExpectedAnswer, duration_text};

/// The lines of an answer, one for each thing that can differ.
#[derive(Debug, Default)]
struct Lines(String);

impl ExpectedAnswer {
    /// The whole of an answer, as expectations.
    pub(super) fn all_of(decision: &Decision) -> Self {
        Self {
            user_id: Some(decision.user_id.clone()),
            session: Some(decision.session_seconds),
            read: Some(decision.permissions.read.clone()),
            write: Some(decision.permissions.write.clone()),
            remote_query: Some(decision.permissions.remote_query),
            client_info: Some(decision.client_info.clone().unwrap_or_default()),
            identity_metadata: Some(decision.identity_metadata.clone().unwrap_or_default()),
        }
    }

    /// That part of an answer of which these expectations speak.
    pub(super) fn part_of(&self, decision: &Decision) -> Self {
        let all = Self::all_of(decision);
        Self {
            user_id: all.user_id.filter(|_| self.user_id.is_some()),
            session: all.session.filter(|_| self.session.is_some()),
            read: all.read.filter(|_| self.read.is_some()),
            write: all.write.filter(|_| self.write.is_some()),
            remote_query: all.remote_query.filter(|_| self.remote_query.is_some()),
            client_info: all.client_info.filter(|_| self.client_info.is_some()),
            identity_metadata: all.identity_metadata.filter(|_| self.identity_metadata.is_some()),
        }
    }
}

/// The lines that differ, with `-` what is expected and with `+` what is the case; nothing where none does.
pub(super) fn difference(expected: &Expected, actual: &Expected) -> Option<String> {
    if expected == actual {
        return None;
    }
    let (expected, actual) = (lines(expected), lines(actual));
    let mut text = String::new();
    for change in TextDiff::from_lines(&expected, &actual).iter_all_changes() {
        let sign = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => continue,
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{sign} {}", change.value().trim_end_matches('\n'));
    }
    Some(text)
}

fn lines(expected: &Expected) -> String {
    let mut lines = Lines::default();
    match expected {
        Expected::Refused(code) => lines.push("refused", &quoted(code)),
        Expected::Accepted(answer) => {
            lines.push("accepted", "true");
            lines.push_answer(answer);
        }
    }
    lines.0
}

impl Lines {
    fn push(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "{name} = {value}");
    }

    fn push_answer(&mut self, answer: &ExpectedAnswer) {
        if let Some(user_id) = &answer.user_id {
            self.push("user_id", &quoted(user_id));
        }
        if let Some(session) = answer.session {
            self.push("session", &quoted(&duration_text(u64::from(session))));
        }
        for (name, access) in [("read", &answer.read), ("write", &answer.write)] {
            if let Some(access) = access {
                self.push_access(name, access);
            }
        }
        if let Some(remote_query) = answer.remote_query {
            self.push("remote_query", &remote_query.to_string());
        }
        let members = [
            ("client_info", &answer.client_info),
            ("identity_metadata", &answer.identity_metadata),
        ];
        for (name, members) in members {
            if let Some(members) = members {
                self.push_members(name, members);
            }
        }
    }

    fn push_access(&mut self, name: &str, access: &Access) {
        if access.everything {
            self.push(name, "\"everything\"");
        } else if access.queries_by_collection.is_empty() {
            self.push(name, "{}");
        }
        for (collection, queries) in &access.queries_by_collection {
            for query in queries {
                self.push(&format!("{name}.{collection}"), &quoted(query));
            }
        }
    }

    fn push_members(&mut self, name: &str, members: &Map<String, Value>) {
        if members.is_empty() {
            self.push(name, "{}");
        }
        for (member, value) in members {
            self.push(&format!("{name}.{member}"), &value.to_string());
        }
    }
}

/// The text in quotes, on one line.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
