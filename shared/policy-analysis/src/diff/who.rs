//! Whose claims a change is about, in words: facts that are so for these logins and for no others.

use fixedbitset::FixedBitSet;

use super::fact::Fact;

/// The most facts that are said together.
const MAX_FACTS: usize = 6;

/// The most alternatives that are said.
const MAX_ALTERNATIVES: usize = 4;

/// Logins among which some are told from others.
pub(super) struct Sample<'f> {
    pub(super) facts: &'f [Fact],
    /// Those that it is about.
    pub(super) inside: FixedBitSet,
    /// Those that it is not about.
    pub(super) outside: FixedBitSet,
}

impl Sample<'_> {
    /// In words, for the logins inside.
    pub(super) fn text(&self) -> String {
        if self.outside.is_clear() {
            return "everyone who is let in".to_owned();
        }
        let mut left = self.inside.clone();
        let mut alternatives = Vec::new();
        while let Some(seed) = left.minimum() {
            if alternatives.len() == MAX_ALTERNATIVES {
                return format!("some where {}, and others", alternatives.join(", or where "));
            }
            let facts = self.rule(seed, &left);
            if facts.is_empty() {
                return "some, such as the example".to_owned();
            }
            let (inside, outside) = (those(&facts, &self.inside), those(&facts, &self.outside));
            left.difference_with(&inside);
            let text = facts.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>();
            let text = text.join(" AND ");
            let is_exact = outside.is_clear();
            alternatives.push(if is_exact { text } else { format!("{text} (some of them)") });
            left.set(seed, false);
        }
        format!("everyone where {}", alternatives.join(", or where "))
    }

    /// Facts that are so for one login, for as many others of those left as can be, and for none outside.
    fn rule(&self, seed: usize, left: &FixedBitSet) -> Vec<&Fact> {
        let mut rule = Vec::new();
        let (mut inside, mut outside) = (left.clone(), self.outside.clone());
        while !outside.is_clear() && rule.len() < MAX_FACTS {
            let mut best: Option<(f64, &Fact)> = None;
            for fact in self.facts.iter().filter(|fact| fact.logins.contains(seed)) {
                let gain = gain(&inside, &outside, fact);
                if gain > best.map_or(0.0, |(gain, _)| gain) {
                    best = Some((gain, fact));
                }
            }
            let Some((_, fact)) = best else { break };
            inside.intersect_with(&fact.logins);
            outside.intersect_with(&fact.logins);
            rule.push(fact);
        }
        self.without_needless(rule)
    }

    /// Leaves out facts that keep nobody outside. What is the case stays even where all that is not would say it too.
    fn without_needless<'f>(&self, rule: Vec<&'f Fact>) -> Vec<&'f Fact> {
        let (opposites, so) = rule.into_iter().partition(|fact: &&Fact| fact.is_opposite);
        let so: Vec<_> = self.needed(so, &[]);
        let opposites = self.needed(opposites, &so);
        so.into_iter().chain(opposites).collect()
    }

    /// Those facts that keep somebody outside whom neither the others nor those beside them keep there.
    fn needed<'f>(&self, mut facts: Vec<&'f Fact>, beside: &[&'f Fact]) -> Vec<&'f Fact> {
        let left_outside = |facts: &[&Fact]| {
            let facts = facts.iter().chain(beside).copied().collect::<Vec<_>>();
            those(&facts, &self.outside).count_ones(..)
        };
        let outside = left_outside(&facts);
        for index in (0..facts.len()).rev() {
            let mut fewer = facts.clone();
            fewer.remove(index);
            if left_outside(&fewer) == outside {
                facts = fewer;
            }
        }
        facts
    }
}

/// Those logins for which all of these are so.
fn those(facts: &[&Fact], logins: &FixedBitSet) -> FixedBitSet {
    let mut logins = logins.clone();
    for fact in facts {
        logins.intersect_with(&fact.logins);
    }
    logins
}

/// How much a fact tells (Quinlan, "Learning logical definitions from relations", 1990): the logins inside that it
/// keeps, by how much purer they become.
fn gain(inside: &FixedBitSet, outside: &FixedBitSet, fact: &Fact) -> f64 {
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let kept_inside = count(inside.intersection_count(&fact.logins));
    let kept_outside = count(outside.intersection_count(&fact.logins));
    let (all_inside, all_outside) = (count(inside.count_ones(..)), count(outside.count_ones(..)));
    if kept_inside == 0.0 || all_inside == 0.0 {
        return 0.0;
    }
    let purity = (kept_inside / (kept_inside + kept_outside)).log2();
    let gain = kept_inside * (purity - (all_inside / (all_inside + all_outside)).log2());
    // What is the case says more about a cause than what is not.
    if fact.is_opposite { gain / 8.0 } else { gain }
}
