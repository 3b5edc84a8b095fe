//! `ditto-auth event`: the events of `events/<provider>/`, made fresh for `sam local invoke`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use crate::development::{PROVIDERS, Parties, seconds_now, settings};
use crate::output;

/// Subcommands of `ditto-auth event`.
#[derive(Subcommand)]
pub(crate) enum Event {
    /// Write a key store with fresh keys: secrets by name, as Secrets Manager is to hold them, and under `private`
    /// what the other parties sign with.
    Keystore {
        /// The file to write.
        file: PathBuf,
    },
    /// Print the environment variables that a provider's function needs with such a key store.
    Settings {
        /// The provider.
        provider: String,
    },
    /// Print an event with its token and its signature made now.
    Sign {
        /// The event, in a folder named after its provider: `events/oidc/accepted.json`.
        event: PathBuf,
        /// The key store.
        #[arg(long, value_name = "FILE")]
        keystore: PathBuf,
    },
}

impl Event {
    /// Runs the subcommand.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        match self {
            Self::Keystore { file } => Parties::new()?.write_key_store(file)?,
            Self::Settings { provider } => {
                if !PROVIDERS.iter().any(|(known, _)| known.name == provider) {
                    return Err(format!("there is no provider `{provider}`").into());
                }
                output::line(&serde_json::to_string_pretty(&settings(provider))?);
            }
            Self::Sign { event, keystore } => output::line(&sign(event, keystore)?),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn sign(event: &Path, keystore: &Path) -> Result<String, Box<dyn Error>> {
    let parties = Parties::read_key_store(keystore)?;
    let provider = event.parent().and_then(Path::file_name).unwrap_or_default();
    let key = parties.key(&provider.to_string_lossy())?;
    let event = testkit::Event::parse(&fs::read_to_string(event)?)?;
    Ok(serde_json::to_string_pretty(&event.sign(key, &parties.ditto, seconds_now())?)?)
}
