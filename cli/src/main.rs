//! `ditto-auth`: the tool for people.

mod demo;
mod development;
mod event;
mod output;
mod scenarios;
mod serve;
mod server;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Try the Ditto authentication webhook without a cloud.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Play logins against the webhook on this machine, and show what becomes of each.
    Demo,
    /// Keep the webhook running on this machine.
    Serve(serve::Serve),
    /// Make the events that `sam local invoke` takes.
    #[command(subcommand)]
    Event(event::Event),
}

/// The exit code where a command could not do what it was asked to: a file that cannot be read, wrong arguments.
/// (1 is for an answer that is bad news: a test that failed, a policy with problems.)
const COULD_NOT: u8 = 2;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo => demo::run(),
        Command::Serve(serve) => serve.run(),
        Command::Event(event) => event.run(),
    };
    done.unwrap_or_else(|error| {
        output::error(&error.to_string());
        ExitCode::from(COULD_NOT)
    })
}
