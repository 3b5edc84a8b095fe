//! Settings are environment variables: the same in the template, the local server and the tests. All problems are
//! reported at once.

use std::collections::BTreeMap;
use std::fmt;

use token::{Algorithm, TokenKind, algorithm_named};

/// One setting, as documented in `docs/settings.md`.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable.
    pub name: &'static str,
    /// What it defaults to, in words.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// The settings of every function.
pub const COMMON_SETTINGS: &[Setting] = &[
    Setting {
        name: "PROVIDER_NAME",
        default: "the function's own name",
        meaning: "The names that Ditto's portal uses for this function, comma-separated. A request for another provider name is refused.",
    },
    Setting {
        name: "DITTO_DATABASE_IDS",
        default: "none: must be given",
        meaning: "The ids of the databases this deployment serves, comma-separated. `*` serves every database, on purpose.",
    },
    Setting {
        name: "DITTO_SIGNATURE",
        default: "`required`",
        meaning: "`required`, or `off` to accept requests that nobody proves to be Ditto's. `off` is logged as an error at every start.",
    },
    Setting {
        name: "DITTO_SIGNATURE_SECRET",
        default: "none: must be given while signatures are required",
        meaning: "Name or ARN of the secret that holds Ditto's signature secret, as the base64 text that Ditto's portal shows. AWSCURRENT and AWSPREVIOUS both count.",
    },
    Setting {
        name: "SIGNING_KEYS_SECRET",
        default: "none: must be given",
        meaning: "Name or ARN of the secret that holds the provider's keys as a JWK Set (RFC 7517).",
    },
    Setting {
        name: "LOG_LEVEL",
        default: "`info`",
        meaning: "`error`, `warn`, `info`, `debug` or `trace`. Decisions are logged at `info`. No level logs tokens, secrets or claim values.",
    },
];

/// The kind of a problem with a setting, with its stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// Two settings contradict each other.
    Contradiction,
    /// A value that is not one of those allowed.
    Invalid,
    /// A required setting is not given.
    Missing,
    /// A name that looks like a setting and is none.
    Unknown,
}

impl SettingKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Contradiction, Self::Invalid, Self::Missing, Self::Unknown];

    /// The stable code, as listed in `docs/errors.md`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Contradiction => "setting.contradiction",
            Self::Invalid => "setting.invalid",
            Self::Missing => "setting.missing",
            Self::Unknown => "setting.unknown",
        }
    }
}

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// What kind of problem it is.
    pub kind: SettingKind,
    /// The environment variable.
    pub name: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}: {}", self.kind.code(), self.name, self.message)
    }
}

/// What a provider's tokens are held against, where the user names it all.
#[derive(Debug)]
pub struct TokenSettings {
    /// The one issuer.
    pub issuer: String,
    /// The audiences, of which a token must name one.
    pub audience: Vec<String>,
    /// The kind of token.
    pub kind: TokenKind,
    /// The algorithms.
    pub algorithms: Vec<Algorithm>,
}

/// Reads settings and notes what is wrong with them. Values are shown in no message: a secret may have been
/// pasted into the wrong variable.
#[derive(Debug)]
pub struct SettingsReader<'e> {
    environment: &'e BTreeMap<String, String>,
    problems: Vec<SettingProblem>,
}

impl<'e> SettingsReader<'e> {
    /// A reader of these environment variables.
    #[must_use]
    pub fn new(environment: &'e BTreeMap<String, String>) -> Self {
        Self { environment, problems: Vec::new() }
    }

    /// Everything that was found wrong.
    #[must_use]
    pub fn into_problems(self) -> Vec<SettingProblem> {
        self.problems
    }

