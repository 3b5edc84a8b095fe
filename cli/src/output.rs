//! What people read. The one place that prints.

use std::io::{Write as _, stderr, stdout};

use clap::ValueEnum;

/// How an answer is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// A result: standard output.
pub(crate) fn line(text: &str) {
    // Whoever reads may have stopped to, as `head` does; that is no failure.
    let _ = writeln!(stdout(), "{text}");
}

/// A result that ends its own last line, if it has any: a whole file.
pub(crate) fn text(text: &str) {
    let _ = stdout().write_all(text.as_bytes());
}

/// Progress, which is no result: standard error.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Why it failed.
pub(crate) fn error(text: &str) {
    let _ = writeln!(stderr(), "error: {text}");
}
