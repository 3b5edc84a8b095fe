//! Whether a grant can apply to somebody some of whose claims are known.

use claim_mapping::{
    ClaimPath, Condition, ConditionKind, Denied, Grant, Login, Rules, Template, Truth,
};
use serde_json::Value;

use crate::generate::login_with;
use crate::structure::placeholders;

/// Whether the conditions of a grant, the requirements and the denials leave somebody with these claims. All other
/// claims may be anything; where that is too generous, the answer is that it can apply.
pub(super) fn can_apply(rules: &Rules, grant: &Grant, forced: &[(ClaimPath, Value)]) -> bool {
    let sample = login_with(forced.iter().map(|(path, value)| (path, value)));
    let known = Known { forced, login: sample.login() };
    let user_id = rules.user_id.text(&known.login);
    let is_user_known = known.knows_all_of(&rules.user_id);
    if is_user_known && user_id.is_none() {
        return false;
    }
    let is_denied = rules.deny.iter().any(|deny| match &deny.who {
        Denied::Users(users) => {
            is_user_known && user_id.as_ref().is_some_and(|user_id| users.contains(user_id))
        }
        Denied::When(conditions) => !known.can_fail(conditions),
    });
    !is_denied
        && rules.require.iter().all(|condition| known.can(condition, Truth::True))
        && grant.when.iter().all(|condition| known.can(condition, Truth::True))
}

struct Known<'k> {
    forced: &'k [(ClaimPath, Value)],
    login: Login<'k>,
}

impl Known<'_> {
    fn knows_all_of(&self, template: &Template) -> bool {
        placeholders(template).all(|claim| self.is_known(&claim.path))
    }

    fn is_known(&self, path: &ClaimPath) -> bool {
        self.forced.iter().any(|(known, _)| known == path)
    }

    /// Whether not all of these hold for somebody.
    fn can_fail(&self, conditions: &[Condition]) -> bool {
        conditions.iter().any(|condition| self.can(condition, Truth::False))
    }

    /// Whether a condition comes out as wanted for somebody.
    fn can(&self, condition: &Condition, wanted: Truth) -> bool {
        match &condition.kind {
            ConditionKind::All(parts) if wanted == Truth::True => {
                parts.iter().all(|part| self.can(part, wanted))
            }
            ConditionKind::Any(parts) if wanted == Truth::False => {
                parts.iter().all(|part| self.can(part, wanted))
            }
            ConditionKind::All(parts) | ConditionKind::Any(parts) => {
                parts.iter().any(|part| self.can(part, wanted))
            }
            ConditionKind::Not(inner) => match wanted {
                Truth::True => self.can(inner, Truth::False),
                Truth::False => self.can(inner, Truth::True),
                Truth::Unknown => self.can(inner, Truth::Unknown),
            },
            ConditionKind::Claim { claim, .. } => {
                !self.is_known(&claim.path) || condition.truth(&self.login, &mut ()) == wanted
            }
        }
    }
}
