//! Conditions as people mean them: a member that is missing is not equal to anything.

use proptest::prelude::*;
use serde_json::Value;

/// A condition, with `!` only before single comparisons.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    And(Box<Self>, Box<Self>),
    Equal { path: &'static str, value: &'static str },
    NotEqual { path: &'static str, value: &'static str, is_written_with_not: bool },
    Or(Box<Self>, Box<Self>),
}

pub(crate) fn condition() -> impl Strategy<Value = Condition> {
    let path = || proptest::sample::select(vec!["x", "y", "o/k"]);
    let value = || proptest::sample::select(vec!["a", "b"]);
    let equal = (path(), value()).prop_map(|(path, value)| Condition::Equal { path, value });
    let not_equal = (path(), value(), any::<bool>()).prop_map(|(path, value, not)| {
        Condition::NotEqual { path, value, is_written_with_not: not }
    });
    prop_oneof![3 => equal, 2 => not_equal].prop_recursive(4, 12, 2, |inner| {
        let both = (inner.clone(), inner).prop_map(|(one, other)| (Box::new(one), Box::new(other)));
        prop_oneof![
            both.clone().prop_map(|(one, other)| Condition::And(one, other)),
            both.prop_map(|(one, other)| Condition::Or(one, other)),
        ]
    })
}

impl Condition {
    /// Its text as a query.
    pub(crate) fn text(&self) -> String {
        let text = |path: &str| format!("_id.{}", path.replace('/', "."));
        match self {
            Self::And(one, other) => format!("({} && {})", one.text(), other.text()),
            Self::Or(one, other) => format!("({} || {})", one.text(), other.text()),
            Self::Equal { path, value } => format!("({} == '{value}')", text(path)),
            Self::NotEqual { path, value, is_written_with_not: true } => {
                format!("(!({} == '{value}'))", text(path))
            }
            Self::NotEqual { path, value, .. } => format!("{} != '{value}'", text(path)),
        }
    }

    /// Whether the document is meant.
    pub(crate) fn means(&self, id: &Value) -> bool {
        let holds = |path: &str, value: &str| {
            id.pointer(&format!("/{path}")).is_some_and(|found| found == value)
        };
        match self {
            Self::And(one, other) => one.means(id) && other.means(id),
            Self::Or(one, other) => one.means(id) || other.means(id),
            Self::Equal { path, value } => holds(path, value),
            Self::NotEqual { path, value, .. } => !holds(path, value),
        }
    }
}
