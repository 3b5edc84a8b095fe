//! What is known of a document where evaluation gets to a part of the query.

use serde_json::Value;

use super::path::{paths, steps_from_id};
use super::tree::{parts, peeled, string};
use crate::{Comparison, Expression, ExpressionKind, Function, Step, ValueType};

/// Paths that are there, and what types they have.
#[derive(Default)]
pub(super) struct Facts {
    known: Vec<Fact>,
}

struct Fact {
    steps: Vec<Step>,
    /// Empty where it may be any.
    types: Vec<ValueType>,
}

impl Facts {
    /// Whether the path leads to something in each document.
    pub(super) fn are_present(&self, steps: &[Step]) -> bool {
        steps.is_empty() || self.known.iter().any(|fact| fact.steps.starts_with(steps))
    }

    /// Whether what is there has one of the types.
    pub(super) fn have_types(&self, steps: &[Step], types: &[ValueType]) -> bool {
        self.known.iter().any(|fact| {
            let follows = fact.steps.strip_prefix(steps);
            let implied = match follows {
                Some([]) => fact.types.as_slice(),
                Some([Step::Member(_), ..]) => ValueType::Object.alone(),
                Some([_, ..]) => ValueType::Array.alone(),
                None => &[],
            };
            !implied.is_empty() && implied.iter().all(|one| types.contains(one))
        })
    }

    /// The paths of an expression that may be missing.
    pub(super) fn missing<'q>(&self, expression: &'q Expression) -> Vec<&'q [Step]> {
        let mut missing = paths(expression);
        missing.retain(|steps| !self.are_present(steps));
        missing
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.known.truncate(length);
    }

    /// Adds what follows from the condition being true, or false.
    ///
    /// Only what still follows when other findings were acted on: `x == 'a'` being false says nothing about `x`, as
    /// its rewrite is false without `x` as well.
    pub(super) fn assume(&mut self, condition: &Expression, is_true: bool) {
        match &condition.kind {
            ExpressionKind::Parenthesised(inner) => self.assume(inner, is_true),
            ExpressionKind::Not(inner) => self.assume(inner, !is_true),
            ExpressionKind::And(left, right) if is_true => {
                self.assume(left, true);
                self.assume(right, true);
            }
            ExpressionKind::Or(left, right) if !is_true => {
                self.assume(left, false);
                self.assume(right, false);
            }
            ExpressionKind::Compare { comparison, left, right } => {
                self.assume_comparison(condition, *comparison, [left, right], is_true);
            }
            ExpressionKind::Call { .. } if is_true => {
                self.assume_reached(condition);
                self.assume_membership(condition);
            }
            ExpressionKind::Path { .. } | ExpressionKind::Root(_) if is_true => {
                self.assume_reached(condition);
            }
            _ => {}
        }
    }

    fn assume_comparison(
        &mut self,
        condition: &Expression,
        comparison: Comparison,
        sides: [&Expression; 2],
        is_true: bool,
    ) {
        let has_null = compares_null(sides);
        let is_equal = match comparison {
            Comparison::Equal => is_true,
            Comparison::NotEqual => !is_true,
            _ if is_true => {
                self.assume_reached(condition);
                self.assume_length(comparison, sides);
                return self.assume_sides(sides);
            }
            _ => return,
        };
        if is_equal {
            self.assume_sides(sides);
            if is_true && !has_null && !has_default(condition) {
                self.assume_reached(condition);
            }
        } else if is_true && compares_emptiness(sides) {
            self.assume_reached(condition);
        }
    }

    /// `length(_id.t) > 0`, `length(_id.t) >= 1`.
    fn assume_length(&mut self, comparison: Comparison, [left, right]: [&Expression; 2]) {
        let list = single_argument(left, "length").and_then(steps_from_id);
        let ExpressionKind::Literal(Value::Number(number)) = &peeled(right).kind else { return };
        let number = number.as_i64().and_then(|number| i32::try_from(number).ok());
        let index = number.filter(|number| *number >= 0).and_then(|number| match comparison {
            Comparison::Greater => Some(number),
            Comparison::GreaterOrEqual => number.checked_neg(),
            _ => None,
        });
        if let (Some(list), Some(index)) = (list, index) {
            self.add(&[list, &[Step::Index(index)]].concat(), &[]);
        }
    }

    /// Both sides have the same type, and with `==` the same value.
    fn assume_sides(&mut self, [left, right]: [&Expression; 2]) {
        for (one, other) in [(left, right), (right, left)] {
            let ExpressionKind::Literal(value) = &peeled(other).kind else { continue };
            if let Some(steps) = steps_from_id(peeled(one)).filter(|_| !value.is_null()) {
                self.add(steps, ValueType::of(value).alone());
            }
            if let (Some(steps), Some(named)) = (typed(one), value.as_str().and_then(type_named))
                && named != ValueType::Null
            {
                self.add(steps, named.alone());
            }
        }
    }

    /// Everything in it was there, and calls in it did not fail.
    fn assume_reached(&mut self, condition: &Expression) {
        for steps in paths(condition) {
            self.add(steps, &[]);
        }
        for part in parts(condition).filter(|part| !part.is_in_filter) {
            let ExpressionKind::Call { function, arguments } = &part.expression.kind else {
                continue;
            };
            for (index, argument) in arguments.iter().enumerate() {
                let parameter =
                    Function::named(function).and_then(|function| function.parameter(index));
                if let (Some(steps), Some(parameter)) = (steps_from_id(peeled(argument)), parameter)
                {
                    self.add(steps, parameter.types());
                }
            }
        }
    }

    /// `contains(keys(_id), 'x')`, `contains(['string'], type(_id.x))`, `contains(['a'], _id.x)`.
    fn assume_membership(&mut self, condition: &Expression) {
        let ExpressionKind::Call { function, arguments } = &condition.kind else { return };
        let ("contains", [list, item]) = (function.as_str(), arguments.as_slice()) else { return };
        if let (Some(object), Some(name)) = (single_argument(list, "keys"), string(item))
            && let Some(steps) = steps_from_id(object)
        {
            self.add(&[steps, &[Step::Member(name.to_owned())]].concat(), &[]);
        }
        let ExpressionKind::Literal(Value::Array(items)) = &peeled(list).kind else { return };
        let named = items.iter().map(|item| item.as_str().and_then(type_named));
        if let (Some(steps), Some(named)) = (typed(item), named.collect::<Option<Vec<_>>>()) {
            self.add(steps, &named);
        }
        if let Some(steps) = steps_from_id(peeled(item)) {
            self.add(steps, &items.iter().map(ValueType::of).collect::<Vec<_>>());
        }
    }

    fn add(&mut self, steps: &[Step], types: &[ValueType]) {
        self.known.push(Fact { steps: steps.to_vec(), types: types.to_vec() });
    }
}

