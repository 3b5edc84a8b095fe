//! Where the names of a policy stand: what the loader does not keep.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value of the text.
pub(super) type Node<'t> = Spanned<DeValue<'t>>;

/// A table's name and value, as the text has them.
pub(super) struct Member<'t> {
    pub(super) name: Range<usize>,
    pub(super) value: &'t Node<'t>,
}

/// Where a value is.
pub(super) struct Extent {
    pub(super) span: Range<usize>,
    /// Whether it is no list and no table.
    pub(super) is_scalar: bool,
}

/// The text as TOML. It was loaded before, so it is a policy.
pub(super) struct Places<'p> {
    text: &'p str,
    table: DeTable<'p>,
}

impl<'p> Places<'p> {
    pub(super) fn of(text: &'p str) -> Self {
        let (table, _) = DeTable::parse_recoverable(text);
        Self { text, table: table.into_inner() }
    }

    /// The member that these names lead to.
    pub(super) fn member(&self, names: &[&str]) -> Option<Member<'_>> {
        let (last, tables) = names.split_last()?;
        let table = tables.iter().try_fold(&self.table, |table, name| {
            table.get(*name).and_then(|node| node.get_ref().as_table())
        })?;
        member(table, last)
    }

    /// A member of a `[[grant]]`, counted from 0.
    pub(super) fn of_grant(&self, index: usize, name: &str) -> Option<Member<'_>> {
        let grants = self.table.get("grant")?.get_ref().as_array()?;
        member(grants.get(index)?.get_ref().as_table()?, name)
    }

    /// The users of a `[[deny]]`, counted from 0.
    pub(super) fn denied_users(&self, index: usize) -> impl Iterator<Item = &Node<'_>> {
        let denials = self.table.get("deny").and_then(|node| node.get_ref().as_array());
        let denial = denials.and_then(|denials| denials.get(index));
        let users = denial.and_then(|denial| denial.get_ref().as_table()?.get("users"));
        users.and_then(|users| users.get_ref().as_array()).into_iter().flatten()
    }

    /// The place of a part of a string; of the whole where it has escapes, which shift all places.
    pub(super) fn inside(
        &self,
        whole: &Range<usize>,
        text: &str,
        part: &Range<usize>,
    ) -> Range<usize> {
        let written = self.text.get(whole.clone()).unwrap_or_default();
        match written.find(text) {
            Some(quote) if written.len() == text.len().saturating_add(quote.saturating_mul(2)) => {
                let start = whole.start.saturating_add(quote);
                start.saturating_add(part.start)..start.saturating_add(part.end)
            }
            _ => whole.clone(),
        }
    }
}

impl Places<'_> {
    /// Where the values of the text are: those with names from their names on, and the items of lists. Tables with
    /// headers are none; what they have is.
    pub(super) fn extents(&self) -> Vec<Extent> {
        let mut extents = Vec::new();
        self.add_members(&self.table, &mut extents);
        extents
    }

    fn add_members(&self, table: &DeTable<'_>, extents: &mut Vec<Extent>) {
        for (name, node) in table {
            self.add(name.span().start, node, extents);
        }
    }

    fn add(&self, start: usize, node: &Node<'_>, extents: &mut Vec<Extent>) {
        let begins_with = |node: &Node<'_>, sign: char| {
            self.text.get(node.span()).is_some_and(|written| written.starts_with(sign))
        };
        let is_written = match node.get_ref() {
            DeValue::Array(items) => {
                let of_headers =
                    |item: &Node<'_>| item.get_ref().is_table() && !begins_with(item, '{');
                !items.iter().any(of_headers)
            }
            DeValue::Table(_) => begins_with(node, '{'),
            DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Float(_)
            | DeValue::Integer(_)
            | DeValue::String(_) => true,
        };
        if is_written {
            let is_scalar = !node.get_ref().is_array() && !node.get_ref().is_table();
            extents.push(Extent { span: start..node.span().end, is_scalar });
        }
        match node.get_ref() {
            DeValue::Array(items) => {
                items.iter().for_each(|item| self.add(item.span().start, item, extents));
            }
            DeValue::Table(table) => self.add_members(table, extents),
            DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Float(_)
            | DeValue::Integer(_)
            | DeValue::String(_) => {}
        }
    }
}

/// A member of a table.
pub(super) fn member<'t>(table: &'t DeTable<'t>, name: &str) -> Option<Member<'t>> {
    let (key, value) = table.get_key_value(name)?;
    Some(Member { name: key.span(), value })
}
