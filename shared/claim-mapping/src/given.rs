//! What the grants that apply give together, gathered in the order of the policy before duplicates fold.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::observer::Unfilled;
use crate::rules::{AccessTemplate, Gift};
use crate::{Access, Login, Permissions};

/// The most queries of all grants that apply, before duplicates fold. An answer has far fewer; this keeps a token
/// with long lists from filling the memory.
pub const MAX_GATHERED_QUERIES: usize = 10_000;

/// The query that matches every document.
const ALL_DOCUMENTS: &str = "true";

#[derive(Default)]
pub(crate) struct Given<'p> {
    read: GivenAccess<'p>,
    write: GivenAccess<'p>,
    remote_query: bool,
    /// The shortest session of the grants.
    pub(crate) session: Option<Duration>,
}

#[derive(Default)]
struct GivenAccess<'p> {
    everything: bool,
    queries: Vec<(&'p str, String)>,
}

impl<'p> Given<'p> {
    /// Adds what a grant gives, or nothing of it where a placeholder cannot be filled.
    pub(crate) fn add(
        &mut self,
        gifts: impl Iterator<Item = &'p Gift> + Clone,
        login: &Login<'_>,
    ) -> Result<(), Unfilled<'p>> {
        let (reads, writes) = (self.read.queries.len(), self.write.queries.len());
        for gift in gifts.clone() {
            let filled = self.read.fill(&gift.read, login);
            if let Err(unfilled) = filled.and_then(|()| self.write.fill(&gift.write, login)) {
                self.read.queries.truncate(reads);
                self.write.queries.truncate(writes);
                return Err(unfilled);
            }
        }
        for gift in gifts {
            self.read.everything |= gift.read.everything;
            self.write.everything |= gift.write.everything;
            self.remote_query |= gift.remote_query;
            self.limit_session(gift.session);
        }
        Ok(())
    }

    pub(crate) fn limit_session(&mut self, limit: Option<Duration>) {
        self.session = self.session.into_iter().chain(limit).min();
    }

    pub(crate) fn is_too_large(&self) -> bool {
        let queries = self.read.queries.len().saturating_add(self.write.queries.len());
        queries > MAX_GATHERED_QUERIES
    }

    pub(crate) fn into_permissions(self) -> Permissions {
        let remote_query = self.remote_query;
        Permissions { read: self.read.into_access(), write: self.write.into_access(), remote_query }
    }
}

impl<'p> GivenAccess<'p> {
    fn fill(
        &mut self,
        template: &'p AccessTemplate,
        login: &Login<'_>,
    ) -> Result<(), Unfilled<'p>> {
        for (collection, queries) in &template.queries {
            for query in queries {
                query.template.fill(login, |query| self.queries.push((collection, query)))?;
            }
        }
        Ok(())
    }

    /// Leaves out what says nothing more: queries beside everything, beside all documents of their collection, and
    /// those that are there already.
    fn into_access(mut self) -> Access {
        let mut collections = BTreeMap::<String, BTreeSet<String>>::new();
        if !self.everything {
            self.queries.sort_unstable();
            let mut queries = self.queries.into_iter().peekable();
            while let Some((collection, query)) = queries.next() {
                let mut of_collection = BTreeSet::from([query]);
                while let Some((_, query)) = queries.next_if(|(next, _)| *next == collection) {
                    of_collection.insert(query);
                }
                if of_collection.contains(ALL_DOCUMENTS) {
                    of_collection.retain(|query| query == ALL_DOCUMENTS);
                }
                collections.insert(collection.to_owned(), of_collection);
            }
        }
        Access { everything: self.everything, queries_by_collection: collections }
    }
}
