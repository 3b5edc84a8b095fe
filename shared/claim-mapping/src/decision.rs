//! What a policy decides: an answer within its limits, or a refusal.

use std::fmt;

use serde_json::{Map, Value};

use crate::Permissions;

/// The longest user id, in characters.
pub const MAX_USER_ID_LENGTH: usize = 512;

/// The most queries in an answer, for reading and writing together.
pub const MAX_QUERIES: usize = 1_000;

/// The largest permissions, user data and metadata of an answer together, in bytes of text. They ride in the
/// certificate of the device, and every peer it meets checks them.
pub const MAX_ANSWER_SIZE: usize = 256 * 1024;

/// An accepted login: who it is, for how long, and what they may do.
#[derive(Clone, PartialEq)]
pub struct Decision {
    /// Who the user is, unique within the database.
    pub user_id: String,
    /// How long the session lasts, in seconds.
    pub session_seconds: u32,
    /// What may be read and written.
    pub permissions: Permissions,
    /// What the app on the device is handed; nothing where no member of `[client_info]` can be filled.
    pub client_info: Option<Map<String, Value>>,
    /// What every peer sees; nothing where no member of `[identity_metadata]` can be filled.
    pub identity_metadata: Option<Map<String, Value>>,
}

impl fmt::Debug for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Decision").finish_non_exhaustive()
    }
}

/// Why a policy refuses a verified user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More queries or more bytes than an answer may have.
    #[error("the answer would have more than {MAX_QUERIES} queries or {MAX_ANSWER_SIZE} bytes")]
    AnswerTooLarge,
    /// A `deny` rule denies, or cannot be evaluated.
    #[error("rule {number} of `deny` denies, or cannot be evaluated")]
    Denied {
        /// Its place in the list, counted from 1.
        number: usize,
    },
    /// No grant applies: no access, so no login.
    #[error("no grant of the policy applies to these claims")]
    NoGrant,
    /// A condition of `require` does not hold or cannot be evaluated.
    #[error("condition {number} of `require` does not hold")]
    Requirement {
        /// Its place in the list, counted from 1.
        number: usize,
    },
    /// The `user_id` template cannot be filled, or gives something that cannot be a user id.
    #[error("`user_id` cannot be made of these claims")]
    UserId,
}

impl Refusal {
    /// The stable code, as listed in `docs/errors.md`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AnswerTooLarge => "policy.answer_too_large",
            Self::Denied { .. } => "policy.denied",
            Self::NoGrant => "policy.no_grant",
            Self::Requirement { .. } => "policy.requirement",
            Self::UserId => "policy.user_id",
        }
    }
}

impl Decision {
    pub(crate) fn is_too_large(&self) -> bool {
        // Nearly every answer is so small that the most it could be is within the limit, and need not be measured.
        let is_larger = |measure| self.size(measure) > MAX_ANSWER_SIZE;
        self.permissions.query_count() > MAX_QUERIES
            || (is_larger(most_of_text) && is_larger(size_of_text))
    }

    /// The size as JSON, each text measured so.
    fn size(&self, measure: MeasureText) -> usize {
        let info = [&self.client_info, &self.identity_metadata].into_iter().flatten();
        let Permissions { read, write, .. } = &self.permissions;
        let sizes = info.map(|members| size_of_members(members, measure));
        sizes.chain([read.size(measure), write.size(measure)]).sum()
    }
}

/// How many bytes a text takes as JSON.
pub(crate) type MeasureText = fn(&str) -> usize;

fn size_of_members(members: &Map<String, Value>, measure: MeasureText) -> usize {
    let size = |(name, value): (&String, &Value)| {
        // Colon and comma.
        measure(name).saturating_add(size_of_value(value, measure)).saturating_add(2)
    };
    members.iter().map(size).sum::<usize>().saturating_add(2)
}

fn size_of_value(value: &Value, measure: MeasureText) -> usize {
    match value {
        Value::String(text) => measure(text),
        Value::Array(items) => {
            let size = |item| size_of_value(item, measure).saturating_add(1);
            items.iter().map(size).sum::<usize>().saturating_add(2)
        }
        Value::Object(members) => size_of_members(members, measure),
        Value::Null | Value::Bool(_) | Value::Number(_) => 8,
    }
}

/// The most that it could be: six bytes for each.
fn most_of_text(text: &str) -> usize {
    text.len().saturating_mul(6).saturating_add(2)
}

/// A control character takes six bytes, a quote or a backslash two.
fn size_of_text(text: &str) -> usize {
    let escaped = text.bytes().map(|byte| match byte {
        b'"' | b'\\' => 1,
        0..=0x1f => 5,
        _ => 0_usize,
    });
    escaped.sum::<usize>().saturating_add(text.len()).saturating_add(2)
}
