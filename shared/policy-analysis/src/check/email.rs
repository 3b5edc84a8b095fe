//! Email addresses that say less than they seem to.

use std::ops::Range;

use claim_mapping::{Condition, ConditionKind, Grant, Scalar, Test};

use super::claim::plain_name;
use super::implication::conjuncts;
use super::{LintKind, Lints};
use crate::structure::{Leaf, condition_lists, granted_queries, leaves, placeholders};

impl Lints<'_> {
    pub(super) fn find_emails(&mut self) {
        let rules = self.rules;
        for conditions in condition_lists(rules) {
            self.find_open_suffixes(conditions);
        }
        if is_verified(&rules.require) {
            return;
        }
        self.find_unverified(&rules.require);
        if placeholders(&rules.user_id).any(|claim| plain_name(claim) == Some("email")) {
            self.report_unverified(self.user_id_place());
        }
        for grant in rules.grants.iter().filter(|grant| !is_verified(&grant.when)) {
            self.find_unverified(&grant.when);
            self.find_unverified_in_queries(grant);
        }
    }

    fn find_unverified(&mut self, conditions: &[Condition]) {
        for Leaf { condition, claim, test } in leaves(conditions) {
            if plain_name(claim) == Some("email") && !matches!(test, Test::Exists(_)) {
                self.report_unverified(condition.span.clone());
            }
        }
    }

    fn find_unverified_in_queries(&mut self, grant: &Grant) {
        let rules = self.rules;
        for query in granted_queries(rules, grant) {
            if query.template.claims().any(|claim| plain_name(claim) == Some("email")) {
                self.report_unverified(query.span.clone());
            }
        }
    }

    fn report_unverified(&mut self, span: Range<usize>) {
        let message = "without `email_verified`, whoever types in somebody else's address at the provider passes for them";
        let hint = "add `[[require]]` with `claim = \"email_verified\"` and `boolean = true`";
        self.warn(LintKind::EmailUnverified, span, message.to_owned(), Some(hint.to_owned()));
    }

    fn find_open_suffixes(&mut self, conditions: &[Condition]) {
        for Leaf { condition, claim, test } in leaves(conditions) {
            let is_address =
                matches!(plain_name(claim), Some("email" | "preferred_username" | "upn"));
            let pattern = if let Test::Glob(pattern) = test {
                pattern.pattern().strip_prefix('*').map(str::to_owned)
            } else if let Test::Suffix(suffix) = test {
                Some(suffix.clone())
            } else {
                None
            };
            let is_open = |domain: &String| {
                domain.contains('.')
                    && !domain.contains('@')
                    && !domain.starts_with(['.', '*', '?'])
            };
            let Some(domain) = pattern.filter(is_open).filter(|_| is_address) else { continue };
            let message = format!("`anybody@evil{domain}` passes too");
            let hint = format!("write `@{domain}`");
            self.warn(LintKind::EmailSuffix, condition.span.clone(), message, Some(hint));
        }
    }
}

/// Whether these conditions hold only for users with a verified address.
fn is_verified(conditions: &[Condition]) -> bool {
    conjuncts(conditions).into_iter().any(|condition| match &condition.kind {
        ConditionKind::Claim { claim, test } => {
            plain_name(claim) == Some("email_verified")
                && matches!(test, Test::Boolean(true) | Test::Equals(Scalar::Boolean(true)))
        }
        ConditionKind::All(_) | ConditionKind::Any(_) | ConditionKind::Not(_) => false,
    })
}
