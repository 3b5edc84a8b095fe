//! Differences of single logins, as changes for groups of users.

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
    for (index, both) in answers.iter().enumerate() {
        for difference in &both.differences {
            let known = groups.iter_mut().find(|group| group.difference.is_alike(difference));
            if let Some(group) = known {
                group.logins.insert(index);
                continue;
            }
            let mut set = FixedBitSet::with_capacity(answers.len());
            set.insert(index);
            groups.push(Group { difference: difference.clone(), logins: set });
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
        self.subject == other.subject
            && self.direction == other.direction
            && self.is_certain == other.is_certain
            && self.key == other.key
    }
}
