//! `ditto-auth init`: a policy to start from.

use std::error::Error;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use policy_analysis::STARTERS;

use crate::output;

/// Arguments of `ditto-auth init`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  ditto-auth init auth0                                  print it
  ditto-auth init okta > functions/oidc/policy.toml      in place of the one that is there
  ditto-auth init okta --out policy.toml                 write it; a file that is there stays as it is

Then write your users into the policy.test.toml beside it, and run `ditto-auth check` and `ditto-auth test`.
Exit code: 0 printed or written, 2 could not.")]
pub(crate) struct Init {
    /// The provider, for the claims that its tokens have.
    #[arg(value_parser = providers())]
    provider: String,
    /// The file to write. It must not be there yet. Without it, the policy is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Init {
    /// Runs the command.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let starter = STARTERS.iter().find(|starter| starter.provider == self.provider);
        let policy = starter.map(|starter| starter.policy).unwrap_or_default();
        match &self.out {
            Some(file) => write_new(file, policy)?,
            None => output::text(policy),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn providers() -> PossibleValuesParser {
    PossibleValuesParser::new(STARTERS.iter().map(|starter| starter.provider))
}

fn write_new(file: &Path, policy: &str) -> Result<(), String> {
    let name = file.display();
    let written = File::create_new(file).and_then(|mut file| file.write_all(policy.as_bytes()));
    written.map_err(|error| {
        if error.kind() == ErrorKind::AlreadyExists {
            format!("{name} is there already; give another name, or move it away first")
        } else {
            format!("{name}: {error}")
        }
    })
}
