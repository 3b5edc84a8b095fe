//! Literals. Arrays and objects hold nothing but literals.

use serde_json::{Map, Value};
use winnow::Result;

use super::number::number;
use super::string::string;
use super::{
    Failure, Input, Syntax, error, next_char, placeholder, require, rest, skip, whitespace,
};

/// How deep literals may nest. The engine's process ends somewhere above 5,000; no id nests as deep as this.
const MAX_LITERAL_DEPTH: usize = 500;

/// An array or object whose end is still to come.
enum Open {
    Array(Vec<Value>),
    Object { members: Map<String, Value>, key: String },
}

/// A literal. Keeps its own stack, as depth does not count for the engine.
pub(super) fn value(input: &mut Input<'_>) -> Result<Value, Failure> {
    let mut outer = Vec::new();
    loop {
        if let Some(open) = opening(input)? {
            if outer.len() >= MAX_LITERAL_DEPTH {
                return Err(error(input, "the literal nests too deep")
                    .with_hint("the engine's process ends with such a query"));
            }
            outer.push(open);
            continue;
        }
        let mut value = complete(input)?;
        loop {
            let Some(open) = outer.pop() else { return Ok(value) };
            match add(input, open, value)? {
                Added::Closed(whole) => value = whole,
                Added::Open(open) => {
                    outer.push(open);
                    break;
                }
            }
        }
    }
}

enum Added {
    Closed(Value),
    Open(Open),
}

/// The start of an array or object that holds something, up to its first value.
fn opening(input: &mut Input<'_>) -> Result<Option<Open>, Failure> {
    let (open_brace, close_brace) = braces(input);
    if placeholder::stands_here(input) {
        return Err(placeholder::in_literal(input));
    }
    if rest(input).starts_with('[') && !rest(input).starts_with("[]") {
        skip(input, "[");
        whitespace(input)?;
        return Ok(Some(Open::Array(Vec::new())));
    }
    let is_empty =
        rest(input).strip_prefix(open_brace).is_some_and(|rest| rest.starts_with(close_brace));
    if is_empty || !skip(input, open_brace) {
        return Ok(None);
    }
    Ok(Some(Open::Object { members: Map::new(), key: key(input)? }))
}

/// A literal that is complete in itself.
fn complete(input: &mut Input<'_>) -> Result<Value, Failure> {
    match next_char(input) {
        Some('\'' | '"') => return string(input).map(Value::String),
        Some('-' | '0'..='9') => return number(input),
        _ => {}
    }
    for (token, value) in [
        ("true", Value::Bool(true)),
        ("false", Value::Bool(false)),
        ("null", Value::Null),
        ("[]", Value::Array(Vec::new())),
    ] {
        if skip(input, token) {
            return Ok(value);
        }
    }
    let (open_brace, close_brace) = braces(input);
    if skip(input, open_brace) && skip(input, close_brace) {
        return Ok(Value::Object(Map::new()));
    }
    Err(error(input, "a literal is expected here: lists and objects hold nothing else"))
}

/// Adds a value to the innermost array or object, and reads on to the next value or to the end.
fn add(input: &mut Input<'_>, open: Open, value: Value) -> Result<Added, Failure> {
    whitespace(input)?;
    match open {
        Open::Array(mut items) => {
            items.push(value);
            if skip(input, "]") {
                return Ok(Added::Closed(Value::Array(items)));
            }
            require(input, ",", "`,` or `]` is expected here")?;
            whitespace(input)?;
            Ok(Added::Open(Open::Array(items)))
        }
        Open::Object { mut members, key: last } => {
            members.insert(last, value);
            let (_, close_brace) = braces(input);
            if skip(input, close_brace) {
                return Ok(Added::Closed(Value::Object(members)));
            }
            require(input, ",", "`,` or `}` is expected here")?;
            Ok(Added::Open(Open::Object { members, key: key(input)? }))
        }
    }
}

/// A key, its `:` and the whitespace around them.
fn key(input: &mut Input<'_>) -> Result<String, Failure> {
    whitespace(input)?;
    if placeholder::stands_here(input) {
        return Err(placeholder::in_literal(input));
    }
    if !matches!(next_char(input), Some('\'' | '"')) {
        return Err(error(input, "a key in quotes is expected here"));
    }
    let key = string(input)?;
    whitespace(input)?;
    require(input, ":", "`:` is expected after a key")?;
    whitespace(input)?;
    Ok(key)
}

/// How braces are written here.
fn braces(input: &Input<'_>) -> (&'static str, &'static str) {
    match input.state.syntax {
        Syntax::Finished => ("{", "}"),
        Syntax::Template => ("{{", "}}"),
    }
}
