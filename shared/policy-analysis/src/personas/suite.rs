//! The personas of one policy together, and what is said of their outcomes.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Persona, PersonaOutcome};
use crate::terminal::harmless;
use crate::{Budget, Coverage, PolicySource, Reach};

/// The outcomes of the personas of one policy.
#[derive(Debug, Clone)]
pub struct Suite {
    /// The policy's file, as it is shown.
    pub policy_file: String,
    /// The personas' file, as it is shown.
    pub test_file: String,
    /// What became of each persona.
    pub outcomes: Vec<PersonaOutcome>,
    /// How much of the policy they try.
    pub coverage: Coverage,
}

impl Suite {
    /// Lets all personas log in.
    #[must_use]
    pub fn run(source: &PolicySource<'_>, test_file: &str, personas: &[Persona]) -> Self {
        let outcomes = personas.iter().map(|persona| PersonaOutcome::of(source.policy, persona));
        let outcomes = outcomes.collect::<Vec<_>>();
        let traces = outcomes.iter().map(|outcome| &outcome.trace).collect::<Vec<_>>();
        Self {
            policy_file: source.file.to_owned(),
            test_file: test_file.to_owned(),
            coverage: Coverage::of(source.policy, source.text, &traces),
            outcomes,
        }
    }

    /// How many personas are not as they must be.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.passes()).count()
    }

    /// What people read: a line for each persona, what is wrong, what is not tried.
    #[must_use]
    pub fn text(&self, budget: &Budget) -> String {
        let mut text = self.outcome_text(budget);
        let (covered, all) = (self.coverage.covered(), self.coverage.branches.len());
        let percent = self.coverage.percent();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "coverage {percent} %: {covered} of {all} branches of the policy");
        for branch in self.coverage.uncovered() {
            let _ = writeln!(
                text,
                "{}:{}: no persona where {}\n    {}",
                self.policy_file, branch.line, branch.what, branch.source
            );
        }
        harmless(&text)
    }

    /// The same without what is not tried.
    #[must_use]
    pub fn outcome_text(&self, budget: &Budget) -> String {
        let mut text = format!("{}\n", self.test_file);
        let names = self.outcomes.iter().map(|outcome| outcome.name.chars().count());
        let width = names.max().unwrap_or_default();
        for outcome in &self.outcomes {
            outcome.push_line(&mut text, width, budget);
            text.push_str(&outcome.problem_text(&self.test_file));
        }
        let failures = self.failures();
        let passed = self.outcomes.len().saturating_sub(failures);
        let _ = writeln!(text, "{passed} passed, {failures} failed");
        harmless(&text)
    }

    /// What programs read.
    #[must_use]
    pub fn json(&self, budget: &Budget) -> Value {
        let personas = self.outcomes.iter().map(|outcome| {
            json!({
                "name": outcome.name,
                "line": outcome.line,
                "passes": outcome.passes(),
                "problems": outcome.problems,
                "footprint": outcome.footprint,
                "within_budget": outcome.footprint.is_none_or(|footprint| footprint.fits(budget)),
            })
        });
        json!({
            "policy": self.policy_file,
            "tests": self.test_file,
            "failures": self.failures(),
            "personas": personas.collect::<Vec<_>>(),
            "coverage": {
                "percent": self.coverage.percent(),
                "covered": self.coverage.covered(),
                "branches": self.coverage.branches.len(),
                "uncovered": self.coverage.uncovered().collect::<Vec<_>>(),
            },
        })
    }
}

impl PersonaOutcome {
    fn push_line(&self, text: &mut String, width: usize, budget: &Budget) {
        let verdict = if self.passes() { "pass" } else { "FAIL" };
        let size = match self.footprint {
            None => "refused".to_owned(),
            Some(footprint) => {
                let note = if footprint.fits(budget) { "" } else { "  warning: over the budget" };
                let queries = Reach::Queries(footprint.queries);
                format!("{:>6} bytes, {queries}{note}", footprint.bytes)
            }
        };
        let _ = writeln!(text, "  {verdict}  {:width$}  {size}", self.name);
    }

    /// What is not as it must be, with its places in the file.
    #[must_use]
    pub fn problem_text(&self, test_file: &str) -> String {
        let mut text = String::new();
        for problem in &self.problems {
            let _ = writeln!(text, "        {test_file}:{}: {}", problem.line, problem.message);
            for line in problem.difference.lines() {
                let _ = writeln!(text, "          {line}");
            }
        }
        text
    }
}
