//! Who can, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Way, WayQuery, WhoCan};
use crate::terminal::harmless;

impl WhoCan {
    /// What people read, under the name of the policy's file.
    #[must_use]
    pub fn text(&self, file: &str) -> String {
        let mut text = format!("{file}\n");
        if self.ways.is_empty() {
            text.push_str("  nobody\n");
            return text;
        }
        self.ways.iter().for_each(|way| way.push_text(&mut text));
        for requirement in &self.requirements {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  everybody must meet: {requirement}");
        }
        for denial in &self.denials {
            let _ = writeln!(text, "  nobody is let in where: {denial}");
        }
        harmless(&text)
    }

    /// What programs read.
    #[must_use]
    pub fn json(&self, file: &str) -> Value {
        json!({
            "policy": file,
            "ways": self.ways.iter().map(Way::json).collect::<Vec<_>>(),
            "requirements": self.requirements,
            "denials": self.denials,
        })
    }
}

impl Way {
    fn push_text(&self, text: &mut String) {
        let Self { grant, line, role, condition, .. } = self;
        let role = role.as_ref().map(|role| format!(", role {role}")).unwrap_or_default();
        let _ = writeln!(text, "  {condition}\n    by        grant {grant}{role} (line {line})");
        if self.queries.is_empty() {
            let _ = writeln!(text, "    what      everything");
        }
        for query in &self.queries {
            let _ = writeln!(text, "    what      {}", query.text);
            query.push_alternatives(text);
        }
        if let Some(until) = &self.until {
            let _ = writeln!(text, "    until     the time in {until}");
        }
        if !self.needs.is_empty() {
            let _ = writeln!(text, "    needs     {}", self.needs.join(", "));
        }
    }

    fn json(&self) -> Value {
        json!({
            "grant": self.grant,
            "line": self.line,
            "role": self.role,
            "condition": self.condition,
            "until": self.until,
            "needs": self.needs,
            "everything": self.queries.is_empty(),
            "queries": self.queries.iter().map(WayQuery::json).collect::<Vec<_>>(),
        })
    }
}

impl WayQuery {
    fn push_alternatives(&self, text: &mut String) {
        for (index, statements) in self.alternatives.iter().enumerate() {
            let name = if index == 0 { "claims" } else { "or" };
            let statements =
                if statements.is_empty() { "any".to_owned() } else { statements.join(", ") };
            let _ = writeln!(text, "    {name:<9} {statements}");
        }
    }

    fn json(&self) -> Value {
        json!({ "query": self.text, "claims": self.alternatives })
    }
}
