//! Who may read and write what, at a glance: collections by operations.

use std::collections::BTreeSet;
use std::fmt;

use claim_mapping::{Access, Permissions};
use serde::{Serialize, Serializer};

/// What may be done with one collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// The collection; nothing for all those that no query names.
    pub collection: Option<String>,
    /// What may be read of it.
    pub read: Reach,
    /// What may be written of it.
    pub write: Reach,
}

/// How much of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All documents.
    All,
    /// No document.
    None,
    /// The documents that one of so many queries matches.
    Queries(usize),
}

/// A row for each collection that is named, and one for all others where everything is given.
#[must_use]
pub fn matrix(permissions: &Permissions) -> Vec<MatrixRow> {
    let Permissions { read, write, .. } = permissions;
    let named = [read, write].into_iter().flat_map(|access| access.queries_by_collection.keys());
    let named = named.collect::<BTreeSet<_>>();
    let is_open = read.everything || write.everything;
    let others = is_open.then(|| MatrixRow::of(None, permissions));
    named.into_iter().map(|name| MatrixRow::of(Some(name), permissions)).chain(others).collect()
}

impl MatrixRow {
    fn of(collection: Option<&String>, Permissions { read, write, .. }: &Permissions) -> Self {
        let reach = |access| Reach::of(access, collection);
        Self { collection: collection.cloned(), read: reach(read), write: reach(write) }
    }
}

impl Reach {
    fn of(access: &Access, collection: Option<&String>) -> Self {
        let queries = collection.and_then(|name| access.queries_by_collection.get(name));
        match queries {
            _ if access.everything => Self::All,
            Some(queries) if queries.contains("true") => Self::All,
            Some(queries) if !queries.is_empty() => Self::Queries(queries.len()),
            _ => Self::None,
        }
    }
}

impl fmt::Display for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => formatter.pad("all"),
            Self::None => formatter.pad("none"),
            Self::Queries(1) => formatter.pad("1 query"),
            Self::Queries(count) => formatter.pad(&format!("{count} queries")),
        }
    }
}

impl Serialize for Reach {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::None => serializer.serialize_str("none"),
            Self::Queries(count) => count.serialize(serializer),
        }
    }
}
