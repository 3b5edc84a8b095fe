//! `ditto-auth query`: queries of Ditto's permission language, without a policy around them.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use permission_query::{ParseError, Query};
use policy_analysis::{Checked, Diagnostic};
use serde_json::Value;

use crate::input::read;
use crate::report::{self, Format};
use crate::{COULD_NOT, output};

/// The exit code where the engine would fail on a document, and so answer nothing at all.
const ENGINE_FAILS: u8 = 3;

/// Subcommands of `ditto-auth query`.
#[derive(Subcommand)]
pub(crate) enum Queries {
    /// Say what is wrong with queries, and what traps they fall into.
    Check(QueryCheck),
    /// Say which documents a query matches.
    Match(QueryMatch),
}

/// Arguments of `ditto-auth query check`.
#[derive(Args)]
#[command(after_help = "\
The exit code is 0 where all queries parse, whatever is said of them; 2 where one does not.

Examples:
  ditto-auth query check \"_id.owner == 'ann'\"
  ditto-auth query check '_id.owner == {sub}' '!_id.done && _id.open'
  ditto-auth query check --format json '_id.tenant == {tenant}'")]
pub(crate) struct QueryCheck {
    /// A query. `{sub}` is a placeholder, as in a policy.
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// Further queries.
    #[arg(value_name = "QUERY", allow_hyphen_values = true, value_parser = not_an_option)]
    more: Vec<String>,
    /// How the answer is printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Arguments of `ditto-auth query match`.
#[derive(Args)]
#[command(after_help = "\
Prints the numbers of the ids that match, one a line, counted from 0; blank lines are skipped and do not count. The exit
code is 0 when that is done; 2 where the query does not parse, the file cannot be read or a line is no JSON; 3 where the
engine would fail on one of the ids: it then answers nothing at all, and so no number is printed.

Examples:
  ditto-auth query match \"_id.owner == 'ann'\" --ids ids.jsonl
  echo '{\"owner\":\"ann\"}' | ditto-auth query match \"_id.owner == 'ann'\" --ids -")]
pub(crate) struct QueryMatch {
    /// The query, as the engine gets it: without placeholders.
    #[arg(allow_hyphen_values = true)]
    query: String,
    /// The document ids: one `_id` as JSON a line. `-` is standard input.
    #[arg(long, value_name = "FILE")]
    ids: PathBuf,
}

impl Queries {
    /// Runs the subcommand.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        match self {
            Self::Check(check) => check.run(),
            Self::Match(query) => query.run(),
        }
    }
}

impl QueryCheck {
    fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let mut all_parse = true;
        let mut checked = Vec::new();
        let queries = std::iter::once(&self.query).chain(&self.more);
        for (index, text) in queries.enumerate() {
            let diagnostics = match parse(text) {
                Ok(query) => query.findings().into_iter().map(Diagnostic::from).collect(),
                Err(error) => {
                    all_parse = false;
                    vec![report::of_parse_error(error)]
                }
            };
            let file = if self.more.is_empty() {
                "query".to_owned()
            } else {
                format!("query {}", index.saturating_add(1))
            };
            checked.push(Checked { file, text: text.clone(), diagnostics });
        }
        report::print(self.format, &checked)?;
        if self.format == Format::Text {
            let queries = if checked.len() == 1 { "query" } else { "queries" };
            output::line(&format!("{} {queries}: {}", checked.len(), report::summary(&checked)));
        }
        Ok(if all_parse { ExitCode::SUCCESS } else { ExitCode::from(COULD_NOT) })
    }
}

/// Queries may begin with `-`, so an option among them would be taken for one.
fn not_an_option(query: &str) -> Result<String, &'static str> {
    if query.starts_with("--") {
        Err("options stand before the queries, and no query begins with `--`")
    } else {
        Ok(query.to_owned())
    }
}

/// A query as the engine takes it or, with placeholders, as a policy has it.
fn parse(text: &str) -> Result<Query, ParseError> {
    Query::parse(text).or_else(|error| {
        Query::parse_template(text).map_err(|of_template| {
            // Whichever got further understood more of what was meant.
            if of_template.span.start > error.span.start { of_template } else { error }
        })
    })
}

impl QueryMatch {
    fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let query = match Query::parse(&self.query) {
            Ok(query) => query,
            Err(error) => {
                let diagnostics = vec![report::of_parse_error(error)];
                let (file, text) = ("query".to_owned(), self.query.clone());
                report::print_to_standard_error(&Checked { file, text, diagnostics });
                return Ok(ExitCode::from(COULD_NOT));
            }
        };
        let mut matching = Vec::new();
        for (number, (line, id)) in ids(&self.ids)?.iter().enumerate() {
            match query.matches(id) {
                Ok(true) => matching.push(number),
                Ok(false) => {}
                Err(error) => {
                    let file = self.ids.display();
                    output::error(&format!("{file}:{line}: the engine fails on this id: {error}"));
                    return Ok(ExitCode::from(ENGINE_FAILS));
                }
            }
        }
        for number in matching {
            output::line(&number.to_string());
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The ids of a file, each with its line.
fn ids(file: &Path) -> Result<Vec<(usize, Value)>, Box<dyn Error>> {
    let name = file.display();
    let text = read(file)?;
    let mut ids = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = index.saturating_add(1);
        let id = serde_json::from_str(line);
        ids.push((number, id.map_err(|error| format!("{name}:{number}: no JSON: {error}"))?));
    }
    Ok(ids)
}
