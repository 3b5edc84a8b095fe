//! Conditions as people read them: `role is one of driver, manager AND level >= 2`.

use claim_mapping::{Condition, ConditionKind, Scalar, Test};
use serde_json::Value;

/// A condition in words.
pub(crate) fn condition_text(condition: &Condition) -> String {
    match &condition.kind {
        ConditionKind::All(parts) => joined(parts, " AND "),
        ConditionKind::Any(parts) => joined(parts, " OR "),
        ConditionKind::Not(inner) => match &inner.kind {
            ConditionKind::Claim { .. } | ConditionKind::Not(_) => {
                format!("NOT {}", condition_text(inner))
            }
            ConditionKind::All(_) | ConditionKind::Any(_) => {
                format!("NOT ({})", condition_text(inner))
            }
        },
        ConditionKind::Claim { claim, test } => format!("{claim} {}", test_text(test)),
    }
}

/// Conditions of which all must hold.
pub(crate) fn all_text(conditions: &[Condition]) -> String {
    match conditions {
        [] => "every verified user".to_owned(),
        [one] => condition_text(one),
        several => joined(several, " AND "),
    }
}

fn joined(parts: &[Condition], word: &str) -> String {
    let is_combination =
        |part: &Condition| matches!(part.kind, ConditionKind::All(_) | ConditionKind::Any(_));
    let part_text = |part: &Condition| {
        let text = condition_text(part);
        if is_combination(part) && parts.len() > 1 { format!("({text})") } else { text }
    };
    parts.iter().map(part_text).collect::<Vec<_>>().join(word)
}

fn test_text(test: &Test) -> String {
    match test {
        Test::AllOf(scalars) => format!("has all of {}", list(scalars)),
        Test::AnyOf(scalars) => match scalars.as_slice() {
            [one] => format!("is or has {}", text_of_value(&one.clone().into())),
            several => format!("is one of {}", list(several)),
        },
        Test::AtLeast(bound) => format!(">= {bound}"),
        Test::AtMost(bound) => format!("<= {bound}"),
        Test::Boolean(expected) => format!("is {expected}"),
        Test::Contains(scalar) => format!("has {}", text_of_value(&scalar.clone().into())),
        Test::Equals(scalar) => format!("= {}", text_of_value(&scalar.clone().into())),
        Test::Exists(true) => "is there".to_owned(),
        Test::Exists(false) => "is missing".to_owned(),
        Test::Glob(pattern) => format!("is like {}", text_of_value(&pattern.to_string().into())),
        Test::GreaterThan(bound) => format!("> {bound}"),
        Test::LessThan(bound) => format!("< {bound}"),
        Test::NoneOf(scalars) => format!("is none of {}", list(scalars)),
        Test::Prefix(prefix) => format!("begins with {}", text_of_value(&prefix.as_str().into())),
        Test::Suffix(suffix) => format!("ends with {}", text_of_value(&suffix.as_str().into())),
    }
}

fn list(scalars: &[Scalar]) -> String {
    let texts = scalars.iter().map(|scalar| text_of_value(&scalar.clone().into()));
    texts.collect::<Vec<_>>().join(", ")
}

/// A value as it stands among words: text in quotes only where it would be taken for something else without.
pub(crate) fn text_of_value(value: &Value) -> String {
    let Value::String(text) = value else { return value.to_string() };
    let is_word = text.chars().all(|character| {
        character.is_alphanumeric()
            || matches!(character, '_' | '-' | '.' | '@' | '*' | '?' | '/' | ':')
    });
    let is_of_other_type =
        text.parse::<f64>().is_ok() || matches!(text.as_str(), "true" | "false" | "null");
    if text.is_empty() || !is_word || is_of_other_type { quoted(value) } else { text.clone() }
}

/// A value, text in quotes.
pub(crate) fn quoted(value: &Value) -> String {
    let text = value.as_str();
    let plain =
        text.filter(|text| !text.contains(['\'', '\\']) && !text.contains(char::is_control));
    plain.map_or_else(|| value.to_string(), |text| format!("'{text}'"))
}
