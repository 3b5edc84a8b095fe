//! From TOML to personas: every problem of the text at once, each with its place and a hint.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::{Duration, SystemTime};

use toml::de::DeTable;

use super::reader::{MISSING_NAME, Node, Reader, SYNTAX, VALUE};
use super::{
    DEFAULT_DATABASE_ID, DEFAULT_PROVIDER, DEFAULT_TOKEN_LIFE, Document, Operation, Persona,
    parse_time,
};
use crate::Diagnostic;
use crate::lines::Lines;

/// The names of a test file.
pub const TEST_FILE_NAMES: &[&str] = &["persona"];
/// The names of `[[persona]]`.
pub const PERSONA_NAMES: &[&str] =
    &["name", "claims", "provider", "database_id", "now", "token_life", "expect", "document"];
/// The names of `[persona.expect]`.
pub const EXPECT_NAMES: &[&str] = &[
    "refused",
    "user_id",
    "session",
    "read",
    "write",
    "remote_query",
    "client_info",
    "identity_metadata",
];
/// The names of `[[persona.document]]`.
pub const DOCUMENT_NAMES: &[&str] = &["collection", "id", "can", "cannot"];

/// 2026-01-01T00:00:00Z: the time of a persona that names none.
fn default_now() -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_hours(490_896))
}

impl Persona {
    /// Reads the personas of a test file.
    ///
    /// # Errors
    /// Every problem of the text, in its order.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, Vec<Diagnostic>> {
        read(text, false)
    }
}

/// Reads a test file, `may_expect_nothing` where the expectations are about to be written.
pub(super) fn read(text: &str, may_expect_nothing: bool) -> Result<Vec<Persona>, Vec<Diagnostic>> {
    let mut reader = Reader { may_expect_nothing, ..Reader::default() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().unwrap_or_default();
        reader.report(at, SYNTAX, error.message().to_owned(), None);
    }
    let mut personas = reader.personas(table.get_ref());
    if reader.problems.is_empty() {
        let lines = Lines::of(text);
        for persona in &mut personas {
            persona.line = lines.number(persona.span.start);
            for document in &mut persona.documents {
                document.line = lines.number(document.span.start);
            }
        }
        return Ok(personas);
    }
    reader.problems.sort_by_key(|problem| problem.span.start);
    Err(reader.problems)
}

impl Reader {
    fn personas(&mut self, table: &DeTable<'_>) -> Vec<Persona> {
        self.check_names(table, TEST_FILE_NAMES, "a test file");
        let Some(node) = table.get("persona") else {
            let hint = "add `[[persona]]` with `name`, `claims` and `[persona.expect]`".to_owned();
            let message = "the file has no persona".to_owned();
            self.report(0..0, MISSING_NAME, message, Some(hint));
            return Vec::new();
        };
        let mut names = BTreeSet::new();
        let mut personas = Vec::new();
        for node in self.items(node) {
            personas.extend(self.persona(node, &mut names));
        }
        personas
    }

    fn persona(&mut self, node: &Node<'_>, names: &mut BTreeSet<String>) -> Option<Persona> {
        let table = self.table(node)?;
        self.check_names(table, PERSONA_NAMES, "a persona");
        self.check_expects_something(table, &node.span());
        let name = self.required(table, "name", &node.span());
        let name = name.and_then(|node| self.name(node, names));
        let claims = self.required(table, "claims", &node.span());
        let claims = claims.and_then(|node| self.table(node));
        let claims = claims.map(|table| self.json_object(table));
        let provider = table.get("provider").and_then(|node| self.string(node));
        let database_id = table.get("database_id").and_then(|node| self.string(node));
        let now = table.get("now").map_or_else(default_now, |node| self.now(node));
        let token_life = table.get("token_life");
        let token_life = token_life.map_or(Some(DEFAULT_TOKEN_LIFE), |node| self.duration(node));
        let expected = table.get("expect").and_then(|node| self.expected(node));
        let documents = table.get("document").map(|node| self.documents(node));
        Some(Persona {
            name: name?,
            claims: claims?,
            provider: provider.unwrap_or(DEFAULT_PROVIDER).to_owned(),
            database_id: database_id.unwrap_or(DEFAULT_DATABASE_ID).to_owned(),
            now: now?,
            token_life: token_life?,
            expected,
            documents: documents.unwrap_or_default(),
            span: node.span(),
            line: 0,
        })
    }

