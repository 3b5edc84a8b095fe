//! What changes from one policy to another: who gains access, and who loses it.
//!
//! Both policies decide on the same logins, those of personas and [generated](crate::generate()) ones; their answers are
//! compared by what they mean. Queries mean the documents that they match: other texts for the same documents are no
//! difference. Where made documents do not decide which of two matches more, both a gain and a loss are reported.

mod access;
mod allow;
mod answer;
mod documents;
mod example;
mod fact;
mod group;
mod text;
mod who;

use std::fmt;

use claim_mapping::Policy;
use serde_json::Value;

use crate::generate::{SampleLogin, generate};
use crate::personas::Operation;

pub use allow::{Allowed, UnknownAllow};

/// What can be gained and lost.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Subject {
    /// To read or to write a collection, or everything.
    Access(Operation, Option<String>),
    /// What the app is handed.
    ClientInfo,
    /// What every peer sees.
    IdentityMetadata,
    /// To be let in.
    Login,
    /// To be queried by the portal's tools.
    RemoteQuery,
    /// The length of a session.
    Session,
    /// Who they are to Ditto.
    UserId,
}

/// Which way something changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More than before.
    Gain,
    /// Other than before, neither more nor less.
    Change,
    /// Less than before.
    Loss,
}

/// What changes for one login.
#[derive(Debug, Clone, PartialEq)]
struct Difference {
    subject: Subject,
    direction: Direction,
    /// Whether it was shown, by a document where it is about queries.
    is_certain: bool,
    before: Vec<String>,
    after: Vec<String>,
    /// What is the same for all logins with this difference.
    key: String,
    /// The `_id` of a document that is gained or lost.
    document: Option<Value>,
}

/// What changes, for whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What.
    pub subject: Subject,
    /// Which way.
    pub direction: Direction,
    /// Whether it was shown, by a document where it is about queries. Otherwise it may be, and may not.
    pub is_certain: bool,
    /// What there was before, for the example; queries with their placeholders.
    pub before: Vec<String>,
    /// What there is now.
    pub after: Vec<String>,
    /// The `_id` of a document that is gained or lost.
    pub document: Option<Value>,
    /// Whose claims it is about, in words.
    pub who: String,
    /// The number of logins that showed it.
    pub count: usize,
    /// The personas that it is about.
    pub personas: Vec<String>,
    /// A login with few claims that shows it.
    pub example: SampleLogin,
    /// Whether it is named as wanted.
    pub is_allowed: bool,
}

/// What two policies differ in.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What changes: gains first. Of one thing that changes in many ways, some are told apart, and the others as one.
    pub changes: Vec<Change>,
    /// The number of personas that were tried.
    pub personas: usize,
    /// The number of generated logins that were tried.
    pub generated: usize,
    /// Whether there would have been more generated logins.
    pub is_cut_off: bool,
}

/// Compares two policies by personas and by logins that are generated from both.
#[must_use]
pub fn diff(
    old: &Policy,
    new: &Policy,
    personas: Vec<SampleLogin>,
    allowed: &[Allowed],
) -> Comparison {
    let generated = generate(&[old, new]);
    let (persona_count, generated_count) = (personas.len(), generated.logins.len());
    let logins = personas.into_iter().chain(generated.logins).collect::<Vec<_>>();
    let mut changes = group::changes(old, new, &logins);
    for change in &mut changes {
        change.is_allowed = allowed.iter().any(|allowed| allowed.names(&change.subject));
    }
    Comparison {
        changes,
        personas: persona_count,
        generated: generated_count,
        is_cut_off: generated.is_cut_off,
    }
}

impl Change {
    /// Whether somebody may do more than before, or becomes somebody else.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.direction != Direction::Loss
    }
}

impl Comparison {
    /// Whether access is widened in a way that is not allowed.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.changes.iter().any(|change| change.widens() && !change.is_allowed)
    }
}

/// As `--allow` takes it.
impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Access(operation, None) => write!(formatter, "{operation}:*"),
            Self::Access(operation, Some(collection)) => {
                write!(formatter, "{operation}:{collection}")
            }
            Self::ClientInfo => formatter.write_str("client_info"),
            Self::IdentityMetadata => formatter.write_str("identity_metadata"),
            Self::Login => formatter.write_str("login"),
            Self::RemoteQuery => formatter.write_str("remote_query"),
            Self::Session => formatter.write_str("session"),
            Self::UserId => formatter.write_str("user_id"),
        }
    }
}
