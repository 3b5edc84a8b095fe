//! Reading nodes of TOML as one type or another, and noting what is wrong with them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::load::POLICY_NAMES;
use crate::problem::{PolicyProblem, ProblemKind, line_and_column};
use crate::{QueryTemplate, TemplateProblem, ValueMaps, nearest};

pub(crate) type Node<'t> = Spanned<DeValue<'t>>;

/// Reads the nodes of one text.
pub(crate) struct Reader<'p> {
    text: &'p str,
    pub(crate) problems: Vec<PolicyProblem>,
    /// The tables of `map(…)`, which are read before what refers to them.
    pub(crate) maps: ValueMaps,
    /// The names of the roles, likewise.
    pub(crate) role_names: Vec<String>,
    /// The queries read so far, by their texts: what may be read is mostly what may be written, too.
    pub(crate) queries: BTreeMap<String, Arc<QueryTemplate>>,
}

impl<'p> Reader<'p> {
    pub(crate) fn new(text: &'p str) -> Self {
        Self {
            text,
            problems: Vec::new(),
            maps: ValueMaps::new(),
            role_names: Vec::new(),
            queries: BTreeMap::new(),
        }
    }

    pub(crate) fn required<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        name: &str,
        at: &Range<usize>,
    ) -> Option<&'t Node<'i>> {
        let node = table.get(name);
        if node.is_none() {
            // TOML takes a name below a header for one of that table, silently where any name is allowed.
            let is_top = at.start == 0 && at.end == 0 && name == "user_id";
            let hint = "it stands above the first `[…]`: names below a header belong to that table";
            let hint = is_top.then(|| hint.to_owned());
            self.report(at.clone(), ProblemKind::MissingName, format!("`{name}` is missing"), hint);
        }
        node
    }

    pub(crate) fn table<'t, 'i>(&mut self, node: &'t Node<'i>) -> Option<&'t DeTable<'i>> {
        let is_list_of_tables = node
            .get_ref()
            .as_array()
            .is_some_and(|items| items.iter().any(|item| item.get_ref().is_table()));
        let hint = is_list_of_tables.then_some("its header has single brackets: `[…]`");
        node.get_ref().as_table().or_else(|| self.wrong_type(node, "a table", hint))
    }

    /// The items of a list that must not be empty.
    pub(crate) fn items<'t, 'i>(&mut self, node: &'t Node<'i>) -> &'t [Node<'i>] {
        let Some(items) = node.get_ref().as_array() else {
            let hint =
                node.get_ref().is_table().then_some("its header has double brackets: `[[…]]`");
            return self.wrong_type(node, "a list", hint).unwrap_or_default();
        };
        if items.is_empty() {
            self.value(node, "the list is empty", None);
        }
        items
    }

    pub(crate) fn string<'t>(&mut self, node: &'t Node<'_>) -> Option<&'t str> {
        node.get_ref().as_str().or_else(|| self.wrong_type(node, "a string", None))
    }

    pub(crate) fn boolean(&mut self, node: &Node<'_>) -> Option<bool> {
        node.get_ref().as_bool().or_else(|| self.wrong_type(node, "true or false", None))
    }

    pub(crate) fn integer(&mut self, node: &Node<'_>) -> Option<i64> {
        let integer = node
            .get_ref()
            .as_integer()
            .and_then(|integer| i64::from_str_radix(integer.as_str(), integer.radix()).ok());
        if integer.is_none() {
            self.value(node, "the integer is out of range", None);
        }
        integer
    }

    pub(crate) fn check_names(&mut self, table: &DeTable<'_>, known: &[&str], what: &str) {
        for name in table.keys().filter(|name| !known.contains(&name.get_ref().as_ref())) {
            let hint = match nearest(name.get_ref(), known.iter().copied()) {
                _ if POLICY_NAMES.contains(&name.get_ref().as_ref()) && known != POLICY_NAMES => {
                    "it belongs to the top of the file: above the first `[…]`".to_owned()
                }
                Some(nearest) => format!("did you mean `{nearest}`?"),
                None => format!("the names are {}", known.join(", ")),
            };
            let message = format!("`{}` is not a name of {what}", name.get_ref());
            self.report(name.span(), ProblemKind::UnknownName, message, Some(hint));
        }
    }

    /// Parses a string of the policy; a problem is shown at its place inside the string.
    pub(crate) fn parsed<T>(
        &mut self,
        node: &Node<'_>,
        parse: impl FnOnce(&str, &ValueMaps) -> Result<T, Vec<(ProblemKind, TemplateProblem)>>,
    ) -> Option<T> {
        let text = self.string(node)?;
        match parse(text, &self.maps) {
            Ok(parsed) => Some(parsed),
            Err(problems) => {
                for (kind, TemplateProblem { span, message, hint }) in problems {
                    self.report(self.place_inside(node, text, &span), kind, message, hint);
                }
                None
            }
        }
    }

    /// The place of a part of a string; of the whole where the string has escapes, which shift all places.
    fn place_inside(&self, node: &Node<'_>, text: &str, part: &Range<usize>) -> Range<usize> {
        let whole = node.span();
        let written = self.text.get(whole.clone()).unwrap_or_default();
        match written.find(text) {
            Some(quote) if written.len() == text.len().saturating_add(quote.saturating_mul(2)) => {
                let start = whole.start.saturating_add(quote);
                start.saturating_add(part.start)..start.saturating_add(part.end)
            }
            _ => whole,
        }
    }

    pub(crate) fn wrong_type<T>(
        &mut self,
        node: &Node<'_>,
        expected: &str,
        hint: Option<&str>,
    ) -> Option<T> {
        let message = format!("expected {expected}, found {}", node.get_ref().type_str());
        self.report(node.span(), ProblemKind::WrongType, message, hint.map(str::to_owned));
        None
    }

    pub(crate) fn value(&mut self, node: &Node<'_>, message: &str, hint: Option<&str>) {
        self.report(node.span(), ProblemKind::Value, message.to_owned(), hint.map(str::to_owned));
    }

    pub(crate) fn report(
        &mut self,
        span: Range<usize>,
        kind: ProblemKind,
        message: String,
        hint: Option<String>,
    ) {
        let (line, column) = line_and_column(self.text, span.start);
        self.problems.push(PolicyProblem { kind, span, line, column, message, hint });
    }
}

/// A list's items, or the one value that stands for a list of one.
pub(crate) fn one_or_many<'t, 'i>(node: &'t Node<'i>) -> &'t [Node<'i>] {
    node.get_ref().as_array().map_or(std::slice::from_ref(node), |items| items)
}
