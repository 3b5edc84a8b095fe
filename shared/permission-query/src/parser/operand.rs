//! What stands beside operators: literals, paths, calls, parentheses, placeholders.

use winnow::Result;

use super::operator::{expression, parenthesised};
use super::path::{right_steps, steps};
use super::{Failure, Input, Parsed, error, name, nested, next_char, position, rest, since, skip};
use super::{Syntax, placeholder, value};
use crate::{Expression, ExpressionKind};

/// What stands left of an operator, or alone: anything with its steps.
pub(super) fn operand(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    let base = primary(input)?;
    steps(input, base)
}

/// What stands right of a comparison: only fields and `@` take steps there.
pub(super) fn right_operand(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    let base = primary(input)?;
    if matches!(base.expression.kind, ExpressionKind::Current | ExpressionKind::Root(_)) {
        right_steps(input, base)
    } else {
        Ok(base)
    }
}

fn primary(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    let start = position(input);
    let is_call = rest(input).trim_start_matches(super::is_name_part).starts_with('(');
    let is_literal_word =
        ["true", "false", "null"].into_iter().any(|word| rest(input).starts_with(word));
    let kind = match next_char(input) {
        Some('(') => return parenthesised(input),
        // A step from the whole document, which is a base of no width.
        Some('[') if rest(input).starts_with("[*]") || rest(input).starts_with("[?") => {
            ExpressionKind::Current
        }
        Some('{') if placeholder::stands_here(input) => placeholder::placeholder(input)?,
        Some('[' | '{' | '\'' | '"' | '-' | '0'..='9') => {
            ExpressionKind::Literal(value::value(input)?)
        }
        Some('@') => {
            skip(input, "@");
            ExpressionKind::Current
        }
        Some(_) if is_literal_word && !is_call => ExpressionKind::Literal(value::value(input)?),
        Some(character) if super::is_name_start(character) => return name_or_call(input),
        Some('}') if input.state.syntax == Syntax::Template => {
            return Err(error(input, "a `}` without its `{`"));
        }
        _ => return Err(error(input, "a value is expected here: `_id`, a literal or a function")),
    };
    Ok(Parsed::new(kind, since(input, start), 0))
}

fn name_or_call(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    let start = position(input);
    let name = name(input)?.to_owned();
    let (kind, length) = if next_char(input) == Some('(') {
        let (arguments, length) = arguments(input)?;
        (ExpressionKind::Call { function: name, arguments }, length)
    } else {
        (ExpressionKind::Root(name), 0)
    };
    Ok(Parsed::new(kind, since(input, start), length))
}

fn arguments(input: &mut Input<'_>) -> Result<(Vec<Expression>, usize), Failure> {
    let (mut arguments, mut longest) = (Vec::new(), 0);
    // The engine refuses `f( )`.
    if skip(input, "()") {
        return Ok((arguments, longest));
    }
    skip(input, "(");
    loop {
        let Parsed { expression, length } = nested(input, expression)?;
        arguments.push(*expression);
        longest = longest.max(length);
        if skip(input, ")") {
            return Ok((arguments, longest));
        }
        if !skip(input, ",") {
            return Err(error(input, "`,` or `)` is expected here"));
        }
    }
}
