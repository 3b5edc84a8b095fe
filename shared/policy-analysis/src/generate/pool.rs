//! For each claim, the values that it takes in generated logins.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, UNIX_EPOCH};

use claim_mapping::{
    ClaimPath, ClaimReference, Claims, Condition, Policy, Rules, Scalar, Test, Truth,
};
use fixedbitset::FixedBitSet;
use serde_json::{Value, json};

use super::candidates::{OTHER, likeliest, values, words};
use super::claims::put;
use super::inverse::{inputs, oddities};
use super::rule::{Rated, denied_users};
use super::user::split;
use super::{GENERATED_NOW, SampleLogin};
use crate::structure::{Use, references};
use crate::{DEFAULT_DATABASE_ID, DEFAULT_PROVIDER};

/// The most values of a pool, beside those that each test needs.
const MAX_VALUES: usize = 96;

/// The most words of several conditions that are tried together.
const MAX_JOINT_WORDS: usize = 24;

/// The most denied users that are tried.
const MAX_DENIED_USERS: usize = 64;

/// What a claim takes: a value, or nothing where it is missing.
pub(super) type Taken = Option<Value>;

/// The values of one claim. The first is the one that it has where nothing else is asked.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) path: ClaimPath,
    pub(super) values: Vec<Taken>,
    /// Where each value stands among them, by its JSON.
    places: HashMap<Option<String>, usize>,
}

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

