//! `ditto-auth test`: the examples beside policies.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use policy_analysis::{Budget, Persona, PolicySource, Suite, junit, update};

use crate::COULD_NOT;
use crate::output::{self, Format};
use crate::policy_file::{LoadedPolicy, POLICY, TESTS, folders_of_functions, problem_lines};

/// Arguments of `ditto-auth test`.
#[derive(Args)]
#[command(after_help = "\
A folder has policy.toml and, beside it, policy.test.toml with users and what must become of them:
docs/policy-tools.md. The exit code is 0 where all pass; 1 where a persona fails or too little is covered; 2 where a
policy or a test file is missing or has mistakes.

Examples:
  ditto-auth test                                the policies of all functions
  ditto-auth test functions/oidc --filter guest  the personas with \"guest\" in their names
  ditto-auth test --coverage-min 100             fail if a rule is not tried one way and the other
  ditto-auth test --update                       write what the policies say now into the expectations")]
pub(crate) struct Test {
    /// The folders. Without any: those of functions/* that have a policy.
    #[arg(value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Rewrite `expect` of the personas that fail. Look at the difference before you commit it.
    #[arg(long)]
    update: bool,
    /// Fail where fewer branches of a policy are tried than this.
    #[arg(
        long,
        value_name = "PERCENT",
        value_parser = clap::value_parser!(u8).range(0..=100),
        conflicts_with = "filter"
    )]
    coverage_min: Option<u8>,
    /// Write the outcome as XML that CI systems show (`JUnit`), too.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// How to print the outcome.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Only personas with this in their names.
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    budget: BudgetArgs,
}

/// What an answer may weigh.
#[derive(Args)]
pub(crate) struct BudgetArgs {
    /// Warn of answers that are larger than this: they ride in the certificates of devices.
    #[arg(long, value_name = "BYTES", default_value_t = Budget::default().bytes)]
    budget_bytes: usize,
    /// Warn of answers with more queries than this.
    #[arg(long, value_name = "NUMBER", default_value_t = Budget::default().queries)]
    budget_queries: usize,
}

impl BudgetArgs {
    pub(crate) fn budget(&self) -> Budget {
        Budget { bytes: self.budget_bytes, queries: self.budget_queries }
    }
}

impl Test {
    /// Runs the command. A folder that cannot be tested keeps no other from it.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let folders =
            if self.folders.is_empty() { folders_of_functions()? } else { self.folders.clone() };
        let mut suites = Vec::new();
        let mut could_not = false;
        for folder in &folders {
            match self.suite(folder) {
                Ok(suite) => suites.push(suite),
                Err(error) => {
                    output::error(&error.to_string());
                    could_not = true;
                }
            }
        }
        let is_nobody = suites.iter().all(|suite| suite.outcomes.is_empty());
        if let Some(filter) = self.filter.as_ref().filter(|_| is_nobody && !could_not) {
            return Err(format!("no persona has `{filter}` in its name").into());
        }
        self.print(&suites);
        if let Some(file) = &self.junit {
            let written = fs::write(file, junit(&suites)?);
            written.map_err(|error| format!("{}: {error}", file.display()))?;
        }
        let is_covered = self.covers_enough(&suites);
        let passes = is_covered && suites.iter().all(|suite| suite.failures() == 0);
        Ok(match (could_not, passes) {
            (true, _) => ExitCode::from(COULD_NOT),
            (false, false) => ExitCode::FAILURE,
            (false, true) => ExitCode::SUCCESS,
        })
    }

    fn suite(&self, folder: &Path) -> Result<Suite, Box<dyn Error>> {
        let policy_file = folder.join(POLICY);
        let test_file = folder.join(TESTS);
        let policy = LoadedPolicy::read(&policy_file)?;
        let test_name = test_file.to_string_lossy();
        if !test_file.exists() {
            return Err(format!("{test_name}: there is no such file; {HOW_TO_START}").into());
        }
        let mut text =
            fs::read_to_string(&test_file).map_err(|error| format!("{test_name}: {error}"))?;
        let is_chosen = |persona: &Persona| {
            self.filter.as_ref().is_none_or(|filter| persona.name.contains(filter.as_str()))
        };
        if self.update {
            let updated = update(&policy.policy, &text, is_chosen);
            let updated =
                updated.map_err(|problems| problem_lines(&test_name, &text, &problems))?;
            if updated.text != text {
                fs::write(&test_file, &updated.text)
                    .map_err(|error| format!("{test_name}: {error}"))?;
                output::progress(&format!("{test_name}: updated {}", updated.changed.join(", ")));
                text = updated.text;
            }
        }
        let personas = Persona::parse_all(&text);
        let personas = personas.map_err(|problems| problem_lines(&test_name, &text, &problems))?;
        let personas = personas.into_iter().filter(is_chosen).collect::<Vec<_>>();
        let LoadedPolicy { name, text, policy } = &policy;
        let source = PolicySource { policy, text, file: name };
        Ok(Suite::run(&source, &test_name, &personas))
    }

    fn print(&self, suites: &[Suite]) {
        let budget = self.budget.budget();
        if self.format == Format::Json {
            let suites = suites.iter().map(|suite| suite.json(&budget));
            output::line(&format!("{:#}", serde_json::Value::Array(suites.collect())));
            return;
        }
        // Somebody who asked for one persona did not ask how much of the policy it tries.
        let texts = suites.iter().filter(|suite| !suite.outcomes.is_empty()).map(|suite| {
            if self.filter.is_some() { suite.outcome_text(&budget) } else { suite.text(&budget) }
        });
        output::text(&texts.collect::<Vec<_>>().join("\n"));
    }

    fn covers_enough(&self, suites: &[Suite]) -> bool {
        let Some(min) = self.coverage_min else { return true };
        let mut is_enough = true;
        for suite in suites {
            let percent = suite.coverage.percent();
            if percent < usize::from(min) {
                let file = &suite.test_file;
                output::error(&format!("{file}: covers {percent} %, which is less than {min} %"));
                is_enough = false;
            }
        }
        is_enough
    }
}

const HOW_TO_START: &str =
    "write who your users are, and let `ditto-auth test --update` add what becomes of them:

[[persona]]
name = \"a user without any role\"
claims = { sub = \"u1\" }";
