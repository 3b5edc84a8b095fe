//! Writing what becomes of personas into their file as what is expected of them. Nothing else of the file changes.

use std::collections::{BTreeMap, BTreeSet};

use claim_mapping::{Access, Policy};
use serde_json::Value as Json;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{Expected, ExpectedAnswer, Persona, duration_text, read, refusal_code};
use crate::Diagnostic;

/// A test file with its expectations rewritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The text of the file.
    pub text: String,
    /// The personas whose expectations changed.
    pub changed: Vec<String>,
}

/// Rewrites the expectations of those personas that `is_chosen` chooses and that do not get what they expect.
///
/// # Errors
/// Every problem of the text, in its order.
pub fn update(
    policy: &Policy,
    text: &str,
    is_chosen: impl Fn(&Persona) -> bool,
) -> Result<Updated, Vec<Diagnostic>> {
    let personas = read::read(text, true)?;
    let mut changed = Vec::new();
    let mut document = text.parse::<DocumentMut>().map_err(|error| vec![syntax(&error)])?;
    for (persona, table) in personas.iter().zip(persona_tables(&mut document)) {
        if let Some(wanted) = wanted(policy, persona).filter(|_| is_chosen(persona)) {
            write_expect(table, persona.expected.as_ref(), &wanted);
            changed.push(persona.name.clone());
        }
    }
    if changed.is_empty() {
        return Ok(Updated { text: text.to_owned(), changed });
    }
    let updated = document.to_string();
    // The document has only one way to end lines.
    let has_windows_lines = text.contains("\r\n") && !updated.contains('\r');
    let text = if has_windows_lines { updated.replace('\n', "\r\n") } else { updated };
    Ok(Updated { text, changed })
}

fn syntax(error: &toml_edit::TomlError) -> Diagnostic {
    Diagnostic {
        severity: permission_query::Severity::Error,
        code: super::reader::SYNTAX,
        span: error.span().unwrap_or_default(),
        message: error.message().to_owned(),
        hint: None,
    }
}

fn persona_tables(document: &mut DocumentMut) -> Vec<&mut dyn TableLike> {
    let tables: Box<dyn Iterator<Item = &mut dyn TableLike>> = match document.get_mut("persona") {
        Some(Item::ArrayOfTables(tables)) => {
            Box::new(tables.iter_mut().map(|table| table as &mut dyn TableLike))
        }
        Some(Item::Value(Value::Array(items))) => {
            let tables = items.iter_mut().filter_map(Value::as_inline_table_mut);
            Box::new(tables.map(|table| table as &mut dyn TableLike))
        }
        _ => Box::new(std::iter::empty()),
    };
    tables.collect()
}

/// What the persona should expect, where it is not what it expects.
fn wanted(policy: &Policy, persona: &Persona) -> Option<Expected> {
    // Without `expect`, documents say it all.
    if persona.expected.is_none() && !persona.documents.is_empty() {
        return None;
    }
    let wanted = match (policy.evaluate(&persona.login()), &persona.expected) {
        (Err(refusal), _) => Expected::Refused(refusal_code(&refusal)),
        (Ok(decision), Some(Expected::Accepted(answer))) => {
            Expected::Accepted(answer.part_of(&decision))
        }
        (Ok(decision), _) => Expected::Accepted(ExpectedAnswer::all_of(&decision)),
    };
    Some(wanted).filter(|wanted| persona.expected.as_ref() != Some(wanted))
}

fn write_expect(persona: &mut dyn TableLike, old: Option<&Expected>, new: &Expected) {
    if !persona.contains_key("expect") {
        persona.insert("expect", Item::Table(Table::new()));
    }
    let expect = persona.get_mut("expect").and_then(Item::as_table_like_mut);
    let Some(expect) = expect else { return };
    let nothing = ExpectedAnswer::default();
    let old = match old {
        Some(Expected::Accepted(old)) => old,
        Some(Expected::Refused(_)) | None => &nothing,
    };
    match new {
        Expected::Refused(code) => {
            expect.clear();
            set(expect, "refused", Value::from(*code));
        }
        Expected::Accepted(new) => {
            expect.remove("refused");
            write_answer(expect, old, new);
        }
    }
}