    fn check_expects_something(&mut self, table: &DeTable<'_>, at: &Range<usize>) {
        let expects = table.contains_key("expect") || table.contains_key("document");
        if !expects && !self.may_expect_nothing {
            let message = "this persona expects nothing".to_owned();
            let hint = "add `[persona.expect]` or `[[persona.document]]`, or run with --update";
            self.report(at.clone(), MISSING_NAME, message, Some(hint.to_owned()));
        }
    }

    fn name(&mut self, node: &Node<'_>, names: &mut BTreeSet<String>) -> Option<String> {
        let name = self.string(node)?.to_owned();
        if name.trim().is_empty() {
            self.value(node, "the name is empty", Some("say who this is"));
        } else if !names.insert(name.clone()) {
            let message = format!("there is another persona `{name}`");
            self.value(node, &message, Some("give each its own name"));
        }
        Some(name)
    }

    fn now(&mut self, node: &Node<'_>) -> Option<SystemTime> {
        let Some(datetime) = node.get_ref().as_datetime() else {
            return self.wrong_type(node, "a time");
        };
        let time = parse_time(&datetime.to_string());
        if time.is_none() {
            let hint = Some("write it like 2026-01-01T00:00:00Z");
            self.value(node, "this is no moment since 1970 in UTC", hint);
        }
        time
    }

    fn documents(&mut self, node: &Node<'_>) -> Vec<Document> {
        self.items(node).iter().filter_map(|node| self.document(node)).collect()
    }

    fn document(&mut self, node: &Node<'_>) -> Option<Document> {
        let table = self.table(node)?;
        self.check_names(table, DOCUMENT_NAMES, "a document");
        let collection = self.required(table, "collection", &node.span());
        let collection = collection.and_then(|node| self.string(node));
        let id = self.required(table, "id", &node.span()).and_then(|node| self.json(node));
        let can = self.operations(table.get("can"));
        let cannot = self.operations(table.get("cannot"));
        self.check_operations(table, (&can, &cannot), &node.span());
        Some(Document {
            collection: collection?.to_owned(),
            id: id?,
            can,
            cannot,
            span: node.span(),
            line: 0,
        })
    }

    fn operations(&mut self, node: Option<&Node<'_>>) -> Vec<Operation> {
        let nodes = node.map(|node| self.one_or_many(node)).unwrap_or_default();
        let words = ["read", "write"];
        let words = nodes.iter().filter_map(|node| self.word(node, &words, "an operation"));
        let operation = |word| if word == "read" { Operation::Read } else { Operation::Write };
        words.map(operation).collect()
    }

    fn check_operations(
        &mut self,
        table: &DeTable<'_>,
        (can, cannot): (&[Operation], &[Operation]),
        at: &Range<usize>,
    ) {
        let is_empty = |node: &Node<'_>| node.get_ref().as_array().is_some_and(|a| a.is_empty());
        if ["can", "cannot"].iter().all(|name| table.get(*name).is_none_or(is_empty)) {
            let message = "this document expects nothing".to_owned();
            let hint = "add `can = [\"read\"]` or `cannot = [\"read\", \"write\"]`".to_owned();
            self.report(at.clone(), MISSING_NAME, message, Some(hint));
        }
        if let Some(both) = can.iter().find(|operation| cannot.contains(operation)) {
            let message = format!("`{both}` cannot be both possible and impossible");
            self.report(at.clone(), VALUE, message, Some("give it once".to_owned()));
        }
    }
}
