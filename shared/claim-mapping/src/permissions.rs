//! What a user may read and write, in the form of Ditto's contract.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::decision::MeasureText;

/// The `permissions` member of an answer. Both `read` and `write` are always there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Permissions {
    /// What may be read.
    pub read: Access,
    /// What may be written. A peer relays only what it may write.
    pub write: Access,
    /// Whether the device may be queried remotely, by the portal's tools.
    pub remote_query: bool,
}

/// Which documents: all of them, or those that match a query of their collection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// All documents of all collections.
    pub everything: bool,
    /// Queries by collection; a document is accessible where one of them matches. They are in order, so that the
    /// order of a policy's grants plays no part.
    pub queries_by_collection: BTreeMap<String, BTreeSet<String>>,
}

impl Access {
    /// The number of queries.
    #[must_use]
    pub fn query_count(&self) -> usize {
        self.queries_by_collection.values().map(BTreeSet::len).sum()
    }

    /// The size of all queries and collection names as JSON.
    pub(crate) fn size(&self, measure: MeasureText) -> usize {
        let size = |(collection, queries): (&String, &BTreeSet<String>)| {
            let queries = queries.iter().map(|query| measure(query).saturating_add(1));
            queries.sum::<usize>().saturating_add(measure(collection)).saturating_add(4)
        };
        self.queries_by_collection.iter().map(size).sum()
    }
}

impl Permissions {
    /// The number of queries for reading and writing together.
    #[must_use]
    pub fn query_count(&self) -> usize {
        self.read.query_count().saturating_add(self.write.query_count())
    }
}
