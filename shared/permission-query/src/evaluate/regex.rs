//! Regular expressions: the engine's dialect is that of the crate `regex`.

use regex::RegexBuilder;
use serde_json::Value;

use crate::RunError;

/// Whether the pattern is found in the text. Flags that are unknown or no text are ignored, as the engine does.
pub(crate) fn is_match(text: &str, pattern: &str, flags: Option<&Value>) -> Result<bool, RunError> {
    let has = |flag: char| flags.and_then(Value::as_str).is_some_and(|flags| flags.contains(flag));
    let regex = RegexBuilder::new(pattern)
        .case_insensitive(has('i'))
        .multi_line(has('m'))
        .dot_matches_new_line(has('s'))
        .ignore_whitespace(has('x'))
        .build()
        .map_err(|error| RunError::BadRegex { reason: reason(&error) })?;
    Ok(regex.is_match(text))
}

/// The last line, the others being a drawing of the place.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().next_back().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}
