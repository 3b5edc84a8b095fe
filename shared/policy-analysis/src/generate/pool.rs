//! For each claim, the values that it takes in generated logins.

use std::collections::HashMap;

use claim_mapping::{ClaimPath, ClaimReference, Scalar, Test};
use serde_json::{Value, json};

use super::candidates::{OTHER, likeliest, values, words};
use super::claims::login_with;
use super::inverse::{inputs, oddities};
use super::table::mapped;
use super::{GENERATED_NOW, SampleLogin};
use crate::structure::Use;
use crate::{DEFAULT_DATABASE_ID, DEFAULT_PROVIDER};

/// The most values of a pool, beside those that each test needs.
const MAX_VALUES: usize = 96;

/// The most words of several conditions that are tried together.
const MAX_JOINT_WORDS: usize = 24;

/// The most values that are tried for what tables make of them.
const MAX_MAPPED: usize = 64;

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

impl Pool {
    pub(super) fn of(uses: &[(&ClaimReference, Use<'_>)]) -> Option<Self> {
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
        // What a table has no name for fills nothing.
        pool.add_mapped(filling.clone());
        for (reference, purpose) in filling.clone() {
            pool.add_inputs(reference, &natural(&pool.path, *purpose));
        }
        pool.add(None);
        pool.add_mapped(uses.iter());
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

    fn add_mapped<'r>(&mut self, uses: impl Iterator<Item = &'r (&'r ClaimReference, Use<'r>)>) {
        for value in mapped(uses.map(|(reference, _)| *reference), MAX_MAPPED) {
            self.add_always(Some(value));
        }
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
    pub(super) fn add_always(&mut self, value: Taken) -> usize {
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

    /// A login in which only this claim is there at all.
    pub(super) fn login_of_one(&self, value: &Taken) -> SampleLogin {
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
