//! From TOML to a [`Policy`]: every problem of the text at once, each with its place and a hint.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::condition::{Condition, Scalar, Test};
use crate::policy::{AccessTemplate, Grant, JsonTemplate, JsonTemplateValue};
use crate::problem::{PolicyProblems, ProblemKind};
use crate::reader::{Node, Reader, one_or_many};
use crate::session::{MIN_SESSION, Session, parse_duration};
use crate::template::Template;
use crate::{ClaimPath, Policy, QueryTemplate};

const POLICY_NAMES: &[&str] =
    &["user_id", "session", "require", "grant", "client_info", "identity_metadata"];
const SESSION_NAMES: &[&str] = &["length", "within_token"];
const GRANT_NAMES: &[&str] = &["when", "read", "write", "remote_query"];
const CONDITION_NAMES: &[&str] = &["claim", "equals", "any_of", "contains"];

impl Policy {
    /// Loads a policy.
    ///
    /// # Errors
    /// [`PolicyProblems`] with every problem of the text, in its order.
    pub fn parse(text: &str) -> Result<Self, PolicyProblems> {
        let mut reader = Reader::new(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().unwrap_or_default();
            reader.report(at, ProblemKind::Syntax, error.message().to_owned(), None);
        }
        let policy = reader.policy(table.get_ref(), table.span());
        let mut problems = reader.problems;
        problems.sort_by_key(|problem| (problem.line, problem.column));
        match policy {
            Some(policy) if problems.is_empty() => Ok(policy),
            _ => Err(PolicyProblems(problems)),
        }
    }
}

