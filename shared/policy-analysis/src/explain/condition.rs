//! What became of conditions, and which of them decided.

use claim_mapping::{Condition, ConditionKind, Login, Scalar, Test, Truth};
use serde::Serialize;
use toml_edit::Value;

use super::{PolicySource, Trace};

/// What became of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConditionStep {
    /// The line of the policy, counted from 1.
    pub line: usize,
    /// The condition as a policy writes it; of a combination, what it combines with.
    pub condition: String,
    /// What became of it: `holds`, `does not hold`, `cannot be told` or `not reached`.
    pub outcome: &'static str,
    /// Whether it decided the whole: with another outcome, the whole might have had another one.
    pub decides: bool,
    /// What the claim is.
    pub claim: Option<String>,
    /// The parts of a combination.
    pub parts: Vec<Self>,
}

/// The outcomes of conditions of which all must hold.
pub(super) fn all(
    conditions: &[Condition],
    source: &PolicySource<'_>,
    login: &Login<'_>,
    trace: &Trace,
) -> Vec<ConditionStep> {
    let outcomes = || conditions.iter().map(|condition| trace.condition(condition));
    let whole = [Truth::False, Truth::Unknown, Truth::True];
    let whole = whole.into_iter().find(|truth| outcomes().any(|outcome| outcome == Some(*truth)));
    let steps = conditions.iter().map(|condition| {
        let decides = whole.is_some() && trace.condition(condition) == whole;
        ConditionStep::of(condition, decides, source, login, trace)
    });
    steps.collect()
}

impl ConditionStep {
    pub(super) fn is_reached(&self) -> bool {
        self.outcome != NOT_REACHED
    }

    pub(super) fn of(
        condition: &Condition,
        decides: bool,
        source: &PolicySource<'_>,
        login: &Login<'_>,
        trace: &Trace,
    ) -> Self {
        let truth = trace.condition(condition);
        // `not` turns it round; `all` and `any` come out as the parts do that decide them.
        let part = |part: &Condition| {
            let is_negated = matches!(condition.kind, ConditionKind::Not(_));
            let decides = decides && (is_negated || trace.condition(part) == truth);
            Self::of(part, decides, source, login, trace)
        };
        let (text, claim, parts) = match &condition.kind {
            ConditionKind::All(parts) => ("all of".to_owned(), None, parts.as_slice()),
            ConditionKind::Any(parts) => ("any of".to_owned(), None, parts.as_slice()),
            ConditionKind::Not(inner) => ("not".to_owned(), None, std::slice::from_ref(&**inner)),
            ConditionKind::Claim { claim, test } => {
                let value = match claim.value(login) {
                    Some(value) => format!("`{claim}` is {}", short(&value)),
                    None => format!("`{claim}` has no value"),
                };
                let text =
                    format!("{{ claim = {}, {} }}", quoted(&claim.to_string()), written(test));
                (text, truth.map(|_| value), [].as_slice())
            }
        };
        Self {
            line: source.line(condition.span.start),
            condition: text,
            outcome: outcome(truth),
            decides: decides && truth.is_some(),
            claim,
            parts: parts.iter().map(part).collect(),
        }
    }
}

const NOT_REACHED: &str = "not reached";

fn outcome(truth: Option<Truth>) -> &'static str {
    match truth {
        Some(Truth::True) => "holds",
        Some(Truth::False) => "does not hold",
        Some(Truth::Unknown) => "cannot be told",
        None => NOT_REACHED,
    }
}

/// A test as a policy writes it.
fn written(test: &Test) -> String {
    match test {
        Test::AllOf(scalars) => format!("all_of = {}", list(scalars)),
        Test::AnyOf(scalars) => format!("any_of = {}", list(scalars)),
        Test::AtLeast(number) => format!("at_least = {number}"),
        Test::AtMost(number) => format!("at_most = {number}"),
        Test::Boolean(boolean) => format!("boolean = {boolean}"),
        Test::Contains(scalar) => format!("contains = {}", value(scalar)),
        Test::Equals(scalar) => format!("equals = {}", value(scalar)),
        Test::Exists(exists) => format!("exists = {exists}"),
        Test::Glob(pattern) => format!("glob = {}", quoted(&pattern.to_string())),
        Test::GreaterThan(number) => format!("greater_than = {number}"),
        Test::LessThan(number) => format!("less_than = {number}"),
        Test::NoneOf(scalars) => format!("none_of = {}", list(scalars)),
        Test::Prefix(prefix) => format!("prefix = {}", quoted(prefix)),
        Test::Suffix(suffix) => format!("suffix = {}", quoted(suffix)),
    }
}

fn list(scalars: &[Scalar]) -> String {
    format!("[{}]", scalars.iter().map(value).collect::<Vec<_>>().join(", "))
}

fn value(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Boolean(boolean) => boolean.to_string(),
        Scalar::Integer(integer) => integer.to_string(),
        Scalar::Text(text) => quoted(text),
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A claim's value on one line that still can be read.
pub(super) fn short(value: &serde_json::Value) -> String {
    const MAX_LENGTH: usize = 100;
    let text = value.to_string();
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
