//! The smallest Lambda function: the floor of a cold start.
//!
//! Asked for a panic, it panics, which shows that a panic unwinds in what cargo-lambda builds: its linker brings an
//! unwinder of its own, and its defaults would abort. The functions answer a panic with 500 by that same unwinding.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

fn main() -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        assert!(event.payload.get("panic").is_none(), "as asked for");
        Ok::<_, Error>(event.payload)
    })))
}
