//! Whether a grant applies wherever another does.

use claim_mapping::{Condition, ConditionKind, Grant, Rules};

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

/// Whether the other grant's conditions are among those of the grant and of `require`, so that it applies too.
pub(super) fn implies(rules: &Rules, grant: &Grant, other: &Grant) -> bool {
    let known = conjuncts(&grant.when).into_iter().chain(conjuncts(&rules.require));
    let known = known.collect::<Vec<_>>();
    conjuncts(&other.when).iter().all(|asked| known.iter().any(|known| asks_same(asked, known)))
        && (other.until.is_none() || other.until == grant.until)
}
