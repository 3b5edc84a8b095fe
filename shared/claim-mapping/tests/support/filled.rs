//! A filled query beside its template.

use claim_mapping::{ClaimReference, Login, ValueMaps};
use permission_query::{Expression, ExpressionKind, Step, exact_integer};
use serde_json::Value;

/// Whether the filled query is the template with each placeholder replaced by a literal of exactly the claim's value,
/// and nothing else changed.
pub fn is_filled(
    template: &Expression,
    filled: &Expression,
    login: &Login<'_>,
    maps: &ValueMaps,
) -> bool {
    use ExpressionKind as Kind;
    let both = |one: &Expression, other: &Expression| is_filled(one, other, login, maps);
    match (&template.kind, &filled.kind) {
        (Kind::Placeholder(inside), Kind::Literal(literal)) => {
            stands_for(inside, literal, login, maps)
        }
        (Kind::And(a, b), Kind::And(c, d)) | (Kind::Or(a, b), Kind::Or(c, d)) => {
            both(a, c) && both(b, d)
        }
        (Kind::Not(a), Kind::Not(b)) | (Kind::Parenthesised(a), Kind::Parenthesised(b)) => {
            both(a, b)
        }
        (Kind::Call { function: f, arguments: a }, Kind::Call { function: g, arguments: b }) => {
            f == g && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| both(a, b))
        }
        (
            Kind::Compare { comparison: c, left: a, right: b },
            Kind::Compare { comparison: d, left: l, right: r },
        ) => c == d && both(a, l) && both(b, r),
        (Kind::Path { base: a, steps: s }, Kind::Path { base: b, steps: t }) => {
            both(a, b) && s.iter().all(|step| !matches!(step, Step::Filter(_))) && s == t
        }
        (Kind::Literal(a), Kind::Literal(b)) => a == b,
        (Kind::Root(a), Kind::Root(b)) => a == b,
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
