//! Query templates: text of Ditto's permission query language in which `{claim}` becomes a literal.
//!
//! A template is parsed once, with its placeholders as leaves of the syntax tree: a claim's value takes the place of
//! a leaf, as a literal, and so cannot change anything else of the tree.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use permission_query::{Finding, Query, push_literal};
use serde_json::Value;

use crate::observer::{Unfilled, UnfilledReason};
use crate::place::{Hole, Place, holes};
use crate::problem::ProblemKind;
use crate::template::not_a_claim;
use crate::{ClaimReference, Login, TemplateProblem, ValueMaps};

/// The longest query template, in bytes. Longer chains of path steps end the engine's process: 998 steps of two bytes
/// did, 900 did not.
pub const MAX_QUERY_TEMPLATE_SIZE: usize = 1_000;

/// A checked query template.
#[derive(Debug, Clone)]
pub struct QueryTemplate {
    query: Query,
    parts: Vec<QueryPart>,
    /// The claim of `{each …}`: the template makes one query for each of its items.
    each: Option<ClaimReference>,
}

#[derive(Debug, Clone, PartialEq)]
enum QueryPart {
    Text(String),
    Literal { claim: ClaimReference, place: Place },
    EachItem { place: Place },
}

impl QueryTemplate {
    /// Parses and checks a template; `maps` are the policy's tables.
    ///
    /// # Errors
    /// All problems, each with its kind.
    pub fn parse(
        text: &str,
        maps: &ValueMaps,
    ) -> Result<Self, Vec<(ProblemKind, TemplateProblem)>> {
        if text.len() > MAX_QUERY_TEMPLATE_SIZE {
            let message = format!("the query is longer than {MAX_QUERY_TEMPLATE_SIZE} bytes");
            let hint = Some(
                "a list claim takes one placeholder: contains({stores}, _id.store)".to_owned(),
            );
            let problem = TemplateProblem { span: 0..text.len(), message, hint };
            return Err(vec![(ProblemKind::Limit, problem)]);
        }
        let query = Query::parse_template(text).map_err(|error| {
            let (span, message, hint) = (error.span, error.message, error.hint);
            vec![(ProblemKind::QuerySyntax, TemplateProblem { span, message, hint })]
        })?;
        let mut problems = query.errors().into_iter().map(of_finding).collect::<Vec<_>>();
        let template = Self::of_query(query, maps, &mut problems);
        template.filter(|_| problems.is_empty()).ok_or(problems)
    }

    fn of_query(
        query: Query,
        maps: &ValueMaps,
        problems: &mut Vec<(ProblemKind, TemplateProblem)>,
    ) -> Option<Self> {
        let (mut parts, mut each, mut end) = (Vec::new(), None, 0);
        let has_findings = !problems.is_empty();
        let holes = holes(query.expression());
        for hole @ Hole { span, place, .. } in &holes {
            parts.push(QueryPart::Text(braces_undoubled(query.text(), end..span.start)));
            end = span.end;
            match checked_hole(hole, maps, &mut each) {
                Ok(part) => parts.push(part),
                // What is wrong around it is said already, and what was meant may be a place.
                Err(_) if has_findings && place.is_none() => {}
                Err(problem) => problems.push((ProblemKind::Template, problem)),
            }
        }
        parts.push(QueryPart::Text(braces_undoubled(query.text(), end..query.text().len())));
        trim_ends(&mut parts);
        (parts.len() > holes.len().saturating_mul(2)).then_some(Self { query, parts, each })
    }

    /// The query with its placeholders, as it was written.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// The claims that fill it, that of `{each …}` among them.
    pub fn claims(&self) -> impl Iterator<Item = &ClaimReference> {
        let single = self.parts.iter().filter_map(|part| match part {
            QueryPart::Literal { claim, .. } => Some(claim),
            QueryPart::Text(_) | QueryPart::EachItem { .. } => None,
        });
        self.each.iter().chain(single)
    }

    /// Hands on the query for this login: one, or with `{each …}` one for each item.
    ///
    /// # Errors
    /// [`Unfilled`] where a claim is missing, has no exact literal, or is of a type that its place does not take.
    pub fn fill(
        &self,
        login: &Login<'_>,
        mut take: impl FnMut(String),
    ) -> Result<(), Unfilled<'_>> {
        let all = self.fill_while(login, |query| {
            take(query);
            ControlFlow::Continue(())
        });
        all.map(|_| ())
    }

    /// The same, until `take` breaks it off.
    pub(crate) fn fill_while(
        &self,
        login: &Login<'_>,
        mut take: impl FnMut(String) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Unfilled<'_>> {
        let Some(each) = &self.each else {
            return Ok(take(self.filled(login, None)?));
        };
        let missing = Unfilled { claim: each, reason: UnfilledReason::Missing };
        let value = each.value(login).ok_or(missing)?;
        let items = value.as_array().map_or(std::slice::from_ref(&*value), Vec::as_slice);
        for item in items {
            if take(self.filled(login, Some((each, item)))?).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn filled<'p>(
        &'p self,
        login: &Login<'_>,
        item: Option<(&'p ClaimReference, &Value)>,
    ) -> Result<String, Unfilled<'p>> {
        let mut filled = String::with_capacity(self.query.text().len().saturating_add(32));
        for part in &self.parts {
            match part {
                QueryPart::Text(text) => filled.push_str(text),
                QueryPart::Literal { claim, place } => {
                    let value = claim.value(login).ok_or(UnfilledReason::Missing);
                    let pushed = value.and_then(|value| place.push(&mut filled, &value));
                    pushed.map_err(|reason| Unfilled { claim, reason })?;
                }
                QueryPart::EachItem { place } => {
                    if let Some((claim, value)) = item {
                        place
                            .push(&mut filled, value)
                            .map_err(|reason| Unfilled { claim, reason })?;
                    }
                }
            }
        }
        Ok(filled)
    }
}

