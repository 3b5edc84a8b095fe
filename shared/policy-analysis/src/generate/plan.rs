//! Which combinations of values become logins, and in which order.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;

use claim_mapping::{Grant, Policy, Rules, Truth};
use fixedbitset::FixedBitSet;

use super::choice::{Choice, all, one_at, product};
use super::pools::Pools;
use super::rule::{Gate, Rated, gates, grants, let_in};
use super::{GeneratedLogins, MAX_GENERATED_LOGINS, SampleLogin};
use crate::structure::gifts;

/// The choices of one condition, or of what lets somebody in, that are combined with others.
const MAX_COMBINED: usize = 8;

/// The logins that mix values of all pools.
const MIXTURES: usize = 512;

/// The fewest ways in which a grant applies that are varied before what all policies share is tried.
const MIN_VARIED: usize = 4;

/// Makes the logins.
pub(super) fn plan(policies: &[&Policy]) -> GeneratedLogins {
    let pools = Pools::of(policies);
    let mut plan = Plan::new(&pools, policies);
    let (grants, gates) = (grants(policies), gates(policies));
    plan.add_nothing();
    for grant in &grants {
        plan.add_applying(grant.rule);
    }
    let own = grants.iter().filter(|grant| grant.is_own).count();
    plan.add_rules(&grants, &gates, true);
    plan.add_pairs(&grants, true);
    plan.add_mixtures();
    plan.add_each_value(0, own.max(MIN_VARIED));
    plan.add_rules(&grants, &gates, false);
    plan.add_pairs(&grants, false);
    plan.add_each_value(own.max(MIN_VARIED), usize::MAX);
    GeneratedLogins { logins: plan.logins, is_cut_off: plan.is_cut_off }
}

struct Plan<'p> {
    pools: &'p Pools,
    /// What lets somebody in, as far as requirements and denials go.
    let_in: Vec<Choice>,
    /// For each grant, one way in which it applies.
    applying: Vec<Choice>,
    /// Longer than each session, so that the session's own length shows, and shorter than most.
    lives: [Duration; 2],
    logins: Vec<SampleLogin>,
    seen: HashSet<String>,
    is_cut_off: bool,
}

impl<'p> Plan<'p> {
    fn new(pools: &'p Pools, policies: &[&Policy]) -> Self {
        let each = policies.iter().map(|policy| let_in(pools, policy.rules(), None));
        let each = each.collect::<Vec<_>>();
        let both = each
            .iter()
            .skip(1)
            .fold(each.first().cloned().unwrap_or_default(), |some, other| product(&some, other));
        let mut let_in = if both.is_empty() { each.concat() } else { both };
        let_in.truncate(MAX_COMBINED);
        if let_in.is_empty() {
            let_in.push(Choice::default());
        }
        let lengths = policies.iter().flat_map(|policy| lengths(policy.rules()));
        let lengths = lengths.collect::<BTreeSet<_>>();
        let longest = lengths.last().copied().unwrap_or_default();
        let shortest = lengths.first().copied().unwrap_or_default();
        Self {
            pools,
            let_in,
            applying: Vec::new(),
            lives: [longest.saturating_mul(2), shortest.checked_div(2).unwrap_or_default()],
            logins: Vec::new(),
            seen: HashSet::new(),
            is_cut_off: false,
        }
    }

    /// Nobody's claims, and everybody's: let in, and every placeholder filled.
    fn add_nothing(&mut self) {
        self.add(&BTreeMap::new());
        let nothing = self.pools.of_claims.iter().enumerate().filter_map(|(index, pool)| {
            Some((index, pool.values.iter().position(Option::is_none)?))
        });
        self.add(&nothing.collect());
        for choice in self.let_in.clone() {
            self.add_with_lives(&choice.first());
        }
        let everybody = self.let_in.first().cloned();
        self.applying.extend(everybody);
    }

    /// One way in which a grant applies.
    fn add_applying(&mut self, grant: &Grant) {
        let way = self.let_in_and(&all(self.pools, &grant.when, Truth::True)).into_iter().next();
        if let Some(way) = way {
            self.add_with_lives(&way.first());
            self.applying.push(way);
        }
    }

