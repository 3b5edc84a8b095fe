//! `&&`, `||`, `!` and comparisons.
//!
//! The engine knows one level for `&&` and `||`, to the right, and one for comparisons, to the left; `!` takes all
//! that follows.

use winnow::Result;
use winnow::stream::Stream as _;

use super::operand::{operand, right_operand};
use super::path::steps;
use super::{
    Failure, Input, Parsed, lengthened, nested, next_char, position, rest, since, skip, whitespace,
};
use crate::{Comparison, ExpressionKind};

/// An expression and the whitespace after it.
pub(super) fn expression(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    whitespace(input)?;
    let start = position(input);
    let left = comparison(input)?;
    let new = if skip(input, "&&") {
        ExpressionKind::And
    } else if skip(input, "||") {
        ExpressionKind::Or
    } else {
        return Ok(left);
    };
    let right = nested(input, expression)?;
    let span = start..right.expression.span.end;
    let kind = new(left.expression, right.expression);
    Ok(Parsed::new(kind, span, left.length.max(right.length)))
}

fn comparison(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    if next_char(input) == Some('!') {
        return nested(input, not);
    }
    let mut left = operand(input)?;
    loop {
        whitespace(input)?;
        let Some(comparison) = comparison_operator(input) else { return Ok(left) };
        whitespace(input)?;
        let right = nested(input, right_side)?;
        let takes_rest = matches!(right.expression.kind, ExpressionKind::Not(_));
        left = compare(input, comparison, left, right)?;
        if takes_rest {
            return Ok(left);
        }
        left = steps(input, left)?;
    }
}

fn right_side(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    if next_char(input) == Some('!') { nested(input, not) } else { right_operand(input) }
}

fn compare(
    input: &Input<'_>,
    comparison: Comparison,
    left: Parsed,
    right: Parsed,
) -> Result<Parsed, Failure> {
    let length = lengthened(input, left.length.max(right.length))?;
    let span = left.expression.span.start..right.expression.span.end;
    let kind =
        ExpressionKind::Compare { comparison, left: left.expression, right: right.expression };
    Ok(Parsed::new(kind, span, length))
}

fn not(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    let start = position(input);
    skip(input, "!");
    let Parsed { expression, length } = expression(input)?;
    let span = start..expression.span.end;
    let kind = ExpressionKind::Not(expression);
    Ok(Parsed::new(kind, span, length))
}

fn comparison_operator(input: &mut Input<'_>) -> Option<Comparison> {
    let (token, comparison) = [
        ("==", Comparison::Equal),
        ("!=", Comparison::NotEqual),
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ]
    .into_iter()
    .find(|(token, _)| rest(input).starts_with(token))?;
    input.next_slice(token.len());
    Some(comparison)
}

/// A parenthesis and what it holds.
pub(super) fn parenthesised(input: &mut Input<'_>) -> Result<Parsed, Failure> {
    let start = position(input);
    skip(input, "(");
    let Parsed { expression, length } = nested(input, expression)?;
    super::require(input, ")", "`)`, an operator or a comparison is expected here")?;
    let kind = ExpressionKind::Parenthesised(expression);
    Ok(Parsed::new(kind, since(input, start), length))
}
