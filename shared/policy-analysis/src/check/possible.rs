//! What can become of a condition for users who lack a claim.

use claim_mapping::{ClaimPath, Condition, ConditionKind, Truth};

use crate::generate::login_with;

/// What can become of a condition, whatever the other claims are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Possible {
    pub(super) holds: bool,
    pub(super) fails: bool,
    /// It may not be told, because of the claim that is missing.
    pub(super) is_unknown: bool,
}

const TOLD: Possible = Possible { holds: true, fails: true, is_unknown: false };

/// What can become of a condition where there is no such claim and every other question can be told.
pub(super) fn without(path: &ClaimPath, condition: &Condition) -> Possible {
    match &condition.kind {
        ConditionKind::All(parts) => all_without(path, parts),
        ConditionKind::Any(parts) => {
            all(parts.iter().map(|part| without(path, part).negated())).negated()
        }
        ConditionKind::Not(inner) => without(path, inner).negated(),
        ConditionKind::Claim { claim, .. } if claim.path != *path => TOLD,
        // What becomes of a default is as plain as what becomes of nothing.
        ConditionKind::Claim { .. } => {
            let truth = condition.truth(&login_with([]).login(), &mut ());
            Possible {
                holds: truth == Truth::True,
                fails: truth == Truth::False,
                is_unknown: truth == Truth::Unknown,
            }
        }
    }
}

/// The same for a list of which all must hold.
pub(super) fn all_without(path: &ClaimPath, conditions: &[Condition]) -> Possible {
    all(conditions.iter().map(|condition| without(path, condition)))
}

fn all(parts: impl Iterator<Item = Possible>) -> Possible {
    let start = Possible { holds: true, fails: false, is_unknown: false };
    parts.fold(start, |sum, part| Possible {
        holds: sum.holds && part.holds,
        fails: sum.fails || part.fails,
        is_unknown: (sum.is_unknown && (part.is_unknown || part.holds))
            || (part.is_unknown && sum.holds),
    })
}

impl Possible {
    fn negated(self) -> Self {
        Self { holds: self.fails, fails: self.holds, is_unknown: self.is_unknown }
    }
}
