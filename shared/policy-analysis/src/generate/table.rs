//! The tables of `map(…)`: what they have names for, and where those of two policies do not say the same.

use std::collections::{BTreeMap, BTreeSet};

use claim_mapping::{ClaimReference, Policy, Transform, ValueMap};
use serde_json::{Value, json};

use super::inverse::inputs;

/// A name that a table has something for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Key<'r> {
    /// The claim, with what is done to it before the table.
    pub(crate) claim: ClaimReference,
    pub(crate) name: &'r str,
    /// Whether tables of the same name say different things for it.
    pub(crate) is_different: bool,
}

/// All names that the tables of these references have something for.
pub(crate) fn keys<'r>(references: impl Iterator<Item = &'r ClaimReference>) -> Vec<Key<'r>> {
    let mut tables = BTreeMap::<String, (ClaimReference, Vec<&ValueMap>)>::new();
    for reference in references {
        for (at, transform) in reference.transforms.iter().enumerate() {
            let Transform::Map { name, table } = transform else { continue };
            let transforms = reference.transforms.iter().take(at).cloned().collect();
            let before = ClaimReference { path: reference.path.clone(), transforms };
            let known = tables.entry(format!("{before} {name}"));
            let (_, tables) = known.or_insert_with(|| (before, Vec::new()));
            if !tables.iter().any(|known| std::ptr::eq(*known, &raw const **table)) {
                tables.push(table);
            }
        }
    }
    let mut keys = Vec::new();
    for (claim, tables) in tables.values() {
        for name in tables.iter().flat_map(|table| table.keys()).collect::<BTreeSet<_>>() {
            let first = tables.first().and_then(|table| table.get(name));
            let is_different = tables.iter().any(|table| table.get(name) != first);
            keys.push(Key { claim: claim.clone(), name, is_different });
        }
    }
    keys
}

/// The values of the claim that tables have something for, the first so many: those for which they differ first.
pub(super) fn mapped<'r>(
    references: impl Iterator<Item = &'r ClaimReference>,
    most: usize,
) -> Vec<Value> {
    let mut keys = keys(references);
    keys.sort_by_key(|key| !key.is_different);
    let values = keys.iter().flat_map(|key| inputs(&key.claim, &json!(key.name)));
    values.take(most).collect()
}

/// The names of the tables that are not the same in all policies.
pub(super) fn differing<'p>(policies: &[&'p Policy]) -> BTreeSet<&'p str> {
    let names = policies.iter().flat_map(|policy| policy.rules().maps.keys());
    let table = |policy: &Policy, name: &str| policy.rules().maps.get(name).cloned();
    let is_same = |name: &str| {
        let first = policies.first().and_then(|policy| table(policy, name));
        policies.iter().all(|policy| table(policy, name) == first)
    };
    names.map(String::as_str).filter(|name| !is_same(name)).collect()
}
