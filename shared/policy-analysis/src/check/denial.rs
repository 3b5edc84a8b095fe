//! Denials of more people than meant, or of nobody.

use std::ops::Range;

use claim_mapping::{ClaimReference, Condition, Denied, Part, Scalar, Template, Test, Transform};

use super::claim::is_always_there;
use super::possible::{all_without, without};
use super::{LintKind, Lints};
use crate::structure::{Leaf, leaves};

impl Lints<'_> {
    pub(super) fn find_denials(&mut self) {
        for (index, deny) in self.rules.deny.iter().enumerate() {
            match &deny.who {
                Denied::When(conditions) => self.find_missing_claims(conditions),
                Denied::Users(_) => self.find_unknown_users(index),
            }
        }
    }

    /// What cannot be told denies: a claim that only some users have denies all others.
    fn find_missing_claims(&mut self, conditions: &[Condition]) {
        let mut seen = Vec::new();
        for Leaf { condition, claim, test } in leaves(conditions) {
            let path = &claim.path;
            let is_required = || self.rules.require.iter().any(|one| !without(path, one).holds);
            if seen.contains(&path)
                || is_always_there(claim)
                || !all_without(path, conditions).is_unknown
                || is_required()
            {
                continue;
            }
            seen.push(path);
            let message =
                format!("everybody whose token has no `{path}` is denied: it cannot be told");
            let guard = format!("`{{ claim = {}, exists = true }}`", quoted(&path.to_string()));
            let hint = match default_of(test) {
                Some(default) => {
                    let claim = quoted(&format!("{claim} | default({default})"));
                    format!("give it a default, `claim = {claim}`, or put {guard} beside it")
                }
                None => format!("put {guard} beside it in a list"),
            };
            self.warn(LintKind::DenyMissingClaim, condition.span.clone(), message, Some(hint));
        }
    }

    fn find_unknown_users(&mut self, index: usize) {
        let template = &self.rules.user_id;
        let unknown = self.places.denied_users(index).filter_map(|user| {
            let name = user.get_ref().as_str()?;
            why_never_made(template, name).map(|why| (user.span(), name.to_owned(), why))
        });
        let unknown = unknown.collect::<Vec<(Range<usize>, String, String)>>();
        for (span, name, why) in unknown {
            let message = format!("`user_id` never makes `{name}`: this keeps nobody out");
            self.warn(LintKind::DenyUnknownUser, span, message, Some(why));
        }
    }
}

/// A default with which the test fails, where that is plain.
fn default_of(test: &Test) -> Option<&'static str> {
    if let Test::Boolean(asked) | Test::Equals(Scalar::Boolean(asked)) = test {
        Some(if *asked { "false" } else { "true" })
    } else {
        None
    }
}

/// A TOML string of it.
fn quoted(text: &str) -> String {
    if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") }
}

/// Why no token gives this user id; nothing where one can.
fn why_never_made(template: &Template, user: &str) -> Option<String> {
    let parts = template.parts.as_slice();
    if let [Part::Placeholder(claim)] = parts {
        return why_never_given(claim, user);
    }
    match (parts.first(), parts.last()) {
        (Some(Part::Text(start)), _) if !user.starts_with(start.as_str()) => {
            Some(format!("user ids begin with `{start}` here: write `{start}{user}`"))
        }
        (_, Some(Part::Text(end))) if !user.ends_with(end.as_str()) => {
            Some(format!("user ids end in `{end}` here: write `{user}{end}`"))
        }
        _ => None,
    }
}

fn why_never_given(claim: &ClaimReference, user: &str) -> Option<String> {
    let without_prefix = claim.transforms.iter().find_map(|transform| {
        if let Transform::StripPrefix(prefix) = transform {
            user.strip_prefix(prefix.as_str())
        } else {
            None
        }
    });
    if let Some(rest) = without_prefix {
        return Some(format!("user ids have no such prefix any more: write `{rest}`"));
    }
    let is_lower = claim.transforms.last() == Some(&Transform::Lower);
    let lower = user.to_lowercase();
    (is_lower && lower != user).then(|| format!("user ids are in lower case here: write `{lower}`"))
}
