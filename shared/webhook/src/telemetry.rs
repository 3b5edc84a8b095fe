//! The shape of the log: one JSON object a line, its members at the top.
//!
//! Nothing that a caller sent is logged except what was found to be harmless: no token, no signature, no claim.

use std::panic;

pub use tracing::Level;

/// Starts logging, and has a panic logged by its place alone: its message could hold anything.
pub fn start(level: Level) {
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(level)
        .finish();
    // An error means that logging was started before, by a test.
    let _ = tracing::subscriber::set_global_default(subscriber);
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
