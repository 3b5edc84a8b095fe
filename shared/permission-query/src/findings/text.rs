//! Text of queries: parts as they were written, and new parts.

use std::ops::Range;

use serde_json::Value;

use crate::{Query, push_literal};

impl Query {
    /// What stands there.
    pub(super) fn slice(&self, span: &Range<usize>) -> &str {
        self.text().get(span.clone()).unwrap_or_default()
    }

    /// The literal of a string, as this text writes it.
    pub(super) fn quoted(&self, text: &str) -> String {
        let mut literal = String::new();
        // A string always has a literal.
        let _ = push_literal(&mut literal, &Value::from(text));
        if self.is_template() {
            literal = literal.replace('{', "{{").replace('}', "}}");
        }
        literal
    }
}

/// `A && B && C` in parentheses.
pub(super) fn conjunction(conditions: &[String], last: &str) -> String {
    format!("({} && {last})", conditions.join(" && "))
}
