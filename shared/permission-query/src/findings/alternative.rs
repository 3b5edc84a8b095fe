//! Chains of `||`.

use serde_json::Value;

use super::Draft;
use super::absence::named;
use super::condition::is_equal;
use super::facts::Facts;
use super::path::{all_present, paths, steps_from_id};
use super::text::conjunction;
use super::tree::peeled;
use crate::{
    Expression, ExpressionKind, FindingKind, MAX_MEMBERSHIP_INTEGER, Query, Step, exact_integer,
};

/// From how many `==` on one path on a list is the better way.
const LONG: usize = 4;

pub(super) fn warnings(query: &Query, chain: &Expression, facts: &mut Facts) -> Vec<Draft> {
    let alternatives = alternatives(chain);
    let mut drafts = Vec::from_iter(missing(query, chain, &alternatives, facts));
    drafts.extend(long(query, &alternatives));
    drafts
}

/// The operands, those of chains in parentheses among them.
fn alternatives(chain: &Expression) -> Vec<&Expression> {
    let (mut pending, mut alternatives) = (vec![chain], Vec::new());
    while let Some(next) = pending.pop() {
        match &peeled(next).kind {
            ExpressionKind::Or(left, right) => pending.extend([right, left].map(AsRef::as_ref)),
            _ => alternatives.push(next),
        }
    }
    alternatives
}

/// A condition without operators, and its paths that may be missing.
type Unguarded<'q> = (&'q Expression, Vec<&'q [Step]>);

fn missing(
    query: &Query,
    chain: &Expression,
    alternatives: &[&Expression],
    facts: &mut Facts,
) -> Option<Draft> {
    let length = facts.len();
    let mut unguarded = Vec::new();
    for alternative in alternatives {
        let mut found = Vec::new();
        collect_unguarded(alternative, facts, &mut found);
        unguarded.push(found);
        facts.assume(alternative, false);
    }
    facts.truncate(length);
    let required = alternatives.iter().map(|one| required(one)).collect::<Vec<_>>();
    let cut_off = |index: usize, steps: &[Step]| {
        let mut later = required.iter().skip(index.saturating_add(1));
        later.any(|paths| !paths.iter().any(|path| path.starts_with(steps)))
    };
    let flagged = unguarded.iter().enumerate().filter(|(index, found)| {
        found.iter().flat_map(|(_, paths)| paths).any(|steps| cut_off(*index, steps))
    });
    let flagged = flagged.map(|(_, found)| found).collect::<Vec<_>>();
    let first = flagged.first().and_then(|found| found.iter().find(|(_, paths)| !paths.is_empty()));
    let (_, paths) = first?;
    let message = format!(
        "a document without {} never matches, whatever stands after this `||`",
        named(query, paths)
    );
    let draft = Draft::new(FindingKind::MissingAlternative, &chain.span, message);
    Some(guarded(query, draft, flagged.into_iter().flatten(), facts))
}

/// The paths without which the condition is never true.
fn required(condition: &Expression) -> Vec<&[Step]> {
    match &condition.kind {
        ExpressionKind::And(left, right) => [required(left), required(right)].concat(),
        ExpressionKind::Or(left, right) => {
            let (mut both, of_right) = (required(left), required(right));
            both.retain(|path| of_right.contains(path));
            both
        }
        ExpressionKind::Not(inner) => always_reached(inner),
        ExpressionKind::Parenthesised(inner) => required(inner),
        _ => paths(condition),
    }
}

/// The paths that are looked at whatever the document holds.
fn always_reached(condition: &Expression) -> Vec<&[Step]> {
    let mut first = condition;
    while let ExpressionKind::And(inner, _)
    | ExpressionKind::Or(inner, _)
    | ExpressionKind::Not(inner)
    | ExpressionKind::Parenthesised(inner) = &first.kind
    {
        first = inner;
    }
    paths(first)
}

fn guarded<'q>(
    query: &Query,
    mut draft: Draft,
    unguarded: impl Iterator<Item = &'q Unguarded<'q>>,
    facts: &Facts,
) -> Draft {
    for (atom, paths) in unguarded {
        let Some(present) = all_present(query, paths, facts) else {
            draft.edits.clear();
            return draft;
        };
        let text = conjunction(&present, query.slice(&atom.span));
        draft = draft.replacing(&atom.span, text);
    }
    draft
}

/// Conditions whose paths may be missing when evaluation gets there.
fn collect_unguarded<'q>(
    condition: &'q Expression,
    facts: &mut Facts,
    found: &mut Vec<Unguarded<'q>>,
) {
    match &condition.kind {
        ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => {
            let length = facts.len();
            collect_unguarded(left, facts, found);
            facts.assume(left, matches!(condition.kind, ExpressionKind::And(..)));
            collect_unguarded(right, facts, found);
            facts.truncate(length);
        }
        ExpressionKind::Not(inner) | ExpressionKind::Parenthesised(inner) => {
            collect_unguarded(inner, facts, found);
        }
        _ => {
            let missing = facts.missing(condition);
            if !missing.is_empty() {
                found.push((condition, missing));
            }
        }
    }
}

fn long(query: &Query, alternatives: &[&Expression]) -> Option<Draft> {
    let equalities = alternatives.iter().filter_map(|one| equality(one)).collect::<Vec<_>>();
    let of_path = |steps: &[Step]| {
        equalities.iter().filter(move |one| one.steps == steps).collect::<Vec<_>>()
    };
    let group =
        equalities.iter().map(|one| of_path(one.steps)).find(|group| group.len() >= LONG)?;
    let (first, last) = (group.first()?, group.last()?);
    let span = first.whole.span.start..last.whole.span.end;
    let message = "use one list: the engine stops at 190 alternatives, a list may be far longer";
    let draft = Draft::new(FindingKind::LongAlternatives, &span, message);
    let is_closed = alternatives
        .iter()
        .filter(|one| span.start <= one.span.start && one.span.end <= span.end)
        .count()
        == group.len();
    if !is_closed || !group.iter().all(|one| is_exact(one)) {
        return Some(draft);
    }
    let literals = group.iter().map(|one| query.slice(&one.literal.span)).collect::<Vec<_>>();
    let text = format!("contains([{}], {})", literals.join(", "), query.slice(&first.path.span));
    Some(draft.replacing(&span, text))
}

struct Equality<'q> {
    whole: &'q Expression,
    path: &'q Expression,
    steps: &'q [Step],
    literal: &'q Expression,
}

fn equality(alternative: &Expression) -> Option<Equality<'_>> {
    let ExpressionKind::Compare { comparison, left, right } = &peeled(alternative).kind else {
        return None;
    };
    let of_sides = |path, literal: &'_ Expression| {
        let is_value =
            matches!(literal.kind, ExpressionKind::Literal(_) | ExpressionKind::Placeholder(_));
        is_value.then_some(()).and(steps_from_id(path))
    };
    let (path, literal, steps) = of_sides(left, right)
        .map(|steps| (left, right, steps))
        .or_else(|| of_sides(right, left).map(|steps| (right, left, steps)))?;
    is_equal(*comparison).then_some(Equality { whole: alternative, path, steps, literal })
}

/// Whether a list compares it as exactly as `==` does.
fn is_exact(equality: &Equality<'_>) -> bool {
    match &equality.literal.kind {
        ExpressionKind::Literal(Value::Number(number)) => exact_integer(number)
            .is_some_and(|integer| integer.unsigned_abs() <= MAX_MEMBERSHIP_INTEGER.unsigned_abs()),
        ExpressionKind::Literal(value) => !value.is_array() && !value.is_object(),
        _ => false,
    }
}
