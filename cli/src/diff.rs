//! `ditto-auth diff`: who gains and loses what from one policy to another.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Args;
use policy_analysis::{Allowed, SampleLogin, diff};

use crate::output::{self, Format};
use crate::policy_file::{LoadedPolicy, personas_beside};

/// Arguments of `ditto-auth diff`.
#[derive(Args)]
#[command(after_help = "\
Both policies decide on the personas beside them and on logins generated from both: claims that decide each condition
each way. Queries are compared by the documents that they match: other texts for the same documents are no difference.
It is a search and no proof: that no difference is found does not mean that there is none.

What is gained (+) or becomes another (~) is a widening. Name those that are wanted with --allow: login, user_id,
session, remote_query, client_info, identity_metadata, read:COLLECTION, write:COLLECTION, read:*, write:*.
Whoever is newly let in gains all that they may do, each named apart.

Examples:
  ditto-auth diff old.toml functions/oidc/policy.toml
  ditto-auth diff --git main functions/oidc/policy.toml                 since the branch main
  ditto-auth diff --git main functions/oidc/policy.toml --allow read:orders --allow session

Exit code: 0 no widening but allowed ones, 1 another widening, 2 could not compare.")]
pub(crate) struct Diff {
    /// The policy as it was.
    old: PathBuf,
    /// The policy as it is to be; with --git it may be left out, for the same file.
    #[arg(required_unless_present = "git")]
    new: Option<PathBuf>,
    /// Take the old policy as it is in this revision of the Git repository that it is in.
    #[arg(long, value_name = "REVISION")]
    git: Option<String>,
    /// A widening that is wanted, such as read:orders.
    #[arg(long, value_name = "WIDENING")]
    allow: Vec<String>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Diff {
    /// Compares, and prints what changes.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let new_file = self.new.as_ref().unwrap_or(&self.old);
        let old = match &self.git {
            Some(revision) => in_revision(&self.old, revision)?,
            None => LoadedPolicy::read(&self.old)?,
        };
        let new = LoadedPolicy::read(new_file)?;
        let allowed = Allowed::parse(&self.allow, &[&old.policy, &new.policy])?;
        let mut personas = Vec::<SampleLogin>::new();
        for file in [&self.old, new_file] {
            let beside =
                personas_beside(file)?.unwrap_or_default().into_iter().map(SampleLogin::from);
            let beside = beside.filter(|persona| !personas.contains(persona)).collect::<Vec<_>>();
            personas.extend(beside);
        }
        let comparison = diff(&old.policy, &new.policy, personas, &allowed);
        output::line(&match self.format {
            Format::Text => comparison.text(),
            Format::Json => format!("{:#}", comparison.json()),
        });
        Ok(if comparison.widens() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn in_revision(file: &Path, revision: &str) -> Result<LoadedPolicy, String> {
    let shown = format!("{}, as of {revision}", file.display());
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let output = Command::new("git")
        .args(["show", "--end-of-options"])
        .arg(format!("{revision}:./{name}"))
        .current_dir(folder.unwrap_or(Path::new(".")))
        .output()
        .map_err(|error| format!("{shown}: git: {error}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{shown}: {}", error.trim()));
    }
    let text = String::from_utf8(output.stdout).map_err(|error| format!("{shown}: {error}"))?;
    LoadedPolicy::parse(shown, text)
}
