//! Where places of a text are, as people count: from 1, columns in characters.

use std::ops::Range;

/// The lines of a text. Looked up, they are at hand; to count them anew for each place takes long where there are many.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    /// Where each line begins.
    starts: Vec<usize>,
}

/// A place as people count; the end is one past the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        Self { text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The number of the line that a place is on.
    pub(crate) fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at)
    }

    /// The line with a number, without its end.
    pub(crate) fn line(&self, number: usize) -> &'t str {
        let start = self.starts.get(number.saturating_sub(1)).copied();
        let rest = start.and_then(|start| self.text.get(start..)).unwrap_or_default();
        rest.lines().next().unwrap_or_default()
    }

    pub(crate) fn position(&self, span: &Range<usize>) -> Position {
        let (line, column) = self.line_and_column(span.start);
        let (end_line, end_column) = self.line_and_column(span.end);
        Position { line, column, end_line, end_column }
    }

    fn line_and_column(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.text.len());
        let number = self.number(at);
        let start = self.starts.get(number.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.get(start..at).unwrap_or_default();
        (number, before.chars().count().saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_from_one() {
        let text = "ä = 😀\nb\r\n";
        let lines = Lines::of(text);
        for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            assert_eq!(lines.line_and_column(at), claim_mapping::line_and_column(text, at), "{at}");
        }
        let position =
            |line, column, end_line, end_column| Position { line, column, end_line, end_column };
        assert_eq!(lines.position(&(0..text.len())), position(1, 1, 3, 1));
        assert_eq!(lines.position(&(5..9)), position(1, 5, 1, 6));
        assert_eq!(lines.position(&(10..99)), position(2, 1, 3, 1));
        assert_eq!([1, 2, 3, 4].map(|number| lines.line(number)), ["ä = 😀", "b", "", ""]);
    }
}
