//! From text to syntax tree, as the engine reads it. Also refuses what ends the engine's process: names that are not
//! ASCII, and chains and literals so long or deep that its stack overflows.

use std::ops::Range;

use winnow::error::ParserError;
use winnow::stream::{LocatingSlice, Location, Stateful, Stream};
use winnow::token::take_while;
use winnow::{Parser, Result};

use crate::{Expression, ExpressionKind, ParseError};

mod hint;
mod number;
mod operand;
mod operator;
mod path;
mod placeholder;
mod string;
mod value;

/// How deep a query may nest: each parenthesis, `!`, argument, filter and right side of an operator counts one. The
/// engine refuses more.
pub const MAX_QUERY_DEPTH: usize = 190;

/// How many comparisons and path steps may follow each other without nesting. The engine's process ends somewhere
/// above: 2,000 comparisons did that, 1,000 did not.
const MAX_CHAIN_LENGTH: usize = 1_000;

/// How many steps a path may have. The engine's process ends above: 998 did that, 900 did not.
const MAX_PATH_STEPS: usize = 900;

type Input<'t> = Stateful<LocatingSlice<&'t str>, State>;

#[derive(Debug, Clone, Copy)]
struct State {
    depth: usize,
    syntax: Syntax,
}

/// Which texts are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Queries as the engine takes them.
    Finished,
    /// Queries with placeholders in braces, and with doubled braces for braces.
    Template,
}

/// A parsed part, and the longest unnested chain in it: the tree is as deep as that, whatever its depth by the
/// engine's count.
struct Parsed {
    // INVARIANT: boxed, as is the error, so that the frames of a deep recursion stay small.
    expression: Box<Expression>,
    length: usize,
}

impl Parsed {
    fn new(kind: ExpressionKind, span: Range<usize>, length: usize) -> Self {
        Self { expression: Box::new(Expression { kind, span }), length }
    }
}

struct Failure(Box<ParseError>);

impl Failure {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self(Box::new(ParseError { span, message: message.into(), hint: None }))
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    fn at(mut self, span: Range<usize>) -> Self {
        self.0.span = span;
        self
    }
}

/// Parses a whole query.
pub(crate) fn parse(text: &str, syntax: Syntax) -> Result<Expression, ParseError> {
    parse_trimmed(text, syntax).map_err(|Failure(error)| match error.hint {
        Some(_) => *error,
        None => ParseError { hint: hint::hint(text, error.span.start, syntax), ..*error },
    })
}

fn parse_trimmed(text: &str, syntax: Syntax) -> Result<Expression, Failure> {
    if let Some(at) = text.find('\0') {
        return Err(Failure::new(at..at.saturating_add(1), "a NUL character")
            .with_hint(r"write \u0000 inside quotes"));
    }
    let end = text.trim_end_matches(is_blank);
    let start = end.len().saturating_sub(end.trim_start_matches(is_blank).len());
    if start == end.len() {
        return Err(Failure::new(0..text.len(), "the query is empty")
            .with_hint("`true` matches every document"));
    }
    let state = State { depth: 0, syntax };
    let mut input = Stateful { input: LocatingSlice::new(end), state };
    input.next_slice(start);
    let parsed = operator::expression(&mut input)?;
    if input.eof_offset() == 0 {
        Ok(*parsed.expression)
    } else {
        let expected = "`&&`, `||`, a comparison or the end of the query is expected here";
        Err(error(&input, expected))
    }
}

/// Whether JavaScript's `trim` removes it: the SDK seems to trim queries with that.
pub(crate) fn is_blank(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}'
            | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

pub(crate) fn is_name_start(character: char) -> bool {
    character.is_ascii_alphabetic() || character == '_'
}

pub(crate) fn is_name_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

fn rest<'t>(input: &Input<'t>) -> &'t str {
    input.peek_finish()
}

fn next_char(input: &Input<'_>) -> Option<char> {
    rest(input).chars().next()
}

fn position(input: &Input<'_>) -> usize {
    input.current_token_start()
}

fn whitespace(input: &mut Input<'_>) -> Result<(), Failure> {
    take_while(0.., [' ', '\t', '\n', '\r']).void().parse_next(input)
}

/// Consumes `token` if it stands here.
fn skip(input: &mut Input<'_>, token: &'static str) -> bool {
    let is_here = rest(input).starts_with(token);
    if is_here {
        input.next_slice(token.len());
    }
    is_here
}

/// Consumes `token`, which must stand here.
fn require(
    input: &mut Input<'_>,
    token: &'static str,
    expected: &'static str,
) -> Result<(), Failure> {
    if skip(input, token) { Ok(()) } else { Err(error(input, expected)) }
}

/// The name that stands here; empty if none does.
fn name<'t>(input: &mut Input<'t>) -> Result<&'t str, Failure> {
    if next_char(input).is_some_and(is_name_start) {
        take_while(0.., is_name_part).parse_next(input)
    } else {
        Ok("")
    }
}

/// Parses one level deeper.
fn nested<'t, T>(
    input: &mut Input<'t>,
    parse: impl FnOnce(&mut Input<'t>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if input.state.depth >= MAX_QUERY_DEPTH {
        return Err(error(input, "the query nests more than 190 deep")
            .with_hint("for many values use one list: contains([…], _id.x)"));
    }
    input.state.depth = input.state.depth.saturating_add(1);
    let parsed = parse(input)?;
    input.state.depth = input.state.depth.saturating_sub(1);
    Ok(parsed)
}

/// The length of a chain with one link more than `length`.
fn lengthened(input: &Input<'_>, length: usize) -> Result<usize, Failure> {
    if length >= MAX_CHAIN_LENGTH {
        return Err(error(input, "the chain of comparisons and path steps is too long")
            .with_hint("the engine's process ends with such a query"));
    }
    Ok(length.saturating_add(1))
}

/// An error about the character that stands here.
fn error(input: &Input<'_>, message: impl Into<String>) -> Failure {
    let start = position(input);
    let end = start.saturating_add(next_char(input).map_or(0, char::len_utf8));
    Failure::new(start..end, message)
}

fn since(input: &Input<'_>, start: usize) -> Range<usize> {
    start..position(input)
}

impl<'t> ParserError<Input<'t>> for Failure {
    type Inner = Self;

    fn from_input(input: &Input<'t>) -> Self {
        error(input, "unexpected text")
    }

    fn into_inner(self) -> Result<Self::Inner, Self> {
        Ok(self)
    }
}
