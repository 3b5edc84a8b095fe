//! Conditions that forget documents without the member they look at: a missing member is neither equal nor unequal.

use super::Draft;
use super::comparison::operator;
use super::facts::{Facts, compares_emptiness, compares_null};
use super::path::{all_present, path_text, steps_from_id};
use super::text::conjunction;
use super::tree::{parts, peeled};
use crate::evaluate::compare::holds;
use crate::{Comparison, Expression, ExpressionKind, FindingKind, Query, Step};

/// A comparison as a condition.
pub(super) struct Compared<'q> {
    /// It, and the `!` before it.
    pub(super) whole: &'q Expression,
    pub(super) atom: &'q Expression,
    pub(super) comparison: Comparison,
    pub(super) left: &'q Expression,
    pub(super) right: &'q Expression,
}

pub(super) fn warning(query: &Query, compared: &Compared<'_>, facts: &Facts) -> Option<Draft> {
    let missing = facts.missing(compared.atom);
    if missing.is_empty() {
        return None;
    }
    let is_negated = compared.whole.span != compared.atom.span;
    let sides = [compared.left, compared.right];
    match compared.comparison {
        _ if default(compared.atom, facts).is_some() => no_default(query, compared, facts),
        Comparison::Equal if !is_negated && compares_null(sides) => {
            Some(null_for_absent(query, compared, &missing, facts))
        }
        Comparison::Equal if is_negated && !compares_emptiness(sides) => {
            Some(inequality(query, compared, &missing, facts))
        }
        Comparison::NotEqual if !is_negated && !compares_emptiness(sides) => {
            Some(inequality(query, compared, &missing, facts))
        }
        _ => None,
    }
}

fn inequality(query: &Query, compared: &Compared<'_>, missing: &[&[Step]], facts: &Facts) -> Draft {
    let message = format!(
        "documents without {} do not match, although they are not equal either",
        named(query, missing)
    );
    let draft = Draft::new(FindingKind::MissingInequality, &compared.whole.span, message);
    let Some(present) = all_present(query, missing, facts) else { return draft };
    let [left, right] = [compared.left, compared.right].map(|side| query.slice(&side.span));
    let negated = conjunction(&present, &format!("{left} == {right}"));
    draft.replacing(&compared.whole.span, format!("(!{negated})"))
}

fn null_for_absent(
    query: &Query,
    compared: &Compared<'_>,
    missing: &[&[Step]],
    facts: &Facts,
) -> Draft {
    let message = format!(
        "matches only documents that hold null there, not those without {}",
        named(query, missing)
    );
    let draft = Draft::new(FindingKind::MissingDefault, &compared.atom.span, message);
    let Some(present) = all_present(query, missing, facts) else { return draft };
    // Asking for null again would be taken for the same trap, so it is the last of the conditions for being there.
    let [left, right] = [compared.left, compared.right].map(|side| query.slice(&side.span));
    let not_null = conjunction(&present, &format!("{left} != {right}"));
    draft.replacing(&compared.atom.span, format!("(!{not_null})"))
}

fn no_default(query: &Query, compared: &Compared<'_>, facts: &Facts) -> Option<Draft> {
    let call = default(compared.atom, facts)?;
    let draft = default_draft(call);
    let text = with_default(query, compared, call, facts);
    Some(match text {
        Some(text) => draft.replacing(&compared.atom.span, text),
        None => draft,
    })
}

/// `not_null()` with something that may be missing, anywhere but in a comparison.
pub(super) fn default_elsewhere(atom: &Expression, facts: &Facts) -> Option<Draft> {
    default(atom, facts).map(default_draft)
}

fn default_draft(call: &Expression) -> Draft {
    let message = "gives no default where a member is missing, only where it is null: such documents never match";
    Draft::new(FindingKind::MissingDefault, &call.span, message)
}

fn default<'q>(atom: &'q Expression, facts: &Facts) -> Option<&'q Expression> {
    parts(atom).filter(|part| !part.is_in_filter).map(|part| part.expression).find(|expression| {
        matches!(&expression.kind, ExpressionKind::Call { function, .. } if function == "not_null")
            && !facts.missing(expression).is_empty()
    })
}

/// `not_null(x, 'a') == 'b'`, written out for a literal or a claim as the default.
fn with_default(
    query: &Query,
    compared: &Compared<'_>,
    call: &Expression,
    facts: &Facts,
) -> Option<String> {
    let ExpressionKind::Call { arguments, .. } = &call.kind else { return None };
    let [path, default] = arguments.as_slice() else { return None };
    let steps = steps_from_id(peeled(path))?;
    let is_left = compared.left == call;
    let other = if is_left { compared.right } else { compared.left };
    let compare = |operand: &str| {
        let (other, operator) = (query.slice(&other.span), operator(compared.comparison));
        if is_left {
            format!("{operand} {operator} {other}")
        } else {
            format!("{other} {operator} {operand}")
        }
    };
    let path = query.slice(&path.span);
    let mut present = all_present(query, &[steps], facts)?;
    let is_there = conjunction(&present, &format!("{path} != null"));
    present.push(format!("{path} != null"));
    let of_path = conjunction(&present, &compare(path));
    match (&default.kind, &other.kind) {
        (ExpressionKind::Literal(default), ExpressionKind::Literal(other)) => {
            let sides = if is_left { (default, other) } else { (other, default) };
            let is_match = holds(compared.comparison, sides.0, sides.1) == Some(true);
            Some(if is_match { format!("({of_path} || (!{is_there}))") } else { of_path })
        }
        (ExpressionKind::Literal(_) | ExpressionKind::Placeholder(_), _) => {
            let of_default = compare(query.slice(&default.span));
            Some(format!("({of_path} || ((!{is_there}) && {of_default}))"))
        }
        _ => None,
    }
}

/// The first of the paths, for a message.
pub(super) fn named(query: &Query, missing: &[&[Step]]) -> String {
    let text = missing.first().and_then(|steps| {
        let is_filter = |step: &Step| matches!(step, Step::Filter(_));
        let length = steps.iter().position(is_filter).unwrap_or(steps.len());
        path_text(query, steps.get(..length)?)
    });
    text.map_or_else(|| "that member".to_owned(), |text| format!("`{text}`"))
}
