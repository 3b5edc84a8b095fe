//! The reverse question: whose claims give access to a collection, or to one document of it.

mod contradiction;
mod solve;
mod statement;
mod text;

use std::collections::BTreeSet;

use claim_mapping::{Denied, Gift, Grant, Policy, QueryTemplate, Rules, nearest};
use serde_json::Value;

use crate::condition_text::{all_text, condition_text, text_of_value};
use crate::lines::Lines;
use crate::personas::Operation;
use crate::structure::{gifts, granted_queries};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// To read or to write.
    pub operation: Operation,
    /// The collection.
    pub collection: String,
    /// The `_id` of a document of it; without one, any document counts.
    pub document: Option<Value>,
}

/// Who can, by one policy.
#[derive(Debug, Clone, PartialEq)]
pub struct WhoCan {
    /// The ways to it; none where nobody can.
    pub ways: Vec<Way>,
    /// What must hold for everybody.
    pub requirements: Vec<String>,
    /// Who is denied.
    pub denials: Vec<String>,
}

/// One way to access: a grant, or one of its roles.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// The grant, counted from 1.
    pub grant: usize,
    /// Its line in the policy.
    pub line: usize,
    /// The role that gives it.
    pub role: Option<String>,
    /// Whose claims it is for.
    pub condition: String,
    /// The claim with the time until which it applies.
    pub until: Option<String>,
    /// The claims that must be there, or the grant does not apply.
    pub needs: Vec<String>,
    /// The queries; none where it gives everything.
    pub queries: Vec<WayQuery>,
}

/// A query of a way.
#[derive(Debug, Clone, PartialEq)]
pub struct WayQuery {
    /// The query, with its placeholders.
    pub text: String,
    /// What the claims must be so that it matches the document: one of these lists, all of it. An empty list asks
    /// nothing. None at all where no document was asked about.
    pub alternatives: Vec<Vec<String>>,
}

/// Who can do what is asked, by this policy; `text` is the policy's.
#[must_use]
pub fn who_can(policy: &Policy, text: &str, question: &Question) -> WhoCan {
    let (rules, lines) = (policy.rules(), Lines::of(text));
    let mut ways = Vec::new();
    for (index, grant) in rules.grants.iter().enumerate() {
        let named = grant.roles.iter().filter_map(|index| rules.roles.get(*index));
        let gifts = named.map(|role| (Some(&role.name), &role.gift));
        for (role, gift) in gifts.chain([(None, &grant.gift)]) {
            let Some(queries) = queries(rules, grant, gift, question) else { continue };
            ways.push(Way {
                grant: index.saturating_add(1),
                line: lines.number(grant.span.start),
                role: role.cloned(),
                condition: all_text(&grant.when),
                until: grant.until.as_ref().map(ToString::to_string),
                needs: needs(rules, grant),
                queries,
            });
        }
    }
    WhoCan {
        ways,
        requirements: rules.require.iter().map(condition_text).collect(),
        denials: rules.deny.iter().map(|deny| denial_text(&deny.who)).collect(),
    }
}

/// The collections that a policy names.
pub fn collections(policy: &Policy) -> impl Iterator<Item = &str> {
    let accesses = gifts(policy.rules()).flat_map(|gift| [&gift.read, &gift.write]);
    let collections = accesses.flat_map(|access| access.queries.keys().map(String::as_str));
    collections.collect::<BTreeSet<_>>().into_iter()
}

/// The collection that is probably meant by a name, where no policy names it and one of theirs is near.
#[must_use]
pub fn nearest_collection<'p>(policies: &[&'p Policy], name: &str) -> Option<&'p str> {
    let named = policies.iter().flat_map(|policy| collections(policy)).collect::<BTreeSet<_>>();
    if named.contains(name) {
        return None;
    }
    nearest(name, named)
}

/// The queries by which a gift gives what is asked, none of them where it gives everything; nothing where it does not
/// give it.
fn queries(
    rules: &Rules,
    grant: &Grant,
    gift: &Gift,
    question: &Question,
) -> Option<Vec<WayQuery>> {
    let access = question.operation.of(&gift.read, &gift.write);
    if access.everything {
        return contradiction::can_apply(rules, grant, &[]).then(Vec::new);
    }
    let placed = access.queries.get(&question.collection)?;
    let queries =
        placed.iter().filter_map(|placed| way_query(rules, grant, &placed.template, question));
    let queries = queries.collect::<Vec<_>>();
    (!queries.is_empty()).then_some(queries)
}

fn way_query(
    rules: &Rules,
    grant: &Grant,
    template: &QueryTemplate,
    question: &Question,
) -> Option<WayQuery> {
    let text = template.query().text().to_owned();
    let Some(document) = &question.document else {
        return Some(WayQuery { text, alternatives: Vec::new() });
    };
    let mut alternatives = Vec::new();
    for alternative in solve::alternatives(rules, template, document) {
        let can_apply = contradiction::can_apply(rules, grant, &alternative.forced);
        if can_apply && !alternatives.contains(&alternative.statements) {
            alternatives.push(alternative.statements);
        }
    }
    (!alternatives.is_empty()).then_some(WayQuery { text, alternatives })
}

/// A grant gives all that it says or nothing, so that all its placeholders count.
fn needs(rules: &Rules, grant: &Grant) -> Vec<String> {
    let claims = granted_queries(rules, grant).flat_map(|query| query.template.claims());
    let names = claims.map(ToString::to_string).collect::<BTreeSet<_>>();
    names.into_iter().collect()
}

fn denial_text(denied: &Denied) -> String {
    match denied {
        Denied::Users(users) => {
            let users = users.iter().map(|user| text_of_value(&user.as_str().into()));
            format!("user id is one of {}", users.collect::<Vec<_>>().join(", "))
        }
        Denied::When(conditions) => {
            format!("{}, or that cannot be told", all_text(conditions))
        }
    }
}
