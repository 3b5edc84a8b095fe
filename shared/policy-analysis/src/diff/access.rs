//! Which documents are gained and lost, for one login.

use std::collections::{BTreeMap, BTreeSet};

use claim_mapping::{Access, Rules};
use serde_json::Value;

use super::documents::{DocumentComparison, Gained};
use super::{Difference, Direction, Subject};
use crate::generate::SampleLogin;
use crate::personas::Operation;

/// What may be read or written before and now.
pub(super) struct Accesses<'a> {
    pub(super) login: &'a SampleLogin,
    pub(super) operation: Operation,
    pub(super) before: Given<'a>,
    pub(super) now: Given<'a>,
}

/// What one policy lets somebody read or write.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) access: &'a Access,
    pub(super) rules: &'a Rules,
    /// The grants that apply, by their places.
    pub(super) grants: &'a [usize],
}

impl Accesses<'_> {
    pub(super) fn compare(
        &self,
        documents: &mut DocumentComparison,
        differences: &mut Vec<Difference>,
    ) {
        let (before, now) = (self.before.access, self.now.access);
        let direction = match (before.everything, now.everything) {
            (false, false) => {
                let both = [before, now].into_iter();
                let collections = both.flat_map(|access| access.queries_by_collection.keys());
                let collections = collections.collect::<BTreeSet<_>>();
                for collection in collections {
                    self.compare_collection(collection, documents, differences);
                }
                return;
            }
            (true, true) => return,
            (false, true) => Direction::Gain,
            (true, false) => Direction::Loss,
        };
        let (before, now) = (self.texts(self.before, None), self.texts(self.now, None));
        differences.push(self.difference(direction, None, before, now, None));
    }

    fn compare_collection(
        &self,
        collection: &str,
        documents: &mut DocumentComparison,
        differences: &mut Vec<Difference>,
    ) {
        let none = BTreeSet::new();
        let queries = |access: &'_ Access| {
            access.queries_by_collection.get(collection).unwrap_or(&none).clone()
        };
        let (before, now) = (queries(self.before.access), queries(self.now.access));
        if before == now {
            return;
        }
        let gained = documents.compare(&before, &now);
        let before = self.texts(self.before, Some(collection));
        let now = self.texts(self.now, Some(collection));
        for (direction, gained) in [(Direction::Gain, gained.now), (Direction::Loss, gained.before)]
        {
            let document = match gained {
                Gained::Nothing => continue,
                Gained::MayBe => None,
                Gained::Document(id) => Some(id),
            };
            let (before, now) = (before.clone(), now.clone());
            differences.push(self.difference(direction, Some(collection), before, now, document));
        }
    }

    fn difference(
        &self,
        direction: Direction,
        collection: Option<&str>,
        before: Vec<String>,
        after: Vec<String>,
        document: Option<Value>,
    ) -> Difference {
        Difference {
            subject: Subject::Access(self.operation, collection.map(str::to_owned)),
            direction,
            is_certain: collection.is_none() || document.is_some(),
            key: Self::key(&before, &after, collection),
            before,
            after,
            document,
        }
    }

    /// What is added and taken away; what stays plays no part.
    fn key(before: &[String], after: &[String], collection: Option<&str>) -> String {
        if collection.is_none() {
            return String::new();
        }
        let only = |these: &[String], others: &[String]| {
            let only = these.iter().filter(|text| !others.contains(text)).cloned();
            only.collect::<Vec<_>>()
        };
        format!("{:?} {:?}", only(before, after), only(after, before))
    }

    /// The queries with their placeholders, as the policy writes them.
    fn texts(&self, given: Given<'_>, only: Option<&str>) -> Vec<String> {
        let access = given.access;
        if access.everything {
            return vec!["everything".to_owned()];
        }
        let mut texts = BTreeSet::new();
        for (collection, queries) in &access.queries_by_collection {
            if only.is_some_and(|only| only != collection) {
                continue;
            }
            let written = self.written(given, collection);
            for query in queries {
                let text = written.get(query).unwrap_or(query);
                let text =
                    if only.is_some() { text.clone() } else { format!("{collection}: {text}") };
                texts.insert(text);
            }
        }
        texts.into_iter().collect()
    }

    /// From filled queries to what they were filled from.
    fn written(&self, given: Given<'_>, collection: &str) -> BTreeMap<String, String> {
        let grants = given.grants.iter().filter_map(|index| given.rules.grants.get(*index));
        let gifts = grants.flat_map(|grant| given.rules.gifts(grant));
        let accesses = gifts.map(|gift| self.operation.of(&gift.read, &gift.write));
        let mut written = BTreeMap::new();
        for query in accesses.filter_map(|access| access.queries.get(collection)).flatten() {
            let template = &query.template;
            // What cannot be filled is in no answer.
            let _ = template.fill(&self.login.login(), |filled| {
                written.entry(filled).or_insert_with(|| template.query().text().to_owned());
            });
        }
        written
    }
}
