//! A persona's login against a policy, and what is wrong with the outcome.

use claim_mapping::{Decision, Policy};
use serde::Serialize;

use super::difference::difference;
use super::{Document, Expected, ExpectedAnswer, Operation, Persona, passage, refusal_code};
use crate::{Footprint, Trace};

/// What became of a persona.
#[derive(Debug, Clone, Serialize)]
pub struct PersonaOutcome {
    /// The persona's name.
    pub name: String,
    /// The line of its place in the file.
    pub line: usize,
    /// What is not as it must be.
    pub problems: Vec<Problem>,
    /// What the answer weighs, where the login is accepted.
    pub footprint: Option<Footprint>,
    /// Which rules were decided on, and how.
    #[serde(skip)]
    pub trace: Trace,
}

/// Something that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The line of the expectation, counted from 1.
    pub line: usize,
    /// What it is, in one line.
    pub message: String,
    /// With `-` what is expected, with `+` what is the case.
    pub difference: String,
}

impl PersonaOutcome {
    /// Lets a persona log in.
    #[must_use]
    pub fn of(policy: &Policy, persona: &Persona) -> Self {
        let mut trace = Trace::default();
        let result = policy.evaluate_observed(&persona.login(), &mut trace);
        let decision = result.as_ref().ok();
        let mut problems = Vec::new();
        let actual = match &result {
            Ok(decision) => Expected::Accepted(persona.expected_part(decision)),
            Err(refusal) => Expected::Refused(refusal_code(refusal)),
        };
        if let Some(difference) = difference(&persona.expected_or_accepted(), &actual) {
            let message = match &result {
                Ok(_) => "the answer differs".to_owned(),
                Err(refusal) => format!("refused: {refusal}"),
            };
            problems.push(Problem { line: persona.line, message, difference });
        }
        for document in &persona.documents {
            problems.extend(document_problems(document, decision));
        }
        let footprint = decision.map(Footprint::of);
        Self { name: persona.name.clone(), line: persona.line, problems, footprint, trace }
    }

    /// Whether all is as it must be.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.problems.is_empty()
    }
}

impl Persona {
    fn expected_or_accepted(&self) -> Expected {
        let accepted = || Expected::Accepted(ExpectedAnswer::default());
        self.expected.clone().unwrap_or_else(accepted)
    }

    /// What is compared of an answer: all of it where the login should have been refused.
    fn expected_part(&self, decision: &Decision) -> ExpectedAnswer {
        match self.expected_or_accepted() {
            Expected::Accepted(expected) => expected.part_of(decision),
            Expected::Refused(_) => ExpectedAnswer::all_of(decision),
        }
    }
}

fn document_problems(document: &Document, decision: Option<&Decision>) -> Vec<Problem> {
    let can = document.can.iter().map(|operation| (*operation, true));
    let cannot = document.cannot.iter().map(|operation| (*operation, false));
    let problem =
        |(operation, must_pass)| document_problem(document, decision, operation, must_pass);
    can.chain(cannot).filter_map(problem).collect()
}

fn document_problem(
    document: &Document,
    decision: Option<&Decision>,
    operation: Operation,
    must_pass: bool,
) -> Option<Problem> {
    let Document { collection, id, line, .. } = document;
    let (passes, fails, why) = match decision {
        None => (false, false, "the login is refused".to_owned()),
        Some(decision) => {
            let permissions = &decision.permissions;
            let access = operation.of(&permissions.read, &permissions.write);
            let passage = passage(access, collection, id);
            (passage.is_open(), matches!(passage, super::Passage::Error(_)), passage.to_string())
        }
    };
    if passes == must_pass && !fails {
        return None;
    }
    let can = |can: bool| if can { "can" } else { "cannot" };
    let message = format!("{collection} {id}: {} {operation} it: {why}", can(passes));
    let difference = format!("- {} {operation}\n+ {} {operation}\n", can(must_pass), can(passes));
    let difference = if fails { String::new() } else { difference };
    Some(Problem { line: *line, message, difference })
}
