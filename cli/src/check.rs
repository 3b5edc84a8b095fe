//! `ditto-auth check`: what is wrong with policies, and what traps they fall into.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use claim_mapping::Policy;
use clap::Args;
use policy_analysis::{Budget, Checked, Footprint, PersonaFootprint, check, footprints};

use crate::input::{is_standard, read};
use crate::policy_file::{personas_beside, policies_of_functions};
use crate::report::{self, Format};
use crate::{COULD_NOT, output};

/// Arguments of `ditto-auth check`.
#[derive(Args)]
#[command(after_help = "\
The exit code is 0 where there is nothing to say, or only warnings; 1 where there are errors; 2 where a file cannot be
read. A warning that is right to be there is taken back by a comment with the reason, above its line or above the
header of its table:  # allow lint.relay: the shops reach every device through Ditto's server

Examples:
  ditto-auth check                                     all policies of the functions
  ditto-auth check functions/oidc/policy.toml          this one
  ditto-auth check --deny-warnings                     as in continuous integration
  ditto-auth check --format sarif > check.sarif        for code scanning
  ditto-auth check - < policy.toml                     from standard input")]
pub(crate) struct Check {
    /// The policies, or `-` for standard input. Without any: functions/*/policy.toml.
    #[arg(value_name = "POLICY")]
    files: Vec<PathBuf>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// End with 1 also where there are only warnings.
    #[arg(long)]
    deny_warnings: bool,
}

impl Check {
    /// Runs the command. A file that cannot be read keeps no other from being checked.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let files =
            if self.files.is_empty() { policies_of_functions()? } else { self.files.clone() };
        let mut checked = Vec::new();
        for file in &files {
            match read(file) {
                Ok(text) => checked.push(checked_text(file, text)),
                Err(error) => output::error(&error),
            }
        }
        report::print(self.format, &checked)?;
        if self.format == Format::Text && !checked.is_empty() {
            checked.iter().for_each(print_footprints);
            let policies = if checked.len() == 1 { "policy" } else { "policies" };
            output::line(&format!("{} {policies}: {}", checked.len(), report::summary(&checked)));
        }
        let is_bad = |one: &Checked| one.errors() > 0 || (self.deny_warnings && one.warnings() > 0);
        Ok(if checked.len() < files.len() {
            ExitCode::from(COULD_NOT)
        } else if checked.iter().any(is_bad) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    }
}

/// Shows what the answers to the personas beside a policy weigh: all of it rides in the certificates of devices.
fn print_footprints(checked: &Checked) {
    // A test file with mistakes is for `ditto-auth test` to complain of.
    let personas = personas_beside(Path::new(&checked.file));
    let (Ok(Some(personas)), Ok(policy)) = (personas, Policy::parse(&checked.text)) else { return };
    let budget = Budget::default();
    for PersonaFootprint { persona, footprint } in footprints(&policy, &personas) {
        let Footprint { bytes, queries } = footprint;
        let note = if footprint.fits(&budget) { "" } else { ", which is over the budget" };
        let line = format!("{}: {persona}: {bytes} bytes, {queries} queries{note}", checked.file);
        output::line(&line);
    }
}

fn checked_text(file: &Path, text: String) -> Checked {
    let file =
        if is_standard(file) { "stdin".to_owned() } else { file.to_string_lossy().into_owned() };
    let diagnostics = check(&text);
    Checked { file, text, diagnostics }
}
