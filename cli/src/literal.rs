//! `ditto-auth literal`: what a claim's value becomes in a query.

use std::error::Error;
use std::process::ExitCode;

use clap::Args;
use policy_analysis::json_literal;

use crate::output;

/// Arguments of `ditto-auth literal`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  ditto-auth literal '\"ann\"'                 'ann'
  ditto-auth literal '[\"a\", 1]'              ['a',1]
  ditto-auth literal 9007199254740993        refused: the engine would take its neighbour for it

The exit code is 2 where there is no such literal: no JSON, null, an object, a list in a list, a fraction.")]
pub(crate) struct Literal {
    /// The value, as JSON: text stands in double quotes.
    #[arg(allow_hyphen_values = true)]
    value: String,
}

impl Literal {
    /// Runs the command.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        output::line(&json_literal(&self.value)?);
        Ok(ExitCode::SUCCESS)
    }
}
