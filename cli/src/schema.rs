//! `ditto-auth schema`: the JSON Schema of policies.

use std::process::ExitCode;

use crate::output;

/// Runs the command.
pub(crate) fn run() -> ExitCode {
    output::text(&policy_analysis::policy_schema_text());
    ExitCode::SUCCESS
}
