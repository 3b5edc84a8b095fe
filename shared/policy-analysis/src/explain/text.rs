//! An explanation as people read it.

use std::fmt::Write as _;

use super::{ConditionStep, Explanation, RuleKind, RuleStep};
use crate::terminal::harmless;
use crate::{Answer, Budget, Footprint, MatrixRow, Reach, duration_text};

impl Explanation {
    /// What people read.
    #[must_use]
    pub fn text(&self, budget: &Budget) -> String {
        let mut text = match (&self.decision, self.code, &self.reason) {
            (None, Some(code), Some(reason)) => format!("refused: {code}: {reason}\n"),
            (Some(decision), ..) => {
                let user_id = serde_json::Value::from(decision.user_id.as_str());
                format!("accepted: user {user_id}\n")
            }
            _ => String::new(),
        };
        // Writing to a String cannot fail.
        text.push_str("\nrules (`>` marks the conditions that decided)\n");
        for step in &self.rules {
            self.push_rule(&mut text, step);
        }
        self.push_left_out(&mut text);
        self.push_answer(&mut text, budget);
        self.push_documents(&mut text);
        harmless(&text)
    }

    /// The place of a rule, as wide as any of this policy.
    fn place(&self, line: usize) -> String {
        let place = format!("{}:{line}", self.policy);
        format!("{place:<width$}", width = self.policy.chars().count().saturating_add(5))
    }

    fn push_rule(&self, text: &mut String, step: &RuleStep) {
        let name = match step.kind {
            RuleKind::Deny => format!("denial {}", step.number),
            RuleKind::Grant => format!("grant {}", step.number),
            RuleKind::Require => format!("requirement {}", step.number),
            RuleKind::UserId => "user_id".to_owned(),
        };
        let _ = writeln!(text, "  {} {name} {}", self.place(step.line), step.outcome);
        // Of what was not reached, the rule says enough.
        for condition in step.conditions.iter().filter(|_| step.takes_effect.is_some()) {
            self.push_condition(text, condition, 1);
        }
    }

    fn push_condition(&self, text: &mut String, step: &ConditionStep, depth: usize) {
        let mark = if step.decides && step.parts.is_empty() { '>' } else { ' ' };
        let indent = "  ".repeat(depth);
        let ConditionStep { condition, outcome, .. } = step;
        let claim = step.claim.as_ref().map(|claim| format!(" ({claim})")).unwrap_or_default();
        let place = self.place(step.line);
        let _ = writeln!(text, "  {place}{indent}{mark} {condition}: {outcome}{claim}");
        for part in step.parts.iter().filter(|_| step.is_reached()) {
            self.push_condition(text, part, depth.saturating_add(1));
        }
    }

    fn push_left_out(&self, text: &mut String) {
        if !self.left_out.is_empty() {
            text.push_str("\nleft out of the answer\n");
        }
        for left_out in &self.left_out {
            let place = self.place(left_out.line);
            let _ = writeln!(text, "  {place} {}: {}", left_out.member, left_out.reason);
        }
    }

    fn push_answer(&self, text: &mut String, budget: &Budget) {
        let Some(decision) = &self.decision else { return };
        if let Some(session) = &self.session {
            let length = duration_text(u64::from(session.seconds));
            let _ = writeln!(text, "\nsession {length}: {}", session.limit);
        }
        text.push_str("\naccess\n");
        push_matrix(text, &self.matrix);
        let remote_query = if decision.permissions.remote_query { "yes" } else { "no" };
        let _ = writeln!(text, "  remote query: {remote_query}");
        if let Some(footprint) = self.footprint {
            push_footprint(text, footprint, budget);
        }
        // Strings and numbers always serialize.
        let answer = serde_json::to_string_pretty(&Answer::from(decision)).unwrap_or_default();
        let _ = writeln!(text, "{answer}");
    }

    fn push_documents(&self, text: &mut String) {
        if !self.documents.is_empty() {
            text.push_str("\ndocuments\n");
        }
        for step in &self.documents {
            let _ = writeln!(text, "  {} {}", step.collection, step.id);
            for (operation, passage) in [("read", &step.read), ("write", &step.write)] {
                let can = if passage.is_open() { "can" } else { "cannot" };
                let reason = if self.is_accepted {
                    passage.to_string()
                } else {
                    "the login is refused".to_owned()
                };
                let _ = writeln!(text, "    {can} {operation} it: {reason}");
            }
        }
    }
}

fn push_matrix(text: &mut String, rows: &[MatrixRow]) {
    let name =
        |row: &MatrixRow| row.collection.clone().unwrap_or_else(|| "(all others)".to_owned());
    let widths = rows.iter().map(|row| name(row).chars().count());
    let width = widths.max().unwrap_or_default().max("collection".len());
    let _ = writeln!(text, "  {:width$}  {:<12}write", "collection", "read");
    for row in rows {
        let _ = writeln!(text, "  {:width$}  {:<12}{}", name(row), row.read, row.write);
    }
}

fn push_footprint(text: &mut String, footprint: Footprint, budget: &Budget) {
    let Footprint { bytes, queries } = footprint;
    let queries = Reach::Queries(queries);
    let verdict = if footprint.fits(budget) { "within" } else { "warning: over" };
    let _ = writeln!(
        text,
        "\nanswer: {bytes} bytes, {queries}; {verdict} the budget of {} bytes, {} queries",
        budget.bytes, budget.queries
    );
}
