//! The paths of queries, and what stands beside them.

use std::collections::BTreeMap;

use permission_query::{Comparison, Expression, ExpressionKind, Step};
use serde_json::{Value, json};

/// Up to so many values that `contains` looks for in one path, each set of them is tried.
const MAX_SOUGHT: usize = 3;

/// What is asked of one path.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// What it is compared with, and neighbours of that.
    pub(super) values: Vec<Value>,
    /// What it is to begin with.
    pub(super) beginnings: Vec<String>,
    /// What it is to end with.
    pub(super) ends: Vec<String>,
    /// What is looked for in it.
    pub(super) sought: Vec<Value>,
}

/// All paths that queries ask about, as names of members from `_id`.
#[derive(Debug)]
pub(super) struct Paths {
    pub(super) asked: BTreeMap<Vec<String>, Asked>,
    /// Whether the values of each path decide all that is asked of it.
    pub(super) are_plain: bool,
}

impl Paths {
    pub(super) fn of<'q>(expressions: impl Iterator<Item = &'q Expression>) -> Self {
        let mut paths = Self { asked: BTreeMap::new(), are_plain: true };
        expressions.for_each(|expression| paths.visit(expression));
        let is_within =
            |path: &Vec<String>, other: &Vec<String>| path != other && other.starts_with(path);
        let are_apart =
            paths.asked.keys().all(|path| !paths.asked.keys().any(|other| is_within(path, other)));
        let few = paths.asked.values().all(|asked| asked.sought.len() <= MAX_SOUGHT);
        paths.are_plain &= are_apart && few;
        paths
    }

    fn visit(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::And(left, right) | ExpressionKind::Or(left, right) => {
                self.visit(left);
                self.visit(right);
            }
            ExpressionKind::Not(inner) | ExpressionKind::Parenthesised(inner) => self.visit(inner),
            ExpressionKind::Compare { comparison, left, right } => {
                self.compare(*comparison, bare(left), bare(right));
            }
            ExpressionKind::Call { function, arguments } => self.call(function, arguments),
            ExpressionKind::Literal(_) => {}
            ExpressionKind::Path { .. } | ExpressionKind::Root(_) => self.note(expression),
            ExpressionKind::Current | ExpressionKind::Placeholder(_) => self.are_plain = false,
        }
    }

    fn compare(&mut self, comparison: Comparison, left: &Expression, right: &Expression) {
        let (side, value) = match (&left.kind, &right.kind) {
            (_, ExpressionKind::Literal(value)) => (left, value),
            (ExpressionKind::Literal(value), _) => (right, value),
            _ => {
                self.are_plain = false;
                self.visit(left);
                self.visit(right);
                return;
            }
        };
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        match (member_path(side), &side.kind) {
            (Some(path), _) => {
                self.are_plain &= is_equality || value.is_number();
                self.asked.entry(path).or_default().values.extend(neighbours(value));
            }
            // Each path has a value of each type.
            (None, ExpressionKind::Call { function, arguments }) if function == "type" => {
                self.visit_all(arguments);
            }
            (None, _) => {
                self.are_plain = false;
                self.visit(side);
            }
        }
    }

    fn call(&mut self, function: &str, arguments: &[Expression]) {
        if let [first, second] = arguments {
            let (first, second) = (bare(first), bare(second));
            match (function, member_path(first), &first.kind, member_path(second), &second.kind) {
                ("contains", _, ExpressionKind::Literal(Value::Array(items)), Some(path), _) => {
                    self.asked.entry(path).or_default().values.extend(items.iter().cloned());
                    return;
                }
                ("contains", Some(path), _, _, ExpressionKind::Literal(value)) => {
                    let sought = &mut self.asked.entry(path).or_default().sought;
                    if !sought.contains(value) {
                        sought.push(value.clone());
                    }
                    return;
                }
                ("starts_with", Some(path), _, _, ExpressionKind::Literal(Value::String(text))) => {
                    self.asked.entry(path).or_default().beginnings.push(text.clone());
                    return;
                }
                ("ends_with", Some(path), _, _, ExpressionKind::Literal(Value::String(text))) => {
                    self.asked.entry(path).or_default().ends.push(text.clone());
                    return;
                }
                ("contains", _, ExpressionKind::Call { function, arguments }, _, kind)
                    if function == "keys" =>
                {
                    self.keys(arguments, kind);
                    return;
                }
                _ => {}
            }
        }
        self.are_plain = false;
        self.visit_all(arguments);
    }

    fn visit_all(&mut self, expressions: &[Expression]) {
        for expression in expressions {
            self.visit(expression);
        }
    }

    /// `contains(keys(_id), 'x')` asks whether `_id.x` is there.
    fn keys(&mut self, arguments: &[Expression], member: &ExpressionKind) {
        let path = arguments.first().and_then(|argument| member_path(bare(argument)));
        match (path, member) {
            (Some(mut path), ExpressionKind::Literal(Value::String(name))) => {
                path.push(name.clone());
                self.asked.entry(path).or_default();
            }
            _ => self.are_plain = false,
        }
    }

    fn note(&mut self, expression: &Expression) {
        if let Some(path) = member_path(expression) {
            self.asked.entry(path).or_default();
            return;
        }
        self.are_plain = false;
        if let ExpressionKind::Path { base, steps } = &expression.kind {
            self.visit(base);
            // Up to the first step that is no member, so that something is there to look into.
            if let Some(path) = leading_members(base, steps) {
                let list = json!(["a", "b"]);
                self.asked.entry(path).or_default().values.push(list);
            }
        }
    }
}

/// Without its parentheses.
fn bare(expression: &Expression) -> &Expression {
    if let ExpressionKind::Parenthesised(inner) = &expression.kind {
        return bare(inner);
    }
    expression
}

/// The names of the members that lead from `_id` to what is meant, where nothing else does.
fn member_path(expression: &Expression) -> Option<Vec<String>> {
    if let ExpressionKind::Root(name) = &expression.kind {
        return (name == "_id").then(Vec::new);
    }
    let ExpressionKind::Path { base, steps } = &expression.kind else { return None };
    let mut path = member_path(bare(base))?;
    for step in steps {
        let Step::Member(name) = step else { return None };
        path.push(name.clone());
    }
    Some(path)
}

fn leading_members(base: &Expression, steps: &[Step]) -> Option<Vec<String>> {
    let mut path = member_path(bare(base))?;
    for step in steps {
        let Step::Member(name) = step else { break };
        path.push(name.clone());
    }
    Some(path)
}

/// A literal, and what is just beside it.
fn neighbours(value: &Value) -> Vec<Value> {
    let mut values = vec![value.clone()];
    if let Some(number) = value.as_f64() {
        let whole = number.floor();
        values.extend([whole - 1.0, whole, whole + 1.0].map(whole_number));
    }
    values
}

/// Document ids hold integers only.
fn whole_number(number: f64) -> Value {
    format!("{number:.0}").parse::<i64>().map_or(Value::Null, Value::from)
}
