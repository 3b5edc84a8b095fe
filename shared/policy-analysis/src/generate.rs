//! Logins made from policies: claims that decide every condition of theirs each way.
//!
//! Each claim that a policy names has a pool of values: what fills its placeholders, what its tables have names for (first
//! that for which the tables of the policies differ), and for every test on it values
//! that pass, fail and cannot be told, with both sides of each bound. Logins are combinations of them, in this order:
//!
//! 1. no claims; claims that fill every placeholder and are let in; for each grant, claims with which it applies;
//! 2. for each rule that not all of the policies have: a grant applies with every value that makes its conditions hold,
//!    with a long and a short token; each single condition of it does not hold, and cannot be told; a requirement
//!    fails and a denial denies, users by their id among them, each for all whom a grant is for;
//! 3. every two grants, one of which not all policies have: both apply, and only one does;
//! 4. a fixed number of mixtures; then, for those grants, each claim takes each value of its pool;
//! 5. the same for the rules that all of the policies have.
//!
//! The same policies make the same logins. What no login shows may still be so: this is a search, not a proof.

mod candidates;
mod choice;
mod claims;
mod inverse;
mod plan;
mod pool;
mod pools;
mod rule;
mod table;
mod user;

use std::time::{Duration, SystemTime};

use claim_mapping::{Claims, Login, Policy};

use crate::Persona;

pub(crate) use claims::{is_request_of_generated, login_with};
pub(crate) use inverse::inputs;
pub(crate) use table::keys;

/// The most logins that are generated.
pub const MAX_GENERATED_LOGINS: usize = 5_000;

/// The time of generated logins, in seconds since 1970.
pub const GENERATED_NOW: u64 = 1_700_000_000;

/// A login to try policies with.
#[derive(Clone, PartialEq)]
pub struct SampleLogin {
    /// What it is called, where somebody wrote it down.
    pub name: Option<String>,
    /// The claims of its token.
    pub claims: Claims,
    /// The database that it is for.
    pub database_id: String,
    /// The provider name in Ditto's portal.
    pub provider: String,
    /// The time of the request.
    pub now: SystemTime,
    /// How long the token is still valid.
    pub remaining_life: Duration,
}

/// The logins that policies make.
#[derive(Debug, Clone, PartialEq)]
pub struct GeneratedLogins {
    /// The logins, simple ones first.
    pub logins: Vec<SampleLogin>,
    /// Whether there would be more than [`MAX_GENERATED_LOGINS`].
    pub is_cut_off: bool,
}

/// Makes logins from what these policies ask about.
#[must_use]
pub fn generate(policies: &[&Policy]) -> GeneratedLogins {
    plan::plan(policies)
}

impl SampleLogin {
    /// As a policy takes it.
    #[must_use]
    pub fn login(&self) -> Login<'_> {
        Login {
            claims: &self.claims,
            database_id: &self.database_id,
            provider: &self.provider,
            now: self.now,
            remaining_life: self.remaining_life,
        }
    }
}

impl From<Persona> for SampleLogin {
    fn from(persona: Persona) -> Self {
        Self {
            name: Some(persona.name),
            claims: persona.claims,
            database_id: persona.database_id,
            provider: persona.provider,
            now: persona.now,
            remaining_life: persona.token_life,
        }
    }
}

impl std::fmt::Debug for SampleLogin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SampleLogin").field("name", &self.name).finish_non_exhaustive()
    }
}
