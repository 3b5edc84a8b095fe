//! Which documents one set of queries matches and another does not, found out with made document ids.
//!
//! Ids are made from the queries' own paths and literals: for each path, each literal it is compared with, its
//! neighbours, and a value of each type that no query names, in every combination. Where the queries only compare
//! members of `_id` with literals, every document answers as one of these does, so that no difference among them
//! is none at all.

mod ids;
mod paths;

use std::collections::{BTreeSet, HashMap};

use permission_query::Query;
use serde_json::Value;

use ids::Ids;

/// What one side matches and the other does not.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Gained {
    /// Nothing.
    Nothing,
    /// Nothing that was found, but the made ids cannot tell.
    MayBe,
    /// The document with this `_id`, and maybe others.
    Document(Value),
}

/// What each side matches and the other does not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GainedOnEachSide {
    pub(super) before: Gained,
    pub(super) now: Gained,
}

/// Compares sets of queries, each pair of them once.
#[derive(Debug, Default)]
pub(super) struct DocumentComparison {
    known: HashMap<(BTreeSet<String>, BTreeSet<String>), GainedOnEachSide>,
}

impl DocumentComparison {
    pub(super) fn compare(
        &mut self,
        before: &BTreeSet<String>,
        now: &BTreeSet<String>,
    ) -> GainedOnEachSide {
        let key = (before.clone(), now.clone());
        self.known.entry(key).or_insert_with(|| compare(before, now)).clone()
    }
}

fn compare(before: &BTreeSet<String>, now: &BTreeSet<String>) -> GainedOnEachSide {
    let parse = |queries: &BTreeSet<String>| {
        queries.iter().filter_map(|text| Query::parse(text).ok()).collect::<Vec<_>>()
    };
    let (before_queries, now_queries) = (parse(before), parse(now));
    let ids = Ids::of(before_queries.iter().chain(&now_queries).map(Query::expression));
    let (mut lost, mut gained) = (None, None);
    for id in ids.iter() {
        match (matches(&before_queries, &id), matches(&now_queries, &id)) {
            (true, false) if lost.is_none() => lost = Some(id),
            (false, true) if gained.is_none() => gained = Some(id),
            _ => {}
        }
        if lost.is_some() && gained.is_some() {
            break;
        }
    }
    let of_side = |found: Option<Value>, only_here: bool| match found {
        Some(id) => Gained::Document(id),
        None if ids.are_exhaustive || !only_here => Gained::Nothing,
        None => Gained::MayBe,
    };
    GainedOnEachSide {
        before: of_side(lost, !before.is_subset(now)),
        now: of_side(gained, !now.is_subset(before)),
    }
}

/// Whether one of the queries matches. One that fails matches nothing.
fn matches(queries: &[Query], id: &Value) -> bool {
    queries.iter().any(|query| query.matches(id) == Ok(true))
}
