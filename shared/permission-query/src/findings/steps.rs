//! Steps that lead nowhere, or from something else than meant; orders between types.

use super::Draft;
use super::call::results;
use super::tree::parts;
use crate::{Comparison, Expression, ExpressionKind, FindingKind, Query, Step, ValueType};

const MISSING: &str =
    "is missing in every document, so that nothing here ever matches, not even after `!`";

pub(super) fn errors(query: &Query) -> Vec<Draft> {
    parts(query.expression()).filter_map(|part| of_part(query, part.expression)).collect()
}

fn of_part(query: &Query, expression: &Expression) -> Option<Draft> {
    match &expression.kind {
        ExpressionKind::Path { base, steps } => match &base.kind {
            ExpressionKind::Compare { right, .. } => {
                Some(after_comparison(query, expression, right, steps))
            }
            _ => leads_nowhere(base, steps).then(|| always_missing(query, expression, base, steps)),
        },
        ExpressionKind::Compare { left, .. }
            if matches!(left.kind, ExpressionKind::Compare { .. }) =>
        {
            None
        }
        ExpressionKind::Compare { comparison, left, right } => {
            let is_order = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
            let (left, right) = (results(left), results(right));
            let is_known = !left.is_empty() && !right.is_empty();
            let can_match = left.iter().any(|of_left| right.contains(of_left));
            (is_order && is_known && !can_match).then(|| {
                let message = format!("the order of values of different types {MISSING}");
                Draft::new(FindingKind::AlwaysMissing, &expression.span, message)
            })
        }
        _ => None,
    }
}

/// Steps right of a comparison, behind something that takes none there.
fn after_comparison(query: &Query, path: &Expression, right: &Expression, steps: &[Step]) -> Draft {
    if let ExpressionKind::Literal(_) = right.kind {
        return always_missing(query, path, right, steps);
    }
    let message = format!(
        "these steps start from the comparison, not from what stands before them; the result {MISSING}"
    );
    let steps = right.span.end..path.span.end;
    let enclosed = format!("({}{})", query.slice(&right.span), query.slice(&steps));
    Draft::new(FindingKind::MisplacedSteps, &steps, message)
        .replacing(&(right.span.start..steps.end), enclosed)
}

/// Whether the first step cannot be taken from what the base always is.
fn leads_nowhere(base: &Expression, steps: &[Step]) -> bool {
    let types = results(base);
    let Some(first) = steps.first() else { return false };
    let taken_from = match first {
        Step::Member(_) => ValueType::Object,
        Step::Filter(_) | Step::Flatten | Step::Index(_) | Step::Wildcard => ValueType::Array,
    };
    !types.is_empty() && !types.contains(&taken_from)
}

fn always_missing(query: &Query, path: &Expression, base: &Expression, steps: &[Step]) -> Draft {
    let span = base.span.end..path.span.end;
    let draft = Draft::new(
        FindingKind::AlwaysMissing,
        &span,
        format!("a step from such a value {MISSING}"),
    );
    let is_number = matches!(&base.kind, ExpressionKind::Literal(value) if value.is_number());
    match steps {
        // `1.e0`: the digit after the point is what makes it a number.
        [Step::Member(name)] if is_number && is_exponent(name) => {
            draft.replacing(&span, format!(".0{}", query.slice(&span).trim_start_matches('.')))
        }
        _ => draft,
    }
}

fn is_exponent(name: &str) -> bool {
    let digits = name.strip_prefix(['e', 'E']).unwrap_or_default();
    !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit())
}
