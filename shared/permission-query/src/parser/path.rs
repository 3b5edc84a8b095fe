//! The steps of paths: `.name`, `['name']`, `[0]`, `[*]`, `[]`, `[?e]`. They take no spaces.

use winnow::Parser as _;
use winnow::Result;
use winnow::token::take_while;

use super::operator::expression;
use super::string::string;
use super::{
    Failure, Input, MAX_PATH_STEPS, Parsed, error, lengthened, name, nested, next_char, position,
    require, rest, since, skip,
};
use crate::{ExpressionKind, Step};

/// The base with the steps that follow it, if any do.
pub(super) fn steps(input: &mut Input<'_>, base: Parsed) -> Result<Parsed, Failure> {
    path(input, base, false)
}

/// The base with the steps that it takes right of a comparison: a second projection starts from what was compared.
pub(super) fn right_steps(input: &mut Input<'_>, base: Parsed) -> Result<Parsed, Failure> {
    path(input, base, true)
}

fn path(input: &mut Input<'_>, base: Parsed, is_right: bool) -> Result<Parsed, Failure> {
    let Parsed { expression: base, mut length } = base;
    let mut steps = Vec::new();
    let mut has_projection = false;
    while let Some('.' | '[') = next_char(input) {
        let is_projection = ["[*]", "[]", "[?"].iter().any(|start| rest(input).starts_with(start));
        if is_right && has_projection && is_projection {
            break;
        }
        has_projection |= is_projection;
        if steps.len() >= MAX_PATH_STEPS {
            return Err(error(input, "the path has too many steps")
                .with_hint("the engine's process ends with such a query"));
        }
        let (step, filter_length) = step(input)?;
        length = lengthened(input, length.max(filter_length))?;
        steps.push(step);
    }
    if steps.is_empty() {
        return Ok(Parsed { expression: base, length });
    }
    let span = since(input, base.span.start);
    let kind = ExpressionKind::Path { base, steps };
    Ok(Parsed::new(kind, span, length))
}

fn step(input: &mut Input<'_>) -> Result<(Step, usize), Failure> {
    if !skip(input, ".") {
        return bracket(input);
    }
    let name = name(input)?;
    if name.is_empty() {
        return Err(error(input, "a name is expected after `.`"));
    }
    Ok((Step::Member(name.to_owned()), 0))
}

fn bracket(input: &mut Input<'_>) -> Result<(Step, usize), Failure> {
    skip(input, "[");
    let step = match next_char(input) {
        Some('?') => return filter(input),
        Some(']') => Step::Flatten,
        Some('*') => {
            skip(input, "*");
            Step::Wildcard
        }
        Some('\'' | '"') => Step::Member(string(input)?),
        Some('-' | '0'..='9') => Step::Index(index(input)?),
        _ => {
            return Err(error(
                input,
                "a quoted name, a position, `*` or `?` is expected after `[`",
            ));
        }
    };
    require(input, "]", "`]` is expected here")?;
    Ok((step, 0))
}

fn filter(input: &mut Input<'_>) -> Result<(Step, usize), Failure> {
    skip(input, "?");
    let Parsed { expression, length } = nested(input, expression)?;
    require(input, "]", "`]`, an operator or a comparison is expected here")?;
    Ok((Step::Filter(*expression), length))
}

fn index(input: &mut Input<'_>) -> Result<i32, Failure> {
    let (start, text) = (position(input), rest(input));
    skip(input, "-");
    let digits: &str =
        take_while(0.., |character: char| character.is_ascii_digit()).parse_next(input)?;
    if digits.is_empty() {
        return Err(error(input, "a digit is expected after `-`"));
    }
    let length = since(input, start).len();
    let index = text.get(..length).and_then(|index| index.parse().ok());
    index.ok_or_else(|| Failure::new(since(input, start), "the position is too large"))
}
