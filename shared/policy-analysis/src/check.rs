//! What is wrong with a policy, and what loads but rarely does what was meant.

mod allowance;
mod claim;
mod contradiction;
mod covered_grant;
mod denial;
mod email;
mod implication;
mod kind;
mod metadata;
mod places;
mod possible;
mod query;
mod relay;
mod satisfiable;
mod scope;
mod session;
mod unused;
mod user_id;
mod witness;

pub use kind::LintKind;

use std::ops::Range;

use claim_mapping::{Policy, Rules};
use permission_query::Severity;

use crate::Diagnostic;
use crate::lines::Lines;
use implication::Implications;
use places::Places;

/// All that is to be said of a policy, in the order of the text: its problems or, where it loads, its traps.
///
/// A comment `# allow CODE: reason` takes the warnings of this code back for its own line, or where it stands alone for
/// the line after it, with all of the values that begin there; before the header of a table for all of the table.
#[must_use]
pub fn check(text: &str) -> Vec<Diagnostic> {
    let mut found = match Policy::parse(text) {
        Err(problems) => {
            let problems = problems.0.into_iter().map(|problem| Diagnostic {
                severity: Severity::Error,
                code: problem.kind.code(),
                span: problem.span,
                message: problem.message,
                hint: problem.hint,
            });
            problems.collect()
        }
        Ok(policy) => Lints::of(text, policy.rules()),
    };
    found.sort_by(|one, other| {
        let place = |found: &Diagnostic| (found.span.start, found.span.end, found.code);
        place(one).cmp(&place(other))
    });
    found
}

/// What was found in a policy that loads.
struct Lints<'p> {
    text: &'p str,
    lines: Lines<'p>,
    rules: &'p Rules,
    places: Places<'p>,
    implications: Implications<'p>,
    found: Vec<Diagnostic>,
}

impl<'p> Lints<'p> {
    fn of(text: &'p str, rules: &'p Rules) -> Vec<Diagnostic> {
        let mut lints = Self {
            text,
            lines: Lines::of(text),
            rules,
            places: Places::of(text),
            implications: Implications::of(rules),
            found: Vec::new(),
        };
        lints.read_queries();
        lints.find_contradictions();
        lints.find_covered_grants();
        lints.find_open_grants();
        lints.find_relay_gaps();
        lints.find_unused();
        lints.find_denials();
        lints.find_metadata();
        lints.find_long_sessions();
        lints.find_unstable_user_ids();
        lints.find_emails();
        lints.find_scopes();
        lints.take_allowed_back();
        lints.found
    }

    fn warn(&mut self, kind: LintKind, span: Range<usize>, message: String, hint: Option<String>) {
        let (severity, code) = (Severity::Warning, kind.code());
        let warning = Diagnostic { severity, code, span, message, hint };
        if !self.found.contains(&warning) {
            self.found.push(warning);
        }
    }

    /// The line of a place, for messages.
    fn line(&self, span: &Range<usize>) -> usize {
        self.lines.number(span.start)
    }
}
