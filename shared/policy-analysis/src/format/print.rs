//! From a layout to its text.

use super::layout::{Group, Item, Layout, Line, Statement, StatementKind, Value};

/// How long a line with a list is at most, in characters.
const MAX_WIDTH: usize = 100;
const INDENT: usize = 4;

pub(super) fn print(layout: &Layout<'_>) -> String {
    let mut printer = Printer::default();
    let mut previous = None;
    for statement in &layout.statements {
        printer.statement(statement, previous);
        previous = Some(&statement.kind);
    }
    let end = match layout.end.as_slice() {
        [Line::Blank, rest @ ..] if previous.is_none() => rest,
        lines => lines,
    };
    match end {
        [lines @ .., Line::Blank] | lines => printer.lines(lines, 0),
    }
    printer.text
}

#[derive(Default)]
struct Printer {
    text: String,
}

impl Printer {
    fn statement(&mut self, statement: &Statement<'_>, previous: Option<&StatementKind<'_>>) {
        let mut before = statement.before.as_slice();
        let is_header = !matches!(statement.kind, StatementKind::Pair(..));
        if let [Line::Blank, rest @ ..] = before
            && (is_header || !matches!(previous, Some(StatementKind::Pair(..))))
        {
            before = rest;
        }
        // A comment right behind the last name of a table, with a blank line after it, is still about that table.
        let is_about_previous = statement.before.first() != Some(&Line::Blank)
            && statement.before.contains(&Line::Blank);
        if is_header && previous.is_some() && !is_about_previous {
            self.text.push('\n');
        }
        self.lines(before, 0);
        match &statement.kind {
            StatementKind::ArrayHeader(name) => self.push(&["[[", name, "]]"]),
            StatementKind::Header(name) => self.push(&["[", name, "]"]),
            StatementKind::Pair(name, value) => {
                self.push(&[name, " = "]);
                self.value(value, 0, 0);
            }
        }
        self.comment(statement.comment);
        self.text.push('\n');
    }

    /// Writes a value after what stands on the line already; `after` more characters follow it there.
    fn value(&mut self, value: &Value<'_>, indent: usize, after: usize) {
        match (value, flat(value)) {
            (_, Some(flat)) if self.has_room(&flat, after) => self.text.push_str(&flat),
            (Value::Scalar(text), _) => self.text.push_str(text),
            (Value::Array(group) | Value::InlineTable(group), Some(flat))
                if group.items.is_empty() =>
            {
                self.text.push_str(&flat);
            }
            (Value::Array(group), _) => self.lines_of(group, ["[", "]"], indent),
            (Value::InlineTable(group), _) if group.spans_lines => {
                self.lines_of(group, ["{", "}"], indent);
            }
            (Value::InlineTable(group), _) => self.members(group, indent, after),
        }
    }

    /// One item a line.
    fn lines_of(&mut self, group: &Group<'_>, [open, close]: [&str; 2], indent: usize) {
        let inner = indent.saturating_add(INDENT);
        self.text.push_str(open);
        self.comment(group.comment);
        self.text.push('\n');
        for (index, item) in group.items.iter().enumerate() {
            match item.before.as_slice() {
                [Line::Blank, rest @ ..] if index == 0 => self.lines(rest, inner),
                lines => self.lines(lines, inner),
            }
            self.indent(inner);
            self.name(item);
            self.value(&item.value, inner, 1);
            self.text.push(',');
            self.comment(item.comment);
            self.text.push('\n');
        }
        let end = match group.end.as_slice() {
            [Line::Blank, rest @ ..] if group.items.is_empty() => rest,
            lines => lines,
        };
        match end {
            [lines @ .., Line::Blank] | lines => self.lines(lines, inner),
        }
        self.indent(indent);
        self.text.push_str(close);
    }

    /// An inline table that was on one line stays there, as TOML before 1.1 demands; only lists in it may break.
    fn members(&mut self, group: &Group<'_>, indent: usize, after: usize) {
        self.text.push_str("{ ");
        for (index, item) in group.items.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.name(item);
            let is_last = index.saturating_add(1) == group.items.len();
            self.value(&item.value, indent, if is_last { after.saturating_add(2) } else { 1 });
        }
        self.text.push_str(" }");
    }

    fn lines(&mut self, lines: &[Line<'_>], indent: usize) {
        for line in lines {
            if let Line::Comment(comment) = line {
                self.indent(indent);
                self.text.push_str(comment);
            }
            self.text.push('\n');
        }
    }

    fn comment(&mut self, comment: Option<&str>) {
        if let Some(comment) = comment {
            self.push(&[" ", comment]);
        }
    }

    fn name(&mut self, item: &Item<'_>) {
        if let Some(name) = &item.name {
            self.push(&[name, " = "]);
        }
    }

    fn push(&mut self, pieces: &[&str]) {
        self.text.extend(pieces.iter().copied());
    }

    fn indent(&mut self, width: usize) {
        self.text.extend(std::iter::repeat_n(' ', width));
    }

    fn has_room(&self, flat: &str, after: usize) -> bool {
        let on_line = self.text.rsplit('\n').next().unwrap_or_default();
        let width = on_line.chars().chain(flat.chars()).count();
        width.saturating_add(after) <= MAX_WIDTH
    }
}

/// The value on one line, unless it has comments or a string of several lines.
fn flat(value: &Value<'_>) -> Option<String> {
    let (group, [open, close]) = match value {
        Value::Scalar(text) => return (!text.contains('\n')).then(|| text.clone()),
        Value::Array(group) => (group, ["[", "]"]),
        Value::InlineTable(group) if group.items.is_empty() => (group, ["{", "}"]),
        Value::InlineTable(group) => (group, ["{ ", " }"]),
    };
    if group.comment.is_some() || has_comment(&group.end) {
        return None;
    }
    let items = group.items.iter().map(flat_item).collect::<Option<Vec<_>>>()?;
    Some(format!("{open}{}{close}", items.join(", ")))
}

fn flat_item(item: &Item<'_>) -> Option<String> {
    if item.comment.is_some() || has_comment(&item.before) {
        return None;
    }
    let value = flat(&item.value)?;
    Some(item.name.as_ref().map_or_else(|| value.clone(), |name| format!("{name} = {value}")))
}

fn has_comment(lines: &[Line<'_>]) -> bool {
    lines.iter().any(|line| *line != Line::Blank)
}
