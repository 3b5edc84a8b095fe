//! What a user may read and write, in the form of Ditto's contract.

use std::collections::BTreeMap;

use serde::Serialize;

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
    /// Queries by collection; a document is accessible where one of them matches.
    pub queries_by_collection: BTreeMap<String, Vec<String>>,
}

impl Access {
    /// Adds a query for a collection, once.
    pub(crate) fn add(&mut self, collection: &str, query: String) {
        let queries = self.queries_by_collection.entry(collection.to_owned()).or_default();
        if !queries.contains(&query) {
            queries.push(query);
        }
    }

    /// Where everything is granted, single queries say nothing more.
    pub(crate) fn fold(&mut self) {
        if self.everything {
            self.queries_by_collection.clear();
        }
    }
}
