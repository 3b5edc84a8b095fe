//! Grants that add nothing, and grants of everything to everybody.

use claim_mapping::{AccessTemplate, Grant, QueryTemplate, Rules};

use super::claim::is_always_there;
use super::{LintKind, Lints};
use crate::structure::granted_queries;

impl Lints<'_> {
    /// Of two grants that cover each other, the later one is warned of.
    pub(super) fn find_covered_grants(&mut self) {
        let rules = self.rules;
        for (index, grant) in rules.grants.iter().enumerate() {
            let is_covered_by = |place: usize, other: &Grant| {
                self.implications.implies(place, index) && covers(rules, grant, other)
            };
            let is_cover = |(place, other): &(usize, &Grant)| {
                covers(rules, other, grant) && (*place < index || !is_covered_by(*place, other))
            };
            let others = self.implications.of_grant(index);
            let Some((place, other)) = others.into_iter().find(is_cover) else { continue };
            let line = self.line(&other.span);
            let message = if is_covered_by(place, other) {
                format!("this says the same as the grant on line {line}: it adds nothing")
            } else {
                format!(
                    "whoever gets this has all of it by the grant on line {line} already: it adds nothing"
                )
            };
            let hint = format!("remove it, or narrow the grant on line {line}");
            self.warn(LintKind::CoveredGrant, grant.span.clone(), message, Some(hint));
        }
    }

    pub(super) fn find_open_grants(&mut self) {
        let rules = self.rules;
        if !rules.require.is_empty() {
            return;
        }
        for grant in &rules.grants {
            let reads = rules.gifts(grant).any(|gift| gift.read.everything);
            let writes = rules.gifts(grant).any(|gift| gift.write.everything);
            let what = match (reads, writes) {
                (true, true) => "reads and writes",
                (true, false) => "reads",
                (false, true) => "writes",
                (false, false) => continue,
            };
            if grant.when.is_empty() && grant.until.is_none() {
                let message = format!("every verified user {what} every document");
                let hint = "say who with `when = { claim = … }`, or give queries by collection";
                let span = grant.span.clone();
                self.warn(LintKind::Everything, span, message, Some(hint.to_owned()));
            }
        }
    }
}

/// Whether `other`, which applies wherever `grant` does, gives all that it gives, and lets sessions be no longer.
fn covers(rules: &Rules, other: &Grant, grant: &Grant) -> bool {
    let remote = |grant| rules.gifts(grant).any(|gift| gift.remote_query);
    let session = |grant| rules.gifts(grant).filter_map(|gift| gift.session).min();
    let is_no_longer = || match (session(other), session(grant)) {
        (_, None) => true,
        (Some(other), Some(own)) => other <= own,
        (None, Some(_)) => false,
    };
    other.until == grant.until
        && is_no_longer()
        && gives(rules, other, grant, |gift| &gift.read)
        && gives(rules, other, grant, |gift| &gift.write)
        && (remote(other) || !remote(grant))
        && queries(rules, other).all(|query| {
            query.claims().all(is_always_there) || queries(rules, grant).any(|own| own == query)
        })
}

/// Whether `other` gives all that `grant` gives to read, or to write.
fn gives(
    rules: &Rules,
    other: &Grant,
    grant: &Grant,
    access: impl Fn(&claim_mapping::Gift) -> &AccessTemplate,
) -> bool {
    let others = rules.gifts(other).map(&access).collect::<Vec<_>>();
    if others.iter().any(|access| access.everything) {
        return true;
    }
    rules.gifts(grant).map(&access).all(|access| {
        !access.everything
            && access.queries.iter().all(|(collection, queries)| {
                let given = others.iter().filter_map(|access| access.queries.get(collection));
                let given = given.flatten().collect::<Vec<_>>();
                queries.iter().all(|query| {
                    given.iter().any(|given| {
                        given.template == query.template
                            || given.template.query().text().trim() == "true"
                    })
                })
            })
    })
}

fn queries<'r>(rules: &'r Rules, grant: &'r Grant) -> impl Iterator<Item = &'r QueryTemplate> {
    granted_queries(rules, grant).map(|query| &*query.template)
}