impl Pool {
    fn of(uses: &[(&ClaimReference, Use<'_>)]) -> Option<Self> {
        let (first, _) = uses.first()?;
        let mut pool =
            Self { path: first.path.clone(), values: Vec::new(), places: HashMap::new() };
        if pool.is_of_request() {
            pool.add(Some(json!(if pool.path == ClaimPath::Provider {
                DEFAULT_PROVIDER
            } else {
                DEFAULT_DATABASE_ID
            })));
        }
        let filling = uses.iter().filter(|(_, purpose)| !matches!(purpose, Use::Test(_)));
        for (reference, purpose) in filling.clone() {
            pool.add_inputs(reference, &natural(&pool.path, *purpose));
        }
        pool.add(None);
        pool.add_tested(uses);
        pool.add_joint_words(uses);
        for (reference, purpose) in filling {
            pool.add_fillings(reference, *purpose);
        }
        for (reference, purpose) in uses {
            let shown = match purpose {
                Use::Test(test) => values(test).into_iter().next(),
                Use::Fill | Use::Until => Some(natural(&pool.path, *purpose)),
            };
            let odd = shown.map(|shown| oddities(reference, &shown)).unwrap_or_default();
            for value in odd {
                pool.add(Some(value));
            }
        }
        Some(pool)
    }

    /// What the tests tell apart. However many there are, the likeliest values of each are in.
    fn add_tested(&mut self, uses: &[(&ClaimReference, Use<'_>)]) {
        let tested = uses.iter().filter_map(|(reference, purpose)| match purpose {
            Use::Test(test) => Some((reference, likeliest(test), values(test))),
            Use::Fill | Use::Until => None,
        });
        let tested = tested.collect::<Vec<_>>();
        for (reference, likeliest, values) in &tested {
            for value in values.iter().take(*likeliest).flat_map(|value| inputs(reference, value)) {
                self.add_always(Some(value));
            }
        }
        for (reference, likeliest, values) in &tested {
            for value in values.iter().skip(*likeliest) {
                self.add_inputs(reference, value);
            }
        }
    }

    /// Words that several conditions on this claim ask for, together.
    fn add_joint_words(&mut self, uses: &[(&ClaimReference, Use<'_>)]) {
        let mut joint = Vec::<Scalar>::new();
        for (_, purpose) in uses {
            match purpose {
                Use::Test(Test::AllOf(scalars) | Test::AnyOf(scalars) | Test::NoneOf(scalars)) => {
                    joint.extend(scalars.iter().cloned());
                }
                Use::Test(Test::Contains(scalar) | Test::Equals(scalar)) => {
                    joint.push(scalar.clone());
                }
                Use::Test(test @ (Test::Glob(_) | Test::Prefix(_) | Test::Suffix(_))) => {
                    let example = values(test).into_iter().next();
                    joint.extend(
                        example
                            .as_ref()
                            .and_then(Value::as_str)
                            .map(|text| Scalar::Text(text.to_owned())),
                    );
                }
                Use::Fill | Use::Test(_) | Use::Until => {}
            }
        }
        joint.sort();
        joint.dedup();
        joint.truncate(MAX_JOINT_WORDS);
        if let (Some((reference, _)), 2..) = (uses.first(), joint.len()) {
            for value in &words(&joint) {
                self.add_inputs(reference, value);
            }
        }
    }

    /// What may stand in a placeholder, and what may not.
    fn add_fillings(&mut self, reference: &ClaimReference, purpose: Use<'_>) {
        if matches!(purpose, Use::Until) {
            for (after, before) in [(3_600, 0), (30, 0), (1, 0), (0, 0), (0, 1)] {
                let time = GENERATED_NOW.saturating_add(after).saturating_sub(before);
                self.add_inputs(reference, &json!(time));
            }
            self.add(Some(json!("tomorrow")));
            return;
        }
        let name = name(&self.path);
        for value in [
            json!(format!("{name}-2")),
            json!([format!("{name}-1"), format!("{name}-2")]),
            json!([]),
            json!(""),
            json!(7),
            json!(true),
            json!(1.5),
            json!({}),
        ] {
            self.add_inputs(reference, &value);
        }
    }

    fn add_inputs(&mut self, reference: &ClaimReference, wanted: &Value) {
        for value in inputs(reference, wanted) {
            self.add(Some(value));
        }
    }

    fn add(&mut self, value: Taken) {
        if self.values.len() < MAX_VALUES {
            self.add_always(value);
        }
    }

    /// Adds a value, and gives its index.
    fn add_always(&mut self, value: Taken) -> usize {
        // What a request says is text, and never missing.
        if self.is_of_request() && !value.as_ref().is_some_and(Value::is_string) {
            return 0;
        }
        let next = self.values.len();
        let place = *self.places.entry(value.as_ref().map(Value::to_string)).or_insert(next);
        if place == next {
            self.values.push(value);
        }
        place
    }

    fn login_of_one(&self, value: &Taken) -> SampleLogin {
        login_with(value.iter().map(|value| (&self.path, value)))
    }

    fn is_of_request(&self) -> bool {
        !matches!(self.path, ClaimPath::Claim { .. })
    }
}

/// What a claim naturally holds.
fn natural(path: &ClaimPath, purpose: Use<'_>) -> Value {
    const YEAR: u64 = 365 * 24 * 60 * 60;
    match purpose {
        Use::Until => json!(GENERATED_NOW.saturating_add(YEAR)),
        Use::Fill | Use::Test(_) => json!(format!("{}-1", name(path))),
    }
}

/// The last name of a path, without what stands before a slash in it.
fn name(path: &ClaimPath) -> &str {
    let ClaimPath::Claim { name, below } = path else { return OTHER };
    let last = below.iter().rev().find_map(|step| match step {
        claim_mapping::PathStep::Member(name) => Some(name),
        claim_mapping::PathStep::Item(_) => None,
    });
    let name = last.unwrap_or(name);
    name.rsplit('/').next().unwrap_or(name)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A login with these values, parents before what is below them.
pub(crate) fn login_with<'v>(
    values: impl IntoIterator<Item = (&'v ClaimPath, &'v Value)>,
) -> SampleLogin {
    let mut login = SampleLogin {
        name: None,
        claims: Claims::new(),
        database_id: DEFAULT_DATABASE_ID.to_owned(),
        provider: DEFAULT_PROVIDER.to_owned(),
        now: UNIX_EPOCH.checked_add(Duration::from_secs(GENERATED_NOW)).unwrap_or(UNIX_EPOCH),
        remaining_life: Duration::from_hours(1),
    };
    for (path, value) in values {
        match path {
            ClaimPath::Claim { name, below } => put(&mut login.claims, name, below, value.clone()),
            ClaimPath::DatabaseId => login.database_id = text(value),
            ClaimPath::Provider => login.provider = text(value),
        }
    }
    login
}

/// Whether a login is for the provider and the database that generated ones are for.
pub(crate) fn is_request_of_generated(login: &SampleLogin) -> bool {
    login.provider == DEFAULT_PROVIDER && login.database_id == DEFAULT_DATABASE_ID
}