    /// A setting that may be left out. An empty variable counts as left out: templates cannot unset one.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<&'e str> {
        self.environment.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// A setting that must be given.
    pub fn required(&mut self, name: &str) -> Option<&'e str> {
        let value = self.optional(name);
        if value.is_none() {
            self.report(SettingKind::Missing, name, "must be given");
        }
        value
    }

    /// A comma-separated list that must have at least one name.
    pub fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let names = self.required(name)?.split(',').map(|name| name.trim().to_owned());
        let names = names.collect::<Vec<_>>();
        if names.iter().any(String::is_empty) {
            self.report(SettingKind::Invalid, name, "has an empty name between two commas");
            return None;
        }
        Some(names)
    }

    /// One of some words; the first is the default.
    pub fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let Some(value) = self.optional(name) else {
            return choices.first().map(|(_, choice)| *choice);
        };
        let choice = choices.iter().find(|(word, _)| *word == value).map(|(_, choice)| *choice);
        if choice.is_none() {
            let words = choices.iter().map(|(word, _)| *word).collect::<Vec<_>>();
            let nearest = nearest(value, &words);
            let hint = nearest.map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
            let message = format!("must be one of {}{hint}", words.join(", "));
            self.report(SettingKind::Invalid, name, &message);
        }
        choice
    }

    /// `ISSUER`, `AUDIENCE`, `TOKEN_KIND` and `ALGORITHMS`.
    pub fn token_settings(&mut self, allowed: &[Algorithm]) -> Option<TokenSettings> {
        let issuer = self.required("ISSUER").map(str::to_owned);
        let audience = self.list("AUDIENCE");
        let kind = [("access", TokenKind::Access), ("id", TokenKind::Id)];
        let kind = self.choice("TOKEN_KIND", &kind);
        let algorithms = self.algorithms(allowed);
        Some(TokenSettings {
            issuer: issuer?,
            audience: audience?,
            kind: kind?,
            algorithms: algorithms?,
        })
    }

    /// `ALGORITHMS`: some of `allowed`, or all of them where it is not given. With all, it is still each key that
    /// decides on its one algorithm.
    fn algorithms(&mut self, allowed: &[Algorithm]) -> Option<Vec<Algorithm>> {
        const NAME: &str = "ALGORITHMS";
        if self.optional(NAME).is_none() {
            return Some(allowed.to_vec());
        }
        let names = self.list(NAME)?;
        let mut algorithms = Vec::new();
        for name in &names {
            if let Some(algorithm) =
                algorithm_named(name).filter(|algorithm| allowed.contains(algorithm))
            {
                algorithms.push(algorithm);
            } else {
                let known = allowed.iter().map(|known| format!("{known:?}"));
                let known = known.collect::<Vec<_>>().join(", ");
                let message = format!("each must be one of {known}");
                self.report(SettingKind::Invalid, NAME, &message);
                return None;
            }
        }
        Some(algorithms)
    }

    /// Notes a problem.
    pub fn report(&mut self, kind: SettingKind, name: &str, message: &str) {
        self.problems.push(SettingProblem {
            kind,
            name: name.to_owned(),
            message: message.to_owned(),
        });
    }

    /// Notes each variable that looks like a setting and is none: one that begins with `DITTO_`, or that is
    /// misspelt by a letter or two. Other variables are the platform's and stay unmentioned.
    pub(crate) fn refuse_unknown(&mut self, known: &[&str]) {
        for name in self.environment.keys().filter(|name| !known.contains(&name.as_str())) {
            let hint = nearest(name, known);
            if hint.is_some() || name.starts_with("DITTO_") {
                let hint = hint.map(|hint| format!("; did you mean `{hint}`?"));
                let message = format!("is not a setting{}", hint.unwrap_or_default());
                self.problems.push(SettingProblem {
                    kind: SettingKind::Unknown,
                    name: name.clone(),
                    message,
                });
            }
        }
    }
}

/// The known word that is at most two slips of a finger away, whatever the case of its letters.
fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let lower = word.to_lowercase();
    let distance = |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &lower);
    let nearest = known.iter().map(|known| (distance(known), *known)).min()?;
    (nearest.0 <= 2).then_some(nearest.1)
}
