//! Query templates: text of Ditto's permission query language in which `{claim}` becomes a literal.
//!
//! What is checked here is what keeps a claim inside its literal and the engine alive. The whole grammar of the
//! query language is not checked here.

use crate::Claims;
use crate::literal::query_literal;
use crate::template::{Part, Template, TemplateError};

/// The longest query template, in bytes. Far longer chains of operators or path steps end the engine's process.
pub const MAX_QUERY_TEMPLATE_SIZE: usize = 2_000;

/// A checked query template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryTemplate {
    template: Template,
}

impl QueryTemplate {
    /// Parses and checks a template.
    ///
    /// # Errors
    /// [`TemplateError`], see its variants.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.len() > MAX_QUERY_TEMPLATE_SIZE {
            return Err(TemplateError::TooLong);
        }
        let template = Template::parse(text)?;
        let code = code_outside_strings(&template)?;
        let has_placeholder =
            template.parts.iter().any(|part| matches!(part, Part::Placeholder(_)));
        let mentions = |word: &str| {
            code.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
                .any(|token| token == word)
        };
        if has_placeholder && mentions("regex") {
            return Err(TemplateError::PlaceholderWithRegex);
        }
        if !mentions("_id") && text.trim() != "true" {
            return Err(TemplateError::NotAboutId);
        }
        Ok(Self { template })
    }

    /// The query for these claims, or nothing where a claim is missing or has no exact literal.
    #[must_use]
    pub fn query(&self, claims: &Claims) -> Option<String> {
        let mut query = String::new();
        for part in &self.template.parts {
            match part {
                Part::Text(text) => query.push_str(text),
                Part::Placeholder(path) => {
                    query.push_str(&query_literal(path.find(claims)?).ok()?);
                }
            }
        }
        Some(query)
    }
}

/// The template without its quoted strings; a placeholder counts as a blank.
fn code_outside_strings(template: &Template) -> Result<String, TemplateError> {
    let mut code = String::new();
    let mut open_quote = None;
    let mut is_escaped = false;
    for part in &template.parts {
        match part {
            Part::Placeholder(path) if open_quote.is_some() => {
                return Err(TemplateError::PlaceholderInString { placeholder: path.to_string() });
            }
            Part::Placeholder(_) => code.push(' '),
            Part::Text(text) => {
                for character in text.chars() {
                    match open_quote {
                        Some(_) if is_escaped => is_escaped = false,
                        Some(_) if character == '\\' => is_escaped = true,
                        Some(quote) if character == quote => open_quote = None,
                        Some(_) => {}
                        None if matches!(character, '\'' | '"') => open_quote = Some(character),
                        None if !character.is_ascii() || character == '\0' => {
                            return Err(TemplateError::NonAsciiName { character });
                        }
                        None => code.push(character),
                    }
                }
            }
        }
    }
    if open_quote.is_some() { Err(TemplateError::UnterminatedString) } else { Ok(code) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_stays_inside_its_literal() {
        let claims = json!({"sub": "x' || true || 'y", "stores": ["s1", "s'2"], "n": 3});
        let claims = claims.as_object().unwrap();
        for (template, expected) in [
            ("_id.owner == {sub}", Some(r"_id.owner == 'x\u0027 || true || \u0027y'")),
            ("contains({stores}, _id.store)", Some(r"contains(['s1','s\u00272'], _id.store)")),
            ("_id.n == {n} && _id.k == 'é'", Some("_id.n == 3 && _id.k == 'é'")),
            ("_id.k == '{{x}}'", Some("_id.k == '{x}'")),
            ("_id.owner == {missing}", None),
            ("true", Some("true")),
        ] {
            let query = QueryTemplate::parse(template).unwrap().query(claims);
            assert_eq!(query.as_deref(), expected, "{template}");
        }
    }

    #[test]
    fn refuses_templates_that_could_hurt() {
        let long = format!("_id == '{}'", "a".repeat(MAX_QUERY_TEMPLATE_SIZE));
        for (template, expected) in [
            ("_id == '{sub}'", TemplateError::PlaceholderInString { placeholder: "sub".into() }),
            (r#"_id == "{sub}""#, TemplateError::PlaceholderInString { placeholder: "sub".into() }),
            (
                r"_id == 'a\'{sub}'",
                TemplateError::PlaceholderInString { placeholder: "sub".into() },
            ),
            ("_id == 'a", TemplateError::UnterminatedString),
            (r"_id == 'a\'", TemplateError::UnterminatedString),
            ("_id.š == 1", TemplateError::NonAsciiName { character: 'š' }),
            ("_id == 1\0", TemplateError::NonAsciiName { character: '\0' }),
            ("regex(_id, {sub})", TemplateError::PlaceholderWithRegex),
            ("{sub}", TemplateError::NotAboutId),
            ("false", TemplateError::NotAboutId),
            ("owner == {sub}", TemplateError::NotAboutId),
            ("'_id' == {sub}", TemplateError::NotAboutId),
            ("my_id == {sub}", TemplateError::NotAboutId),
            ("", TemplateError::NotAboutId),
            (&long, TemplateError::TooLong),
        ] {
            assert_eq!(QueryTemplate::parse(template), Err(expected), "{template}");
        }
    }
}
