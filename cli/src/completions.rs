//! `ditto-auth completions`: what a shell completes.

use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::{Cli, output};

/// Arguments of `ditto-auth completions`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  ditto-auth completions bash > ~/.local/share/bash-completion/completions/ditto-auth
  ditto-auth completions fish > ~/.config/fish/completions/ditto-auth.fish
  ditto-auth completions zsh > \"${fpath[1]}/_ditto-auth\"")]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    /// Runs the command.
    pub(crate) fn run(&self) -> ExitCode {
        let mut script = Vec::new();
        generate(self.shell, &mut Cli::command(), "ditto-auth", &mut script);
        output::text(&String::from_utf8_lossy(&script));
        ExitCode::SUCCESS
    }
}
