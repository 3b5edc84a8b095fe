//! A claim as a rule uses it: a path, then what is done to the value. `{sub | strip_prefix('auth0|') | lower}`.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

use crate::claim_path::Found;
use crate::transform::{Resolved, parse_transform};
use crate::{ClaimPath, ClaimPathError, Login, Transform, ValueMaps};

/// A claim, or what the request says, and what is done to it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimReference {
    /// Where the value is.
    pub path: ClaimPath,
    /// What is done to it, in order.
    pub transforms: Vec<Transform>,
}

/// A text that is no reference to a claim.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimReferenceError {
    /// A transform without its argument, with one it does not take, or with one of another form.
    #[error("write {form}")]
    Argument {
        /// The right form.
        form: &'static str,
    },
    /// The path is wrong.
    #[error(transparent)]
    Path(#[from] ClaimPathError),
    /// `map(…)` names no table of the policy.
    #[error("there is no table `[map.{name}]`{}", did_you_mean(.nearest.as_deref()))]
    UnknownMap {
        /// The name.
        name: String,
        /// The table that is probably meant.
        nearest: Option<String>,
    },
    /// What follows `|` is no transform.
    #[error("`{name}` is not one of default, lower, map, strip_prefix, trim{}", did_you_mean(*.nearest))]
    UnknownTransform {
        /// The name.
        name: String,
        /// The transform that is probably meant.
        nearest: Option<&'static str>,
    },
    /// A quote without its counterpart.
    #[error("a quoted argument has no end")]
    UnterminatedQuote,
}

/// What a value is known to be before any token was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KnownType {
    Number,
    Text,
}

impl ClaimReference {
    /// Parses the written form; `maps` are the policy's tables.
    ///
    /// # Errors
    /// [`ClaimReferenceError`], see its variants.
    pub fn parse(text: &str, maps: &ValueMaps) -> Result<Self, ClaimReferenceError> {
        let mut parts = split_outside_quotes(text)?.into_iter().map(str::trim);
        let path = ClaimPath::parse(parts.next().unwrap_or_default())?;
        let transforms = parts.map(|part| parse_transform(part, maps)).collect::<Result<_, _>>()?;
        Ok(Self { path, transforms })
    }

    /// The value, or nothing where the claim is missing or `null`, or a transform leaves nothing.
    #[must_use]
    pub fn value<'c>(&self, login: &Login<'c>) -> Option<Cow<'c, Value>> {
        match self.resolve(login) {
            Resolved::Value(value) => Some(value),
            Resolved::Nothing | Resolved::Untold => None,
        }
    }

    pub(crate) fn resolve<'c>(&self, login: &Login<'c>) -> Resolved<'c> {
        let found = match self.path.find(login) {
            None | Some(Found::Claim(Value::Null)) => Resolved::Nothing,
            Some(Found::Claim(value)) => Resolved::Value(Cow::Borrowed(value)),
            Some(Found::Request(text)) => Resolved::Value(Cow::Owned(Value::from(text))),
        };
        self.transforms.iter().fold(found, |resolved, transform| match (transform, resolved) {
            (Transform::Default(default), Resolved::Nothing) => {
                Resolved::Value(Cow::Owned(default.clone()))
            }
            (transform, Resolved::Value(value)) => transform.apply(value),
            (_, resolved) => resolved,
        })
    }

    /// What the value is known to be: registered claims have one type (RFC 7519 4.1), which is verified before.
    pub(crate) fn known_type(&self) -> Option<KnownType> {
        match &self.path {
            _ if !self.transforms.is_empty() => None,
            ClaimPath::DatabaseId | ClaimPath::Provider => Some(KnownType::Text),
            ClaimPath::Claim { name, below } if below.is_empty() => match name.as_str() {
                "sub" | "iss" | "jti" => Some(KnownType::Text),
                "exp" | "iat" | "nbf" => Some(KnownType::Number),
                _ => None,
            },
            ClaimPath::Claim { .. } => None,
        }
    }
}

fn split_outside_quotes(text: &str) -> Result<Vec<&str>, ClaimReferenceError> {
    let mut open_quote = None;
    let parts = text.split(|character: char| {
        match open_quote {
            Some(quote) if quote == character => open_quote = None,
            None if matches!(character, '\'' | '"') => open_quote = Some(character),
            _ => {}
        }
        character == '|' && open_quote.is_none()
    });
    let parts = parts.collect();
    if open_quote.is_some() { Err(ClaimReferenceError::UnterminatedQuote) } else { Ok(parts) }
}

