//! What rules are made of, whatever their places in the text.

use std::collections::HashSet;

use claim_mapping::{
    ClaimReference, Condition, ConditionKind, Denied, Gift, Grant, JsonTemplate, JsonTemplateValue,
    Part, PlacedQuery, Rules, Template, Test,
};

/// What a claim is used for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use<'r> {
    /// It fills a placeholder.
    Fill,
    /// It is tested.
    Test(&'r Test),
    /// It says until when a grant applies.
    Until,
}

/// A condition that asks one thing of one claim.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaf<'r> {
    pub(crate) condition: &'r Condition,
    pub(crate) claim: &'r ClaimReference,
    pub(crate) test: &'r Test,
}

/// Every reference of a policy to a claim, in the order in which it is evaluated; those that are the same but for
/// their places count once, each test as one of its own.
pub(crate) fn references(rules: &Rules) -> Vec<(&ClaimReference, Use<'_>)> {
    let mut found = Vec::new();
    add_template(&rules.user_id, &mut found);
    let of_grants = rules.grants.iter().map(|grant| (grant.when.as_slice(), grant.until.as_ref()));
    let refusing = [rules.require.as_slice()].into_iter().chain(denied_conditions(rules));
    for (conditions, until) in refusing.map(|conditions| (conditions, None)).chain(of_grants) {
        let asked = leaves(conditions).into_iter();
        found.extend(asked.map(|leaf| (leaf.claim, Use::Test(leaf.test))));
        found.extend(until.map(|until| (until, Use::Until)));
    }
    let claims = gifts(rules).flat_map(queries).flat_map(|query| query.template.claims());
    found.extend(claims.map(|claim| (claim, Use::Fill)));
    add_table(&rules.client_info, &mut found);
    add_table(&rules.identity_metadata, &mut found);
    let mut seen = HashSet::new();
    found.retain(|(claim, purpose)| match purpose {
        Use::Fill | Use::Until => seen.insert((claim.to_string(), matches!(purpose, Use::Until))),
        Use::Test(_) => true,
    });
    found
}

/// Every list of conditions: those of denials, of grants, and the requirements.
pub(crate) fn condition_lists(rules: &Rules) -> impl Iterator<Item = &[Condition]> {
    denied_conditions(rules).chain(granted_conditions(rules)).chain([rules.require.as_slice()])
}

/// The conditions of each grant.
pub(crate) fn granted_conditions(rules: &Rules) -> impl Iterator<Item = &[Condition]> {
    rules.grants.iter().map(|grant| grant.when.as_slice())
}

/// The conditions of each denial that has some.
pub(crate) fn denied_conditions(rules: &Rules) -> impl Iterator<Item = &[Condition]> {
    rules.deny.iter().filter_map(|deny| match &deny.who {
        Denied::When(conditions) => Some(conditions.as_slice()),
        Denied::Users(_) => None,
    })
}

/// The users that are denied by their ids.
pub(crate) fn denied_users(rules: &Rules) -> impl Iterator<Item = &str> {
    let users = rules.deny.iter().filter_map(|deny| match &deny.who {
        Denied::Users(users) => Some(users),
        Denied::When(_) => None,
    });
    users.flatten().map(String::as_str)
}

/// The single tests of these conditions, in the order of the text.
pub(crate) fn leaves(conditions: &[Condition]) -> Vec<Leaf<'_>> {
    let mut leaves = Vec::new();
    let mut pending = conditions.iter().rev().collect::<Vec<_>>();
    while let Some(condition) = pending.pop() {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                pending.extend(parts.iter().rev());
            }
            ConditionKind::Not(inner) => pending.push(inner),
            ConditionKind::Claim { claim, test } => {
                leaves.push(Leaf { condition, claim, test });
            }
        }
    }
    leaves
}

/// What roles and grants give, each of them apart.
pub(crate) fn gifts(rules: &Rules) -> impl Iterator<Item = &Gift> {
    let of_roles = rules.roles.iter().map(|role| &role.gift);
    of_roles.chain(rules.grants.iter().map(|grant| &grant.gift))
}

/// The queries of a gift, for reading and for writing.
pub(crate) fn queries(gift: &Gift) -> impl Iterator<Item = &PlacedQuery> {
    [&gift.read, &gift.write].into_iter().flat_map(|access| access.queries.values().flatten())
}

/// The queries of a grant and of its roles: where one cannot be filled, none of them counts.
pub(crate) fn granted_queries<'r>(
    rules: &'r Rules,
    grant: &'r Grant,
) -> impl Iterator<Item = &'r PlacedQuery> {
    rules.gifts(grant).flat_map(queries)
}

/// The claims of a template.
pub(crate) fn placeholders(template: &Template) -> impl Iterator<Item = &ClaimReference> {
    template.parts.iter().filter_map(|part| match part {
        Part::Placeholder(claim) => Some(claim),
        Part::Text(_) => None,
    })
}

fn add_template<'r>(template: &'r Template, found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    found.extend(placeholders(template).map(|claim| (claim, Use::Fill)));
}

fn add_table<'r>(table: &'r JsonTemplate, found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    for value in table.values() {
        add_value(value, found);
    }
}

fn add_value<'r>(value: &'r JsonTemplateValue, found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    match value {
        JsonTemplateValue::Fixed(_) => {}
        JsonTemplateValue::Filled { template, .. } => add_template(template, found),
        JsonTemplateValue::List(items) => items.iter().for_each(|item| add_value(item, found)),
        JsonTemplateValue::Table(table) => add_table(table, found),
    }
}
