//! `ditto-auth`: the tool for people.

mod check;
mod completions;
mod demo;
mod development;
mod diff;
mod event;
mod explain;
mod fmt;
mod init;
mod input;
mod literal;
mod man;
mod output;
mod policy_file;
mod query;
mod report;
mod scenarios;
mod schema;
mod serve;
mod server;
mod test;
mod who_can;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Try the Ditto authentication webhook without a cloud, and change its policies safely.
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
    /// Say what is wrong with policies, and what traps they fall into.
    Check(check::Check),
    /// Let the examples beside policies log in, and compare what becomes of them with what must.
    Test(test::Test),
    /// Say why a login ends as it does: each rule, and what decided it.
    Explain(Box<explain::Explain>),
    /// Write policies in the one format that all have.
    Fmt(fmt::Fmt),
    /// Try queries of the permission language without a policy around them.
    #[command(subcommand)]
    Query(query::Queries),
    /// Print the literal that a claim's value becomes in a query.
    Literal(literal::Literal),
    /// Say who gains and who loses what from one policy to another.
    Diff(diff::Diff),
    /// Say whose claims give access to a collection, or to one document of it.
    WhoCan(who_can::WhoCan),
    /// Print the JSON Schema of policies, for editors.
    #[command(after_help = "\
Examples:
  ditto-auth schema > policy.schema.json

A policy whose first line is `#:schema policy.schema.json` has its names completed by editors with a TOML language
server, such as Even Better TOML.")]
    Schema,
    /// Print a policy to start from, for the claims of a provider.
    Init(init::Init),
    /// Print a script that has your shell complete the commands of this tool.
    Completions(completions::Completions),
    /// Print the manual page of the tool, or of a command.
    Man(man::Man),
}

/// The exit code where a command could not do what it was asked to: a file that cannot be read, wrong arguments.
/// (1 is for an answer that is bad news: a test that failed, a policy with problems.)
const COULD_NOT: u8 = 2;

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo => demo::run(),
        Command::Serve(serve) => serve.run(),
        Command::Event(event) => event.run(),
        Command::Check(check) => check.run(),
        Command::Test(test) => test.run(),
        Command::Explain(explain) => explain.run(),
        Command::Fmt(fmt) => fmt.run(),
        Command::Query(query) => query.run(),
        Command::Literal(literal) => literal.run(),
        Command::Diff(diff) => diff.run(),
        Command::WhoCan(who_can) => who_can.run(),
        Command::Schema => Ok(schema::run()),
        Command::Init(init) => init.run(),
        Command::Completions(completions) => Ok(completions.run()),
        Command::Man(man) => man.run(),
    };
    done.unwrap_or_else(|error| {
        output::error(&error.to_string());
        ExitCode::from(COULD_NOT)
    })
}
