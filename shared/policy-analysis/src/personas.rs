//! Personas: examples of users beside the policy, each with what must become of them. `policy.test.toml` holds them.

mod difference;
mod document;
mod expect;
mod json;
mod read;
mod reader;
mod run;
mod suite;
mod time;
mod update;

use std::ops::Range;
use std::time::{Duration, SystemTime};

use claim_mapping::{Access, Claims, Login, Refusal};

use serde_json::{Map, Value};

pub use document::{Document, Operation, Passage, passage};
pub use read::{DOCUMENT_NAMES, EXPECT_NAMES, PERSONA_NAMES, TEST_FILE_NAMES};
pub use run::{PersonaOutcome, Problem};
pub use suite::Suite;
pub use time::{duration_text, parse_time};
pub use update::{Updated, update};

/// The codes of the refusals that a policy can give.
pub const REFUSAL_CODES: [&str; 5] = [
    "policy.answer_too_large",
    "policy.denied",
    "policy.no_grant",
    "policy.requirement",
    "policy.user_id",
];

/// The database of a persona that names none.
pub const DEFAULT_DATABASE_ID: &str = "00000000-0000-4000-8000-000000000001";

/// The provider of a persona that names none.
pub const DEFAULT_PROVIDER: &str = "test";

/// The remaining life of a token of which nothing is said.
pub const DEFAULT_TOKEN_LIFE: Duration = Duration::from_hours(1);

/// A user, and what must become of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Persona {
    /// Its name, unique in its file.
    pub name: String,
    /// The claims of the token.
    pub claims: Claims,
    /// The provider name in Ditto's portal.
    pub provider: String,
    /// The database that the login is for.
    pub database_id: String,
    /// The time of the login.
    pub now: SystemTime,
    /// How long the token is still valid.
    pub token_life: Duration,
    /// What must become of the login; without it, it must be accepted.
    pub expected: Option<Expected>,
    /// What must and must not be accessible.
    pub documents: Vec<Document>,
    /// Its place in the file, in bytes.
    pub span: Range<usize>,
    /// The line of its place, counted from 1.
    pub line: usize,
}

/// What must become of a login.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// It is accepted, with this answer.
    Accepted(ExpectedAnswer),
    /// It is refused with this code.
    Refused(&'static str),
}

/// What an answer must be, in all that is said here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExpectedAnswer {
    /// The user id.
    pub user_id: Option<String>,
    /// The session's length, in seconds.
    pub session: Option<u32>,
    /// What may be read.
    pub read: Option<Access>,
    /// What may be written.
    pub write: Option<Access>,
    /// Whether the device may be queried remotely.
    pub remote_query: Option<bool>,
    /// What the app is handed.
    pub client_info: Option<Map<String, Value>>,
    /// What every peer sees.
    pub identity_metadata: Option<Map<String, Value>>,
}

impl Persona {
    /// The login of this user.
    #[must_use]
    pub fn login(&self) -> Login<'_> {
        Login {
            claims: &self.claims,
            database_id: &self.database_id,
            provider: &self.provider,
            now: self.now,
            remaining_life: self.token_life,
        }
    }
}

/// The stable code of a refusal.
#[must_use]
pub fn refusal_code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::AnswerTooLarge => "policy.answer_too_large",
        Refusal::Denied { .. } => "policy.denied",
        Refusal::NoGrant => "policy.no_grant",
        Refusal::Requirement { .. } => "policy.requirement",
        Refusal::UserId => "policy.user_id",
    }
}
