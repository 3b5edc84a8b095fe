//! What people read. The one place that prints.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to people"
)]

/// A result: standard output.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Progress, which is no result: standard error.
pub(crate) fn progress(text: &str) {
    eprintln!("{text}");
}

/// Why it failed.
pub(crate) fn error(text: &str) {
    eprintln!("error: {text}");
}
