//! How a rule names a claim.
//!
//! One rule: names are separated by dots; a name with any character other than letters, digits, `_`, `-` and `:`
//! stands in double quotes; `[0]` is the first item of an array. `realm_access.roles` is two names,
//! `"https://app.example.com/roles"` is one. `request.database_id` and `request.provider` are the request's own; a
//! claim of that name stands in quotes: `"request".provider`.

use std::fmt;

use serde_json::Value;

use crate::Login;

/// The way to one value of a login: a claim, or what the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimPath {
    /// A claim of the token, or a member below it.
    Claim {
        /// The claim's name.
        name: String,
        /// The way from the claim to the value.
        below: Vec<PathStep>,
    },
    /// `request.database_id`: the database that the login is for.
    DatabaseId,
    /// `request.provider`: the provider name in Ditto's portal.
    Provider,
}

/// One step below a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep {
    /// An item of an array, counted from 0.
    Item(usize),
    /// A member of an object.
    Member(String),
}

/// A text that names no claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimPathError {
    /// Braces, as in a template, where a claim is named.
    #[error("a claim is named without braces here")]
    InBraces,
    /// What stands in square brackets is no index.
    #[error("`[` is followed by a number from 0 and `]`")]
    Index,
    /// A name has a character that needs quotes.
    #[error("a claim name with `{character}` in it must stand in double quotes")]
    NeedsQuotes {
        /// The first such character.
        character: char,
    },
    /// A name is empty: at the start, at the end, or between two dots.
    #[error("a claim name is empty")]
    NoName,
    /// `request` with anything but `database_id` or `provider`.
    #[error(
        "the request has `request.database_id` and `request.provider`; a claim of that name is written `\"request\"`"
    )]
    Request,
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
        match text {
            _ if text.starts_with('{') => return Err(ClaimPathError::InBraces),
            "request.database_id" => return Ok(Self::DatabaseId),
            "request.provider" => return Ok(Self::Provider),
            _ if text == "request"
                || text.starts_with("request.")
                || text.starts_with("request[") =>
            {
                return Err(ClaimPathError::Request);
            }
            _ => {}
        }
        let (name, mut rest) = next_name(text)?;
        let mut below = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('.') {
                let (name, after) = next_name(after)?;
                below.push(PathStep::Member(name.to_owned()));
                rest = after;
            } else {
                let (index, after) = next_index(rest)?;
                below.push(PathStep::Item(index));
                rest = after;
            }
        }
        Ok(Self::Claim { name: name.to_owned(), below })
    }

    /// The claim's value, or nothing where it, or what is on the way to it, is missing.
    #[must_use]
    pub(crate) fn find<'c>(&self, login: &Login<'c>) -> Option<Found<'c>> {
        match self {
            Self::Claim { name, below } => {
                let value =
                    below.iter().try_fold(login.claims.get(name)?, |value, step| match step {
                        PathStep::Item(index) => value.as_array()?.get(*index),
                        PathStep::Member(name) => value.as_object()?.get(name),
                    });
                value.map(Found::Claim)
            }
            Self::DatabaseId => Some(Found::Request(login.database_id)),
            Self::Provider => Some(Found::Request(login.provider)),
        }
    }
}

/// What a path leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Found<'c> {
    Claim(&'c Value),
    Request(&'c str),
}

impl fmt::Display for ClaimPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, below) = match self {
            Self::Claim { name, below } => (name, below),
            Self::DatabaseId => return formatter.write_str("request.database_id"),
            Self::Provider => return formatter.write_str("request.provider"),
        };
        let is_plain = name.chars().all(is_bare) && name != "request";
        let write_name = |formatter: &mut fmt::Formatter<'_>, name: &str, is_plain: bool| {
            if is_plain { formatter.write_str(name) } else { write!(formatter, "\"{name}\"") }
        };
        write_name(formatter, name, is_plain)?;
        below.iter().try_for_each(|step| match step {
            PathStep::Item(index) => write!(formatter, "[{index}]"),
            PathStep::Member(name) => {
                formatter.write_str(".")?;
                write_name(formatter, name, name.chars().all(is_bare))
            }
        })
    }
}

