//! `ditto-auth who-can`: whose claims give access to a collection or a document.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use policy_analysis::{Operation, Question, collections, nearest_collection, who_can};
use serde_json::{Value, json};

use crate::output::{self, Format};
use crate::policy_file::{LoadedPolicy, policies_of_functions};

/// Arguments of `ditto-auth who-can`.
#[derive(Args)]
#[command(after_help = "\
A grant gives all that it says or nothing, so each is shown with the claims that must be there besides.
What the claims must be for a document is found out by trying: every claim takes the values that the document has
beside its placeholders.

Examples:
  ditto-auth who-can read orders                                        by the policies of all functions
  ditto-auth who-can write orders --doc '{\"tenant\": \"north\", \"driver\": \"u1\"}'
  ditto-auth who-can read tasks functions/oidc/policy.toml --format json

Exit code: 0 somebody can, 1 nobody can or the collection is probably misspelt, 2 could not tell.")]
pub(crate) struct WhoCan {
    /// To read or to write.
    #[arg(value_name = "read|write")]
    operation: Verb,
    /// The collection.
    collection: String,
    /// The policies. Without any: functions/*/policy.toml.
    #[arg(value_name = "POLICY")]
    policies: Vec<PathBuf>,
    /// A document's `_id`, as JSON: only who can access this document.
    #[arg(long = "doc", value_name = "JSON")]
    document: Option<String>,
    /// How to say it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Verb {
    Read,
    Write,
}

impl WhoCan {
    /// Answers, for each policy.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let question = self.question()?;
        let files =
            if self.policies.is_empty() { policies_of_functions()? } else { self.policies.clone() };
        let policies = files.iter().map(|file| LoadedPolicy::read(file));
        let policies = policies.collect::<Result<Vec<_>, _>>()?;
        let all = policies.iter().map(|loaded| &loaded.policy).collect::<Vec<_>>();
        let name = &self.collection;
        if let Some(nearest) = nearest_collection(&all, name) {
            let message = format!("no policy names the collection `{name}`");
            output::error(&format!("{message}; did you mean `{nearest}`?"));
            return Ok(ExitCode::FAILURE);
        }
        let mut answers = Vec::new();
        for loaded in &policies {
            let answer = who_can(&loaded.policy, &loaded.text, &question);
            if self.format == Format::Text {
                output::text(&answer.text(&loaded.name));
            }
            answers.push((answer.json(&loaded.name), !answer.ways.is_empty()));
        }
        let somebody_can = answers.iter().any(|(_, somebody_can)| *somebody_can);
        if self.format == Format::Json {
            let answers = answers.into_iter().map(|(answer, _)| answer).collect::<Vec<_>>();
            output::line(&format!("{:#}", json!(answers)));
        }
        if !all.iter().any(|policy| collections(policy).any(|known| known == name)) {
            output::progress(&format!("no policy names the collection `{name}`"));
        }
        Ok(if somebody_can { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn question(&self) -> Result<Question, String> {
        let parse = |text: &String| {
            serde_json::from_str::<Value>(text)
                .map_err(|error| format!("--doc takes a document's `_id` as JSON: {error}"))
        };
        Ok(Question {
            operation: match self.operation {
                Verb::Read => Operation::Read,
                Verb::Write => Operation::Write,
            },
            collection: self.collection.clone(),
            document: self.document.as_ref().map(parse).transpose()?,
        })
    }
}
