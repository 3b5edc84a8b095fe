//! Every place where a policy refers to a claim.

use claim_mapping::{
    ClaimReference, Condition, ConditionKind, Denied, Gift, JsonTemplate, JsonTemplateValue, Part,
    Rules, Template, Test,
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

/// All references of a policy, in the order in which it is evaluated.
pub(crate) fn references(rules: &Rules) -> Vec<(&ClaimReference, Use<'_>)> {
    let mut found = Vec::new();
    of_template(&rules.user_id, &mut found);
    of_conditions(&rules.require, &mut found);
    for deny in &rules.deny {
        if let Denied::When(conditions) = &deny.who {
            of_conditions(conditions, &mut found);
        }
    }
    for grant in &rules.grants {
        of_conditions(&grant.when, &mut found);
        found.extend(grant.until.iter().map(|until| (until, Use::Until)));
    }
    let gifts = rules.roles.iter().map(|role| &role.gift);
    for gift in gifts.chain(rules.grants.iter().map(|grant| &grant.gift)) {
        of_gift(gift, &mut found);
    }
    of_table(&rules.client_info, &mut found);
    of_table(&rules.identity_metadata, &mut found);
    found
}

/// The single tests of a condition.
pub(crate) fn leaves<'r>(condition: &'r Condition, take: &mut impl FnMut(&'r Condition)) {
    match &condition.kind {
        ConditionKind::All(parts) | ConditionKind::Any(parts) => {
            for part in parts {
                leaves(part, take);
            }
        }
        ConditionKind::Not(inner) => leaves(inner, take),
        ConditionKind::Claim { .. } => take(condition),
    }
}

fn of_conditions<'r>(conditions: &'r [Condition], found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    for condition in conditions {
        leaves(condition, &mut |leaf| {
            if let ConditionKind::Claim { claim, test } = &leaf.kind {
                found.push((claim, Use::Test(test)));
            }
        });
    }
}

fn of_gift<'r>(gift: &'r Gift, found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    for query in [&gift.read, &gift.write].into_iter().flat_map(|access| access.queries.values()) {
        let claims = query.iter().flat_map(|query| query.template.claims());
        found.extend(claims.map(|claim| (claim, Use::Fill)));
    }
}

fn of_template<'r>(template: &'r Template, found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    found.extend(template.parts.iter().filter_map(|part| match part {
        Part::Placeholder(claim) => Some((claim, Use::Fill)),
        Part::Text(_) => None,
    }));
}

fn of_table<'r>(table: &'r JsonTemplate, found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    for value in table.values() {
        of_value(value, found);
    }
}

fn of_value<'r>(value: &'r JsonTemplateValue, found: &mut Vec<(&'r ClaimReference, Use<'r>)>) {
    match value {
        JsonTemplateValue::Fixed(_) => {}
        JsonTemplateValue::Filled { template, .. } => of_template(template, found),
        JsonTemplateValue::List(items) => {
            for item in items {
                of_value(item, found);
            }
        }
        JsonTemplateValue::Table(table) => of_table(table, found),
    }
}
