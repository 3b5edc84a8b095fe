//! What is done to a claim's value before a rule uses it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use permission_query::exact_integer;
use serde_json::Value;

use crate::{ClaimReferenceError, nearest};

/// What is done to a claim's value. On a list, it is done to each item.
#[derive(Debug, Clone, PartialEq)]
pub enum Transform {
    /// `default('x')`: this value where there is none.
    Default(Value),
    /// `lower`: text with A to Z in lower case.
    Lower,
    /// `map(region)`: what the table `[map.region]` says for it. A value that is not listed is no value; items of a
    /// list that are not listed are left out.
    Map {
        /// The table's name.
        name: String,
        /// The table.
        table: Arc<ValueMap>,
    },
    /// `strip_prefix('auth0|')`: what follows the prefix. Text that does not begin with it is no value; such items
    /// of a list are left out.
    StripPrefix(String),
    /// `trim`: text without white space at its ends.
    Trim,
}

/// A `[map.NAME]` table.
pub type ValueMap = BTreeMap<String, Value>;

/// All `[map.NAME]` tables of a policy.
pub type ValueMaps = BTreeMap<String, Arc<ValueMap>>;

/// The most items that a list has after `map`, which may make several of each.
pub const MAX_MAPPED_ITEMS: usize = 10_000;

const TRANSFORMS: [&str; 5] = ["default", "lower", "map", "strip_prefix", "trim"];

/// Parses the written form; `maps` are the policy's tables.
pub(crate) fn parse_transform(
    text: &str,
    maps: &ValueMaps,
) -> Result<Transform, ClaimReferenceError> {
    let (name, argument) = match text.split_once('(') {
        None => (text, None),
        Some((name, rest)) => (name.trim_end(), rest.strip_suffix(')').map(str::trim)),
    };
    let has_argument = text.contains('(');
    let wrong = |form| ClaimReferenceError::Argument { form };
    match name {
        "lower" if !has_argument => Ok(Transform::Lower),
        "lower" => Err(wrong("`lower` without an argument")),
        "trim" if !has_argument => Ok(Transform::Trim),
        "trim" => Err(wrong("`trim` without an argument")),
        "strip_prefix" => {
            let prefix = argument.and_then(quoted).filter(|prefix| !prefix.is_empty());
            let prefix = prefix.ok_or(wrong("`strip_prefix('…')` with a quoted text"))?;
            Ok(Transform::StripPrefix(prefix.to_owned()))
        }
        "default" => {
            let default = argument.and_then(scalar);
            let wrong = wrong("`default('…')` with a quoted text, an integer, true or false");
            default.map(Transform::Default).ok_or(wrong)
        }
        "map" => {
            let name = argument.map(|argument| quoted(argument).unwrap_or(argument));
            let name = name.ok_or(wrong("`map(name)` with the name of a `[map.name]` table"))?;
            let table = maps.get(name).ok_or_else(|| ClaimReferenceError::UnknownMap {
                name: name.to_owned(),
                nearest: nearest(name, maps.keys().map(String::as_str)).map(str::to_owned),
            })?;
            Ok(Transform::Map { name: name.to_owned(), table: Arc::clone(table) })
        }
        _ => Err(ClaimReferenceError::UnknownTransform {
            name: name.to_owned(),
            nearest: nearest(name, TRANSFORMS),
        }),
    }
}

/// The content of a quoted text without quotes of its own kind inside.
fn quoted(text: &str) -> Option<&str> {
    ['\'', '"'].iter().find_map(|quote| {
        let inside = text.strip_prefix(*quote)?.strip_suffix(*quote)?;
        (!inside.contains(*quote)).then_some(inside)
    })
}

fn scalar(text: &str) -> Option<Value> {
    match text {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => quoted(text).map(Value::from).or_else(|| text.parse::<i64>().ok().map(Value::from)),
    }
}

impl Transform {
    pub(crate) fn apply<'c>(&self, value: Cow<'c, Value>) -> Resolved<'c> {
        let changed = match self {
            Self::Default(_) => return Resolved::Value(value),
            // Of ASCII letters alone: others have no letter of their own in lower case, so that two texts become one.
            Self::Lower => each(&value, &|item| {
                text_of(item).map(|text| Some(text.to_ascii_lowercase().into()))
            }),
            Self::Trim => each(&value, &|item| text_of(item).map(|text| Some(text.trim().into()))),
            Self::StripPrefix(prefix) => each(&value, &|item| {
                text_of(item).map(|text| text.strip_prefix(prefix.as_str()).map(Value::from))
            }),
            Self::Map { table, .. } => {
                each(&value, &|item| key_of(item).map(|key| table.get(&*key).cloned()))
            }
        };
        match changed {
            Err(Untold) => Resolved::Untold,
            Ok(None) => Resolved::Nothing,
            Ok(Some(value)) => Resolved::Value(Cow::Owned(value)),
        }
    }
}

/// What a claim comes to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Resolved<'c> {
    /// There is no value.
    Nothing,
    /// There is one of a type that a transform cannot be done to.
    Untold,
    /// This value.
    Value(Cow<'c, Value>),
}

/// A value of a type that a transform cannot be done to.
struct Untold;

/// What `change` makes of a value; of a list, what it makes of those items that it makes something of.
fn each(
    value: &Value,
    change: &impl Fn(&Value) -> Result<Option<Value>, Untold>,
) -> Result<Option<Value>, Untold> {
    let Value::Array(items) = value else { return change(value) };
    let mut kept = Vec::new();
    for item in items {
        match change(item)? {
            None => {}
            Some(Value::Array(several)) => kept.extend(several),
            Some(one) => kept.push(one),
        }
        if kept.len() > MAX_MAPPED_ITEMS {
            return Err(Untold);
        }
    }
    Ok(Some(Value::Array(kept)))
}

fn text_of(value: &Value) -> Result<&str, Untold> {
    value.as_str().ok_or(Untold)
}

/// What a value is called in a table. `7.0` is `7`, as in conditions.
fn key_of(value: &Value) -> Result<Cow<'_, str>, Untold> {
    match value {
        Value::String(text) => Ok(Cow::Borrowed(text)),
        Value::Bool(value) => Ok(Cow::Borrowed(if *value { "true" } else { "false" })),
        Value::Number(number) => {
            exact_integer(number).map(|integer| Cow::Owned(integer.to_string())).ok_or(Untold)
        }
        Value::Null | Value::Array(_) | Value::Object(_) => Err(Untold),
    }
}

impl fmt::Display for Transform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = |text: &str| if text.contains('\'') { '"' } else { '\'' };
        match self {
            Self::Default(Value::String(text)) => {
                let quote = quote(text);
                write!(formatter, "default({quote}{text}{quote})")
            }
            Self::Default(value) => write!(formatter, "default({value})"),
            Self::Lower => formatter.write_str("lower"),
            Self::Map { name, .. } => write!(formatter, "map({name})"),
            Self::StripPrefix(prefix) => {
                let quote = quote(prefix);
                write!(formatter, "strip_prefix({quote}{prefix}{quote})")
            }
            Self::Trim => formatter.write_str("trim"),
        }
    }
}
