//! What claims must be so that a query matches a document.
//!
//! Each claim of the query takes each value that the document has beside one of its placeholders, and one that no
//! document has; those combinations count with which the filled query matches.

use claim_mapping::{ClaimPath, QueryTemplate, Rules};
use permission_query::Query;
use serde_json::{Value, json};

use super::statement::{Beside, beside};
use crate::condition_text::quoted;
use crate::generate::{inputs, login_with};

/// The most combinations that are tried.
const MAX_COMBINATIONS: usize = 1_000;

/// A value that no document has.
const OTHER: &str = "\u{e000}";

/// One way to match.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Alternative {
    /// What the claims must be, in words.
    pub(super) statements: Vec<String>,
    /// The claims that can be only one value.
    pub(super) forced: Vec<(ClaimPath, Value)>,
}

/// A claim of the query, and the values that it takes.
struct Candidates {
    path: ClaimPath,
    /// The values, and beside what they stand; nothing for the one that no document has, which is the first.
    values: Vec<(Value, Option<Beside>)>,
}

/// All ways in which a query matches a document.
pub(super) fn alternatives(
    rules: &Rules,
    template: &QueryTemplate,
    id: &Value,
) -> Vec<Alternative> {
    let beside = beside(rules, template.query().expression(), id);
    let candidates = candidates(template, &beside);
    let count =
        candidates.iter().try_fold(1_usize, |count, claim| count.checked_mul(claim.values.len()));
    let is_cut_off = count.is_none_or(|count| count > MAX_COMBINATIONS);
    let count = count.unwrap_or(MAX_COMBINATIONS).min(MAX_COMBINATIONS);
    let all = (0..count).map(|number| chosen(&candidates, number));
    let likely = if is_cut_off { likely(&candidates) } else { Vec::new() };
    let mut matching = Vec::<Vec<usize>>::new();
    for chosen in likely.into_iter().chain(all) {
        // What leaves more open comes first, and is enough.
        let is_needed = !matching.iter().any(|other| is_more_general(other, &chosen));
        if is_needed && matches(template, &candidates, &chosen, id) {
            matching.push(chosen);
        }
    }
    let needed = matching.iter().filter(|chosen| {
        !matching.iter().any(|other| other != *chosen && is_more_general(other, chosen))
    });
    needed.map(|chosen| alternative(template, &candidates, chosen, id)).collect()
}

fn candidates(template: &QueryTemplate, beside: &[Beside]) -> Vec<Candidates> {
    let mut all = Vec::<Candidates>::new();
    for claim in template.claims() {
        if all.iter().any(|known| known.path == claim.path) {
            continue;
        }
        // Behind a `map` there may be no other value: `null` fills nothing.
        let other = inputs(claim, &json!(OTHER)).into_iter().next().unwrap_or_default();
        let mut values = vec![(other, None)];
        for beside in beside.iter().filter(|beside| beside.path == claim.path) {
            for value in beside.candidates().iter().flat_map(|value| inputs(&beside.claim, value)) {
                let login = login_with([(&claim.path, &value)]);
                // Not every likely input becomes the value.
                let becomes_something = beside.claim.value(&login.login()).is_some();
                if becomes_something && values.iter().all(|(known, _)| *known != value) {
                    values.push((value, Some(beside.clone())));
                }
            }
        }
        all.push(Candidates { path: claim.path.clone(), values });
    }
    all
}

/// What stands for all combinations where there are too many: only one claim is as the document has it, or every one.
fn likely(candidates: &[Candidates]) -> Vec<Vec<usize>> {
    let first = |claim: &Candidates| usize::from(claim.values.len() > 1);
    let single = (0..candidates.len()).map(|alone| {
        let claims = candidates.iter().enumerate();
        claims.map(|(at, claim)| if at == alone { first(claim) } else { 0 }).collect()
    });
    single.chain([candidates.iter().map(first).collect()]).collect()
}

/// The combination with this number, as indexes of values.
fn chosen(candidates: &[Candidates], number: usize) -> Vec<usize> {
    let mut rest = number;
    let take = |claim: &Candidates| {
        let index = rest.checked_rem(claim.values.len()).unwrap_or_default();
        rest = rest.checked_div(claim.values.len()).unwrap_or_default();
        index
    };
    candidates.iter().map(take).collect()
}

fn matches(
    template: &QueryTemplate,
    candidates: &[Candidates],
    chosen: &[usize],
    id: &Value,
) -> bool {
    let values = candidates
        .iter()
        .zip(chosen)
        .filter_map(|(claim, index)| Some((&claim.path, &claim.values.get(*index)?.0)));
    let login = login_with(values);
    let mut is_match = false;
    let filled = template.fill(&login.login(), |text| {
        is_match |= Query::parse(&text).is_ok_and(|query| query.matches(id) == Ok(true));
    });
    filled.is_ok() && is_match
}

/// Whether the first asks for nothing that the second does not, and leaves open what that asks.
fn is_more_general(one: &[usize], other: &[usize]) -> bool {
    one.iter().zip(other).all(|(one, other)| *one == 0 || one == other)
}

fn alternative(
    template: &QueryTemplate,
    candidates: &[Candidates],
    chosen: &[usize],
    id: &Value,
) -> Alternative {
    let (mut statements, mut forced) = (Vec::new(), Vec::new());
    for (at, (claim, index)) in candidates.iter().zip(chosen).enumerate() {
        match claim.values.get(*index) {
            Some((value, Some(beside))) => {
                statements.push(beside.statement(value));
                if beside.is_equality() {
                    forced.push((claim.path.clone(), value.clone()));
                }
            }
            // Any value passes but for these.
            Some((_, None)) => {
                let fails = |index: &usize| {
                    let mut chosen = chosen.to_vec();
                    chosen.iter_mut().skip(at).take(1).for_each(|value| *value = *index);
                    !matches(template, candidates, &chosen, id)
                };
                let failing = (0..claim.values.len()).filter(fails);
                let failing = failing.filter_map(|index| claim.values.get(index));
                let failing = failing.map(|(value, _)| quoted(value)).collect::<Vec<_>>();
                if !failing.is_empty() {
                    statements.push(format!("{} must not be {}", claim.path, failing.join(", ")));
                }
            }
            None => {}
        }
    }
    statements.sort();
    statements.dedup();
    Alternative { statements, forced }
}