pub(crate) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default()
}

impl fmt::Display for ClaimReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(formatter)?;
        self.transforms.iter().try_for_each(|transform| write!(formatter, " | {transform}"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::ValueMap;

    fn maps() -> ValueMaps {
        let regions = ValueMap::from_iter([
            ("eu-west".to_owned(), json!("emea")),
            ("7".to_owned(), json!(["a", "b"])),
            ("true".to_owned(), json!(1)),
        ]);
        ValueMaps::from_iter([("region".to_owned(), Arc::new(regions))])
    }

    fn claims() -> Value {
        json!({
            "sub": "auth0|Ab|c", "pad": " x\t", "region": "eu-west", "regions": ["eu-west", "mars", 7],
            "level": 7, "ok": true, "n": null, "kelvin": "\u{212a}IM", "groups": ["store-1", "all", "store-2"], "numbers": [7.0, 1], "mixed": ["A", 1],
        })
    }

    #[test]
    fn does_to_a_value_what_it_says() {
        let claims = claims();
        let login = Login::of(claims.as_object().unwrap());
        for (text, expected) in [
            ("sub | strip_prefix('auth0|')", Some(json!("Ab|c"))),
            ("sub|strip_prefix(\"auth0|\")|lower", Some(json!("ab|c"))),
            ("sub | strip_prefix('google|')", None),
            ("sub | strip_prefix('google|') | default('none')", Some(json!("none"))),
            ("pad | trim", Some(json!("x"))),
            ("level | lower", None),
            ("mixed | lower", None),
            ("mixed | strip_prefix('A')", None),
            ("numbers | map(region)", Some(json!(["a", "b"]))),
            ("sub | lower", Some(json!("auth0|ab|c"))),
            ("kelvin | lower", Some(json!("\u{212a}im"))),
            // What is of another type is not nothing, so there is no default for it.
            ("level | lower | default('x')", None),
            ("groups | strip_prefix('store-')", Some(json!(["1", "2"]))),
            ("region | map(region)", Some(json!("emea"))),
            ("region | map('region')", Some(json!("emea"))),
            ("regions | map(region)", Some(json!(["emea", "a", "b"]))),
            ("level | map(region)", Some(json!(["a", "b"]))),
            ("ok | map(region)", Some(json!(1))),
            ("sub | map(region)", None),
            ("sub | map(region) | default(false)", Some(json!(false))),
            ("n | default(-3)", Some(json!(-3))),
            ("missing | default('')", Some(json!(""))),
            ("level | default(1)", Some(json!(7))),
            ("missing", None),
            ("n", None),
            ("request.provider | default('x')", Some(json!("my-auth"))),
        ] {
            let reference = ClaimReference::parse(text, &maps()).unwrap();
            assert_eq!(reference.value(&login).map(Cow::into_owned), expected, "{text}");
            let printed = reference.to_string();
            assert_eq!(
                ClaimReference::parse(&printed, &maps()).as_ref(),
                Ok(&reference),
                "{printed}"
            );
        }
    }

    #[test]
    fn refuses_what_is_no_transform() {
        let argument = |form| ClaimReferenceError::Argument { form };
        let strip = argument("`strip_prefix('…')` with a quoted text");
        let default = argument("`default('…')` with a quoted text, an integer, true or false");
        let map = argument("`map(name)` with the name of a `[map.name]` table");
        for (text, expected) in [
            ("", ClaimPathError::NoName.into()),
            ("sub |", ClaimReferenceError::UnknownTransform { name: String::new(), nearest: None }),
            (
                "sub | lowr",
                ClaimReferenceError::UnknownTransform {
                    name: "lowr".into(),
                    nearest: Some("lower"),
                },
            ),
            ("sub | lower()", argument("`lower` without an argument")),
            ("sub | trim(1)", argument("`trim` without an argument")),
            ("sub | strip_prefix", strip.clone()),
            ("sub | strip_prefix(x)", strip.clone()),
            ("sub | strip_prefix('')", strip.clone()),
            ("sub | strip_prefix('a'", strip),
            ("sub | default(x)", default.clone()),
            ("sub | default(1.5)", default),
            ("sub | map", map),
            (
                "sub | map(regoin)",
                ClaimReferenceError::UnknownMap {
                    name: "regoin".into(),
                    nearest: Some("region".into()),
                },
            ),
            ("sub | strip_prefix('a)", ClaimReferenceError::UnterminatedQuote),
        ] {
            assert_eq!(ClaimReference::parse(text, &maps()), Err(expected), "{text}");
        }
    }
}
