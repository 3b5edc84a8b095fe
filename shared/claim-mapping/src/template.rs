//! Text with placeholders: `driver-{sub}`. `{{` and `}}` stand for the braces themselves.

use serde_json::Value;

use crate::literal::exact_integer;
use crate::{ClaimPath, ClaimPathError, Claims};

/// A template that cannot be used. The text of the template is the policy author's own, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// What stands in the braces names no claim.
    #[error("{{{placeholder}}}: {source}")]
    ClaimPath {
        /// What stands in the braces.
        placeholder: String,
        /// What is wrong with it.
        source: ClaimPathError,
    },
    /// A character outside ASCII where a name is expected; some of them end the engine's process.
    #[error("`{character}` may only stand in a quoted string of the query")]
    NonAsciiName {
        /// The character.
        character: char,
    },
    /// The query looks at nothing of the document, so it would match all documents or none.
    #[error("the query does not look at `_id`, so it matches every document or none")]
    NotAboutId,
    /// A name that is neither `_id` nor a function of the query language.
    #[error("`{name}` is neither `_id` nor a function: only a document's `_id` can be looked at")]
    OtherRoot {
        /// The name.
        name: String,
    },
    /// A placeholder inside quotes: its value brings its own.
    #[error(
        "{{{placeholder}}} stands inside quotes, but a placeholder brings its own: write it without them"
    )]
    PlaceholderInString {
        /// What stands in the braces.
        placeholder: String,
    },
    /// A placeholder where no literal can stand, or where it would decide the query all by itself.
    #[error(
        "{{{placeholder}}} must stand on one side of a comparison, or be an argument of contains, starts_with or ends_with"
    )]
    PlaceholderPlace {
        /// What stands in the braces.
        placeholder: String,
    },
    /// A placeholder in a query that uses `regex`, whose pattern it could change.
    #[error(
        "a query with `regex` cannot have a placeholder: a claim's value could change the pattern"
    )]
    PlaceholderWithRegex,
    /// Longer than the query engine takes safely.
    #[error("the query is longer than {} bytes", crate::MAX_QUERY_TEMPLATE_SIZE)]
    TooLong,
    /// A `{` without `}`, or the other way round.
    #[error("`{brace}` has no counterpart (write `{brace}{brace}` for the brace itself)")]
    UnmatchedBrace {
        /// The brace.
        brace: char,
    },
    /// A quote without its counterpart.
    #[error("a quoted string of the query has no end")]
    UnterminatedString,
}

/// A parsed template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Template {
    pub(crate) parts: Vec<Part>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Placeholder(ClaimPath),
}

impl Template {
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from_brace) = rest.split_at_checked(at).unwrap_or((rest, ""));
            literal.push_str(before);
            if let Some(after) = from_brace.strip_prefix("{{") {
                literal.push('{');
                rest = after;
            } else if let Some(after) = from_brace.strip_prefix("}}") {
                literal.push('}');
                rest = after;
            } else if let Some(after) = from_brace.strip_prefix('{') {
                let (placeholder, after) =
                    after.split_once('}').ok_or(TemplateError::UnmatchedBrace { brace: '{' })?;
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                parts.push(Part::Placeholder(parse_placeholder(placeholder)?));
                rest = after;
            } else {
                return Err(TemplateError::UnmatchedBrace { brace: '}' });
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// The text with every placeholder filled, or nothing where a claim is missing, empty, or has no plain text.
    pub(crate) fn text(&self, claims: &Claims) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Placeholder(path) => text.push_str(&plain_text(path.find(claims)?)?),
            }
        }
        Some(text)
    }

    /// The value: where the template is one placeholder and nothing else, the claim's own value with its type.
    pub(crate) fn value(&self, claims: &Claims) -> Option<Value> {
        match self.parts.as_slice() {
            [Part::Placeholder(path)] => {
                path.find(claims).filter(|value| !value.is_null()).cloned()
            }
            _ => self.text(claims).map(Value::String),
        }
    }
}

fn parse_placeholder(placeholder: &str) -> Result<ClaimPath, TemplateError> {
    ClaimPath::parse(placeholder)
        .map_err(|source| TemplateError::ClaimPath { placeholder: placeholder.to_owned(), source })
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => exact_integer(number).map(|integer| integer.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fills_placeholders_or_gives_nothing() {
        let claims =
            json!({"sub": "u|1", "n": 7, "ok": true, "f": 1.5, "e": "", "l": ["a"], "z": null});
        let claims = claims.as_object().unwrap();
        for (template, expected) in [
            ("plain", Some("plain")),
            ("{sub}", Some("u|1")),
            ("a-{sub}-{n}-{ok}", Some("a-u|1-7-true")),
            ("{{sub}}", Some("{sub}")),
            ("{{{sub}}}", Some("{u|1}")),
            ("{missing}", None),
            ("x{e}", None),
            ("{f}", None),
            ("{l}", None),
            ("{z}", None),
        ] {
            let template_parsed = Template::parse(template).unwrap();
            assert_eq!(template_parsed.text(claims).as_deref(), expected, "{template}");
        }
        assert_eq!(Template::parse("{n}").unwrap().value(claims), Some(json!(7)));
        assert_eq!(Template::parse("{l}").unwrap().value(claims), Some(json!(["a"])));
        assert_eq!(Template::parse("{n}.").unwrap().value(claims), Some(json!("7.")));
        assert_eq!(Template::parse("{z}").unwrap().value(claims), None);
    }

    #[test]
    fn refuses_braces_that_do_not_match() {
        for (template, brace) in [("{sub", '{'), ("sub}", '}'), ("{{sub}", '}'), ("a{", '{')] {
            assert_eq!(Template::parse(template), Err(TemplateError::UnmatchedBrace { brace }));
        }
    }
}