/// The path whose type is asked for.
pub(super) fn typed(expression: &Expression) -> Option<&[Step]> {
    steps_from_id(single_argument(expression, "type")?)
}

fn single_argument<'q>(expression: &'q Expression, name: &str) -> Option<&'q Expression> {
    match &peeled(expression).kind {
        ExpressionKind::Call { function, arguments } if function == name => match &**arguments {
            [argument] => Some(peeled(argument)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether one of the sides is `null`, or the type's name of it beside `type(x)`.
pub(super) fn compares_null(sides: [&Expression; 2]) -> bool {
    let [left, right] = sides;
    [(left, right), (right, left)].into_iter().any(|(null, other)| {
        matches!(&peeled(null).kind, ExpressionKind::Literal(value) if value.is_null())
            || (string(null) == Some("null") && typed(other).is_some())
    })
}

/// Whether one of the sides is null or empty: `x != []` asks for what is there.
pub(super) fn compares_emptiness(sides: [&Expression; 2]) -> bool {
    let is_empty = |side: &Expression| matches!(&peeled(side).kind, ExpressionKind::Literal(value) if is_empty(value));
    compares_null(sides) || sides.into_iter().any(is_empty)
}

fn is_empty(value: &Value) -> bool {
    *value == ""
        || *value == Value::Array(Vec::new())
        || value.as_object().is_some_and(serde_json::Map::is_empty)
}

fn has_default(condition: &Expression) -> bool {
    parts(condition).any(|part| {
        matches!(&part.expression.kind, ExpressionKind::Call { function, .. } if function == "not_null")
    })
}

fn type_named(name: &str) -> Option<ValueType> {
    use ValueType as V;
    let all = [V::Array, V::Boolean, V::Null, V::Number, V::Object, V::String];
    all.into_iter().find(|value_type| value_type.name() == name)
}
