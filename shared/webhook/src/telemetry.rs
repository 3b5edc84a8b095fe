//! The shape of the log: one JSON object a line, its members at the top.
//!
//! Nothing that a caller sent is logged except what was found to be harmless: no token, no signature, no claim.

use std::panic;

pub use tracing::Level;
use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;

/// Starts logging to standard output, and has a panic logged by its place alone: its message could hold anything.
pub fn start(level: Level) {
    // An error means that logging was started before, by a test.
    let _ = tracing::subscriber::set_global_default(subscriber(level, std::io::stdout));
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

/// Writes every event of at least `level` to `writer` as a line of JSON.
pub fn subscriber<W>(level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_max_level(level)
        .with_writer(writer)
        .finish()
}
