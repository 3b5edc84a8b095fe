//! Diagnostics of files, for machines: `--format json`.

use std::ops::Range;

use claim_mapping::line_and_column;
use permission_query::Severity;
use serde_json::{Value, json};

use crate::Diagnostic;

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

/// The place of a diagnostic as people count: from 1, columns in characters, the end one past the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The last line.
    pub end_line: usize,
    /// The column after the last character.
    pub end_column: usize,
}

impl Position {
    /// The position of a place that is given in bytes.
    #[must_use]
    pub fn of(text: &str, span: &Range<usize>) -> Self {
        let (line, column) = line_and_column(text, span.start);
        let (end_line, end_column) = line_and_column(text, span.end);
        Self { line, column, end_line, end_column }
    }
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
        checked.diagnostics.iter().map(|diagnostic| json_of(checked, diagnostic))
    });
    json!({
        "diagnostics": diagnostics.collect::<Vec<_>>(),
        "errors": files.iter().map(Checked::errors).sum::<usize>(),
        "warnings": files.iter().map(Checked::warnings).sum::<usize>(),
    })
}

fn json_of(checked: &Checked, diagnostic: &Diagnostic) -> Value {
    let Position { line, column, end_line, end_column } =
        Position::of(&checked.text, &diagnostic.span);
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
