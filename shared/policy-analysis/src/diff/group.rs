//! Differences of single logins, as changes for groups of users.

use std::collections::HashMap;

use claim_mapping::Policy;
use fixedbitset::FixedBitSet;

use super::answer::{Compared, Comparer};
use super::example::smallest;
use super::fact::{Fact, facts, usual};
use super::who::Sample;
use super::{Change, Difference, Direction, Subject};
use crate::generate::SampleLogin;

/// The longest text, in bytes, that still says for whom something changes: longer ones nobody reads.
const MAX_WHO_SIZE: usize = 300;

/// The most changes that are told apart where one thing is gained, or lost, in many ways. All others are one more.
const MAX_GROUPS: usize = 8;

/// The key of those others, which no difference has.
const OTHERS: &str = "others";

/// A difference as the first login shows it, and all logins that do. Personas come first, then simple logins.
struct Group {
    difference: Difference,
    logins: FixedBitSet,
}

/// The logins that each policy lets in.
struct LetIn {
    before: FixedBitSet,
    now: FixedBitSet,
}

/// All changes, gains first.
pub(super) fn changes(old: &Policy, new: &Policy, logins: &[SampleLogin]) -> Vec<Change> {
    let mut comparer = Comparer::new(old, new);
    let answers = logins.iter().map(|login| comparer.compare(login)).collect::<Vec<_>>();
    let groups = groups(&answers);
    if groups.is_empty() {
        return Vec::new();
    }
    let let_in = LetIn {
        before: set(&answers, |both| both.let_in_before),
        now: set(&answers, |both| both.let_in_now),
    };
    let facts = facts(&[old, new], logins);
    let usual = usual(&[old, new], logins);
    let mut changes = Vec::new();
    for group in groups {
        let who = who(&group, &let_in, &usual, &facts);
        let first = group.logins.minimum().and_then(|index| logins.get(index));
        let Some(login) = first else { continue };
        let (example, difference) = smallest(&mut comparer, login, &group.difference);
        let personas = group.logins.ones().filter_map(|index| logins.get(index)?.name.clone());
        changes.push(Change {
            subject: difference.subject,
            direction: difference.direction,
            is_certain: difference.is_certain,
            before: difference.before,
            after: difference.after,
            document: difference.document,
            who,
            count: group.logins.count_ones(..),
            personas: personas.collect(),
            example,
            is_allowed: false,
        });
    }
    changes.sort_by_key(|change| (change.direction, change.subject.to_string()));
    changes
}

fn groups(answers: &[Compared]) -> Vec<Group> {
    let mut groups = Vec::<Group>::new();
    let mut places = HashMap::<_, HashMap<String, usize>>::new();
    for (index, both) in answers.iter().enumerate() {
        for difference in &both.differences {
            let of_subject = places.entry(difference.aspect()).or_default();
            let place = match of_subject.get(&difference.key) {
                Some(place) => *place,
                None if of_subject.len() >= MAX_GROUPS => {
                    *of_subject.entry(OTHERS.to_owned()).or_insert(groups.len())
                }
                None => *of_subject.entry(difference.key.clone()).or_insert(groups.len()),
            };
            if place == groups.len() {
                let logins = FixedBitSet::with_capacity(answers.len());
                groups.push(Group { difference: difference.clone(), logins });
            }
            if let Some(group) = groups.get_mut(place) {
                group.logins.insert(index);
            }
        }
    }
    groups
}

/// In words, among those who are let in where it matters.
fn who(group: &Group, let_in: &LetIn, usual: &FixedBitSet, facts: &[Fact]) -> String {
    let both = &let_in.before & &let_in.now;
    let mut among = match group.difference.direction {
        _ if group.logins.is_subset(&both) => both,
        Direction::Loss => let_in.before.clone(),
        Direction::Gain | Direction::Change => let_in.now.clone(),
    };
    let mut inside = group.logins.clone();
    if group.logins.intersection_count(usual) > 0 {
        inside.intersect_with(usual);
        among.intersect_with(usual);
    }
    let mut outside = among;
    outside.difference_with(&group.logins);
    let text = Sample { facts, inside, outside }.text();
    match (&group.difference.subject, text.len()) {
        (_, ..=MAX_WHO_SIZE) => text,
        (Subject::Login, _) => "everyone whose verdict changes so".to_owned(),
        _ => "some, such as the example".to_owned(),
    }
}

fn set(answers: &[Compared], is_so: impl Fn(&Compared) -> bool) -> FixedBitSet {
    let mut set = FixedBitSet::with_capacity(answers.len());
    for (index, both) in answers.iter().enumerate() {
        set.set(index, is_so(both));
    }
    set
}

impl Difference {
    /// Whether the two are one change.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.aspect() == other.aspect() && self.key == other.key
    }

    fn aspect(&self) -> (Subject, Direction, bool) {
        (self.subject.clone(), self.direction, self.is_certain)
    }
}
