//! What people read. The one place that prints.

use std::io::{Write as _, stderr, stdout};

/// A result: standard output.
pub(crate) fn line(text: &str) {
    // Whoever reads may have stopped to, as `head` does; that is no failure.
    let _ = writeln!(stdout(), "{text}");
}

/// Progress, which is no result: standard error.
pub(crate) fn progress(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Why it failed.
pub(crate) fn error(text: &str) {
    let _ = writeln!(stderr(), "error: {text}");
}
