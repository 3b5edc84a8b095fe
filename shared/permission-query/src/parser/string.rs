//! Strings in either quotes, and their few escapes.

use winnow::stream::Stream as _;
use winnow::token::take_while;
use winnow::{Parser as _, Result};

use super::{Failure, Input, Syntax, error, next_char, placeholder, position, rest, since, skip};

/// A string; a quote stands here.
pub(super) fn string(input: &mut Input<'_>) -> Result<String, Failure> {
    let start = position(input);
    let quote = if skip(input, "'") { '\'' } else { '"' };
    if quote == '"' {
        skip(input, "\"");
    }
    let is_template = input.state.syntax == Syntax::Template;
    let mut string = String::new();
    loop {
        let plain: &str = take_while(0.., |character| {
            character != quote
                && character != '\\'
                && !(is_template && matches!(character, '{' | '}'))
        })
        .parse_next(input)?;
        string.push_str(plain);
        match input.next_token() {
            None => {
                return Err(Failure::new(since(input, start), "the string has no end")
                    .with_hint(format!("close it with {quote}")));
            }
            Some('\\') => string.push(escape(input, quote)?),
            Some(end) if end == quote => return Ok(string),
            Some(brace) => string.push(doubled(input, brace)?),
        }
    }
}

/// The brace whose first half was read.
fn doubled(input: &mut Input<'_>, brace: char) -> Result<char, Failure> {
    if next_char(input) == Some(brace) {
        input.next_token();
        return Ok(brace);
    }
    let at = position(input).saturating_sub(1);
    let problem = if brace == '{' {
        placeholder::in_string(input)
    } else {
        error(input, "a `}` without its `{`").with_hint("`}}` stands for the brace itself")
    };
    Err(problem.at(at..position(input)))
}

/// The character that an escape stands for; its `\` was read.
fn escape(input: &mut Input<'_>, quote: char) -> Result<char, Failure> {
    let start = position(input).saturating_sub(1);
    let escaped = input.next_token();
    match escaped {
        Some('\\') => Ok('\\'),
        Some('n') => Ok('\n'),
        Some('u') => unicode_escape(input, start),
        Some(escaped) if escaped == quote => Ok(quote),
        _ => {
            let other = if quote == '\'' { r#"\u0022 for ""# } else { r"\u0027 for '" };
            let hint = format!(
                r"only \\, \n, \uXXXX and \{quote} are known here: write {other}, \u0009 for a tab, \\d in a regex"
            );
            Err(Failure::new(since(input, start), "an unknown escape").with_hint(hint))
        }
    }
}

fn unicode_escape(input: &mut Input<'_>, start: usize) -> Result<char, Failure> {
    let first = hexadecimal(input, start)?;
    if !(0xd800..0xdc00).contains(&first) {
        return char::from_u32(first).ok_or_else(|| half_pair(input, start));
    }
    if !skip(input, "\\u") {
        return Err(half_pair(input, start));
    }
    let second = hexadecimal(input, start)?;
    let high = first.saturating_sub(0xd800).saturating_mul(0x400);
    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
    low.and_then(|low| char::from_u32(high.saturating_add(low).saturating_add(0x1_0000)))
        .ok_or_else(|| half_pair(input, start))
}

fn half_pair(input: &Input<'_>, start: usize) -> Failure {
    Failure::new(since(input, start), "half of a surrogate pair, which is no character")
        .with_hint("write the character itself, or both halves")
}

fn hexadecimal(input: &mut Input<'_>, start: usize) -> Result<u32, Failure> {
    let digits =
        rest(input).get(..4).filter(|digits| digits.chars().all(|d| d.is_ascii_hexdigit()));
    let Some(code) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
        return Err(Failure::new(since(input, start), r"\u without four hexadecimal digits")
            .with_hint(r"as in \u00e9"));
    };
    input.next_slice(4);
    Ok(code)
}