fn write_answer(expect: &mut dyn TableLike, old: &ExpectedAnswer, new: &ExpectedAnswer) {
    if let Some(user_id) = new.user_id.as_ref().filter(|_| new.user_id != old.user_id) {
        set(expect, "user_id", Value::from(user_id));
    }
    if let Some(session) = new.session.filter(|_| new.session != old.session) {
        let is_number = expect.get("session").is_some_and(Item::is_integer);
        let text = || Value::from(duration_text(u64::from(session)));
        let seconds = || Value::from(i64::from(session));
        set(expect, "session", if is_number { seconds() } else { text() });
    }
    for (name, old, new) in [("read", &old.read, &new.read), ("write", &old.write, &new.write)] {
        if let Some(access) = new.as_ref().filter(|_| old != new) {
            write_access(expect, name, old.as_ref(), access);
        }
    }
    if let Some(remote_query) = new.remote_query.filter(|_| new.remote_query != old.remote_query) {
        set(expect, "remote_query", Value::from(remote_query));
    }
    let (info, metadata) = (&new.client_info, &new.identity_metadata);
    for (name, old, new) in [
        ("client_info", &old.client_info, info),
        ("identity_metadata", &old.identity_metadata, metadata),
    ] {
        if let Some(members) = new.as_ref().filter(|_| old != new) {
            let old = |member: &String| old.as_ref()?.get(member);
            write_members(expect, name, changes(old, members, toml_of));
        }
    }
}

fn write_access(expect: &mut dyn TableLike, name: &str, old: Option<&Access>, new: &Access) {
    if new.everything {
        return set(expect, name, Value::from("everything"));
    }
    let queries = |set: &BTreeSet<String>| Value::from(set.iter().collect::<Array>());
    let old = |collection: &String| old?.queries_by_collection.get(collection);
    write_members(expect, name, changes(old, &new.queries_by_collection, queries));
}

/// Each member that there should be, with its value where that is another than before.
type Changes = BTreeMap<String, Option<Value>>;

fn changes<'v, V: PartialEq + 'v>(
    old: impl Fn(&String) -> Option<&'v V>,
    new: impl IntoIterator<Item = (&'v String, &'v V)>,
    toml: impl Fn(&V) -> Value,
) -> Changes {
    let change = |(name, value): (&'v String, &'v V)| {
        let is_same = old(name) == Some(value);
        (name.clone(), (!is_same).then(|| toml(value)))
    };
    new.into_iter().map(change).collect()
}

fn write_members(expect: &mut dyn TableLike, name: &str, changes: Changes) {
    if expect.get(name).and_then(Item::as_table_like).is_none() {
        set(expect, name, Value::InlineTable(InlineTable::new()));
    }
    let Some(item) = expect.get_mut(name) else { return };
    if let Some(members) = item.as_table_like_mut() {
        let gone = members.iter().map(|(name, _)| name.to_owned());
        let gone = gone.filter(|name| !changes.contains_key(name)).collect::<Vec<_>>();
        for name in gone {
            members.remove(&name);
        }
        for (name, value) in changes {
            if let Some(value) = value {
                set(members, &name, value);
            }
        }
    }
    if let Some(members) = item.as_inline_table_mut() {
        // White space belongs to members: without them, it would stand in odd places.
        members.fmt();
    }
}

/// Sets a value; what stands around it stays.
fn set(table: &mut dyn TableLike, name: &str, mut value: Value) {
    if let Some(Item::Value(old)) = table.get_mut(name) {
        *value.decor_mut() = old.decor().clone();
        *old = value;
    } else {
        table.insert(name, Item::Value(value));
    }
}

/// A value of an answer as TOML. What a persona has been given as TOML has no `null`.
fn toml_of(value: &Json) -> Value {
    match value {
        Json::Null => Value::from(""),
        Json::Bool(boolean) => Value::from(*boolean),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::from(integer),
            None => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text),
        Json::Array(items) => Value::Array(items.iter().map(toml_of).collect()),
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| (name, toml_of(value)));
            Value::InlineTable(members.collect())
        }
    }
}
