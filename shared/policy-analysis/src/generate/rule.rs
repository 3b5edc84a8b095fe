//! The rules of policies, those that not all of them have before those that they share.
//!
//! What policies share decides the same in each, so that the logins that there is room for are for what they do not.

use std::collections::BTreeSet;

use claim_mapping::{
    AccessTemplate, ClaimReference, Condition, Gift, Grant, Policy, Rules, Transform, Truth,
};

use super::choice::{Choice, all, product, single};
use super::pools::Pools;
use super::table::differing;
use crate::condition_text::all_text;
use crate::structure::{self, denied_conditions, granted_queries, leaves};

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
    let differing = differing(policies);
    let of_policy = |(place, policy): (usize, &&'p Policy)| {
        let rules = policy.rules();
        let named = rules.grants.iter().map(|grant| {
            let is_other = asks_tables(&differing, granted_claims(rules, grant));
            (text_in(place, is_other, grant_text(rules, grant)), grant)
        });
        named.collect::<Vec<_>>()
    };
    rated(policies.iter().enumerate().map(of_policy).collect())
}

/// Each requirement and denial once, likewise.
pub(super) fn gates<'p>(policies: &[&'p Policy]) -> Vec<Rated<Gate<'p>>> {
    let differing = differing(policies);
    let of_policy = |(place, policy): (usize, &&'p Policy)| {
        let named = gates_of(policy.rules()).into_iter().map(|(text, gate)| {
            let claims = leaves(gate.conditions).into_iter().map(|leaf| leaf.claim);
            (text_in(place, asks_tables(&differing, claims), text), gate)
        });
        named.collect::<Vec<_>>()
    };
    rated(policies.iter().enumerate().map(of_policy).collect())
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

/// The text of a rule, so that it is another in each policy where it says the same of tables that differ.
fn text_in(place: usize, is_other: bool, text: String) -> String {
    if is_other { format!("{place} {text}") } else { text }
}

fn asks_tables<'r>(
    tables: &BTreeSet<&str>,
    claims: impl IntoIterator<Item = &'r ClaimReference>,
) -> bool {
    let transforms = claims.into_iter().flat_map(|claim| &claim.transforms);
    let mut names = transforms.filter_map(|transform| match transform {
        Transform::Map { name, .. } => Some(name.as_str()),
        Transform::Default(_) | Transform::Lower | Transform::StripPrefix(_) | Transform::Trim => {
            None
        }
    });
    !tables.is_empty() && names.any(|name| tables.contains(name))
}

/// The claims that a grant is about.
fn granted_claims<'r>(
    rules: &'r Rules,
    grant: &'r Grant,
) -> impl Iterator<Item = &'r ClaimReference> {
    let asked = leaves(&grant.when).into_iter().map(|leaf| leaf.claim);
    let filling = granted_queries(rules, grant).flat_map(|query| query.template.claims());
    asked.chain(&grant.until).chain(filling)
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
