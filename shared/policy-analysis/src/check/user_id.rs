//! User ids that do not stay one user's.

use std::ops::Range;

use claim_mapping::{ClaimReference, Transform};

use super::claim::plain_name;
use super::{LintKind, Lints};
use crate::structure::placeholders;

/// Claims that users can change, or that are given to somebody else after them.
const CHANGING: [&str; 12] = [
    "email",
    "family_name",
    "given_name",
    "login",
    "mail",
    "name",
    "nickname",
    "phone_number",
    "preferred_username",
    "unique_name",
    "upn",
    "verified_primary_email",
];

impl Lints<'_> {
    pub(super) fn find_unstable_user_ids(&mut self) {
        for claim in placeholders(&self.rules.user_id) {
            let name = plain_name(claim).unwrap_or_default();
            if CHANGING.contains(&name) {
                let message = format!(
                    "`{name}` can change, or pass to somebody else: the user then loses their documents, and the other one gets them"
                );
                let hint = "use `{sub}`, which the provider never gives to anybody else".to_owned();
                self.warn(LintKind::UserIdChanges, self.user_id_place(), message, Some(hint));
            }
            if let Some(message) = claim.transforms.iter().find_map(|made| why_merged(made, claim))
            {
                let hint = "take the value as it is; without one, a login is refused".to_owned();
                self.warn(LintKind::UserIdMerges, self.user_id_place(), message, Some(hint));
            }
        }
    }

    pub(super) fn user_id_place(&self) -> Range<usize> {
        self.places.member(&["user_id"]).map(|place| place.value.span()).unwrap_or_default()
    }
}

fn why_merged(transform: &Transform, claim: &ClaimReference) -> Option<String> {
    let path = &claim.path;
    match transform {
        Transform::Default(_) => Some(format!(
            "all users without `{path}` are one user here: each gets the others' documents"
        )),
        Transform::Lower => Some(format!(
            "users whose `{path}` differs only in upper and lower case are one user here: each gets the other's documents"
        )),
        Transform::Map { name, .. } => Some(format!(
            "users for whom `[map.{name}]` says the same are one user here: each gets the others' documents"
        )),
        Transform::StripPrefix(_) | Transform::Trim => None,
    }
}
