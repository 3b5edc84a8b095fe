//! Why a text is no query.

use std::fmt;
use std::ops::Range;

/// Why a text is no query, and where. The text is the author's own, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The place in the text, in bytes.
    pub span: Range<usize>,
    /// What is wrong there.
    pub message: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at byte {}", self.message, self.span.start)?;
        self.hint.iter().try_for_each(|hint| write!(formatter, " ({hint})"))
    }
}

impl std::error::Error for ParseError {}
