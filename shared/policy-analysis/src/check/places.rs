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

/// A member of a table.
pub(super) fn member<'t>(table: &'t DeTable<'t>, name: &str) -> Option<Member<'t>> {
    let (key, value) = table.get_key_value(name)?;
    Some(Member { name: key.span(), value })
}
