//! Which quotes a string stands in.

use toml_parser::decoder::Encoding;

/// A scalar as it is to be written: a string in double quotes, or in single ones where it would else need escapes.
/// Strings of several lines, and those with escapes for what nobody can see, stay as they are.
pub(super) fn requoted(written: &str, encoding: Option<Encoding>) -> String {
    let requoted = match encoding {
        Some(Encoding::BasicString) => inside(written, '"').and_then(in_single_quotes),
        Some(Encoding::LiteralString) => inside(written, '\'').and_then(in_double_quotes),
        Some(Encoding::MlBasicString | Encoding::MlLiteralString) | None => None,
    };
    requoted.unwrap_or_else(|| written.to_owned())
}

fn inside(written: &str, quote: char) -> Option<&str> {
    written.strip_prefix(quote)?.strip_suffix(quote)
}

/// Where the only escapes are those of `"` and `\`, and there is one.
fn in_single_quotes(escaped: &str) -> Option<String> {
    if !escaped.contains('\\') || escaped.contains('\'') {
        return None;
    }
    let mut text = String::with_capacity(escaped.len());
    let mut characters = escaped.chars();
    while let Some(character) = characters.next() {
        let character = match character {
            '\\' => characters.next().filter(|escaped| matches!(escaped, '"' | '\\'))?,
            plain => plain,
        };
        text.push(character);
    }
    Some(format!("'{text}'"))
}

fn in_double_quotes(text: &str) -> Option<String> {
    (!text.contains(['"', '\\'])).then(|| format!("\"{text}\""))
}
