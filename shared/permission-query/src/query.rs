//! A parsed query.

use serde_json::{Value, json};

use crate::parser::{self, Syntax};
use crate::{Expression, Finding, ParseError, RunError, evaluate, findings};

/// A parsed query, or a template of one.
///
/// ```
/// use permission_query::Query;
///
/// let query = Query::parse("_id.owner == 'ann'")?;
/// assert_eq!(query.matches(&serde_json::json!({"owner": "ann"})), Ok(true));
/// assert_eq!(query.matches(&serde_json::json!({"owner": "bob"})), Ok(false));
/// # Ok::<(), permission_query::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    text: String,
    syntax: Syntax,
    expression: Expression,
}

impl Query {
    /// Parses a finished query, as the engine takes it.
    ///
    /// # Errors
    /// [`ParseError`] for what the engine refuses, and for what ends its process.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::parse_as(text, Syntax::Finished)
    }

    /// Parses a template: `{sub}` is a placeholder where a literal may stand, `{{` and `}}` are the braces themselves.
    ///
    /// # Errors
    /// [`ParseError`] as with [`Query::parse`], and for placeholders elsewhere.
    pub fn parse_template(text: &str) -> Result<Self, ParseError> {
        Self::parse_as(text, Syntax::Template)
    }

    fn parse_as(text: &str, syntax: Syntax) -> Result<Self, ParseError> {
        let expression = parser::parse(text, syntax)?;
        Ok(Self { text: text.to_owned(), syntax, expression })
    }

    /// Its syntax tree.
    #[must_use]
    pub fn expression(&self) -> &Expression {
        &self.expression
    }

    /// Its text, as it was given.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the document with this `_id` matches.
    ///
    /// # Errors
    /// [`RunError`] where the engine fails: it then fails the whole query, for every document.
    pub fn matches(&self, id: &Value) -> Result<bool, RunError> {
        evaluate::matches(&self.expression, &json!({ "_id": id }))
    }

    /// What nobody can mean: the findings of [`crate::Severity::Error`], but for patterns that `regex()` refuses, so
    /// that a program which only loads queries need not hold a regex engine.
    #[must_use]
    pub fn errors(&self) -> Vec<Finding> {
        findings::errors(self)
    }

    /// All traps, in the order of their places.
    ///
    /// Warnings wait until the query has the structure that its author sees (no mixed operators, for one), and are
    /// left out for very large queries and for the insides of filters. Rewrites are left out for queries longer than
    /// 10,000 bytes.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        findings::all(self)
    }

    /// The text, parsed as this one was.
    pub(crate) fn reparsed(&self, text: &str) -> Option<Self> {
        Self::parse_as(text, self.syntax).ok()
    }

    pub(crate) fn is_template(&self) -> bool {
        self.syntax == Syntax::Template
    }
}
