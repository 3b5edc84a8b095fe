//! Whatever is changed in a policy: where the loader takes it, it is valid, and where it lost a policy's form, it is not.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    reason = "a panic is the failure report"
)]

use std::sync::LazyLock;

use claim_mapping::{Policy, PolicyProblem, ProblemKind};
use jsonschema::Validator;
use policy_analysis::{STARTERS, policy_schema};
use proptest::prelude::*;
use toml::{Table, Value};

/// All that a policy can say.
const WHOLE: &str = include_str!("schema_whole.toml");

/// Every one change of every value and name.
#[test]
fn with_any_change_what_loads_is_valid_and_what_lost_its_form_is_not() {
    let (mut loaded, mut refused) = (0, 0);
    for text in STARTERS.iter().map(|starter| starter.policy).chain([WHOLE]) {
        let policy = Value::Table(toml::from_str(text).unwrap());
        for at in 1..size(&policy) {
            for change in 0..CHANGES {
                let mut changed = policy.clone();
                apply(&mut changed, &mut { at }, change);
                let (loads, has_form) = compare(&changed);
                loaded += usize::from(loads);
                refused += usize::from(!has_form);
            }
        }
    }
    assert!(loaded > 500 && refused > 500, "{loaded} and {refused}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn with_several_changes_likewise(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..CHANGES), 2..4),
    ) {
        let mut policy = Value::Table(toml::from_str(WHOLE).unwrap());
        for (at, change) in changes {
            let mut at = 1 + at.index((size(&policy) - 1).max(1));
            apply(&mut policy, &mut at, change);
        }
        compare(&policy);
    }
}

static VALIDATOR: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::draft202012::new(&policy_schema()).unwrap());

fn is_valid(policy: &Table) -> bool {
    VALIDATOR.is_valid(&serde_json::to_value(policy).unwrap())
}

/// Whether it loads, and whether it has a policy's form; fails where the schema says otherwise.
fn compare(policy: &Value) -> (bool, bool) {
    let policy = policy.as_table().unwrap();
    let text = toml::to_string(policy).unwrap();
    let problems = Policy::parse(&text).err().map(|problems| problems.0).unwrap_or_default();
    let has_form = !problems.iter().any(is_of_form);
    let is_valid = is_valid(policy);
    assert!(is_valid || !problems.is_empty(), "this loads, but is not valid:\n{text}");
    assert!(has_form || !is_valid, "this is valid, but {problems:?}:\n{text}");
    (problems.is_empty(), has_form)
}

/// Whether a schema can see it.
fn is_of_form(problem: &PolicyProblem) -> bool {
    let message = problem.message.as_str();
    match problem.kind {
        ProblemKind::MissingName => true,
        ProblemKind::UnknownName => message.contains("is not a name of"),
        ProblemKind::WrongType => message.starts_with("expected"),
        ProblemKind::Value => message.contains("empty"),
        _ => false,
    }
}

/// How many names and items a value has, itself among them.
fn size(value: &Value) -> usize {
    match value {
        Value::Table(table) => 1 + table.values().map(size).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// How many ways [`apply`] has to change something.
const CHANGES: usize = 12;

/// Changes the name or the item with this number.
fn apply(value: &mut Value, at: &mut usize, change: usize) {
    if *at == 0 {
        *value = other(value, change);
        // The rest of the way counts no further.
        *at = usize::MAX;
        return;
    }
    *at -= 1;
    match value {
        Value::Table(table) => {
            for name in table.keys().cloned().collect::<Vec<_>>() {
                if *at == 0 && change < 2 {
                    let value = table.remove(&name).unwrap();
                    if change == 1 {
                        table.insert(format!("{name}_"), value);
                    }
                    *at = usize::MAX;
                    return;
                }
                apply(&mut table[&name], at, change);
                if *at == usize::MAX {
                    return;
                }
            }
        }
        Value::Array(items) => {
            for index in 0..items.len() {
                if *at == 0 && change < 2 {
                    items.remove(index);
                    *at = usize::MAX;
                    return;
                }
                apply(&mut items[index], at, change);
                if *at == usize::MAX {
                    return;
                }
            }
        }
        _ => {}
    }
}

fn other(value: &Value, change: usize) -> Value {
    let text = |text: &str| Value::String(text.to_owned());
    match change {
        2 => Value::Integer(7),
        3 => Value::Float(1.5),
        4 => Value::Boolean(true),
        5 => text(""),
        6 => text("1h"),
        7 => text("everything"),
        8 => Value::Array(Vec::new()),
        9 => Value::Table(Table::new()),
        10 => Value::Array(vec![value.clone()]),
        11 => Value::Table(Table::from_iter([("sub".to_owned(), value.clone())])),
        _ => value.clone(),
    }
}
