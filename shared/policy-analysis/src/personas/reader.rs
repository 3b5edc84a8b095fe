//! Reading nodes of TOML as one type or another, and noting what is wrong with them.

use std::ops::Range;
use std::time::Duration;

use claim_mapping::{nearest, parse_duration};
use permission_query::Severity;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Diagnostic;

pub(super) type Node<'t> = Spanned<DeValue<'t>>;

pub(super) const MISSING_NAME: &str = "test.missing_name";
pub(super) const SYNTAX: &str = "test.syntax";
pub(super) const UNKNOWN_NAME: &str = "test.unknown_name";
pub(super) const VALUE: &str = "test.value";
pub(super) const WRONG_TYPE: &str = "test.wrong_type";

/// Reads the nodes of one text.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) problems: Vec<Diagnostic>,
    /// A persona without any expectation is one whose expectations are about to be written.
    pub(super) may_expect_nothing: bool,
}

impl Reader {
    pub(super) fn required<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        name: &str,
        at: &Range<usize>,
    ) -> Option<&'t Node<'i>> {
        let node = table.get(name);
        if node.is_none() {
            self.report(at.clone(), MISSING_NAME, format!("`{name}` is missing"), None);
        }
        node
    }

    pub(super) fn table<'t, 'i>(&mut self, node: &'t Node<'i>) -> Option<&'t DeTable<'i>> {
        node.get_ref().as_table().or_else(|| self.wrong_type(node, "a table"))
    }

    pub(super) fn items<'t, 'i>(&mut self, node: &'t Node<'i>) -> &'t [Node<'i>] {
        match node.get_ref().as_array() {
            Some(items) => items,
            None => self.wrong_type(node, "a list").unwrap_or_default(),
        }
    }

    /// A list's items, or the one text that stands for a list of one.
    pub(super) fn one_or_many<'t, 'i>(&mut self, node: &'t Node<'i>) -> &'t [Node<'i>] {
        if node.get_ref().is_str() { std::slice::from_ref(node) } else { self.items(node) }
    }

    pub(super) fn string<'t>(&mut self, node: &'t Node<'_>) -> Option<&'t str> {
        node.get_ref().as_str().or_else(|| self.wrong_type(node, "a string"))
    }

    pub(super) fn boolean(&mut self, node: &Node<'_>) -> Option<bool> {
        node.get_ref().as_bool().or_else(|| self.wrong_type(node, "true or false"))
    }

    /// A length of time: `"1h"`, or a number of seconds.
    pub(super) fn duration(&mut self, node: &Node<'_>) -> Option<Duration> {
        let duration = match node.get_ref() {
            DeValue::Integer(integer) => {
                let seconds = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
                seconds.map(Duration::from_secs)
            }
            DeValue::String(text) => parse_duration(text),
            DeValue::Array(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Float(_)
            | DeValue::Table(_) => return self.wrong_type(node, "a length of time"),
        };
        if duration.is_none() {
            let hint = "write a number and a unit, or seconds: \"30m\", \"12h\", 3600";
            self.value(node, "this is no length of time", Some(hint));
        }
        duration
    }

    pub(super) fn check_names(&mut self, table: &DeTable<'_>, known: &[&str], what: &str) {
        for name in table.keys().filter(|name| !known.contains(&name.get_ref().as_ref())) {
            let hint = match nearest(name.get_ref(), known.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("the names are {}", known.join(", ")),
            };
            let message = format!("`{}` is not a name of {what}", name.get_ref());
            self.report(name.span(), UNKNOWN_NAME, message, Some(hint));
        }
    }

    /// One of some words; another is reported with the nearest of them.
    pub(super) fn word(
        &mut self,
        node: &Node<'_>,
        known: &[&'static str],
        what: &str,
    ) -> Option<&'static str> {
        let text = self.string(node)?;
        let word = known.iter().find(|word| **word == text);
        if word.is_none() {
            let hint = match nearest(text, known.iter().copied()) {
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("write one of {}", known.join(", ")),
            };
            self.value(node, &format!("`{text}` is not {what}"), Some(&hint));
        }
        word.copied()
    }

    pub(super) fn wrong_type<T>(&mut self, node: &Node<'_>, expected: &str) -> Option<T> {
        let message = format!("expected {expected}, found {}", node.get_ref().type_str());
        self.report(node.span(), WRONG_TYPE, message, None);
        None
    }

    pub(super) fn value(&mut self, node: &Node<'_>, message: &str, hint: Option<&str>) {
        self.report(node.span(), VALUE, message.to_owned(), hint.map(str::to_owned));
    }

    pub(super) fn report(
        &mut self,
        span: Range<usize>,
        code: &'static str,
        message: String,
        hint: Option<String>,
    ) {
        self.problems.push(Diagnostic { severity: Severity::Error, code, span, message, hint });
    }
}
