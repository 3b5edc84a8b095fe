//! Conditions on claims, and what becomes of them: they hold, they do not, or it cannot be told.

use std::ops::Range;

use permission_query::exact_integer;
use serde_json::{Number, Value};
use wildmatch::WildMatch;

use crate::transform::Resolved;
use crate::{ClaimReference, Login, Observer};

/// A condition, and where it stands in the policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What it asks.
    pub kind: ConditionKind,
    /// Its place in the text, in bytes.
    pub span: Range<usize>,
}

/// What a condition asks.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionKind {
    /// All of these hold.
    All(Vec<Condition>),
    /// One of these holds, or more.
    Any(Vec<Condition>),
    /// Something of a claim.
    Claim {
        /// The claim.
        claim: ClaimReference,
        /// What is asked of it.
        test: Test,
    },
    /// This does not hold.
    Not(Box<Condition>),
}

/// What is asked of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// A list that has each of these, or text of which each of these is a word.
    AllOf(Vec<Scalar>),
    /// One of these, or a list that has one of these.
    AnyOf(Vec<Scalar>),
    /// A number that is this or more.
    AtLeast(Number),
    /// A number that is this or less.
    AtMost(Number),
    /// This boolean, or the text `"true"` or `"false"` for it, as some providers send it.
    Boolean(bool),
    /// A list that has this, or text of which this is a word, as `scope` and `scp` are.
    Contains(Scalar),
    /// This value.
    Equals(Scalar),
    /// Whether there is a value other than `null`.
    Exists(bool),
    /// Text of this form (`*` is any text, `?` any one character), or a list with such text.
    Glob(WildMatch),
    /// A number above this.
    GreaterThan(Number),
    /// A number below this.
    LessThan(Number),
    /// None of these, or a list that has none of these.
    NoneOf(Vec<Scalar>),
    /// Text that begins so, or a list with such text.
    Prefix(String),
    /// Text that ends so, or a list with such text.
    Suffix(String),
}

/// A value of a policy that a claim is compared with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// Text.
    Text(String),
}

/// What becomes of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It holds.
    True,
    /// It cannot be told: the claim is missing or of another type. A grant does not apply then, a requirement is not
    /// met, and a `deny` denies.
    Unknown,
}

impl Condition {
    /// What becomes of it with these claims. As in SQL, what is unknown stays so under `not`, and decides neither
    /// `all` nor `any` where another part does.
    pub fn truth(&self, login: &Login<'_>, observer: &mut impl Observer) -> Truth {
        let truth = match &self.kind {
            ConditionKind::All(parts) => all(parts, login, observer),
            ConditionKind::Any(parts) => {
                let mut truth = Truth::False;
                for part in parts {
                    match part.truth(login, observer) {
                        Truth::True => {
                            truth = Truth::True;
                            break;
                        }
                        Truth::Unknown => truth = Truth::Unknown,
                        Truth::False => {}
                    }
                }
                truth
            }
            ConditionKind::Not(inner) => match inner.truth(login, observer) {
                Truth::False => Truth::True,
                Truth::True => Truth::False,
                Truth::Unknown => Truth::Unknown,
            },
            ConditionKind::Claim { claim, test } => match (test, claim.resolve(login)) {
                (_, Resolved::Untold) => Truth::Unknown,
                (Test::Exists(exists), resolved) => {
                    Truth::of((resolved != Resolved::Nothing) == *exists)
                }
                (_, Resolved::Nothing) => Truth::Unknown,
                (test, Resolved::Value(value)) => {
                    test.truth(&value).map_or(Truth::Unknown, Truth::of)
                }
            },
        };
        observer.condition(self, truth);
        truth
    }
}

/// Whether all of these hold.
pub(crate) fn all(parts: &[Condition], login: &Login<'_>, observer: &mut impl Observer) -> Truth {
    let mut truth = Truth::True;
    for part in parts {
        match part.truth(login, observer) {
            Truth::False => return Truth::False,
            Truth::Unknown => truth = Truth::Unknown,
            Truth::True => {}
        }
    }
    truth
}

