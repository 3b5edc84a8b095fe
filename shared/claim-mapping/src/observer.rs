//! Watching an evaluation, to explain it. Production watches nothing, and pays nothing.

use crate::{ClaimReference, Condition, Truth};

/// Hears of each decision on the way to an answer. Every method does nothing unless it is written otherwise.
pub trait Observer {
    /// A condition was evaluated. Parts are heard of before the whole.
    fn condition(&mut self, condition: &Condition, truth: Truth) {
        let _ = (condition, truth);
    }

    /// A requirement was decided on; `index` counts from 0.
    fn requirement(&mut self, index: usize, is_met: bool) {
        let _ = (index, is_met);
    }

    /// A `deny` rule was decided on; `index` counts from 0.
    fn deny(&mut self, index: usize, denies: bool) {
        let _ = (index, denies);
    }

    /// A grant was decided on; `index` counts from 0.
    fn grant(&mut self, index: usize, outcome: &GrantOutcome<'_>) {
        let _ = (index, outcome);
    }
}

impl Observer for () {}

/// What became of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantOutcome<'p> {
    /// It applies.
    Applies,
    /// Its `when` does not hold, or cannot be told.
    ConditionNotMet(Truth),
    /// The time of its `until` has passed, or its claim holds no time.
    Over,
    /// A placeholder of its queries cannot be filled.
    Unfilled(Unfilled<'p>),
}

/// Why a placeholder cannot be filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unfilled<'p> {
    /// The placeholder's claim.
    pub claim: &'p ClaimReference,
    /// Why its value cannot stand there.
    pub reason: UnfilledReason,
}

impl Eq for Unfilled<'_> {}

/// Why a value cannot stand in its place of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnfilledReason {
    /// An empty text where text is searched for: it would be found everywhere.
    #[error("an empty text would match every document")]
    EmptyText,
    /// There is no value.
    #[error("there is no value")]
    Missing,
    /// A number that the engine does not compare exactly.
    #[error("the number cannot be compared exactly")]
    InexactNumber,
    /// A value of another type than its place takes.
    #[error("the value is of another type than its place takes")]
    WrongType,
}
