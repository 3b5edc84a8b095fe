//! Documents that do not travel on: a peer relays only what it may write.

use std::collections::BTreeMap;
use std::ops::Range;

use claim_mapping::Grant;

use super::places::member;
use super::{LintKind, Lints};

/// What stands for all collections.
const EVERYTHING: &str = "everything";

impl Lints<'_> {
    pub(super) fn find_relay_gaps(&mut self) {
        for (index, grant) in self.rules.grants.iter().enumerate() {
            for (collection, span) in self.read_by(index, grant) {
                if !self.may_write(index, grant, &collection) {
                    self.report_relay(grant, &collection, span);
                }
            }
        }
    }

    /// The collections that a grant lets read, each with the place that says so.
    fn read_by(&self, index: usize, grant: &Grant) -> BTreeMap<String, Range<usize>> {
        let mut reads = BTreeMap::new();
        let roles = self.places.of_grant(index, "roles");
        let role_places = roles.map(|roles| match roles.value.get_ref().as_array() {
            Some(items) => items.iter().map(toml::Spanned::span).collect(),
            None => vec![roles.value.span()],
        });
        let own = self.places.of_grant(index, "read");
        let own_table = own.as_ref().and_then(|own| own.value.get_ref().as_table());
        let own_place = |collection: &str| {
            let member = own_table.and_then(|table| member(table, collection));
            member.map(|member| member.name).or(own.as_ref().map(|own| own.value.span()))
        };
        let mut place = role_places.unwrap_or_default().into_iter();
        for gift in self.rules.gifts(grant) {
            let is_own = std::ptr::eq(gift, &raw const grant.gift);
            let role_place = if is_own { None } else { place.next() };
            let everything = gift.read.everything.then_some(EVERYTHING);
            for collection in
                everything.into_iter().chain(gift.read.queries.keys().map(String::as_str))
            {
                let span = role_place.clone().or_else(|| own_place(collection));
                let span = span.unwrap_or_else(|| grant.span.clone());
                reads.entry(collection.to_owned()).or_insert(span);
            }
        }
        reads
    }

    /// Whether users with this grant may write the collection, by it or by a grant that they have as well.
    fn may_write(&self, index: usize, grant: &Grant, collection: &str) -> bool {
        let rules = self.rules;
        let gives = |grant: &Grant| {
            let mut gifts = rules.gifts(grant);
            gifts.any(|gift| gift.write.everything || gift.write.queries.contains_key(collection))
        };
        let others = || self.implications.of_grant(index).into_iter();
        gives(grant) || others().any(|(_, other)| gives(other))
    }

    fn report_relay(&mut self, grant: &Grant, collection: &str, span: Range<usize>) {
        let names = grant.roles.iter().filter_map(|index| self.rules.roles.get(*index));
        let names = names.map(|role| format!("`{}`", role.name)).collect::<Vec<_>>();
        let who = match names.as_slice() {
            [] => format!("the grant on line {}", self.line(&grant.span)),
            [name] => format!("role {name} in the grant on line {}", self.line(&grant.span)),
            names => {
                format!(
                    "roles {} in the grant on line {}",
                    names.join(", "),
                    self.line(&grant.span)
                )
            }
        };
        let what = if collection == EVERYTHING { collection } else { &format!("`{collection}`") };
        let message = format!(
            "with {who}, a device that may read {what} but not write it cannot relay it: peers out of reach of everyone else do not get it"
        );
        let hint = format!(
            "give `write` for {what} too; where such devices need not relay it, say why: `# allow {}: …`",
            LintKind::Relay.code()
        );
        self.warn(LintKind::Relay, span, message, Some(hint));
    }
}
