//! The one way to write a policy down: spaces, blank lines, quotes and lists; comments stay where they are.
//!
//! The text is laid out anew from its own pieces and in its own order. What it says is not looked at, so the examples
//! beside a policy are formatted just so.

mod layout;
mod print;
mod quotes;

use claim_mapping::line_and_column;
use toml::de::DeTable;

/// A text that is not TOML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct NotToml {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// Lays a TOML text out as all policies are.
///
/// # Errors
/// [`NotToml`], with its place.
pub fn format(text: &str) -> Result<String, NotToml> {
    let text = text.replace("\r\n", "\n");
    // Refuses more than the pieces alone could show, such as a name that is given twice, and what is nested without
    // end.
    if let Err(error) = DeTable::parse(&text) {
        let at = error.span().map_or(0, |span| span.start);
        let (line, column) = line_and_column(&text, at);
        return Err(NotToml { line, column, message: error.message().to_owned() });
    }
    Ok(print::print(&layout::Layout::read(&text)))
}
