//! What is wrong with a policy, and where.

use std::fmt;
use std::ops::Range;

use permission_query::FindingKind;

/// The kind of a problem, with its stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// More or larger than a policy may have.
    Limit,
    /// A required name is missing.
    MissingName,
    /// A query that nobody can mean; its code is that of the finding.
    Query(FindingKind),
    /// A query that the engine would not parse.
    QuerySyntax,
    /// Not TOML.
    Syntax,
    /// A template that cannot be used.
    Template,
    /// A name that a policy does not have.
    UnknownName,
    /// A value that makes no sense, such as a duration without a unit.
    Value,
    /// A value of another type than expected.
    WrongType,
}

impl ProblemKind {
    /// All kinds, but for those of queries ([`FindingKind::ALL`]).
    pub const ALL: [Self; 8] = [
        Self::Limit,
        Self::MissingName,
        Self::QuerySyntax,
        Self::Syntax,
        Self::Template,
        Self::UnknownName,
        Self::Value,
        Self::WrongType,
    ];

    /// The stable code, as listed in `docs/errors.md`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Limit => "policy.limit",
            Self::MissingName => "policy.missing_name",
            Self::Query(kind) => kind.code(),
            Self::QuerySyntax => "query.syntax",
            Self::Syntax => "policy.syntax",
            Self::Template => "policy.template",
            Self::UnknownName => "policy.unknown_name",
            Self::Value => "policy.value",
            Self::WrongType => "policy.wrong_type",
        }
    }
}

/// One problem and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProblem {
    /// What kind of problem it is.
    pub kind: ProblemKind,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, in characters, counted from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
}

impl fmt::Display for PolicyProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, line, column, message, hint, .. } = self;
        write!(formatter, "policy.toml:{line}:{column}: {}: {message}", kind.code())?;
        hint.iter().try_for_each(|hint| write!(formatter, " ({hint})"))
    }
}

/// Every problem of a policy, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyProblems(pub Vec<PolicyProblem>);

impl fmt::Display for PolicyProblems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(formatter, "{line_break}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyProblems {}

/// The line and the column of a place in a text, both counted from 1, the column in characters.
#[must_use]
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    let on_line = before.rsplit('\n').next().unwrap_or_default();
    (line, on_line.chars().count().saturating_add(1))
}
