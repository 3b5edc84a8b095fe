//! Diagnostics of files, for machines: `--format json`.

use permission_query::Severity;
use serde_json::{Value, json};

use crate::Diagnostic;
use crate::lines::{Lines, Position};

/// A text that was checked, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The name of the text: a path, or what stands for one.
    pub file: String,
    /// The text.
    pub text: String,
    /// What is said of it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// How many errors there are.
    #[must_use]
    pub fn errors(&self) -> usize {
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        self.diagnostics.iter().filter(is_error).count()
    }

    /// How many warnings there are.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.diagnostics.len().saturating_sub(self.errors())
    }
}

/// One object with all diagnostics, and how many there are of each severity.
#[must_use]
pub fn json_report(files: &[Checked]) -> Value {
    let diagnostics = files.iter().flat_map(|checked| {
        let lines = Lines::of(&checked.text);
        let json = move |diagnostic| json_of(checked, &lines, diagnostic);
        checked.diagnostics.iter().map(json)
    });
    json!({
        "diagnostics": diagnostics.collect::<Vec<_>>(),
        "errors": files.iter().map(Checked::errors).sum::<usize>(),
        "warnings": files.iter().map(Checked::warnings).sum::<usize>(),
    })
}

fn json_of(checked: &Checked, lines: &Lines<'_>, diagnostic: &Diagnostic) -> Value {
    let Position { line, column, end_line, end_column } = lines.position(&diagnostic.span);
    json!({
        "file": checked.file,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "severity": severity_name(diagnostic.severity),
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    })
}

/// `error` or `warning`: the same words in JSON and SARIF.
pub(crate) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
