//! Conditions on claims: `equals`, `any_of`, `contains`.

use serde_json::Value;

use crate::literal::exact_integer;
use crate::{ClaimPath, Claims};

/// One condition. Where the claim is missing or of another type, it does not hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Condition {
    pub(crate) claim: ClaimPath,
    pub(crate) test: Test,
}

/// What is asked of a claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// The claim is this value.
    Equals(Scalar),
    /// The claim is one of these values.
    AnyOf(Vec<Scalar>),
    /// The claim is an array that has this value.
    Contains(Scalar),
}

/// A value of a policy that a claim is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text(String),
    Integer(i64),
    Boolean(bool),
}

impl Condition {
    pub(crate) fn holds(&self, claims: &Claims) -> bool {
        let Some(value) = self.claim.find(claims) else { return false };
        match &self.test {
            Test::Equals(scalar) => scalar.equals(value),
            Test::AnyOf(scalars) => scalars.iter().any(|scalar| scalar.equals(value)),
            Test::Contains(scalar) => {
                value.as_array().is_some_and(|items| items.iter().any(|item| scalar.equals(item)))
            }
        }
    }
}

impl Scalar {
    /// Equal in type and value: `1` is neither `"1"` nor `true`.
    fn equals(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text(text), Value::String(claim)) => text == claim,
            (Self::Integer(integer), Value::Number(number)) => {
                exact_integer(number) == Some(*integer)
            }
            (Self::Boolean(boolean), Value::Bool(claim)) => boolean == claim,
            _ => false,
        }
    }
}
