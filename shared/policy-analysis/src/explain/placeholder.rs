//! Placeholders that could not be filled, and what follows from that.

use claim_mapping::{
    ClaimReference, Grant, JsonTemplate, JsonTemplateValue, Login, Part, PlacedQuery, Rules,
    Template,
};
use serde::Serialize;

use super::PolicySource;
use super::condition::short;
use crate::structure::{granted_queries, placeholders};

/// A member of `client_info` or `identity_metadata` that the answer lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The line of the policy, counted from 1.
    pub line: usize,
    /// The member: `client_info.name`.
    pub member: String,
    /// Why it is left out.
    pub reason: String,
}

/// The members that are left out.
pub(super) fn left_out(source: &PolicySource<'_>, login: &Login<'_>) -> Vec<LeftOut> {
    let rules = source.policy.rules();
    let mut left_out = Vec::new();
    let tables =
        [("client_info", &rules.client_info), ("identity_metadata", &rules.identity_metadata)];
    for (name, table) in tables {
        add_table(&mut left_out, name, table, source, login);
    }
    left_out
}

fn add_table(
    left_out: &mut Vec<LeftOut>,
    path: &str,
    table: &JsonTemplate,
    source: &PolicySource<'_>,
    login: &Login<'_>,
) {
    for (name, value) in table {
        add_value(left_out, &format!("{path}.{name}"), value, source, login);
    }
}

fn add_value(
    left_out: &mut Vec<LeftOut>,
    path: &str,
    value: &JsonTemplateValue,
    source: &PolicySource<'_>,
    login: &Login<'_>,
) {
    match value {
        JsonTemplateValue::Fixed(_) => {}
        JsonTemplateValue::Filled { template, span } => {
            if template.value(login).is_none() {
                let reason = unfilled(template, login).unwrap_or_default();
                let line = source.line(span.start);
                left_out.push(LeftOut { line, member: path.to_owned(), reason });
            }
        }
        JsonTemplateValue::List(items) => {
            for (index, item) in items.iter().enumerate() {
                add_value(left_out, &format!("{path}[{index}]"), item, source, login);
            }
        }
        JsonTemplateValue::Table(table) => add_table(left_out, path, table, source, login),
    }
}

/// Why a text cannot be filled: its first placeholder without a plain text.
pub(super) fn unfilled(template: &Template, login: &Login<'_>) -> Option<String> {
    let claim = placeholders(template).find(|claim| text(claim, login).is_none())?;
    Some(unusable(claim, login))
}

fn text(claim: &ClaimReference, login: &Login<'_>) -> Option<String> {
    Template { parts: vec![Part::Placeholder(claim.clone())] }.text(login)
}

fn unusable(claim: &ClaimReference, login: &Login<'_>) -> String {
    match claim.value(login) {
        None => format!("`{{{claim}}}` has no value"),
        Some(value) => format!("`{{{claim}}}` is no plain text, but {}", short(&value)),
    }
}

/// The query of a grant that cannot be filled.
pub(super) fn unfilled_query<'r>(
    rules: &'r Rules,
    grant: &'r Grant,
    login: &Login<'_>,
) -> Option<&'r PlacedQuery> {
    granted_queries(rules, grant).find(|query| query.template.fill(login, |_| {}).is_err())
}
