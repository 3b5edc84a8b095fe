//! A filled query beside its template.

use claim_mapping::{ClaimReference, Login, ValueMaps};
use permission_query::{Expression, ExpressionKind, Step, exact_integer};
use serde_json::Value;

/// Whether the filled query is the template with each placeholder replaced by a literal of exactly the claim's value,
/// and nothing else changed.
pub(crate) fn is_filled(
    template: &Expression,
    filled: &Expression,
    login: &Login<'_>,
    maps: &ValueMaps,
) -> bool {
    use ExpressionKind as Kind;
    let both =
        |template: &Expression, filled: &Expression| is_filled(template, filled, login, maps);
    match (&template.kind, &filled.kind) {
        (Kind::Placeholder(inside), Kind::Literal(literal)) => {
            stands_for(inside, literal, login, maps)
        }
        (Kind::And(left, right), Kind::And(filled_left, filled_right))
        | (Kind::Or(left, right), Kind::Or(filled_left, filled_right)) => {
            both(left, filled_left) && both(right, filled_right)
        }
        (Kind::Not(inner), Kind::Not(filled))
        | (Kind::Parenthesised(inner), Kind::Parenthesised(filled)) => both(inner, filled),
        (
            Kind::Call { function, arguments },
            Kind::Call { function: filled_function, arguments: filled },
        ) => {
            function == filled_function
                && arguments.len() == filled.len()
                && arguments.iter().zip(filled).all(|(argument, filled)| both(argument, filled))
        }
        (
            Kind::Compare { comparison, left, right },
            Kind::Compare { comparison: filled, left: filled_left, right: filled_right },
        ) => comparison == filled && both(left, filled_left) && both(right, filled_right),
        (Kind::Path { base, steps }, Kind::Path { base: filled, steps: filled_steps }) => {
            let same_step = |(step, filled): (&Step, &Step)| match (step, filled) {
                (Step::Filter(step), Step::Filter(filled)) => both(step, filled),
                _ => step == filled,
            };
            both(base, filled)
                && steps.len() == filled_steps.len()
                && steps.iter().zip(filled_steps).all(same_step)
        }
        (Kind::Literal(literal), Kind::Literal(filled)) => literal == filled,
        (Kind::Root(name), Kind::Root(filled)) => name == filled,
        (Kind::Current, Kind::Current) => true,
        _ => false,
    }
}

fn stands_for(inside: &str, literal: &Value, login: &Login<'_>, maps: &ValueMaps) -> bool {
    let each = inside.strip_prefix("each ");
    let reference = ClaimReference::parse(each.unwrap_or(inside), maps).unwrap();
    let value = reference.value(login).unwrap();
    match (each, &*value, literal) {
        (Some(_), Value::Array(items), literal) => items.iter().any(|item| same(item, literal)),
        (None, value @ Value::Array(_), literal @ Value::Array(_)) => same(value, literal),
        // One value where a list stands.
        (None, value, Value::Array(items)) => {
            matches!(items.as_slice(), [item] if same(value, item))
        }
        (_, value, literal) => same(value, literal),
    }
}

fn same(claim: &Value, literal: &Value) -> bool {
    match (claim, literal) {
        (Value::Number(claim), Value::Number(literal)) => {
            exact_integer(claim) == exact_integer(literal)
        }
        (Value::Array(claim), Value::Array(literal)) => {
            claim.len() == literal.len()
                && claim.iter().zip(literal).all(|(claim, literal)| same(claim, literal))
        }
        _ => claim == literal,
    }
}
