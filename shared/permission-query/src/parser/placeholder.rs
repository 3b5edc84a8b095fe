//! Placeholders of templates: `{sub}`.

use winnow::Result;
use winnow::stream::Stream as _;

use super::{Failure, Input, Syntax, error, next_char, position, rest, since, skip};
use crate::ExpressionKind;

/// Whether a single `{` stands here, in a template.
pub(super) fn stands_here(input: &Input<'_>) -> bool {
    input.state.syntax == Syntax::Template
        && rest(input).starts_with('{')
        && !rest(input).starts_with("{{")
}

/// A placeholder, to the first `}` outside of quotes.
pub(super) fn placeholder(input: &mut Input<'_>) -> Result<ExpressionKind, Failure> {
    let start = position(input);
    skip(input, "{");
    let Some(length) = inside_length(rest(input)) else {
        return Err(Failure::new(since(input, start), "a `{` without its `}`")
            .with_hint("`{{` stands for the brace itself"));
    };
    let inside = input.next_slice(length).to_owned();
    skip(input, "}");
    if let Some('.' | '[') = next_char(input) {
        return Err(error(input, "a placeholder stands for a whole value: no steps follow it")
            .with_hint("name the part that is meant inside of the braces"));
    }
    Ok(ExpressionKind::Placeholder(inside))
}

fn inside_length(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '}') => return Some(at),
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    None
}

/// The error about a placeholder among the items of an array or object literal.
pub(super) fn in_literal(input: &Input<'_>) -> Failure {
    error(input, "a placeholder inside of a list or an object")
        .with_hint("a placeholder can stand for the whole list: contains({stores}, _id.store)")
}

/// The error about a placeholder in quotes.
pub(super) fn in_string(input: &Input<'_>) -> Failure {
    error(input, "a placeholder inside of quotes: it brings its own")
        .with_hint("write it without quotes: _id.owner == {sub}; `{{` stands for the brace itself")
}
