//! The rules of policies, those that not all of them have before those that they share.
//!
//! What policies share decides the same in each, so that the logins that there is room for are for what they do not.

use std::collections::BTreeSet;

use claim_mapping::{AccessTemplate, Condition, Gift, Grant, Policy, Rules, Truth};

use super::choice::{Choice, all, product, single};
use super::pool::Pools;
use crate::condition_text::all_text;
use crate::structure::{self, denied_conditions};

/// A rule, and whether only some of the policies have it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rated<T> {
    pub(super) rule: T,
    pub(super) is_own: bool,
}

/// A requirement or a denial by conditions: what must come out, and how for somebody to be let in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gate<'r> {
    conditions: &'r [Condition],
    opens: Truth,
    /// The policy that has it.
    pub(super) rules: &'r Rules,
}

/// Each grant once, those that not all policies have first.
pub(super) fn grants<'p>(policies: &[&'p Policy]) -> Vec<Rated<&'p Grant>> {
    let of_policy = |policy: &&'p Policy| {
        let rules = policy.rules();
        let named = rules.grants.iter().map(|grant| (grant_text(rules, grant), grant));
        named.collect::<Vec<_>>()
    };
    rated(policies.iter().map(of_policy).collect())
}

/// Each requirement and denial once, likewise.
pub(super) fn gates<'p>(policies: &[&'p Policy]) -> Vec<Rated<Gate<'p>>> {
    let of_policy = |policy: &&'p Policy| gates_of(policy.rules());
    rated(policies.iter().map(of_policy).collect())
}

/// Each denied user once, likewise, with the policies' own way to make a user id.
pub(super) fn denied_users<'p>(policies: &[&'p Policy]) -> Vec<Rated<(&'p Rules, &'p str)>> {
    let of_policy = |policy: &&'p Policy| {
        let rules = policy.rules();
        let users = structure::denied_users(rules);
        users.map(|user| (user.to_owned(), (rules, user))).collect::<Vec<_>>()
    };
    rated(policies.iter().map(of_policy).collect())
}

/// What meets every requirement, and no denial, but for one of them.
pub(super) fn let_in(pools: &Pools, rules: &Rules, but: Option<&Gate<'_>>) -> Vec<Choice> {
    let gates = gates_of(rules).into_iter().map(|(_, gate)| gate);
    let gates = gates.filter(|gate| !but.is_some_and(|but| but.is_same(gate)));
    gates.fold(vec![Choice::default()], |ways, gate| product(&ways, &gate.ways(pools, gate.opens)))
}

impl Gate<'_> {
    /// How it comes out otherwise than lets somebody in.
    pub(super) fn closed_ways(&self, pools: &Pools) -> Vec<Choice> {
        let closing = [Truth::True, Truth::False, Truth::Unknown];
        let closing = closing.into_iter().filter(|truth| *truth != self.opens);
        closing.flat_map(|truth| self.ways(pools, truth)).collect()
    }

    fn ways(&self, pools: &Pools, wanted: Truth) -> Vec<Choice> {
        match self.conditions {
            [one] => single(pools, one, wanted),
            several => all(pools, several, wanted),
        }
    }

    fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.conditions, other.conditions)
    }
}

fn gates_of(rules: &Rules) -> Vec<(String, Gate<'_>)> {
    let required = rules.require.iter().map(|condition| {
        let conditions = std::slice::from_ref(condition);
        (format!("require {}", all_text(conditions)), conditions, Truth::True)
    });
    let denied = denied_conditions(rules);
    let denied = denied
        .map(|conditions| (format!("deny {}", all_text(conditions)), conditions, Truth::False));
    let all = required.chain(denied);
    all.map(|(text, conditions, opens)| (text, Gate { conditions, opens, rules })).collect()
}

fn rated<T>(of_policies: Vec<Vec<(String, T)>>) -> Vec<Rated<T>> {
    let names = of_policies.iter().map(|rules| rules.iter().map(|(name, _)| name.clone()));
    let names = names.map(Iterator::collect::<BTreeSet<_>>).collect::<Vec<_>>();
    let is_own = |name: &String| names.len() == 1 || !names.iter().all(|all| all.contains(name));
    let (mut rated, mut seen) = (Vec::new(), BTreeSet::new());
    for (name, rule) in of_policies.into_iter().flatten() {
        if seen.insert(name.clone()) {
            rated.push(Rated { rule, is_own: is_own(&name) });
        }
    }
    rated.sort_by_key(|rated| !rated.is_own);
    rated
}

/// All that a grant says, whatever its place and the names of its roles.
fn grant_text(rules: &Rules, grant: &Grant) -> String {
    let until = grant.until.as_ref().map(ToString::to_string);
    let gifts = rules.gifts(grant).map(gift_text).collect::<String>();
    format!("{} {until:?} {gifts}", all_text(&grant.when))
}

fn gift_text(gift: &Gift) -> String {
    let Gift { read, write, remote_query, session } = gift;
    format!("{} {} {remote_query} {session:?} ", access_text(read), access_text(write))
}

fn access_text(access: &AccessTemplate) -> String {
    let queries = access.queries.iter().map(|(collection, queries)| {
        let texts = queries.iter().map(|query| query.template.query().text());
        format!("{collection:?}: {:?}", texts.collect::<Vec<_>>())
    });
    format!("{} {}", access.everything, queries.collect::<String>())
}
