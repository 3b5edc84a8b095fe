//! Values that pass a test, fail it, or cannot be told of.

use claim_mapping::{Scalar, Test};
use serde_json::{Number, Value, json};

/// Text that no policy is likely to name.
pub(super) const OTHER: &str = "other";

/// Beyond so many words, lists of two of them are left out.
const MAX_PAIRED_WORDS: usize = 8;

/// So many words of a list are each left out of it.
const MAX_LACKED_WORDS: usize = 64;

/// Values for one test, the likeliest to pass first.
pub(super) fn values(test: &Test) -> Vec<Value> {
    match test {
        Test::AllOf(scalars) => words(scalars),
        Test::AnyOf(scalars) | Test::NoneOf(scalars) => one_of(scalars),
        Test::AtLeast(bound)
        | Test::AtMost(bound)
        | Test::GreaterThan(bound)
        | Test::LessThan(bound) => around(bound),
        Test::Boolean(expected) => {
            let as_text = |boolean: bool| json!(if boolean { "true" } else { "false" });
            vec![
                json!(expected),
                as_text(*expected),
                json!(!expected),
                as_text(!expected),
                json!(1),
                json!(OTHER),
            ]
        }
        Test::Contains(scalar) => words(std::slice::from_ref(scalar)),
        Test::Equals(scalar) => {
            let value = Value::from(scalar.clone());
            let mut values = vec![value.clone()];
            values.extend(other(scalar));
            values.extend([json!([value]), json!({})]);
            values
        }
        Test::Exists(_) => vec![json!(OTHER), Value::Null],
        Test::Glob(pattern) => in_form(&pattern.to_string()),
        Test::Prefix(prefix) => {
            let mut shorter = prefix.clone();
            shorter.pop();
            texts([format!("{prefix}{OTHER}"), prefix.clone(), shorter, format!("{OTHER}{prefix}")])
        }
        Test::Suffix(suffix) => {
            let shorter = suffix.chars().skip(1).collect();
            texts([format!("{OTHER}{suffix}"), suffix.clone(), shorter, format!("{suffix}{OTHER}")])
        }
    }
}

/// How many of these values a test needs at least: each that it names, and one beside it.
pub(super) fn likeliest(test: &Test) -> usize {
    match test {
        Test::AnyOf(scalars) | Test::NoneOf(scalars) => scalars.len(),
        Test::AllOf(_)
        | Test::AtLeast(_)
        | Test::AtMost(_)
        | Test::Boolean(_)
        | Test::Contains(_)
        | Test::Equals(_)
        | Test::Exists(_)
        | Test::Glob(_)
        | Test::GreaterThan(_)
        | Test::LessThan(_)
        | Test::Prefix(_)
        | Test::Suffix(_) => 6,
    }
}

/// Each of them, alone and in a list, others, and none.
fn one_of(scalars: &[Scalar]) -> Vec<Value> {
    let mut values = scalars.iter().cloned().map(Value::from).collect::<Vec<_>>();
    values.extend(scalars.iter().map(|scalar| json!([Value::from(scalar.clone())])));
    values.extend(scalars.iter().filter_map(other));
    values.extend([json!([OTHER]), json!([]), json!({})]);
    values
}

/// Lists and texts of words: all of them, all but each one, each one alone, two of them, none.
pub(super) fn words(scalars: &[Scalar]) -> Vec<Value> {
    let all = scalars.iter().cloned().map(Value::from).collect::<Vec<_>>();
    let mut lists = vec![all.clone()];
    for (index, one) in all.iter().enumerate().take(MAX_LACKED_WORDS) {
        let mut rest = all.clone();
        rest.remove(index);
        lists.extend([vec![one.clone()], rest]);
        if all.len() <= MAX_PAIRED_WORDS {
            let later = all.iter().skip(index).skip(1);
            lists.extend(later.map(|two| vec![one.clone(), two.clone()]));
        }
    }
    let mut with_other = all;
    with_other.push(json!(OTHER));
    lists.extend([with_other, vec![json!(OTHER)]]);
    let as_text = |list: &Vec<Value>| {
        let words = list.iter().map(Value::as_str).collect::<Option<Vec<_>>>()?;
        Some(json!(words.join(" ")))
    };
    let mut values = Vec::new();
    for list in &lists {
        values.push(json!(list));
        values.extend(as_text(list));
    }
    // A word within a longer one is no word.
    let longer = scalars.iter().filter_map(|scalar| match scalar {
        Scalar::Text(text) => Some(json!(format!("{text}{OTHER}"))),
        Scalar::Boolean(_) | Scalar::Integer(_) => None,
    });
    values.extend(longer);
    values.push(json!({}));
    values
}

/// A value of the same type that is not equal.
fn other(scalar: &Scalar) -> Option<Value> {
    match scalar {
        Scalar::Boolean(boolean) => Some(json!(!boolean)),
        Scalar::Integer(integer) => integer.checked_add(1).map(Value::from),
        Scalar::Text(_) => Some(json!(OTHER)),
    }
}

/// A bound, both its sides, fractions beside it, and text that looks like it.
fn around(bound: &Number) -> Vec<Value> {
    let float = bound.as_f64().unwrap_or_default();
    let mut values = match bound.as_i64() {
        Some(integer) => {
            let sides = [0, -1, 1].into_iter().filter_map(|by| integer.checked_add(by));
            sides.map(Value::from).collect::<Vec<_>>()
        }
        None => {
            [float, float - 1.0, float + 1.0, float.floor(), float.ceil()].map(Value::from).to_vec()
        }
    };
    values.extend([json!(float - 0.5), json!(float + 0.5), json!(bound.to_string())]);
    values
}

/// Texts of a form with `*` and `?`, and such that just are not.
fn in_form(pattern: &str) -> Vec<Value> {
    texts([
        pattern.replace('*', OTHER).replace('?', "x"),
        pattern.replace('*', "").replace('?', "x"),
        pattern.replace(['*', '?'], ""),
        format!("{OTHER}{}", pattern.replace('*', "").replace('?', "x")),
        format!("{}{OTHER}", pattern.replace('*', "").replace('?', "x")),
        pattern.replace('*', OTHER).replace('?', "x").chars().skip(1).collect(),
    ])
}

/// Each text, and in a list beside another.
fn texts<const N: usize>(texts: [String; N]) -> Vec<Value> {
    let lists = texts.iter().take(2).map(|text| json!([text, OTHER]));
    let lists = lists.collect::<Vec<_>>();
    let texts = texts.into_iter().map(Value::String);
    texts.chain(lists).chain([json!(OTHER), json!([OTHER]), json!(7)]).collect()
}
