//! Document ids for paths.

use permission_query::Expression;
use serde_json::{Map, Value, json};

use super::paths::{Asked, Paths};

/// The most ids that are made.
const MAX_IDS: usize = 6_000;

/// A number that no query is likely to name.
const OTHER_NUMBER: i64 = 987_654_321;

/// The values of each path; nothing stands for a member that is missing.
type Values = Vec<(Vec<String>, Vec<Option<Value>>)>;

/// Document ids.
#[derive(Debug)]
pub(super) struct Ids {
    other: String,
    /// Values that queries name. Where there are too many combinations of all, these go first: they show most
    /// differences.
    named: Option<Values>,
    all: Values,
    /// Whether every document is matched by the same queries as one of these.
    pub(super) are_exhaustive: bool,
}

impl Ids {
    pub(super) fn of<'q>(expressions: impl Iterator<Item = &'q Expression>) -> Self {
        let paths = Paths::of(expressions);
        let other = other_text(&paths);
        let named = paths.asked.iter();
        let named = named.map(|(path, asked)| (path.clone(), named_values(asked, &other)));
        let named = named.collect::<Values>();
        let all = named.iter().map(|(path, named)| (path.clone(), all_values(named, &other)));
        let all = all.collect::<Values>();
        let is_small = combinations(&all).is_some_and(|count| count <= MAX_IDS);
        let named = (!is_small).then_some(named);
        Self { other, named, all, are_exhaustive: paths.are_plain && is_small }
    }

    /// Makes them one by one: most differences show early.
    pub(super) fn iter(&self) -> impl Iterator<Item = Value> {
        let named = self.named.iter().flat_map(combined);
        whole_ids(&self.other).into_iter().chain(named).chain(combined(&self.all))
    }
}

/// Ids that are no objects.
fn whole_ids(other: &str) -> Vec<Value> {
    vec![json!(other), json!(OTHER_NUMBER), json!([other]), json!({})]
}

/// A text that no query has a part of.
fn other_text(paths: &Paths) -> String {
    let is_named = |text: &str| {
        paths.asked.values().any(|asked| {
            let values = asked.values.iter().chain(&asked.sought).map(ToString::to_string);
            values
                .chain(asked.beginnings.clone())
                .chain(asked.ends.clone())
                .any(|named| named.contains(text))
        })
    };
    let mut other = "z".to_owned();
    while is_named(&other) {
        other.push('z');
    }
    other
}

/// Nothing stands for a member that is missing.
fn named_values(asked: &Asked, other: &str) -> Vec<Option<Value>> {
    let mut values = asked.values.clone();
    for beginning in &asked.beginnings {
        values.extend([json!(beginning), json!(format!("{beginning}{other}"))]);
        for end in &asked.ends {
            values.push(json!(format!("{beginning}{end}")));
            values.push(json!(format!("{beginning}{other}{end}")));
        }
    }
    values.extend(asked.ends.iter().flat_map(|end| [json!(end), json!(format!("{other}{end}"))]));
    let mut sets = vec![Vec::new()];
    for sought in asked.sought.iter().take(4) {
        let with = sets.iter().map(|set: &Vec<Value>| {
            set.iter().cloned().chain([sought.clone()]).collect::<Vec<_>>()
        });
        let with = with.collect::<Vec<_>>();
        sets.extend(with);
    }
    for set in sets.into_iter().skip(1) {
        let text = set.iter().map(Value::as_str).collect::<Option<Vec<_>>>();
        values.extend(text.map(|words| json!(words.join(other))));
        values.push(Value::Array(set));
    }
    let mut values = values.into_iter().map(Some).collect::<Vec<_>>();
    values.extend([Some(json!(other)), None]);
    without_duplicates(values)
}

/// With a value of each type, and those that count as false.
fn all_values(named: &[Option<Value>], other: &str) -> Vec<Option<Value>> {
    let types = [
        json!(OTHER_NUMBER),
        json!(0),
        json!(""),
        json!(true),
        json!(false),
        json!([]),
        json!([other]),
        json!({}),
        json!({ other: other }),
        Value::Null,
    ];
    without_duplicates(named.iter().cloned().chain(types.into_iter().map(Some)).collect())
}

fn without_duplicates(values: Vec<Option<Value>>) -> Vec<Option<Value>> {
    let mut kept = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

fn combinations(values: &Values) -> Option<usize> {
    values.iter().try_fold(1_usize, |count, (_, values)| count.checked_mul(values.len()))
}

/// All combinations, up to [`MAX_IDS`]; the first path varies fastest.
fn combined(values: &Values) -> impl Iterator<Item = Value> {
    let count = combinations(values).unwrap_or(MAX_IDS).min(MAX_IDS);
    (0..count).map(move |number| {
        let mut rest = number;
        let mut id = Value::Object(Map::new());
        for (path, values) in values {
            let index = rest.checked_rem(values.len()).unwrap_or_default();
            rest = rest.checked_div(values.len()).unwrap_or_default();
            if let Some(Some(value)) = values.get(index) {
                put(&mut id, path, value.clone());
            }
        }
        id
    })
}

fn put(place: &mut Value, path: &[String], value: Value) {
    let Some((name, rest)) = path.split_first() else {
        *place = value;
        return;
    };
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    if let Value::Object(members) = place {
        put(members.entry(name).or_insert(Value::Null), rest, value);
    }
}
