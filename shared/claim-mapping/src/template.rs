//! Text with placeholders: `driver-{sub}`. `{{` and `}}` stand for the braces themselves.

use std::ops::Range;

use permission_query::exact_integer;
use serde_json::Value;

use crate::{ClaimReference, ClaimReferenceError, Login, ValueMaps};

/// What is wrong with a template. Its text is the policy author's own, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateProblem {
    /// The place in the template, in bytes.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
}

/// A parsed template.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Its pieces, in order.
    pub parts: Vec<Part>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Text that stands as it is.
    Text(String),
    /// A claim's value.
    Placeholder(ClaimReference),
}

impl Template {
    /// Parses the written form.
    ///
    /// # Errors
    /// [`TemplateProblem`]: a brace without its counterpart, or a placeholder that names no claim.
    pub fn parse(text: &str, maps: &ValueMaps) -> Result<Self, TemplateProblem> {
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
            } else {
                let start = text.len().saturating_sub(from_brace.len());
                let (inside, after) = from_brace
                    .strip_prefix('{')
                    .and_then(split_placeholder)
                    .ok_or_else(|| unmatched_brace(from_brace, start))?;
                if !literal.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut literal)));
                }
                let end = text.len().saturating_sub(after.len());
                let reference = ClaimReference::parse(inside, maps);
                let reference = reference.map_err(|error| not_a_claim(&error, start..end))?;
                parts.push(Part::Placeholder(reference));
                rest = after;
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// The text with every placeholder filled, or nothing where a claim is missing, empty, or has no plain text.
    #[must_use]
    pub fn text(&self, login: &Login<'_>) -> Option<String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Placeholder(claim) => push_plain_text(&mut text, &*claim.value(login)?)?,
            }
        }
        Some(text)
    }

    /// The value: where the template is one placeholder and nothing else, the claim's own value with its type.
    #[must_use]
    pub fn value(&self, login: &Login<'_>) -> Option<Value> {
        match self.parts.as_slice() {
            [Part::Placeholder(claim)] => claim.value(login).map(std::borrow::Cow::into_owned),
            _ => self.text(login).map(Value::String),
        }
    }
}

/// Splits at the first closing brace that stands in no quotes.
fn split_placeholder(text: &str) -> Option<(&str, &str)> {
    let mut open_quote = None;
    let end = text.find(|character: char| {
        match open_quote {
            Some(quote) if quote == character => open_quote = None,
            None if matches!(character, '\'' | '"') => open_quote = Some(character),
            _ => {}
        }
        character == '}' && open_quote.is_none()
    })?;
    let (inside, rest) = text.split_at_checked(end)?;
    Some((inside, rest.strip_prefix('}')?))
}

fn unmatched_brace(from_brace: &str, start: usize) -> TemplateProblem {
    let brace = if from_brace.starts_with('{') { '{' } else { '}' };
    TemplateProblem {
        span: start..start.saturating_add(1),
        message: format!("`{brace}` has no counterpart"),
        hint: Some(format!("write `{brace}{brace}` for the brace itself")),
    }
}

pub(crate) fn not_a_claim(error: &ClaimReferenceError, span: Range<usize>) -> TemplateProblem {
    TemplateProblem { span, message: error.to_string(), hint: None }
}

fn push_plain_text(text: &mut String, value: &Value) -> Option<()> {
    match value {
        Value::String(value) if value.is_empty() => return None,
        Value::String(value) => text.push_str(value),
        Value::Number(number) => text.push_str(&exact_integer(number)?.to_string()),
        Value::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Result<Template, TemplateProblem> {
        Template::parse(text, &ValueMaps::new())
    }

    #[test]
    fn fills_placeholders_or_gives_nothing() {
        let claims =
            json!({"sub": "u|1", "n": 7, "ok": true, "f": 1.5, "e": "", "l": ["a"], "z": null});
        let login = Login::of(claims.as_object().unwrap());
        for (template, expected) in [
            ("plain", Some("plain")),
            ("{sub}", Some("u|1")),
            ("{sub | strip_prefix('u|')}!", Some("1!")),
            ("a-{sub}-{n}-{ok}", Some("a-u|1-7-true")),
            ("{{sub}}", Some("{sub}")),
            ("{{{sub}}}", Some("{u|1}")),
            ("{missing | default('}')}", Some("}")),
            ("{request.provider}", Some("my-auth")),
            ("{missing}", None),
            ("x{e}", None),
            ("{f}", None),
            ("{l}", None),
            ("{z}", None),
        ] {
            assert_eq!(parse(template).unwrap().text(&login).as_deref(), expected, "{template}");
        }
        assert_eq!(parse("{n}").unwrap().value(&login), Some(json!(7)));
        assert_eq!(parse("{l}").unwrap().value(&login), Some(json!(["a"])));
        assert_eq!(parse("{n}.").unwrap().value(&login), Some(json!("7.")));
        assert_eq!(parse("{z}").unwrap().value(&login), None);
    }

    #[test]
    fn refuses_braces_that_do_not_match() {
        for (template, brace, span) in [
            ("{sub", '{', 0..1),
            ("sub}", '}', 3..4),
            ("{{sub}", '}', 5..6),
            ("a{", '{', 1..2),
            ("{a 'b}", '{', 0..1),
        ] {
            let problem = parse(template).unwrap_err();
            let message = format!("`{brace}` has no counterpart");
            assert_eq!((problem.message, problem.span), (message, span), "{template}");
        }
        assert_eq!(parse("a {su b}").unwrap_err().span, 2..8);
    }
}
