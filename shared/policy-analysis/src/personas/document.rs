//! Whether a document can be read or written.

use std::fmt;
use std::ops::Range;

use claim_mapping::Access;
use permission_query::Query;
use serde::Serialize;
use serde_json::Value;

/// A document, and what must and must not be possible with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its collection.
    pub collection: String,
    /// Its `_id`.
    pub id: Value,
    /// What must be possible.
    pub can: Vec<Operation>,
    /// What must not be possible.
    pub cannot: Vec<Operation>,
    /// Its place in the file, in bytes.
    pub span: Range<usize>,
    /// The line of its place, counted from 1.
    pub line: usize,
}

/// What can be done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// To read it.
    Read,
    /// To write it.
    Write,
}

impl Operation {
    /// Of two things, the one that is about this.
    pub(crate) fn of<T>(self, read: T, write: T) -> T {
        match self {
            Self::Read => read,
            Self::Write => write,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Read => "read",
            Self::Write => "write",
        })
    }
}

/// Whether a document passes, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "by")]
pub enum Passage {
    /// A query of its collection fails on it: the engine would refuse the whole query, for every document.
    Error(String),
    /// Everything passes.
    Everything,
    /// No query matches it.
    Nothing,
    /// This query matches it.
    Query(String),
}

impl Passage {
    /// Whether the document passes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Everything | Self::Query(_))
    }
}

impl fmt::Display for Passage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => formatter.write_str(error),
            Self::Everything => formatter.write_str("everything passes"),
            Self::Nothing => formatter.write_str("no query matches it"),
            Self::Query(query) => write!(formatter, "{query} matches it"),
        }
    }
}

/// Whether a document of a collection passes. All queries are run, as the engine runs them: one that fails counts,
/// also where another matches.
#[must_use]
pub fn passage(access: &Access, collection: &str, id: &Value) -> Passage {
    if access.everything {
        return Passage::Everything;
    }
    let mut passage = Passage::Nothing;
    for text in access.queries_by_collection.get(collection).into_iter().flatten() {
        match matches(text, id) {
            Err(error) => return Passage::Error(format!("{text} fails: {error}")),
            Ok(true) if passage == Passage::Nothing => passage = Passage::Query(text.clone()),
            Ok(_) => {}
        }
    }
    passage
}

fn matches(text: &str, id: &Value) -> Result<bool, String> {
    let query = Query::parse(text).map_err(|error| error.message)?;
    query.matches(id).map_err(|error| error.to_string())
}