/// Splits the first name off.
fn next_name(text: &str) -> Result<(&str, &str), ClaimPathError> {
    let (name, rest) = if let Some(quoted) = text.strip_prefix('"') {
        let (name, rest) = quoted.split_once('"').ok_or(ClaimPathError::UnterminatedQuote)?;
        if !rest.is_empty() && !rest.starts_with(['.', '[']) {
            return Err(ClaimPathError::UnterminatedQuote);
        }
        (name, rest)
    } else {
        let end = text.find(['.', '[']).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end).ok_or(ClaimPathError::NoName)?;
        if let Some(character) = name.chars().find(|character| !is_bare(*character)) {
            return Err(ClaimPathError::NeedsQuotes { character });
        }
        (name, rest)
    };
    if name.is_empty() { Err(ClaimPathError::NoName) } else { Ok((name, rest)) }
}

/// Splits `[0]` off.
fn next_index(text: &str) -> Result<(usize, &str), ClaimPathError> {
    let inside = text.strip_prefix('[').ok_or(ClaimPathError::Index)?;
    let (digits, rest) = inside.split_once(']').ok_or(ClaimPathError::Index)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ClaimPathError::Index);
    }
    Ok((digits.parse().map_err(|_| ClaimPathError::Index)?, rest))
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
            "sub": "u", "a.b": "dotted", "a": {"b": "nested", "c": [{"d": 1}, 2]}, "cognito:groups": ["g"],
            "https://app.example.com/roles": ["r"], "n": null, "request": {"provider": "claimed"},
        });
        let login = Login::of(claims.as_object().unwrap());
        for (path, expected) in [
            ("sub", Some(json!("u"))),
            ("a.b", Some(json!("nested"))),
            (r#""a.b""#, Some(json!("dotted"))),
            (r#"a."b""#, Some(json!("nested"))),
            ("cognito:groups", Some(json!(["g"]))),
            ("cognito:groups[0]", Some(json!("g"))),
            ("cognito:groups[1]", None),
            ("a.c[0].d", Some(json!(1))),
            ("a.c[1].d", None),
            ("a[0]", None),
            (r#""https://app.example.com/roles""#, Some(json!(["r"]))),
            (r#""https://app.example.com/roles"[0]"#, Some(json!("r"))),
            ("n", Some(json!(null))),
            ("sub.x", None),
            ("b", None),
            (r#""request".provider"#, Some(json!("claimed"))),
            ("request.provider", Some(json!("my-auth"))),
            ("request.database_id", Some(json!("3f5c1c0e-1111-4222-8333-0123456789ab"))),
        ] {
            let found = ClaimPath::parse(path).unwrap().find(&login).map(|found| match found {
                Found::Claim(value) => value.clone(),
                Found::Request(text) => json!(text),
            });
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn prints_the_form_it_parses() {
        for path in [
            "sub",
            "realm_access.roles[3].x",
            r#""https://app.example.com/roles".first"#,
            r#""request".provider"#,
            "request.provider",
            "request.database_id",
            "a.request",
        ] {
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
            ("[0]", ClaimPathError::NoName),
            ("a..b", ClaimPathError::NoName),
            (r#""""#, ClaimPathError::NoName),
            ("https://x/roles", ClaimPathError::NeedsQuotes { character: '/' }),
            ("a b", ClaimPathError::NeedsQuotes { character: ' ' }),
            (r#""a"#, ClaimPathError::UnterminatedQuote),
            (r#""a"b"#, ClaimPathError::UnterminatedQuote),
            ("{a}", ClaimPathError::InBraces),
            ("a[", ClaimPathError::Index),
            ("a[]", ClaimPathError::Index),
            ("a[-1]", ClaimPathError::Index),
            ("a[+1]", ClaimPathError::Index),
            ("a[0]b", ClaimPathError::Index),
            ("a[99999999999999999999]", ClaimPathError::Index),
            ("request", ClaimPathError::Request),
            ("request.token", ClaimPathError::Request),
            ("request.provider.x", ClaimPathError::Request),
        ] {
            assert_eq!(ClaimPath::parse(path), Err(expected), "{path}");
        }
    }
}
