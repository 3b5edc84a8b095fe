//! What rules are made of, whatever their places in the text.

use claim_mapping::{
    ClaimPath, ClaimReference, Condition, ConditionKind, Denied, Grant, JsonTemplate,
    JsonTemplateValue, Part, Rules, Template, Test, Transform,
};

/// Whether two conditions ask the same.
pub(super) fn asks_same(one: &Condition, other: &Condition) -> bool {
    match (&one.kind, &other.kind) {
        (ConditionKind::All(ones), ConditionKind::All(others))
        | (ConditionKind::Any(ones), ConditionKind::Any(others)) => {
            ones.len() == others.len()
                && ones.iter().zip(others).all(|(one, other)| asks_same(one, other))
        }
        (ConditionKind::Not(one), ConditionKind::Not(other)) => asks_same(one, other),
        (one, other) => one == other,
    }
}

/// The conditions of which all must hold, those of `all` among them.
pub(super) fn conjuncts(conditions: &[Condition]) -> Vec<&Condition> {
    let mut conjuncts = Vec::new();
    let mut pending = conditions.iter().rev().collect::<Vec<_>>();
    while let Some(condition) = pending.pop() {
        match &condition.kind {
            ConditionKind::All(parts) => pending.extend(parts.iter().rev()),
            ConditionKind::Any(_) | ConditionKind::Claim { .. } | ConditionKind::Not(_) => {
                conjuncts.push(condition);
            }
        }
    }
    conjuncts
}

/// Every question that these conditions ask of a claim, in the order of the text.
pub(super) fn questions(conditions: &[Condition]) -> Vec<(&Condition, &ClaimReference, &Test)> {
    let mut questions = Vec::new();
    let mut pending = conditions.iter().rev().collect::<Vec<_>>();
    while let Some(condition) = pending.pop() {
        match &condition.kind {
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                pending.extend(parts.iter().rev());
            }
            ConditionKind::Not(inner) => pending.push(inner),
            ConditionKind::Claim { claim, test } => questions.push((condition, claim, test)),
        }
    }
    questions
}

/// Every list of conditions: those of denials, of grants, and the requirements.
pub(super) fn condition_lists(rules: &Rules) -> Vec<&[Condition]> {
    let denied = rules.deny.iter().filter_map(|deny| match &deny.who {
        Denied::When(conditions) => Some(conditions.as_slice()),
        Denied::Users(_) => None,
    });
    let granted = rules.grants.iter().map(|grant| grant.when.as_slice());
    denied.chain(granted).chain([rules.require.as_slice()]).collect()
}

/// Whether the other grant's conditions are among those of the grant and of `require`, so that it applies too.
pub(super) fn implies(rules: &Rules, grant: &Grant, other: &Grant) -> bool {
    let known = conjuncts(&grant.when).into_iter().chain(conjuncts(&rules.require));
    let known = known.collect::<Vec<_>>();
    conjuncts(&other.when).iter().all(|asked| known.iter().any(|known| asks_same(asked, known)))
        && (other.until.is_none() || other.until == grant.until)
}

/// Whether every login has a value for it: the verifier asks for the claim, the request has it, or it has a default.
pub(super) fn is_always_there(claim: &ClaimReference) -> bool {
    match claim.transforms.last() {
        Some(transform) => matches!(transform, Transform::Default(_)),
        None => match &claim.path {
            ClaimPath::DatabaseId | ClaimPath::Provider => true,
            ClaimPath::Claim { name, below } => {
                below.is_empty() && matches!(name.as_str(), "aud" | "exp" | "iss" | "sub")
            }
        },
    }
}

/// The name of a claim that is no member of another.
pub(super) fn plain_name(claim: &ClaimReference) -> Option<&str> {
    match &claim.path {
        ClaimPath::Claim { name, below } if below.is_empty() => Some(name),
        ClaimPath::Claim { .. } | ClaimPath::DatabaseId | ClaimPath::Provider => None,
    }
}

/// The claims of a template.
pub(super) fn placeholders(template: &Template) -> impl Iterator<Item = &ClaimReference> {
    template.parts.iter().filter_map(|part| match part {
        Part::Placeholder(claim) => Some(claim),
        Part::Text(_) => None,
    })
}

/// Every reference of a policy to a claim.
pub(super) fn references(rules: &Rules) -> Vec<&ClaimReference> {
    let mut found = placeholders(&rules.user_id).collect::<Vec<_>>();
    for conditions in condition_lists(rules) {
        found.extend(questions(conditions).into_iter().map(|(_, claim, _)| claim));
    }
    found.extend(rules.grants.iter().filter_map(|grant| grant.until.as_ref()));
    let gifts = rules.roles.iter().map(|role| &role.gift);
    for gift in gifts.chain(rules.grants.iter().map(|grant| &grant.gift)) {
        for access in [&gift.read, &gift.write] {
            found.extend(
                access.queries.values().flatten().flat_map(|query| query.template.claims()),
            );
        }
    }
    for table in [&rules.client_info, &rules.identity_metadata] {
        add_members(table, &mut found);
    }
    found
}

fn add_members<'r>(table: &'r JsonTemplate, found: &mut Vec<&'r ClaimReference>) {
    for value in table.values() {
        add_value(value, found);
    }
}

fn add_value<'r>(value: &'r JsonTemplateValue, found: &mut Vec<&'r ClaimReference>) {
    match value {
        JsonTemplateValue::Fixed(_) => {}
        JsonTemplateValue::Filled { template, .. } => found.extend(placeholders(template)),
        JsonTemplateValue::List(items) => items.iter().for_each(|item| add_value(item, found)),
        JsonTemplateValue::Table(table) => add_members(table, found),
    }
}
