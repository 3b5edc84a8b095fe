//! Which grants apply wherever another does.

use std::collections::{BTreeSet, HashMap};

use claim_mapping::{Condition, ConditionKind, Grant, Rules};

use crate::condition_text::condition_text;

/// What is asked for each grant, so that those who ask no more than another are found without a look at all of them.
#[derive(Debug)]
pub(super) struct Implications<'p> {
    rules: &'p Rules,
    /// For each grant, what must hold for it beside what must hold for everybody.
    asked: Vec<BTreeSet<String>>,
    /// The grants by that of what they ask which the fewest grants ask; those that ask nothing by nothing.
    by_rarest: HashMap<Option<String>, Vec<usize>>,
}

impl<'p> Implications<'p> {
    pub(super) fn of(rules: &'p Rules) -> Self {
        let required = texts(&rules.require);
        let asked = rules.grants.iter().map(|grant| {
            let mut asked = texts(&grant.when);
            asked.retain(|text| !required.contains(text));
            asked
        });
        let asked = asked.collect::<Vec<BTreeSet<_>>>();
        let mut counts = HashMap::<&str, usize>::new();
        for text in asked.iter().flatten() {
            let count = counts.entry(text).or_default();
            *count = count.saturating_add(1);
        }
        let mut by_rarest = HashMap::<_, Vec<_>>::new();
        for (index, texts) in asked.iter().enumerate() {
            let rarest = texts.iter().min_by_key(|text| counts.get(text.as_str()));
            by_rarest.entry(rarest.cloned()).or_default().push(index);
        }
        Self { rules, asked, by_rarest }
    }

    /// The grants other than this one that apply wherever it does, in the order of the text.
    pub(super) fn of_grant(&self, index: usize) -> Vec<(usize, &'p Grant)> {
        let nothing = BTreeSet::new();
        let asked = self.asked.get(index).unwrap_or(&nothing);
        let keys = asked.iter().cloned().map(Some).chain([None]);
        let near = keys.filter_map(|key| self.by_rarest.get(&key)).flatten();
        let near = near.filter(|other| **other != index && self.implies(index, **other));
        let mut others = near.copied().collect::<Vec<_>>();
        others.sort_unstable();
        let with_grant = |other: usize| Some((other, self.rules.grants.get(other)?));
        others.into_iter().filter_map(with_grant).collect()
    }

    /// Whether the second grant applies wherever the first does: what it asks is among what that asks.
    pub(super) fn implies(&self, index: usize, other: usize) -> bool {
        let (Some(asked), Some(others)) = (self.asked.get(index), self.asked.get(other)) else {
            return false;
        };
        let until =
            |index: usize| self.rules.grants.get(index).and_then(|grant| grant.until.as_ref());
        others.is_subset(asked) && until(other).is_none_or(|other| until(index) == Some(other))
    }
}

/// The conditions of which all must hold, those of `all` among them.
pub(super) fn conjuncts(conditions: &[Condition]) -> Vec<&Condition> {
    let mut conjuncts = Vec::new();
    let mut pending = conditions.iter().rev().collect::<Vec<_>>();
    while let Some(condition) = pending.pop() {
        match &condition.kind {
            ConditionKind::All(parts) => pending.extend(parts.iter().rev()),
            ConditionKind::Any(_) | ConditionKind::Claim { .. } | ConditionKind::Not(_) => {
                conjuncts.push(condition);
            }
        }
    }
    conjuncts
}

/// Conditions in words: those that ask the same have the same.
fn texts(conditions: &[Condition]) -> BTreeSet<String> {
    conjuncts(conditions).into_iter().map(condition_text).collect()
}
