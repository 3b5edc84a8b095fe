//! A problem or a warning, with its place and what to write instead.

use std::ops::Range;

use permission_query::Severity;

/// Something that is said of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Whether the policy can be deployed.
    pub severity: Severity,
    /// The stable code, as listed in `docs/errors.md`.
    pub code: &'static str,
    /// The place in the text, in bytes.
    pub span: Range<usize>,
    /// What is wrong, and what follows from it for users.
    pub message: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
}
