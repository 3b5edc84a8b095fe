//! What the grants that apply give together, gathered in the order of the policy before duplicates fold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::time::Duration;

use crate::observer::Unfilled;
use crate::rules::{AccessTemplate, Gift};
use crate::{Access, Login, Permissions};

/// The most queries of all grants that apply, before duplicates fold. An answer has far fewer; this and the next keep a
/// token with long lists from filling the memory.
pub const MAX_GATHERED_QUERIES: usize = 10_000;

/// The most bytes of all queries of all grants that apply, before duplicates fold.
pub const MAX_GATHERED_SIZE: usize = 4 * 1024 * 1024;

/// The query that matches every document.
const ALL_DOCUMENTS: &str = "true";

#[derive(Default)]
pub(crate) struct Given<'p> {
    read: GivenAccess<'p>,
    write: GivenAccess<'p>,
    remote_query: bool,
    /// The shortest session of the grants.
    pub(crate) session: Option<Duration>,
    gathered: Gathered,
}

/// What was filled so far, also for grants that turned out not to apply.
#[derive(Default)]
struct Gathered {
    queries: usize,
    bytes: usize,
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
            let gathered = &mut self.gathered;
            let filled = self.read.fill(&gift.read, login, gathered);
            let filled = filled.and_then(|()| self.write.fill(&gift.write, login, gathered));
            if let Err(unfilled) = filled {
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

    /// Whether filling was given up, so that what was gathered is not all.
    pub(crate) fn is_too_large(&self) -> bool {
        self.gathered.is_too_much()
    }

    pub(crate) fn into_permissions(self) -> Permissions {
        let remote_query = self.remote_query;
        Permissions { read: self.read.into_access(), write: self.write.into_access(), remote_query }
    }
}

impl Gathered {
    fn add(&mut self, query: &str) {
        self.queries = self.queries.saturating_add(1);
        self.bytes = self.bytes.saturating_add(query.len());
    }

    fn is_too_much(&self) -> bool {
        self.queries > MAX_GATHERED_QUERIES || self.bytes > MAX_GATHERED_SIZE
    }
}

impl<'p> GivenAccess<'p> {
    fn fill(
        &mut self,
        template: &'p AccessTemplate,
        login: &Login<'_>,
        gathered: &mut Gathered,
    ) -> Result<(), Unfilled<'p>> {
        for (collection, queries) in &template.queries {
            for query in queries {
                let given_up = query.template.fill_while(login, |query| {
                    gathered.add(&query);
                    self.queries.push((collection, query));
                    if gathered.is_too_much() {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                })?;
                if given_up.is_break() {
                    return Ok(());
                }
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
