//! Whether conditions can all hold together.

use claim_mapping::{ClaimReference, Condition, ConditionKind};

use super::witness::{Question, has_witness};

/// What a login must be like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wanted<'c> {
    /// The condition holds.
    Holds(&'c Condition),
    /// The condition is told not to hold.
    Fails(&'c Condition),
    /// One of these is told not to hold: what a denial leaves over.
    NotAll(&'c [Condition]),
}

/// How many combinations of alternatives are tried before it is taken for possible.
const MAX_TRIES: usize = 1_000;

/// Whether there can be such a login. Where that would take too long to find out, there can.
pub(super) fn is_satisfiable<'c>(wanted: impl IntoIterator<Item = Wanted<'c>>) -> bool {
    search(wanted.into_iter().collect(), Vec::new(), &mut MAX_TRIES.clone())
}

/// Whether all of these can hold.
pub(super) fn can_all_hold(conditions: &[Condition]) -> bool {
    is_satisfiable(conditions.iter().map(Wanted::Holds))
}

fn search<'c>(
    mut pending: Vec<Wanted<'c>>,
    mut questions: Vec<Question<'c>>,
    tries: &mut usize,
) -> bool {
    let Some(left) = tries.checked_sub(1) else { return true };
    *tries = left;
    while let Some(wanted) = pending.pop() {
        let (alternatives, hold) = match wanted {
            Wanted::NotAll(parts) => (parts, false),
            Wanted::Holds(condition) | Wanted::Fails(condition) => {
                let hold = matches!(wanted, Wanted::Holds(_));
                match (&condition.kind, hold) {
                    (ConditionKind::Claim { claim, test }, _) => {
                        questions.push(Question { claim, test, holds: hold });
                        continue;
                    }
                    (ConditionKind::Not(inner), _) => {
                        pending.push(want(inner, !hold));
                        continue;
                    }
                    (ConditionKind::All(parts), true) | (ConditionKind::Any(parts), false) => {
                        pending.extend(parts.iter().map(|part| want(part, hold)));
                        continue;
                    }
                    (ConditionKind::All(parts), false) | (ConditionKind::Any(parts), true) => {
                        (parts.as_slice(), hold)
                    }
                }
            }
        };
        if let [one] = alternatives {
            pending.push(want(one, hold));
            continue;
        }
        return alternatives.iter().any(|part| {
            let mut pending = pending.clone();
            pending.push(want(part, hold));
            search(pending, questions.clone(), tries)
        });
    }
    each_claim(&questions).into_iter().all(|(claim, questions)| has_witness(claim, &questions))
}

fn want(condition: &Condition, hold: bool) -> Wanted<'_> {
    if hold { Wanted::Holds(condition) } else { Wanted::Fails(condition) }
}

fn each_claim<'c>(questions: &[Question<'c>]) -> Vec<(&'c ClaimReference, Vec<Question<'c>>)> {
    let mut claims: Vec<(&ClaimReference, Vec<Question<'c>>)> = Vec::new();
    for question in questions {
        match claims.iter_mut().find(|(claim, _)| *claim == question.claim) {
            Some((_, asked)) => asked.push(*question),
            None => claims.push((question.claim, vec![*question])),
        }
    }
    claims
}
