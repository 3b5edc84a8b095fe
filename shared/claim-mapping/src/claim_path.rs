//! How a rule names a claim.
//!
//! One rule: names are separated by dots; a name with any character other than letters, digits, `_`, `-` and `:`
//! stands in double quotes. `realm_access.roles` is two names, `"https://app.example.com/roles"` is one.

use std::fmt;

use serde_json::Value;

use crate::Claims;

/// The way to one claim: a name, then names of members below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimPath {
    names: Vec<String>,
}

/// A text that names no claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimPathError {
    /// A name has a character that needs quotes.
    #[error("a claim name with `{character}` in it must stand in double quotes")]
    NeedsQuotes {
        /// The first such character.
        character: char,
    },
    /// A name is empty: at the start, at the end, or between two dots.
    #[error("a claim name is empty")]
    NoName,
    /// An opening double quote has no closing one before the next dot or the end.
    #[error("a quoted claim name has no end")]
    UnterminatedQuote,
}

impl ClaimPath {
    /// Parses the written form.
    ///
    /// # Errors
    /// [`ClaimPathError`], see its variants.
    pub fn parse(text: &str) -> Result<Self, ClaimPathError> {
        let mut names = Vec::new();
        let mut rest = text;
        loop {
            let (name, after) = next_name(rest)?;
            names.push(name.to_owned());
            match after.strip_prefix('.') {
                Some(after) => rest = after,
                None if after.is_empty() => return Ok(Self { names }),
                None => return Err(ClaimPathError::UnterminatedQuote),
            }
        }
    }

    /// The claim's value, or nothing where it, or an object on the way to it, is missing.
    #[must_use]
    pub fn find<'c>(&self, claims: &'c Claims) -> Option<&'c Value> {
        let (first, below) = self.names.split_first()?;
        below.iter().try_fold(claims.get(first)?, |value, name| value.as_object()?.get(name))
    }
}

impl fmt::Display for ClaimPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.names.iter().enumerate() {
            let dot = if index == 0 { "" } else { "." };
            if name.chars().all(is_bare) {
                write!(formatter, "{dot}{name}")?;
            } else {
                write!(formatter, "{dot}\"{name}\"")?;
            }
        }
        Ok(())
    }
}

/// Splits the first name off.
fn next_name(text: &str) -> Result<(&str, &str), ClaimPathError> {
    let (name, rest) = if let Some(quoted) = text.strip_prefix('"') {
        quoted.split_once('"').ok_or(ClaimPathError::UnterminatedQuote)?
    } else {
        let end = text.find('.').unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end).ok_or(ClaimPathError::NoName)?;
        if let Some(character) = name.chars().find(|character| !is_bare(*character)) {
            return Err(ClaimPathError::NeedsQuotes { character });
        }
        (name, rest)
    };
    if name.is_empty() { Err(ClaimPathError::NoName) } else { Ok((name, rest)) }
}

fn is_bare(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | ':')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn finds_what_it_names_and_nothing_else() {
        let claims = json!({
            "sub": "u", "a.b": "dotted", "a": {"b": "nested"}, "cognito:groups": ["g"],
            "https://app.example.com/roles": ["r"], "n": null,
        });
        let claims = claims.as_object().unwrap();
        for (path, expected) in [
            ("sub", Some(json!("u"))),
            ("a.b", Some(json!("nested"))),
            (r#""a.b""#, Some(json!("dotted"))),
            (r#"a."b""#, Some(json!("nested"))),
            ("cognito:groups", Some(json!(["g"]))),
            (r#""https://app.example.com/roles""#, Some(json!(["r"]))),
            ("n", Some(json!(null))),
            ("sub.x", None),
            ("b", None),
        ] {
            let parsed = ClaimPath::parse(path).unwrap();
            assert_eq!(parsed.find(claims).cloned(), expected, "{path}");
        }
    }

    #[test]
    fn prints_the_form_it_parses() {
        for path in ["sub", "realm_access.roles", r#""https://app.example.com/roles".first"#] {
            assert_eq!(ClaimPath::parse(path).unwrap().to_string(), path);
        }
    }

    #[test]
    fn refuses_what_could_be_read_in_two_ways() {
        for (path, expected) in [
            ("", ClaimPathError::NoName),
            (".", ClaimPathError::NoName),
            ("a.", ClaimPathError::NoName),
            (".a", ClaimPathError::NoName),
            ("a..b", ClaimPathError::NoName),
            (r#""""#, ClaimPathError::NoName),
            ("https://x/roles", ClaimPathError::NeedsQuotes { character: '/' }),
            ("a b", ClaimPathError::NeedsQuotes { character: ' ' }),
            (r#""a"#, ClaimPathError::UnterminatedQuote),
            (r#""a"b"#, ClaimPathError::UnterminatedQuote),
        ] {
            assert_eq!(ClaimPath::parse(path), Err(expected), "{path}");
        }
    }
}