    /// Grants and what refuses, either those that not all policies have, or the others.
    fn add_rules(&mut self, grants: &[Rated<&Grant>], gates: &[Rated<Gate<'_>>], own: bool) {
        for grant in grants.iter().filter(|grant| grant.is_own == own) {
            if self.is_cut_off {
                return;
            }
            for way in self.let_in_and(&all(self.pools, &grant.rule.when, Truth::True)) {
                self.add_with_lives(&way.first());
                self.add_spread(&way);
            }
            self.add_flips(grant);
        }
        let mut refused = Vec::new();
        for gate in gates.iter().filter(|gate| gate.is_own == own) {
            if self.is_cut_off {
                return;
            }
            refused.push(self.refusal(&gate.rule));
        }
        for user in self.pools.denied_users.iter().filter(|user| user.is_own == own) {
            let user =
                user.rule.iter().map(|(pool, value)| (*pool, FixedBitSet::from_iter([*value])));
            refused.push(self.let_in_and(&[Choice(user.collect())]));
        }
        // What all policies refuse makes no difference between them: once is enough.
        let applying = self.applying.iter().take(if own { usize::MAX } else { 1 });
        let applying = applying.cloned().collect::<Vec<_>>();
        for ways in refused {
            for way in product(&ways, &applying).into_iter().chain(ways) {
                self.add(&way.first());
            }
        }
    }

    /// Each single condition does not hold, or cannot be told, while the others hold; with every value with which they
    /// do, where not all policies have the grant.
    fn add_flips(&mut self, grant: &Rated<&Grant>) {
        for index in 0..grant.rule.when.len() {
            for wanted in [Truth::False, Truth::Unknown] {
                let ways = one_at(self.pools, &grant.rule.when, index, wanted, Truth::True);
                let ways = self.let_in_and(&ways);
                for way in &ways {
                    self.add(&way.first());
                }
                if let (Some(way), true) = (ways.first(), grant.is_own) {
                    self.add_spread(way);
                }
            }
        }
    }

    /// Refused for this alone, if that can be: the other policy may well refuse for the same.
    fn refusal(&self, gate: &Gate<'_>) -> Vec<Choice> {
        let mut ways = gate.closed_ways(self.pools);
        let alone = product(&ways, &let_in(self.pools, gate.rules, Some(gate)));
        let by_one = product(&alone, &self.let_in);
        let strictest = [by_one, alone].into_iter().find(|ways| !ways.is_empty());
        ways.truncate(MAX_COMBINED);
        strictest.unwrap_or(ways)
    }

    /// Every two grants: both apply, and only one does. Either pairs with one that not all policies have, or others.
    fn add_pairs(&mut self, grants: &[Rated<&Grant>], own: bool) {
        if self.is_cut_off {
            return;
        }
        let grants = grants.iter().filter(|grant| !grant.rule.when.is_empty()).collect::<Vec<_>>();
        let pools = self.pools;
        let ways = |wanted| grants.iter().map(move |grant| few(pools, grant.rule, wanted));
        let hold = ways(Truth::True).collect::<Vec<_>>();
        let do_not = ways(Truth::False).collect::<Vec<_>>();
        for (at, (one, one_holds)) in grants.iter().zip(&hold).enumerate() {
            let others = grants.iter().zip(hold.iter().zip(&do_not)).enumerate();
            for (other_at, (other, (other_holds, other_does_not))) in others {
                if other_at == at || (one.is_own || other.is_own) != own {
                    continue;
                }
                if self.is_cut_off {
                    return;
                }
                if other_at > at {
                    self.add_first_of(one_holds, other_holds);
                }
                self.add_first_of(one_holds, other_does_not);
            }
        }
    }

    fn add_first_of(&mut self, one: &[Choice], other: &[Choice]) {
        let ways = one.iter().flat_map(|one| other.iter().filter_map(|other| one.and(other)));
        let mut ways = ways.take(MAX_COMBINED);
        let Some(first) = ways.next() else { return };
        let let_in = |way: Choice| self.let_in.iter().find_map(|let_in| let_in.and(&way));
        let way = let_in(first.clone()).or_else(|| ways.find_map(let_in)).unwrap_or(first);
        self.add(&way.first());
    }

    /// For some ways in which a grant applies, each claim takes each of its values.
    fn add_each_value(&mut self, from: usize, to: usize) {
        let ways = self.applying.iter().take(to).skip(from).map(Choice::first);
        for chosen in ways.collect::<Vec<_>>() {
            for (index, pool) in self.pools.of_claims.iter().enumerate() {
                for value in 0..pool.values.len() {
                    if self.is_cut_off {
                        return;
                    }
                    let mut chosen = chosen.clone();
                    chosen.insert(index, value);
                    self.add(&chosen);
                }
            }
        }
    }

    /// Values of all pools, mixed as no rule asks for.
    fn add_mixtures(&mut self) {
        // A linear congruential generator (Knuth's MMIX): the same mixtures each time.
        let mut state = 1_u64;
        for _ in 0..MIXTURES {
            let mut chosen = BTreeMap::new();
            for (index, pool) in self.pools.of_claims.iter().enumerate() {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let high = usize::try_from(state.wrapping_shr(33)).unwrap_or_default();
                chosen.insert(index, high.checked_rem(pool.values.len()).unwrap_or_default());
            }
            self.add(&chosen);
        }
    }

    fn let_in_and(&self, ways: &[Choice]) -> Vec<Choice> {
        let mut both = product(&self.let_in, ways);
        if both.is_empty() {
            both = ways.to_vec();
        }
        both.truncate(MAX_COMBINED);
        both
    }

    /// Each value that a choice leaves, one at a time.
    fn add_spread(&mut self, way: &Choice) {
        let first = way.first();
        for (pool, values) in &way.0 {
            for value in values.ones() {
                let mut chosen = first.clone();
                chosen.insert(*pool, value);
                self.add(&chosen);
            }
        }
    }

    fn add_with_lives(&mut self, chosen: &BTreeMap<usize, usize>) {
        for life in self.lives {
            self.add_with_life(chosen, life);
        }
    }

    fn add(&mut self, chosen: &BTreeMap<usize, usize>) {
        let [long, _] = self.lives;
        self.add_with_life(chosen, long);
    }

    fn add_with_life(&mut self, chosen: &BTreeMap<usize, usize>, life: Duration) {
        if self.logins.len() >= MAX_GENERATED_LOGINS {
            self.is_cut_off = true;
            return;
        }
        let mut login = self.pools.login(chosen);
        login.remaining_life = life;
        let claims = serde_json::Value::Object(login.claims.clone());
        let key = format!("{claims} {} {} {life:?}", login.database_id, login.provider);
        if self.seen.insert(key) {
            self.logins.push(login);
        }
    }
}

/// How the conditions of a grant come out as wanted, as many as are combined.
fn few(pools: &Pools, grant: &Grant, wanted: Truth) -> Vec<Choice> {
    let mut ways = all(pools, &grant.when, wanted);
    ways.truncate(MAX_COMBINED);
    ways
}

/// The lengths of sessions that a policy names.
fn lengths(rules: &Rules) -> impl Iterator<Item = Duration> {
    gifts(rules).filter_map(|gift| gift.session).chain([rules.session.length])
}
