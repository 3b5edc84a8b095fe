//! Query templates: text of Ditto's permission query language in which `{claim}` becomes a literal.
//!
//! What is checked here is what keeps a claim inside its literal, a query at `_id`, and the engine alive. The whole
//! grammar of the query language is not checked here.

use crate::literal::query_literal;
use crate::query_code::{Place, check_names, code_outside_strings, place, words};
use crate::template::{Part, Template, TemplateError};
use crate::{ClaimPath, Claims};

/// The longest query template, in bytes. Longer chains of path steps end the engine's process: 998 steps of two bytes
/// did, 900 did not.
pub const MAX_QUERY_TEMPLATE_SIZE: usize = 1_000;

/// A checked query template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryTemplate {
    parts: Vec<QueryPart>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum QueryPart {
    Text(String),
    Literal { claim: ClaimPath, place: Place },
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
        let (code, places) = code_outside_strings(&template)?;
        check_names(&code)?;
        let has_placeholder = !places.is_empty();
        if has_placeholder && words(&code).any(|(_, word)| word == "regex") {
            return Err(TemplateError::PlaceholderWithRegex);
        }
        if !words(&code).any(|(_, word)| word == "_id") && text.trim() != "true" {
            return Err(TemplateError::NotAboutId);
        }
        let mut places = places.into_iter();
        let mut parts = Vec::new();
        for part in template.parts {
            parts.push(match part {
                Part::Text(text) => QueryPart::Text(text),
                Part::Placeholder(claim) => {
                    let place = places.next().and_then(|at| place(&code, at));
                    let placeholder = claim.to_string();
                    let place = place.ok_or(TemplateError::PlaceholderPlace { placeholder })?;
                    QueryPart::Literal { claim, place }
                }
            });
        }
        Ok(Self { parts })
    }

    /// The query for these claims, or nothing where a claim is missing, has no exact literal, or is of a type that
    /// its place does not take.
    #[must_use]
    pub fn query(&self, claims: &Claims) -> Option<String> {
        let mut query = String::new();
        for part in &self.parts {
            match part {
                QueryPart::Text(text) => query.push_str(text),
                QueryPart::Literal { claim, place } => {
                    let value = claim.find(claims).filter(|value| place.takes(value))?;
                    query.push_str(&query_literal(value).ok()?);
                }
            }
        }
        Some(query)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_stays_inside_its_literal() {
        let claims =
            json!({"sub": "x' || true || 'y", "stores": ["s1", "s'2"], "n": 3, "ok": true});
        let claims = claims.as_object().unwrap();
        for (template, expected) in [
            ("_id.owner == {sub}", Some(r"_id.owner == 'x\u0027 || true || \u0027y'")),
            ("{sub} == _id.owner", Some(r"'x\u0027 || true || \u0027y' == _id.owner")),
            ("contains({stores}, _id.store)", Some(r"contains(['s1','s\u00272'], _id.store)")),
            ("contains(_id.tags, {n})", Some("contains(_id.tags, 3)")),
            ("_id.n == {n} && _id.k == 'é'", Some("_id.n == 3 && _id.k == 'é'")),
            ("(_id.n >= {n}) || !(_id.ok != {ok})", Some("(_id.n >= 3) || !(_id.ok != true)")),
            ("_id['site id'] == {n}", Some("_id['site id'] == 3")),
            ("_id.k == '{{x}}'", Some("_id.k == '{x}'")),
            ("_id.trueish == 1e3", Some("_id.trueish == 1e3")),
            (
                "starts_with(_id.path, {sub})",
                Some(r"starts_with(_id.path, 'x\u0027 || true || \u0027y')"),
            ),
            ("_id.owner == {missing}", None),
            ("true", Some("true")),
        ] {
            let query = QueryTemplate::parse(template).unwrap().query(claims);
            assert_eq!(query.as_deref(), expected, "{template}");
        }
    }

    #[test]
    fn a_claim_of_a_type_that_would_change_the_meaning_gives_no_query() {
        let claims = json!({"one": "store-12", "n": 5, "list": ["a"]});
        let claims = claims.as_object().unwrap();
        for template in [
            "contains({one}, _id.store)",
            "contains( {n}, _id.store)",
            "starts_with(_id.p, {n})",
            "ends_with(_id.p, {list})",
            "starts_with({n}, _id.p)",
        ] {
            assert_eq!(QueryTemplate::parse(template).unwrap().query(claims), None, "{template}");
        }
    }

    #[test]
    fn refuses_templates_that_could_hurt() {
        let long = format!("_id == '{}'", "a".repeat(MAX_QUERY_TEMPLATE_SIZE));
        let in_string = || TemplateError::PlaceholderInString { placeholder: "sub".into() };
        let place = || TemplateError::PlaceholderPlace { placeholder: "sub".into() };
        let root = |name: &str| TemplateError::OtherRoot { name: name.into() };
        for (template, expected) in [
            ("_id == '{sub}'", in_string()),
            (r#"_id == "{sub}""#, in_string()),
            (r"_id == 'a\'{sub}'", in_string()),
            ("_id == 'a", TemplateError::UnterminatedString),
            (r"_id == 'a\'", TemplateError::UnterminatedString),
            ("_id.š == 1", TemplateError::NonAsciiName { character: 'š' }),
            ("_id == 1\0", TemplateError::NonAsciiName { character: '\0' }),
            ("regex(_id, {sub})", TemplateError::PlaceholderWithRegex),
            ("{sub}", TemplateError::NotAboutId),
            ("false", TemplateError::NotAboutId),
            ("", TemplateError::NotAboutId),
            ("_id.a == 1 || {sub}", place()),
            ("({sub}) || _id.a == 1", place()),
            ("_id{sub} == 'x'", place()),
            ("_id.{sub} == 'x'", place()),
            ("_id.a == {sub}{sub}", place()),
            ("_id.a == -{sub}", place()),
            ("contains([{sub}], _id.a)", place()),
            ("starts_with(_id.path, join('', {sub}))", place()),
            ("contains(not_null({sub}), _id.a)", place()),
            ("_id.a == 1 || not_null({sub})", place()),
            ("_id.a == 1 || type({sub})", place()),
            ("_id.a == 1 && length({sub})", place()),
            ("_id.a == {sub} || @", root("@")),
            ("owner == {sub} && x._id", root("owner")),
            ("_id.a == TRUE", root("TRUE")),
            ("my_id == {sub}", root("my_id")),
            ("'_id' == {sub} || id", root("id")),
            ("_id.a = {sub} AND _id.b = 1", root("AND")),
            ("containss(_id.a, {sub})", root("containss")),
            ("contains (_id.a, {sub})", root("contains")),
            (&long, TemplateError::TooLong),
        ] {
            assert_eq!(QueryTemplate::parse(template), Err(expected), "{template}");
        }
    }
}
