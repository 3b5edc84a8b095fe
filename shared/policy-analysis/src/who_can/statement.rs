//! What a placeholder's place in a query says about its claim.

use claim_mapping::{ClaimPath, ClaimReference, Rules};
use permission_query::{Comparison, Expression, ExpressionKind, Step};
use serde_json::Value;

use crate::condition_text::quoted;

/// A placeholder of a query, beside a value of the document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Beside {
    pub(super) path: ClaimPath,
    pub(super) claim: ClaimReference,
    pub(super) relation: Relation,
    /// What the document has there.
    pub(super) value: Value,
    /// Whether it stands for one item of a list.
    pub(super) is_each: bool,
}

/// How a claim must be to the document's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// The claim begins with it.
    BeginsWith,
    /// It is a beginning of it.
    Beginning,
    /// It is compared so: claim, comparison, value.
    Compared(Comparison),
    /// It is an end of it.
    End,
    /// The claim ends with it.
    EndsWith,
    /// It is one of these, or part of this text.
    Member,
    /// The claim, a list, has it.
    Has,
}

/// All placeholders of a query that stand beside a value of the document.
pub(super) fn beside(rules: &Rules, expression: &Expression, id: &Value) -> Vec<Beside> {
    let mut found = Vec::new();
    visit(expression, &mut |placeholder, relation, other| {
        let (inside, is_each) = match placeholder.strip_prefix("each ") {
            Some(inside) => (inside, true),
            None => (placeholder, false),
        };
        let claim = ClaimReference::parse(inside.trim(), &rules.maps).ok();
        if let (Some(claim), Some(value)) = (claim, value_at(other, id)) {
            let path = claim.path.clone();
            found.push(Beside { path, claim, relation, value: value.clone(), is_each });
        }
    });
    found
}

impl Beside {
    /// Values of the claim, after its transforms, that may pass here.
    pub(super) fn candidates(&self) -> Vec<Value> {
        match (&self.value, self.relation) {
            (Value::Array(items), Relation::Member) => items.clone(),
            (Value::String(text), Relation::Beginning) => ends(text, text.chars().next()).collect(),
            (Value::String(text), Relation::End) => ends(text, text.chars().last()).collect(),
            (Value::Number(number), Relation::Compared(_)) => {
                let integer = number.as_i64();
                let around = [0, -1, 1].into_iter().filter_map(|by| integer?.checked_add(by));
                around.map(Value::from).collect()
            }
            (value, _) => vec![value.clone()],
        }
    }

    /// Whether the claim must be this one value.
    pub(super) fn is_equality(&self) -> bool {
        self.relation == Relation::Compared(Comparison::Equal) && !self.is_each
    }

    /// What the claim must be; `taken` is a value with which the query matches.
    pub(super) fn statement(&self, taken: &Value) -> String {
        let (path, value) = (&self.path, quoted(&self.value));
        let has = |what: &str| {
            if self.is_each { format!("have {what}") } else { format!("be {what}") }
        };
        let must = match self.relation {
            Relation::BeginsWith => format!("begin with {value}"),
            Relation::Beginning => has(&format!("a beginning of {value}")),
            Relation::Compared(Comparison::Equal | Comparison::NotEqual) | Relation::Member => {
                has(&quoted(taken))
            }
            Relation::Compared(comparison) => format!("be {} {value}", sign(comparison)),
            Relation::End => has(&format!("an end of {value}")),
            Relation::EndsWith => format!("end with {value}"),
            Relation::Has => format!("have {}", quoted(taken)),
        };
        format!("{path} must {must}")
    }
}

fn ends(text: &str, one: Option<char>) -> impl Iterator<Item = Value> {
    [Some(text.to_owned()), one.map(String::from)].into_iter().flatten().map(Value::from)
}

fn visit<'q>(expression: &'q Expression, take: &mut impl FnMut(&'q str, Relation, &'q Expression)) {
    match &expression.kind {
        ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => {
            visit(left, take);
            visit(right, take);
        }
        ExpressionKind::Not(inner) | ExpressionKind::Parenthesised(inner) => visit(inner, take),
        ExpressionKind::Compare { comparison, left, right } => {
            let relations =
                (Relation::Compared(*comparison), Relation::Compared(turned(*comparison)));
            take_pair((left, right), relations, take);
        }
        ExpressionKind::Call { function, arguments } => {
            let relations = match function.as_str() {
                "contains" => (Relation::Has, Relation::Member),
                "starts_with" => (Relation::BeginsWith, Relation::Beginning),
                "ends_with" => (Relation::EndsWith, Relation::End),
                // No placeholder can stand in others.
                _ => return,
            };
            if let [first, second] = arguments.as_slice() {
                take_pair((first, second), relations, take);
            }
        }
        ExpressionKind::Current
        | ExpressionKind::Literal(_)
        | ExpressionKind::Path { .. }
        | ExpressionKind::Placeholder(_)
        | ExpressionKind::Root(_) => {}
    }
}

/// Of two sides, the one that is a placeholder, and what stands within them.
fn take_pair<'q>(
    (first, second): (&'q Expression, &'q Expression),
    (of_first, of_second): (Relation, Relation),
    take: &mut impl FnMut(&'q str, Relation, &'q Expression),
) {
    if let Some(inside) = placeholder(first) {
        take(inside, of_first, second);
    }
    if let Some(inside) = placeholder(second) {
        take(inside, of_second, first);
    }
    visit(first, take);
    visit(second, take);
}

fn placeholder(expression: &Expression) -> Option<&str> {
    if let ExpressionKind::Parenthesised(inner) = &expression.kind {
        return placeholder(inner);
    }
    let ExpressionKind::Placeholder(inside) = &expression.kind else { return None };
    Some(inside)
}

/// The comparison as it reads from the other side.
fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal | Comparison::NotEqual => comparison,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "==",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::NotEqual => "!=",
    }
}

/// What a document has at a path.
fn value_at<'v>(expression: &Expression, id: &'v Value) -> Option<&'v Value> {
    if let ExpressionKind::Parenthesised(inner) = &expression.kind {
        return value_at(inner, id);
    }
    if let ExpressionKind::Root(name) = &expression.kind {
        return (name == "_id").then_some(id);
    }
    let ExpressionKind::Path { base, steps } = &expression.kind else { return None };
    steps.iter().try_fold(value_at(base, id)?, |value, step| match step {
        Step::Member(name) => value.as_object()?.get(name),
        Step::Index(index) => {
            let items = value.as_array()?;
            let from_end = usize::try_from(index.unsigned_abs()).ok()?;
            let from_start = usize::try_from(*index).ok();
            items.get(from_start.or_else(|| items.len().checked_sub(from_end))?)
        }
        Step::Filter(_) | Step::Flatten | Step::Wildcard => None,
    })
}
