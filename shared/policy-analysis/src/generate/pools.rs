//! The values of all claims, and what comes of them.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use claim_mapping::{ClaimPath, ClaimReference, Condition, Policy, Rules, Truth};
use fixedbitset::FixedBitSet;
use serde_json::json;

use super::SampleLogin;
use super::claims::login_with;
use super::inverse::inputs;
use super::pool::Pool;
use super::rule::{Rated, denied_users};
use super::user::split;
use crate::structure::{Use, references};

/// The most denied users that are tried.
const MAX_DENIED_USERS: usize = 64;

/// The pools of all claims that policies name, parents before what is below them.
#[derive(Debug, Default)]
pub(super) struct Pools {
    pub(super) of_claims: Vec<Pool>,
    /// Users that are denied, by the indexes of the pools and values that make their user id.
    pub(super) denied_users: Vec<Rated<BTreeMap<usize, usize>>>,
    /// For each value of each pool, a login in which only this claim is there at all.
    of_one: Vec<Vec<SampleLogin>>,
    /// What becomes of each single test, by its place in memory, as far as it was asked for.
    outcomes: RefCell<HashMap<usize, Outcomes>>,
}

/// The values with which a test comes out so and so.
type Outcomes = [(Truth, FixedBitSet); 3];

impl Pools {
    pub(super) fn of(policies: &[&Policy]) -> Self {
        let found = policies.iter().flat_map(|policy| references(policy.rules()));
        let mut by_path = BTreeMap::<String, Vec<(&ClaimReference, Use<'_>)>>::new();
        for (reference, purpose) in found {
            by_path.entry(reference.path.to_string()).or_default().push((reference, purpose));
        }
        let pools = by_path.values().filter_map(|uses| Pool::of(uses)).collect();
        let mut pools = Self { of_claims: pools, ..Self::default() };
        for user in denied_users(policies).into_iter().take(MAX_DENIED_USERS) {
            let (rules, user_id) = user.rule;
            let rule = pools.choose_user(rules, user_id);
            pools.denied_users.push(Rated { rule, is_own: user.is_own });
        }
        let of_one =
            |pool: &Pool| pool.values.iter().map(|value| pool.login_of_one(value)).collect();
        pools.of_one = pools.of_claims.iter().map(of_one).collect();
        pools
    }

    pub(super) fn position(&self, path: &ClaimPath) -> Option<usize> {
        self.of_claims.iter().position(|pool| pool.path == *path)
    }

    /// A login in which claims take these values, by index; all others take their first.
    pub(super) fn login(&self, chosen: &BTreeMap<usize, usize>) -> SampleLogin {
        login_with(self.of_claims.iter().enumerate().filter_map(|(index, pool)| {
            let value = pool.values.get(chosen.get(&index).copied().unwrap_or_default())?;
            Some((&pool.path, value.as_ref()?))
        }))
    }

    /// The values of a pool with which a single test comes out as wanted.
    pub(super) fn values_with(
        &self,
        pool: usize,
        condition: &Condition,
        wanted: Truth,
    ) -> FixedBitSet {
        // The policies outlive the pools: no other condition comes to stand in the place of one.
        let place = std::ptr::from_ref(condition).addr();
        let mut known = self.outcomes.borrow_mut();
        let outcomes = known.entry(place).or_insert_with(|| self.outcomes(pool, condition));
        let outcome = outcomes.iter().find(|(truth, _)| *truth == wanted);
        outcome.map(|(_, values)| values.clone()).unwrap_or_default()
    }

    fn outcomes(&self, pool: usize, condition: &Condition) -> Outcomes {
        let logins = self.of_one.get(pool).map(Vec::as_slice).unwrap_or_default();
        let truths = logins.iter().map(|login| condition.truth(&login.login(), &mut ()));
        let truths = truths.collect::<Vec<_>>();
        [Truth::True, Truth::False, Truth::Unknown].map(|wanted| {
            let mut values = FixedBitSet::with_capacity(truths.len());
            for (index, truth) in truths.iter().enumerate() {
                values.set(index, *truth == wanted);
            }
            (wanted, values)
        })
    }

    /// The values that make a user id.
    fn choose_user(&mut self, rules: &Rules, user_id: &str) -> BTreeMap<usize, usize> {
        let mut chosen = BTreeMap::new();
        for (reference, part) in split(&rules.user_id, user_id).unwrap_or_default() {
            let value = inputs(reference, &json!(part)).into_iter().next();
            let pool = self.position(&reference.path);
            let pool = pool.and_then(|index| Some((index, self.of_claims.get_mut(index)?)));
            let (Some(value), Some((index, pool))) = (value, pool) else { continue };
            chosen.insert(index, pool.add_always(Some(value)));
        }
        chosen
    }
}
