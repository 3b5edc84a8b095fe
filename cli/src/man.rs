//! `ditto-auth man`: manual pages.

use std::error::Error;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;

use crate::{Cli, output};

/// Arguments of `ditto-auth man`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  ditto-auth man > ~/.local/share/man/man1/ditto-auth.1
  ditto-auth man fmt > ~/.local/share/man/man1/ditto-auth-fmt.1")]
pub(crate) struct Man {
    /// The command, such as `fmt` or `event sign`. Without it, the page is that of the tool.
    command: Vec<String>,
}

impl Man {
    /// Runs the command.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let mut tool = Cli::command();
        tool.build();
        let mut command = &tool;
        for name in &self.command {
            command = command
                .find_subcommand(name)
                .ok_or_else(|| format!("there is no command `{}`", self.command.join(" ")))?;
        }
        let mut page = Vec::new();
        Page::new(command.clone()).render(&mut page)?;
        output::text(&String::from_utf8_lossy(&page));
        Ok(ExitCode::SUCCESS)
    }
}
