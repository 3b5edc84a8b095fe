//! `ditto-auth fmt`: the one format of policies.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use claim_mapping::ProblemKind;
use clap::Args;
use policy_analysis::NotToml;
use similar::TextDiff;

use crate::input::{is_standard, read};
use crate::policy_file::{POLICY, TESTS, folders_of_functions};
use crate::{COULD_NOT, output};

/// Arguments of `ditto-auth fmt`.
#[derive(Args)]
#[command(after_help = "\
Comments stay where they are, names keep their order, and no query and no meaning changes.

Examples:
  ditto-auth fmt                                  all policies of the functions, and the examples beside them
  ditto-auth fmt --check                          whether they are formatted: 0 if so, 1 if not
  ditto-auth fmt functions/oidc/policy.toml       this one
  ditto-auth fmt - < policy.toml                  from standard input to standard output")]
pub(crate) struct Fmt {
    /// The policies, or `-` for standard input. Without any: functions/*/policy.toml and policy.test.toml.
    #[arg(value_name = "POLICY")]
    files: Vec<PathBuf>,
    /// Write nothing. Show what would change; the exit code is 1 if anything would.
    #[arg(long)]
    check: bool,
}

impl Fmt {
    /// Runs the command. A file that cannot be formatted keeps no other from it.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let files = if self.files.is_empty() { files_of_functions()? } else { self.files.clone() };
        let (mut is_changed, mut could_not) = (false, false);
        for file in &files {
            match self.format(file) {
                Ok(changes) => is_changed |= changes,
                Err(error) => {
                    output::error(&error.to_string());
                    could_not = true;
                }
            }
        }
        Ok(match (could_not, is_changed && self.check) {
            (true, _) => ExitCode::from(COULD_NOT),
            (false, true) => ExitCode::FAILURE,
            (false, false) => ExitCode::SUCCESS,
        })
    }

    /// Whether it changes.
    fn format(&self, file: &Path) -> Result<bool, Box<dyn Error>> {
        let name = file.display();
        let text = read(file)?;
        let formatted = policy_analysis::format(&text)
            .map_err(|error| format!("{name}:{}", error_text(&error)))?;
        let changes = text != formatted;
        if self.check {
            if changes {
                output::line(difference(&file.to_string_lossy(), &text, &formatted).trim_end());
            }
        } else if is_standard(file) {
            output::text(&formatted);
        } else if changes {
            fs::write(file, &formatted).map_err(|error| format!("{name}: {error}"))?;
            output::line(&file.to_string_lossy());
        }
        Ok(changes)
    }
}

fn error_text(error: &NotToml) -> String {
    let NotToml { line, column, message } = error;
    format!("{line}:{column}: {}: {message}", ProblemKind::Syntax.code())
}

fn difference(name: &str, text: &str, formatted: &str) -> String {
    let difference = TextDiff::from_lines(text, formatted);
    let mut difference = difference.unified_diff();
    difference.context_radius(1).header(name, &format!("{name}, formatted")).to_string()
}

/// The policies of the functions, and the examples beside them.
fn files_of_functions() -> Result<Vec<PathBuf>, String> {
    let folders = folders_of_functions()?;
    let files = folders.iter().flat_map(|folder| [POLICY, TESTS].map(|file| folder.join(file)));
    Ok(files.filter(|file| file.exists()).collect())
}