impl Truth {
    fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

impl Test {
    /// Whether the value passes, or nothing where it is of a type that this test cannot be put to.
    fn truth(&self, value: &Value) -> Option<bool> {
        match self {
            Self::AllOf(scalars) => has_each(value, scalars),
            Self::AnyOf(scalars) => is_or_has_one(value, scalars),
            Self::AtLeast(bound) => {
                Some(is_above(value.as_number()?, bound) || is_same(value.as_number()?, bound))
            }
            Self::AtMost(bound) => Some(!is_above(value.as_number()?, bound)),
            Self::Boolean(expected) => Some(as_boolean(value)? == *expected),
            Self::Contains(scalar) => has_each(value, std::slice::from_ref(scalar)),
            Self::Equals(scalar) => scalar.equals(value),
            Self::Exists(exists) => Some(*exists),
            Self::Glob(pattern) => any_text(value, |text| pattern.matches(text)),
            Self::GreaterThan(bound) => Some(is_above(value.as_number()?, bound)),
            Self::LessThan(bound) => {
                let number = value.as_number()?;
                Some(!is_above(number, bound) && !is_same(number, bound))
            }
            Self::NoneOf(scalars) => is_or_has_one(value, scalars).map(|is_one| !is_one),
            Self::Prefix(prefix) => any_text(value, |text| text.starts_with(prefix.as_str())),
            Self::Suffix(suffix) => any_text(value, |text| text.ends_with(suffix.as_str())),
        }
    }
}

impl Scalar {
    /// Equal in type and value: `1` is neither `"1"` nor `true`. Nothing where the types differ.
    fn equals(&self, value: &Value) -> Option<bool> {
        match (self, value) {
            (Self::Text(text), Value::String(claim)) => Some(text == claim),
            (Self::Integer(integer), Value::Number(number)) => {
                Some(exact_integer(number) == Some(*integer))
            }
            (Self::Boolean(boolean), Value::Bool(claim)) => Some(boolean == claim),
            _ => None,
        }
    }

    fn is_word_of(&self, text: &str) -> bool {
        matches!(self, Self::Text(word) if text.split(' ').any(|part| part == word))
    }
}

/// A list that has each of them, or text of which each is a word.
fn has_each(value: &Value, scalars: &[Scalar]) -> Option<bool> {
    let mut has_each = Some(true);
    for scalar in scalars {
        let has = match (value, scalar) {
            (Value::Array(items), scalar) => among(items, |item| scalar.equals(item)),
            (Value::String(text), Scalar::Text(_)) => Some(scalar.is_word_of(text)),
            _ => None,
        };
        match has {
            Some(true) => {}
            Some(false) => return Some(false),
            None => has_each = None,
        }
    }
    has_each
}

/// One of them, or a list that has one of them. Text of which one is a word may be meant, or not.
fn is_or_has_one(value: &Value, scalars: &[Scalar]) -> Option<bool> {
    let is_one = |value: &Value| {
        scalars.iter().filter_map(|scalar| scalar.equals(value)).reduce(|one, other| one || other)
    };
    match value {
        Value::Array(items) => among(items, is_one),
        Value::String(text) => is_one(value)
            .filter(|is_one| *is_one || !scalars.iter().any(|scalar| scalar.is_word_of(text))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => is_one(value),
    }
}

/// Whether one of the items passes; it cannot be told where none does and one cannot be put to the question.
fn among(items: &[Value], passes: impl Fn(&Value) -> Option<bool>) -> Option<bool> {
    let mut is_one = Some(false);
    for item in items {
        match passes(item) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => is_one = None,
        }
    }
    is_one
}

fn any_text(value: &Value, passes: impl Fn(&str) -> bool) -> Option<bool> {
    match value {
        Value::Array(items) => among(items, |item| item.as_str().map(&passes)),
        Value::String(text) => Some(passes(text)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn as_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text == "true" => Some(true),
        Value::String(text) if text == "false" => Some(false),
        Value::Null | Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// Integers are compared as such: as floats, neighbours above 2^53 would be equal.
fn is_above(number: &Number, bound: &Number) -> bool {
    match (number.as_i128(), bound.as_i128()) {
        (Some(number), Some(bound)) => number > bound,
        _ => number.as_f64() > bound.as_f64(),
    }
}

fn is_same(number: &Number, bound: &Number) -> bool {
    match (number.as_i128(), bound.as_i128()) {
        (Some(number), Some(bound)) => number == bound,
        _ => number.as_f64().partial_cmp(&bound.as_f64()).is_some_and(std::cmp::Ordering::is_eq),
    }
}

#[cfg(test)]
mod tests;