impl PartialEq for QueryTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts && self.each == other.each
    }
}

impl Place {
    /// Appends the literal that stands for the value here.
    fn push(self, query: &mut String, value: &Value) -> Result<(), UnfilledReason> {
        let (is_list, is_empty) = (value.is_array(), value.as_str() == Some(""));
        match self {
            Self::Haystack if !is_list => {
                // Some issuers send a list of one as its item. In text, `contains` would look for a part of it.
                return push(query, &Value::Array(vec![value.clone()]));
            }
            Self::Needle | Self::Ordered | Self::Unequal if is_list => {
                return Err(UnfilledReason::WrongType);
            }
            Self::Text if !value.is_string() => return Err(UnfilledReason::WrongType),
            Self::Needle | Self::Ordered | Self::Text if is_empty => {
                return Err(UnfilledReason::EmptyText);
            }
            Self::Needle if value.is_number() && !is_exact_member(value) => {
                return Err(UnfilledReason::InexactNumber);
            }
            Self::Equal
            | Self::Haystack
            | Self::Needle
            | Self::Ordered
            | Self::Text
            | Self::Unequal => {}
        }
        push(query, value)
    }
}

fn push(query: &mut String, value: &Value) -> Result<(), UnfilledReason> {
    push_literal(query, value).map_err(|error| match error {
        permission_query::LiteralError::InexactNumber => UnfilledReason::InexactNumber,
        permission_query::LiteralError::UnsupportedType => UnfilledReason::WrongType,
    })
}

fn is_exact_member(value: &Value) -> bool {
    let integer = value.as_number().and_then(permission_query::exact_integer);
    let max = permission_query::MAX_MEMBERSHIP_INTEGER.unsigned_abs();
    integer.is_some_and(|integer| integer.unsigned_abs() <= max)
}

fn checked_hole(
    hole: &Hole<'_>,
    maps: &ValueMaps,
    each: &mut Option<ClaimReference>,
) -> Result<QueryPart, TemplateProblem> {
    let Hole { span, place, is_negated, .. } = hole;
    let inside = hole.inside;
    let problem = |message: String, hint: &str| TemplateProblem {
        span: span.clone(),
        message,
        hint: Some(hint.to_owned()),
    };
    let (claim, is_each) = match inside.trim().strip_prefix("each ") {
        Some(claim) => (claim, true),
        None => (inside, false),
    };
    let claim =
        ClaimReference::parse(claim, maps).map_err(|error| not_a_claim(&error, span.clone()))?;
    let Some(place) = *place else {
        let hint =
            "compare it with something of `_id`; conditions on claims alone belong into `when`";
        return Err(problem(
            format!("{{{inside}}} would decide the query all by itself here"),
            hint,
        ));
    };
    if !place.can_take(claim.known_type()) {
        return Err(problem(
            format!("{{{inside}}} is never of the type that stands here"),
            place.takes(),
        ));
    }
    if !is_each {
        return Ok(QueryPart::Literal { claim, place });
    }
    if let Some((message, hint)) = each_problem(place, *is_negated, &claim, each.as_ref()) {
        return Err(problem(message.to_owned(), hint));
    }
    *each = Some(claim);
    Ok(QueryPart::EachItem { place })
}

/// Why `each` cannot stand there, and what to write instead.
fn each_problem(
    place: Place,
    is_negated: bool,
    claim: &ClaimReference,
    each: Option<&ClaimReference>,
) -> Option<(&'static str, &'static str)> {
    if is_negated {
        let message =
            "each item makes a query of its own, so what one of them leaves out, another lets in";
        return Some((message, "use the whole list: !(contains({list}, _id.x))"));
    }
    if place == Place::Haystack {
        let hint = "contains({stores}, _id.store) takes the whole list; _id.store == {each store} one item";
        return Some(("a list stands here, and `each` gives single items", hint));
    }
    let is_another = each.is_some_and(|each| each != claim);
    let hint = "use one list, or contains({list}, …) for the other";
    is_another.then_some(("a query has one `each`", hint))
}

/// Removes blanks around the query. The parser takes some that only the SDK removes.
fn trim_ends(parts: &mut [QueryPart]) {
    let is_blank = |character: char| character.is_whitespace() || character == '\u{feff}';
    if let Some(QueryPart::Text(text)) = parts.first_mut() {
        *text = text.trim_start_matches(is_blank).to_owned();
    }
    if let Some(QueryPart::Text(text)) = parts.last_mut() {
        *text = text.trim_end_matches(is_blank).to_owned();
    }
}

fn of_finding(finding: Finding) -> (ProblemKind, TemplateProblem) {
    let Finding { kind, span, message, rewrite } = finding;
    let hint = rewrite.map(|rewrite| format!("write `{rewrite}`"));
    (ProblemKind::Query(kind), TemplateProblem { span, message, hint })
}

fn braces_undoubled(text: &str, range: Range<usize>) -> String {
    let text = text.get(range).unwrap_or_default();
    let text = if text.contains(['{', '}']) {
        Cow::Owned(text.replace("{{", "{").replace("}}", "}"))
    } else {
        Cow::Borrowed(text)
    };
    text.into_owned()
}