impl Reader<'_> {
    fn policy(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<Policy> {
        self.check_names(table, POLICY_NAMES, "a policy");
        let top = span.start..span.start;
        let user_id = self.required(table, "user_id", &top).and_then(|node| self.template(node));
        let session = self.required(table, "session", &top).and_then(|node| self.session(node));
        let require = table.get("require").map(|node| self.conditions(node));
        let grants = self.required(table, "grant", &top).map(|node| {
            self.items(node).iter().filter_map(|item| self.grant(item)).collect::<Vec<_>>()
        });
        let client_info = self.json_table(table.get("client_info"));
        let identity_metadata = self.json_table(table.get("identity_metadata"));
        Some(Policy {
            user_id: user_id?,
            session: session?,
            require: require.unwrap_or_default(),
            grants: grants?,
            client_info,
            identity_metadata,
        })
    }

    fn session(&mut self, node: &Node<'_>) -> Option<Session> {
        let table = self.table(node)?;
        self.check_names(table, SESSION_NAMES, "`session`");
        let length = self.required(table, "length", &node.span())?;
        let within_token = match table.get("within_token") {
            None => Some(true),
            Some(node) => self.boolean(node),
        };
        let duration = parse_duration(self.string(length)?);
        if duration.is_none_or(|duration| duration < MIN_SESSION) {
            let message = format!("a session lasts {} s or longer", MIN_SESSION.as_secs());
            let hint = "write a number and a unit: 30m, 12h, 7d";
            self.report(length.span(), ProblemKind::Value, message, Some(hint.to_owned()));
        }
        Some(Session { length: duration?, within_token: within_token? })
    }

    fn grant(&mut self, node: &Node<'_>) -> Option<Grant> {
        let table = self.table(node)?;
        self.check_names(table, GRANT_NAMES, "a grant");
        let when = table.get("when").map(|node| self.conditions(node)).unwrap_or_default();
        let read = self.access(table.get("read"));
        let write = self.access(table.get("write"));
        let remote_query = table.get("remote_query").map_or(Some(false), |node| self.boolean(node));
        let gives_nothing = |access: &Option<AccessTemplate>| {
            access
                .as_ref()
                .is_some_and(|access| *access == AccessTemplate::Queries(BTreeMap::new()))
        };
        if gives_nothing(&read) && gives_nothing(&write) && remote_query == Some(false) {
            let hint = "add `read`, `write` or `remote_query`";
            let message = "this grant gives nothing".to_owned();
            self.report(node.span(), ProblemKind::MissingName, message, Some(hint.to_owned()));
        }
        Some(Grant { when, read: read?, write: write?, remote_query: remote_query? })
    }

    /// `"everything"`, or a table from collections to one query or several.
    fn access(&mut self, node: Option<&Node<'_>>) -> Option<AccessTemplate> {
        let Some(node) = node else {
            return Some(AccessTemplate::Queries(BTreeMap::new()));
        };
        if node.get_ref().as_str() == Some("everything") {
            return Some(AccessTemplate::Everything);
        }
        let Some(collections) = node.get_ref().as_table() else {
            let hint = r#"for example { tasks = "_id.owner == {sub}" }"#;
            return self.wrong_type(node, r#""everything" or queries by collection"#, Some(hint));
        };
        let mut queries = BTreeMap::new();
        for (collection, node) in collections {
            queries.insert(collection.get_ref().to_string(), self.queries(node));
        }
        Some(AccessTemplate::Queries(queries))
    }

    fn queries(&mut self, node: &Node<'_>) -> Vec<QueryTemplate> {
        let nodes = one_or_many(node);
        if nodes.is_empty() {
            let message = "an empty list grants nothing".to_owned();
            let hint = r#"remove the collection, or write "true" for all its documents"#;
            self.report(node.span(), ProblemKind::Value, message, Some(hint.to_owned()));
        }
        nodes.iter().filter_map(|node| self.parsed(node, QueryTemplate::parse)).collect()
    }

    fn template(&mut self, node: &Node<'_>) -> Option<Template> {
        self.parsed(node, Template::parse)
    }

    fn parsed<T, E: std::fmt::Display>(
        &mut self,
        node: &Node<'_>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.string(node)?) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.report(node.span(), ProblemKind::Template, error.to_string(), None);
                None
            }
        }
    }

    /// One condition, or a list of them.
    fn conditions(&mut self, node: &Node<'_>) -> Vec<Condition> {
        let nodes = one_or_many(node);
        if nodes.is_empty() {
            let message = "an empty list asks nothing".to_owned();
            let hint = "remove it, or give a condition";
            self.report(node.span(), ProblemKind::Value, message, Some(hint.to_owned()));
        }
        nodes.iter().filter_map(|node| self.condition(node)).collect()
    }

    fn condition(&mut self, node: &Node<'_>) -> Option<Condition> {
        let table = self.table(node)?;
        self.check_names(table, CONDITION_NAMES, "a condition");
        let claim = self.required(table, "claim", &node.span());
        let claim = claim.and_then(|node| self.parsed(node, ClaimPath::parse));
        let tests = ["equals", "any_of", "contains"].map(|name| table.get(name));
        let test = match tests {
            [Some(node), None, None] => self.scalar(node).map(Test::Equals),
            [None, Some(node), None] => Some(Test::AnyOf(
                self.items(node).iter().filter_map(|item| self.scalar(item)).collect(),
            )),
            [None, None, Some(node)] => self.scalar(node).map(Test::Contains),
            _ => {
                let message = "a condition asks one thing of a claim".to_owned();
                let hint = "give exactly one of `equals`, `any_of`, `contains`";
                self.report(node.span(), ProblemKind::MissingName, message, Some(hint.to_owned()));
                None
            }
        };
        Some(Condition { claim: claim?, test: test? })
    }

    fn scalar(&mut self, node: &Node<'_>) -> Option<Scalar> {
        let value = node.get_ref();
        if value.is_integer() {
            return self.integer(node).map(Scalar::Integer);
        }
        let text = value.as_str().map(|text| Scalar::Text(text.to_owned()));
        text.or_else(|| value.as_bool().map(Scalar::Boolean))
            .or_else(|| self.wrong_type(node, "a string, an integer or a boolean", None))
    }

    fn json_table(&mut self, node: Option<&Node<'_>>) -> JsonTemplate {
        let Some(table) = node.and_then(|node| self.table(node)) else {
            return JsonTemplate::new();
        };
        let mut members = JsonTemplate::new();
        for (name, node) in table {
            if let Some(value) = self.json_value(node) {
                members.insert(name.get_ref().to_string(), value);
            }
        }
        members
    }

    fn json_value(&mut self, node: &Node<'_>) -> Option<JsonTemplateValue> {
        match node.get_ref() {
            DeValue::String(_) => self.template(node).map(JsonTemplateValue::Filled),
            DeValue::Boolean(value) => Some(JsonTemplateValue::Fixed(Value::Bool(*value))),
            DeValue::Integer(_) => {
                self.integer(node).map(|integer| JsonTemplateValue::Fixed(Value::from(integer)))
            }
            DeValue::Array(items) => Some(JsonTemplateValue::List(
                items.iter().filter_map(|item| self.json_value(item)).collect(),
            )),
            DeValue::Table(_) => Some(JsonTemplateValue::Table(self.json_table(Some(node)))),
            DeValue::Float(_) | DeValue::Datetime(_) => {
                self.wrong_type(node, "a string, an integer, a boolean, a list or a table", None)
            }
        }
    }
}
