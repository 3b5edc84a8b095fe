//! A TOML text as it is laid out: its statements in their order, with the comments and blank lines before each.

use toml_parser::Source;
use toml_parser::parser::{Event, EventKind, parse_document};

use super::quotes::requoted;

/// A whole text.
#[derive(Debug, Default)]
pub(super) struct Layout<'t> {
    pub(super) statements: Vec<Statement<'t>>,
    /// What follows the last statement.
    pub(super) end: Vec<Line<'t>>,
}

/// A header or a name with its value.
#[derive(Debug)]
pub(super) struct Statement<'t> {
    pub(super) before: Vec<Line<'t>>,
    pub(super) kind: StatementKind<'t>,
    /// The comment on its last line.
    pub(super) comment: Option<&'t str>,
}

#[derive(Debug)]
pub(super) enum StatementKind<'t> {
    /// `[[a.b]]`
    ArrayHeader(String),
    /// `[a.b]`
    Header(String),
    /// `a.b = 1`
    Pair(String, Value<'t>),
}

/// A line without a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'t> {
    Blank,
    Comment(&'t str),
}

#[derive(Debug)]
pub(super) enum Value<'t> {
    Array(Group<'t>),
    InlineTable(Group<'t>),
    /// As it is to be written.
    Scalar(String),
}

/// What stands between brackets or braces.
#[derive(Debug, Default)]
pub(super) struct Group<'t> {
    /// The comment behind the opening bracket.
    pub(super) comment: Option<&'t str>,
    pub(super) items: Vec<Item<'t>>,
    /// What follows the last item.
    pub(super) end: Vec<Line<'t>>,
    /// Whether it was written on several lines, whatever its items are.
    pub(super) spans_lines: bool,
}

#[derive(Debug)]
pub(super) struct Item<'t> {
    pub(super) before: Vec<Line<'t>>,
    /// In inline tables.
    pub(super) name: Option<String>,
    pub(super) value: Value<'t>,
    /// The comment on its last line.
    pub(super) comment: Option<&'t str>,
}

/// The comments and blank lines since the last item.
#[derive(Default)]
struct Gap<'t> {
    lines: Vec<Line<'t>>,
    is_on_line_of_item: bool,
    is_line_empty: bool,
}

/// The pieces of a text that are still to be read. The text is known to be TOML.
struct Pieces<'t> {
    text: &'t str,
    events: std::vec::IntoIter<Event>,
}

impl<'t> Layout<'t> {
    pub(super) fn read(text: &'t str) -> Self {
        let tokens = Source::new(text).lex().into_vec();
        let mut events = Vec::<Event>::new();
        parse_document(&tokens, &mut events, &mut ());
        Pieces { text, events: events.into_iter() }.layout()
    }
}

impl<'t> Pieces<'t> {
    fn layout(mut self) -> Layout<'t> {
        let mut layout = Layout::default();
        let mut gap = Gap { is_line_empty: true, ..Gap::default() };
        let mut name = String::new();
        while let Some(event) = self.events.next() {
            let kind = match event.kind() {
                EventKind::StdTableClose => StatementKind::Header(std::mem::take(&mut name)),
                EventKind::ArrayTableClose => StatementKind::ArrayHeader(std::mem::take(&mut name)),
                EventKind::Scalar | EventKind::ArrayOpen | EventKind::InlineTableOpen => {
                    StatementKind::Pair(std::mem::take(&mut name), self.value(&event))
                }
                EventKind::Comment => {
                    let comment = gap.comment(self.text_of(&event));
                    if let (Some(comment), Some(last)) = (comment, layout.statements.last_mut()) {
                        last.comment = Some(comment);
                    }
                    continue;
                }
                EventKind::Newline => {
                    gap.newline();
                    continue;
                }
                EventKind::SimpleKey | EventKind::KeySep => {
                    name.push_str(self.text_of(&event));
                    continue;
                }
                EventKind::StdTableOpen
                | EventKind::ArrayTableOpen
                | EventKind::KeyValSep
                | EventKind::Whitespace
                | EventKind::ArrayClose
                | EventKind::InlineTableClose
                | EventKind::ValueSep
                | EventKind::Error => continue,
            };
            layout.statements.push(Statement { before: gap.end_at_item(), kind, comment: None });
        }
        layout.end = gap.lines;
        layout
    }

    fn value(&mut self, start: &Event) -> Value<'t> {
        if start.kind() == EventKind::ArrayOpen {
            Value::Array(self.group(EventKind::ArrayClose))
        } else if start.kind() == EventKind::InlineTableOpen {
            Value::InlineTable(self.group(EventKind::InlineTableClose))
        } else {
            Value::Scalar(requoted(self.text_of(start), start.encoding()))
        }
    }

    fn group(&mut self, close: EventKind) -> Group<'t> {
        let mut group = Group::default();
        let mut gap = Gap { is_on_line_of_item: true, ..Gap::default() };
        let mut name = None::<String>;
        while let Some(event) = self.events.next() {
            match event.kind() {
                kind if kind == close => break,
                EventKind::Scalar | EventKind::ArrayOpen | EventKind::InlineTableOpen => {
                    let (before, name) = (gap.end_at_item(), name.take());
                    let value = self.value(&event);
                    group.items.push(Item { before, name, value, comment: None });
                }
                EventKind::Comment => {
                    if let Some(comment) = gap.comment(self.text_of(&event)) {
                        let last = group.items.last_mut();
                        *last.map_or(&mut group.comment, |item| &mut item.comment) = Some(comment);
                    }
                }
                EventKind::Newline => {
                    group.spans_lines = true;
                    gap.newline();
                }
                EventKind::SimpleKey | EventKind::KeySep => {
                    name.get_or_insert_default().push_str(self.text_of(&event));
                }
                EventKind::ValueSep => gap.is_line_empty = false,
                EventKind::StdTableOpen
                | EventKind::StdTableClose
                | EventKind::ArrayTableOpen
                | EventKind::ArrayTableClose
                | EventKind::ArrayClose
                | EventKind::InlineTableClose
                | EventKind::KeyValSep
                | EventKind::Whitespace
                | EventKind::Error => {}
            }
        }
        group.end = gap.lines;
        group
    }

    fn text_of(&self, event: &Event) -> &'t str {
        let span = event.span();
        self.text.get(span.start()..span.end()).unwrap_or_default()
    }
}

impl<'t> Gap<'t> {
    fn newline(&mut self) {
        if self.is_line_empty && self.lines.last() != Some(&Line::Blank) {
            self.lines.push(Line::Blank);
        }
        self.is_line_empty = true;
        self.is_on_line_of_item = false;
    }

    /// Gives the comment back where it stands behind an item.
    fn comment(&mut self, comment: &'t str) -> Option<&'t str> {
        let comment = comment.trim_end();
        self.is_line_empty = false;
        if self.is_on_line_of_item {
            return Some(comment);
        }
        self.lines.push(Line::Comment(comment));
        None
    }

    fn end_at_item(&mut self) -> Vec<Line<'t>> {
        self.is_line_empty = false;
        self.is_on_line_of_item = true;
        std::mem::take(&mut self.lines)
    }
}
