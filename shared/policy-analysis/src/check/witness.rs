//! Whether some value of a claim answers all questions as wanted. Values are tried with the very evaluation that
//! logins meet; those that are tried stand for all others.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use claim_mapping::{
    ClaimPath, ClaimReference, Claims, Condition, ConditionKind, Login, Scalar, Test, Transform,
    Truth,
};
use serde_json::{Number, Value};

use super::claim::is_always_there;

/// A question to a claim, and the wanted answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'c> {
    pub(super) claim: &'c ClaimReference,
    pub(super) test: &'c Test,
    pub(super) holds: bool,
}

/// A question, put to the value that is tried.
struct Trial {
    condition: Condition,
    wanted: Truth,
}

/// Text that no policy has.
const FRESH: &str = "\u{e000}";

/// How many questions to one claim are looked at together: each adds values, and each value meets all of them.
const MAX_QUESTIONS: usize = 100;

/// The claim that has the value that is tried.
const NAME: &str = "value";

/// Whether there is such a value. Where that is too hard to tell, there is.
pub(super) fn has_witness(claim: &ClaimReference, questions: &[Question<'_>]) -> bool {
    if questions.len() > MAX_QUESTIONS {
        return true;
    }
    let trials = questions.iter().map(Trial::of).collect::<Vec<_>>();
    let fits = |value: Option<&Value>| trials.iter().all(|trial| trial.fits(value));
    if !is_always_there(claim) && fits(None) {
        return true;
    }
    let mut seen = HashSet::new();
    let mut items = candidates(claim, questions);
    items.retain(|item| seen.insert(item.to_string()));
    let mapped = mapped(claim);
    items.retain(|item| can_be(claim, mapped.as_ref(), item));
    if items.iter().any(|item| fits(Some(item))) {
        return true;
    }
    let limits = questions.iter().zip(&trials).filter(|(question, _)| limits_each_item(question));
    let limits = limits.map(|(_, trial)| trial).collect::<Vec<_>>();
    items.retain(|item| {
        let alone = Value::Array(vec![item.clone()]);
        limits.iter().all(|trial| trial.fits(Some(&alone)))
    });
    lists(items, questions).iter().any(|list| fits(Some(list))) || is_beyond(questions)
}

impl Trial {
    fn of(question: &Question<'_>) -> Self {
        let path = ClaimPath::Claim { name: NAME.to_owned(), below: Vec::new() };
        let claim = ClaimReference { path, transforms: Vec::new() };
        let kind = ConditionKind::Claim { claim, test: question.test.clone() };
        let wanted = if question.holds { Truth::True } else { Truth::False };
        Self { condition: Condition { kind, span: 0..0 }, wanted }
    }

    fn fits(&self, value: Option<&Value>) -> bool {
        let claims = value.map(|value| (NAME.to_owned(), value.clone()));
        let claims = claims.into_iter().collect::<Claims>();
        let login = Login {
            claims: &claims,
            database_id: "",
            provider: "",
            now: SystemTime::UNIX_EPOCH,
            remaining_life: Duration::ZERO,
        };
        self.condition.truth(&login, &mut ()) == self.wanted
    }
}

/// Whether a list answers as wanted exactly where each of its items does: that it must not have something.
fn limits_each_item(question: &Question<'_>) -> bool {
    match question.test {
        Test::NoneOf(_) => question.holds,
        Test::AllOf(scalars) => !question.holds && scalars.len() == 1,
        Test::AnyOf(_) | Test::Contains(_) | Test::Glob(_) | Test::Prefix(_) | Test::Suffix(_) => {
            !question.holds
        }
        Test::AtLeast(_)
        | Test::AtMost(_)
        | Test::Boolean(_)
        | Test::Equals(_)
        | Test::Exists(_)
        | Test::GreaterThan(_)
        | Test::LessThan(_) => false,
    }
}

/// The fullest lists of these items: of what a list must have, more is never worse.
fn lists(items: Vec<Value>, questions: &[Question<'_>]) -> Vec<Value> {
    let mut lists = vec![Value::Array(Vec::new())];
    for scalar in incomplete_sets(questions).flatten() {
        let left_out = Value::from(scalar.clone());
        let items = items.iter().filter(|item| **item != left_out).cloned();
        lists.push(Value::Array(items.collect()));
    }
    lists.push(Value::Array(items));
    lists
}

/// Of each of these, a list must lack one or more.
fn incomplete_sets<'q>(questions: &'q [Question<'_>]) -> impl Iterator<Item = &'q Vec<Scalar>> {
    questions.iter().filter_map(|question| {
        if let Test::AllOf(scalars) = question.test
            && !question.holds
        {
            Some(scalars)
        } else {
            None
        }
    })
}

/// Whether the values that were tried do not stand for all others.
fn is_beyond(questions: &[Question<'_>]) -> bool {
    let is_one_of_few = |question: &Question<'_>| match question.test {
        Test::AtLeast(_)
        | Test::AtMost(_)
        | Test::Boolean(_)
        | Test::GreaterThan(_)
        | Test::LessThan(_) => true,
        Test::Equals(_) => question.holds,
        Test::Exists(exists) => *exists != question.holds,
        Test::AllOf(_)
        | Test::AnyOf(_)
        | Test::Contains(_)
        | Test::Glob(_)
        | Test::NoneOf(_)
        | Test::Prefix(_)
        | Test::Suffix(_) => false,
    };
    let is_opposite = |one: &Question<'_>| {
        questions.iter().any(|other| one.test == other.test && one.holds != other.holds)
    };
    let has_pattern = questions.iter().any(|question| matches!(question.test, Test::Glob(_)));
    let is_hard = has_pattern || incomplete_sets(questions).count() > 1;
    is_hard && !questions.iter().any(|question| is_one_of_few(question) || is_opposite(question))
}

/// Whether the reference can give the value: what its last transforms make is known.
fn can_be(claim: &ClaimReference, mapped: Option<&HashSet<String>>, value: &Value) -> bool {
    for transform in claim.transforms.iter().rev() {
        let text = value.as_str();
        return match transform {
            Transform::Default(default) if default == value => true,
            Transform::Default(_) => continue,
            Transform::Lower => text.is_some_and(|text| text.to_lowercase() == text),
            Transform::Trim => text.is_some_and(|text| text.trim() == text),
            Transform::StripPrefix(_) => text.is_some(),
            Transform::Map { .. } => mapped.is_some_and(|all| all.contains(&value.to_string())),
        };
    }
    matches!(claim.path, ClaimPath::Claim { .. }) || value.is_string()
}

/// What the last table makes, as JSON.
fn mapped(claim: &ClaimReference) -> Option<HashSet<String>> {
    let table = claim.transforms.iter().rev().find_map(|transform| match transform {
        Transform::Map { table, .. } => Some(table),
        Transform::Default(_) | Transform::Lower | Transform::StripPrefix(_) | Transform::Trim => {
            None
        }
    })?;
    Some(table.values().flat_map(|to| items(to).iter().chain([to])).map(Value::to_string).collect())
}

/// A list's items, or the value itself.
fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// Single values: all that are asked for, and some between and beyond them.
fn candidates(claim: &ClaimReference, questions: &[Question<'_>]) -> Vec<Value> {
    let mut values = vec![Value::Bool(true), Value::Bool(false)];
    values.extend(questions.iter().flat_map(|question| named(question.test)));
    for transform in &claim.transforms {
        match transform {
            Transform::Default(default) => values.push(default.clone()),
            Transform::Map { table, .. } => {
                values.extend(table.values().flat_map(items).cloned());
            }
            Transform::Lower | Transform::StripPrefix(_) | Transform::Trim => {}
        }
    }
    let numbers = values.iter().filter_map(Value::as_number).cloned().collect::<Vec<_>>();
    values.extend(around(&numbers));
    values.extend(texts(questions).into_iter().map(Value::String));
    values
}

/// The values that a test names.
fn named(test: &Test) -> Vec<Value> {
    match test {
        Test::AllOf(scalars) | Test::AnyOf(scalars) | Test::NoneOf(scalars) => {
            scalars.iter().cloned().map(Value::from).collect()
        }
        Test::Contains(scalar) | Test::Equals(scalar) => vec![Value::from(scalar.clone())],
        Test::AtLeast(bound)
        | Test::AtMost(bound)
        | Test::GreaterThan(bound)
        | Test::LessThan(bound) => vec![Value::Number(bound.clone())],
        Test::Boolean(_) => vec![Value::from("true"), Value::from("false")],
        Test::Exists(_) | Test::Glob(_) | Test::Prefix(_) | Test::Suffix(_) => Vec::new(),
    }
}

/// Numbers between and beyond these.
fn around(numbers: &[Number]) -> Vec<Value> {
    let mut floats = numbers.iter().filter_map(Number::as_f64).collect::<Vec<_>>();
    floats.sort_by(f64::total_cmp);
    let between = floats.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(f64::midpoint(*one, *next)),
        _ => None,
    });
    let mut around = between.chain([-1e300, 0.5, 1e300]).map(Value::from).collect::<Vec<_>>();
    for integer in numbers.iter().filter_map(Number::as_i64) {
        let neighbours = [integer.checked_sub(1), integer.checked_add(1)];
        around.extend(neighbours.into_iter().flatten().map(Value::from));
    }
    around
}

/// Texts with all that text is asked to have, and some with only part of it.
fn texts(questions: &[Question<'_>]) -> Vec<String> {
    let (mut prefixes, mut suffixes, mut words) = (vec![""], vec![""], Vec::new());
    let mut texts = vec![FRESH.to_owned()];
    for question in questions {
        if let Test::Prefix(prefix) = question.test {
            prefixes.push(prefix);
        } else if let Test::Suffix(suffix) = question.test {
            suffixes.push(suffix);
        } else if let Test::Glob(pattern) = question.test {
            let pattern = pattern.pattern().replace('?', FRESH);
            texts.extend([pattern.replace('*', ""), pattern.replace('*', FRESH)]);
        } else if let Test::AllOf(scalars) = question.test {
            words.extend(scalars.iter().filter(|_| question.holds).filter_map(text_of));
        } else if let Test::Contains(scalar) = question.test {
            words.extend(Some(scalar).filter(|_| question.holds).and_then(text_of));
        }
    }
    for ends in [&mut prefixes, &mut suffixes] {
        // The longest have the others in them, or no text has them all.
        ends.sort_by_key(|end| std::cmp::Reverse(end.len()));
        ends.truncate(8);
    }
    let words = words.join(" ");
    for prefix in &prefixes {
        for suffix in &suffixes {
            texts.push(format!("{prefix}{suffix}"));
            texts.push(format!("{prefix}{FRESH}{suffix}"));
            texts.push(format!("{prefix}{FRESH} {words} {FRESH}{suffix}"));
        }
    }
    texts.push(words);
    texts
}

fn text_of(scalar: &Scalar) -> Option<&str> {
    match scalar {
        Scalar::Text(text) => Some(text),
        Scalar::Boolean(_) | Scalar::Integer(_) => None,
    }
}
