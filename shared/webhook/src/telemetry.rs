//! The shape of the log: one JSON object a line, its members at the top.
//!
//! Nothing that a caller sent is logged except what was found to be harmless: no token, no signature, no claim.

use std::panic;

pub use tracing::Level;
use tracing::Subscriber;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

/// Starts logging to standard output, and has a panic logged by its place alone: its message could hold anything.
pub fn start(level: Level) {
    // An error means that logging was started before, by a test.
    let _ = tracing::subscriber::set_global_default(subscriber(level, std::io::stdout));
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}

/// Writes events of at least `level` to `writer`, each as a line of JSON. Of other people's crates only warnings are
/// written: below that, the Lambda runtime and the AWS SDK write whole requests and answers, with tokens and secrets.
pub fn subscriber<W>(level: Level, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let ours = OUR_CRATES.iter().map(|name| (*name, level));
    let filter = Targets::new().with_default(level.min(Level::WARN)).with_targets(ours);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_target(false)
        .with_writer(writer);
    tracing_subscriber::registry().with(lines.with_filter(filter))
}

/// The crates whose every line is known to hold nothing secret.
const OUR_CRATES: [&str; 3] = ["function", "signing_keys", "webhook"];
