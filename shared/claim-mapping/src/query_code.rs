//! The code of a query template, without the content of its strings: which names it has, and where its placeholders
//! stand.

use serde_json::Value;

use crate::template::{Part, Template, TemplateError};

/// The functions of the query language.
const FUNCTIONS: [&str; 23] = [
    "abs",
    "avg",
    "ceil",
    "contains",
    "ends_with",
    "floor",
    "join",
    "keys",
    "length",
    "max",
    "merge",
    "min",
    "not_null",
    "regex",
    "reverse",
    "sort",
    "starts_with",
    "sum",
    "to_array",
    "to_number",
    "to_string",
    "type",
    "values",
];

/// Where a placeholder stands, and so which claims can stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Beside a comparison, or what `contains` looks for.
    Any,
    /// What `contains` looks into: with a string, it would look for a part of it.
    List,
    /// An argument that must be a string: with anything else, the engine fails the whole query.
    Text,
}

impl Place {
    pub(crate) fn takes(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::List => value.is_array(),
            Self::Text => value.is_string(),
        }
    }
}

/// What stands for a placeholder in the code: a character that cannot stand there otherwise.
const HOLE: char = '\0';

/// The template without the content of its quoted strings, a placeholder as [`HOLE`]; and where the holes are.
pub(crate) fn code_outside_strings(
    template: &Template,
) -> Result<(String, Vec<usize>), TemplateError> {
    let mut code = String::new();
    let mut holes = Vec::new();
    let mut open_quote = None;
    let mut is_escaped = false;
    for part in &template.parts {
        match part {
            Part::Placeholder(path) if open_quote.is_some() => {
                return Err(TemplateError::PlaceholderInString { placeholder: path.to_string() });
            }
            Part::Placeholder(_) => {
                holes.push(code.len());
                code.push(HOLE);
            }
            Part::Text(text) => {
                for character in text.chars() {
                    match open_quote {
                        Some(_) if is_escaped => is_escaped = false,
                        Some(_) if character == '\\' => is_escaped = true,
                        Some(quote) if character == quote => open_quote = None,
                        Some(_) => {}
                        None if matches!(character, '\'' | '"') => {
                            open_quote = Some(character);
                            code.push('\'');
                        }
                        None if !character.is_ascii() || character == HOLE => {
                            return Err(TemplateError::NonAsciiName { character });
                        }
                        None => code.push(character),
                    }
                }
            }
        }
    }
    if open_quote.is_some() { Err(TemplateError::UnterminatedString) } else { Ok((code, holes)) }
}

/// The names and numbers of the code, each with what stands before it.
pub(crate) fn words(code: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let starts = code.char_indices().filter(move |(at, character)| {
        let before = code.get(..*at).and_then(|before| before.chars().next_back());
        is_word(*character) && !before.is_some_and(is_word)
    });
    starts.filter_map(move |(at, _)| {
        let (before, rest) = code.split_at_checked(at)?;
        let end = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
        Some((before, rest.get(..end)?))
    })
}

/// A query looks at `_id` and at nothing else of the document: other roots are mutable fields or misspelt, and `@` is
/// the whole document, which is always true.
pub(crate) fn check_names(code: &str) -> Result<(), TemplateError> {
    if code.contains('@') {
        return Err(TemplateError::OtherRoot { name: "@".to_owned() });
    }
    for (before, word) in words(code) {
        let is_member = before.ends_with('.');
        let is_number = word.starts_with(|character: char| character.is_ascii_digit());
        let is_known = ["_id", "true", "false", "null"].contains(&word);
        if is_member || is_number || is_known {
            continue;
        }
        let after = before.len().saturating_add(word.len());
        let is_call = code.get(after..).is_some_and(|rest| rest.starts_with('('));
        if !is_call || !FUNCTIONS.contains(&word) {
            return Err(TemplateError::OtherRoot { name: word.to_owned() });
        }
    }
    Ok(())
}

/// What the placeholder at `hole` is to the query, or nothing where a literal cannot stand there or would be the
/// whole of a condition.
pub(crate) fn place(code: &str, hole: usize) -> Option<Place> {
    let before = code.get(..hole)?.trim_end();
    let after = code.get(hole.checked_add(1)?..)?.trim_start();
    let is_start = before.is_empty() || before.ends_with(['=', '<', '>', '(', ',', '&', '|', '!']);
    let is_end = after.is_empty() || after.starts_with(['=', '<', '>', '!', ')', ',', '&', '|']);
    if !is_start || !is_end {
        return None;
    }
    if before.ends_with(['=', '<', '>']) || after.starts_with(['=', '<', '>', '!']) {
        return Some(Place::Any);
    }
    // Other functions turn a claim into something else, which may be empty, always true, or an error of the engine.
    match enclosing_call(before)? {
        ("contains", 0) => Some(Place::List),
        ("contains", _) => Some(Place::Any),
        ("starts_with" | "ends_with", _) => Some(Place::Text),
        _ => None,
    }
}

/// The function whose arguments `before` ends in, and which argument it is, counted from 0.
fn enclosing_call(before: &str) -> Option<(&str, usize)> {
    let (mut depth, mut argument) = (0_usize, 0_usize);
    for (at, character) in before.char_indices().rev() {
        match character {
            ')' | ']' => depth = depth.saturating_add(1),
            '(' if depth == 0 => {
                let (_, function) = words(before.get(..at)?).last()?;
                return before.get(..at)?.ends_with(function).then_some((function, argument));
            }
            '(' | '[' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => argument = argument.saturating_add(1),
            _ => {}
        }
    }
    None
}
