//! Reading nodes of TOML as one type or another, and noting what is wrong with them.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{PolicyProblem, ProblemKind};

pub(crate) type Node<'t> = Spanned<DeValue<'t>>;

/// Reads the nodes of one text.
pub(crate) struct Reader<'p> {
    text: &'p str,
    pub(crate) problems: Vec<PolicyProblem>,
}

impl<'p> Reader<'p> {
    pub(crate) fn new(text: &'p str) -> Self {
        Self { text, problems: Vec::new() }
    }

    pub(crate) fn required<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        name: &str,
        at: &Range<usize>,
    ) -> Option<&'t Node<'i>> {
        let node = table.get(name);
        if node.is_none() {
            self.report(at.clone(), ProblemKind::MissingName, format!("`{name}` is missing"), None);
        }
        node
    }

    pub(crate) fn table<'t, 'i>(&mut self, node: &'t Node<'i>) -> Option<&'t DeTable<'i>> {
        node.get_ref().as_table().or_else(|| self.wrong_type(node, "a table", None))
    }

    /// The items of a list that must not be empty.
    pub(crate) fn items<'t, 'i>(&mut self, node: &'t Node<'i>) -> &'t [Node<'i>] {
        let Some(items) = node.get_ref().as_array() else {
            return self.wrong_type(node, "a list", None).unwrap_or_default();
        };
        if items.is_empty() {
            let message = "the list is empty".to_owned();
            self.report(node.span(), ProblemKind::Value, message, None);
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
            let message = "the integer is out of range".to_owned();
            self.report(node.span(), ProblemKind::Value, message, None);
        }
        integer
    }

    pub(crate) fn check_names(&mut self, table: &DeTable<'_>, known: &[&str], what: &str) {
        for name in table.keys().filter(|name| !known.contains(&name.get_ref().as_ref())) {
            let nearest = known
                .iter()
                .map(|known| (strsim::damerau_levenshtein(known, name.get_ref()), known))
                .filter(|(distance, _)| *distance <= 3)
                .min();
            let hint = match nearest {
                Some((_, nearest)) => format!("did you mean `{nearest}`?"),
                None => format!("the names are {}", known.join(", ")),
            };
            let message = format!("`{}` is not a name of {what}", name.get_ref());
            self.report(name.span(), ProblemKind::UnknownName, message, Some(hint));
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

    pub(crate) fn report(
        &mut self,
        at: Range<usize>,
        kind: ProblemKind,
        message: String,
        hint: Option<String>,
    ) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count().saturating_add(1);
        let on_line = before.rsplit('\n').next().unwrap_or_default();
        let column = on_line.chars().count().saturating_add(1);
        self.problems.push(PolicyProblem { kind, line, column, message, hint });
    }
}

/// A list's items, or the one value that stands for a list of one.
pub(crate) fn one_or_many<'t, 'i>(node: &'t Node<'i>) -> &'t [Node<'i>] {
    node.get_ref().as_array().map_or(std::slice::from_ref(node), |items| items)
}
