//! Which values of each pool make a condition hold, not hold, or be untold.

use std::collections::BTreeMap;

use claim_mapping::{Condition, ConditionKind, Truth};
use fixedbitset::FixedBitSet;

use super::pools::Pools;

/// The most choices that are kept of a condition.
const MAX_CHOICES: usize = 64;

/// For some pools, the values that still come into question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Choice(pub(super) BTreeMap<usize, FixedBitSet>);

impl Choice {
    /// Both of them at once, if that can be.
    pub(super) fn and(&self, other: &Self) -> Option<Self> {
        let is_other_way = |(pool, values): (&usize, &FixedBitSet)| {
            self.0.get(pool).is_some_and(|known| known.is_disjoint(values))
        };
        if other.0.iter().any(is_other_way) {
            return None;
        }
        let mut both = self.clone();
        for (pool, values) in &other.0 {
            let known = both.0.entry(*pool).or_insert_with(|| values.clone());
            known.intersect_with(values);
        }
        Some(both)
    }

    /// One value for each pool in it, the first.
    pub(super) fn first(&self) -> BTreeMap<usize, usize> {
        let first = |(pool, values): (&usize, &FixedBitSet)| Some((*pool, values.minimum()?));
        self.0.iter().filter_map(first).collect()
    }
}

/// Both of each pair that can be at once.
pub(super) fn product(some: &[Choice], others: &[Choice]) -> Vec<Choice> {
    let pairs = some.iter().flat_map(|one| others.iter().filter_map(|other| one.and(other)));
    pairs.take(MAX_CHOICES).collect()
}

/// How all of these conditions come out as wanted.
pub(super) fn all(pools: &Pools, conditions: &[Condition], wanted: Truth) -> Vec<Choice> {
    match wanted {
        Truth::True => every(pools, conditions, Truth::True),
        Truth::False => one(pools, conditions, Truth::False),
        Truth::Unknown => one_among(pools, conditions, Truth::Unknown, Truth::True),
    }
}

/// How this condition comes out as wanted.
pub(super) fn single(pools: &Pools, condition: &Condition, wanted: Truth) -> Vec<Choice> {
    match &condition.kind {
        ConditionKind::All(parts) => all(pools, parts, wanted),
        ConditionKind::Any(parts) => match wanted {
            Truth::True => one(pools, parts, Truth::True),
            Truth::False => every(pools, parts, Truth::False),
            Truth::Unknown => one_among(pools, parts, Truth::Unknown, Truth::False),
        },
        ConditionKind::Not(inner) => {
            let wanted = match wanted {
                Truth::True => Truth::False,
                Truth::False => Truth::True,
                Truth::Unknown => Truth::Unknown,
            };
            single(pools, inner, wanted)
        }
        ConditionKind::Claim { claim, .. } => {
            let Some(pool) = pools.position(&claim.path) else { return Vec::new() };
            let values = pools.values_with(pool, condition, wanted);
            if values.is_clear() {
                return Vec::new();
            }
            vec![Choice(BTreeMap::from([(pool, values)]))]
        }
    }
}

fn every(pools: &Pools, parts: &[Condition], wanted: Truth) -> Vec<Choice> {
    parts.iter().fold(vec![Choice::default()], |choices, part| {
        product(&choices, &single(pools, part, wanted))
    })
}

fn one(pools: &Pools, parts: &[Condition], wanted: Truth) -> Vec<Choice> {
    parts.iter().flat_map(|part| single(pools, part, wanted)).take(MAX_CHOICES).collect()
}

/// One part comes out so, all others as said.
pub(super) fn one_among(
    pools: &Pools,
    parts: &[Condition],
    wanted: Truth,
    others: Truth,
) -> Vec<Choice> {
    let choices =
        parts.iter().enumerate().flat_map(|(index, _)| one_at(pools, parts, index, wanted, others));
    choices.take(MAX_CHOICES).collect()
}

/// The part at this index comes out so, all others as said.
pub(super) fn one_at(
    pools: &Pools,
    parts: &[Condition],
    index: usize,
    wanted: Truth,
    others: Truth,
) -> Vec<Choice> {
    parts.iter().enumerate().fold(vec![Choice::default()], |choices, (at, part)| {
        let wanted = if at == index { wanted } else { others };
        product(&choices, &single(pools, part, wanted))
    })
}
