//! A provider with the settings it is deployed with and its policy: everything a start needs to know, or
//! everything that is wrong with it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use claim_mapping::{Policy, PolicyProblem};
use token::Verifier;
use tracing::Level;

use crate::request::LoginRequest;
use crate::{COMMON_SETTINGS, Provider, Reason, SettingKind, SettingProblem, SettingsReader};

/// What a function needs to answer requests, except the keys.
#[derive(Debug)]
pub struct Deployment {
    pub(crate) name: &'static str,
    pub(crate) provider_names: Vec<String>,
    pub(crate) databases: Databases,
    pub(crate) policy: Policy,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) signing_keys_secret: String,
    pub(crate) caller_check: CallerCheck,
    /// How much is logged.
    pub log_level: Level,
}

/// Whether a request must be proven to be Ditto's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallerCheck {
    /// It must be signed with the secret of this name.
    Required { secret: String },
    /// Anybody may call. Chosen with `DITTO_SIGNATURE=off`.
    Off,
}

/// Which databases a deployment serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Databases {
    All,
    Only(Vec<String>),
}

/// Something that keeps a function from starting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartProblem {
    /// Of the policy.
    Policy(PolicyProblem),
    /// Of a setting.
    Setting(SettingProblem),
}

impl Deployment {
    /// Reads a provider's settings and policy.
    ///
    /// # Errors
    /// Every [`StartProblem`] of both.
    pub fn read(
        provider: &Provider,
        environment: &BTreeMap<String, String>,
    ) -> Result<Self, Vec<StartProblem>> {
        let mut reader = SettingsReader::new(environment);
        let known = COMMON_SETTINGS.iter().chain(provider.settings).map(|setting| setting.name);
        reader.refuse_unknown(&known.collect::<Vec<_>>());
        let provider_names = match reader.optional("PROVIDER_NAME") {
            None => Some(vec![provider.name.to_owned()]),
            Some(_) => reader.list("PROVIDER_NAME"),
        };
        let databases = read_databases(&mut reader);
        let caller_check = read_caller_check(&mut reader);
        let signing_keys_secret = reader.required("SIGNING_KEYS_SECRET").map(str::to_owned);
        let log_level = read_log_level(&mut reader);
        let verifier = (provider.verifier)(&mut reader);
        let mut problems = Vec::new();
        let policy = Policy::parse(provider.policy)
            .map_err(|error| problems.extend(error.0.into_iter().map(StartProblem::Policy)));
        problems.extend(reader.into_problems().into_iter().map(StartProblem::Setting));
        let complete = || {
            Some(Self {
                name: provider.name,
                provider_names: provider_names?,
                databases: databases?,
                policy: policy.ok()?,
                verifier: Arc::new(Verifier::new(verifier?)),
                signing_keys_secret: signing_keys_secret?,
                caller_check: caller_check?,
                log_level: log_level?,
            })
        };
        complete().filter(|_| problems.is_empty()).ok_or(problems)
    }

    pub(crate) fn verifier(&self) -> Arc<Verifier> {
        Arc::clone(&self.verifier)
    }

    /// Whether this deployment is the one the request is for.
    pub(crate) fn check_addressee(&self, login: &LoginRequest) -> Result<(), Reason> {
        if !self.provider_names.contains(&login.provider) {
            return Err(Reason::RequestProvider);
        }
        if !self.databases.serve(&login.database_id) {
            return Err(Reason::RequestDatabase);
        }
        Ok(())
    }
}

impl Databases {
    /// A UUID is the same in either case of its letters (RFC 9562 4).
    fn serve(&self, database_id: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(ids) => ids.iter().any(|id| id.eq_ignore_ascii_case(database_id)),
        }
    }
}

impl StartProblem {
    /// The stable code, as listed in `docs/errors.md`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Policy(problem) => problem.kind.code(),
            Self::Setting(problem) => problem.kind.code(),
        }
    }
}

impl fmt::Display for StartProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy(problem) => problem.fmt(formatter),
            Self::Setting(problem) => problem.fmt(formatter),
        }
    }
}

fn read_databases(reader: &mut SettingsReader<'_>) -> Option<Databases> {
    const NAME: &str = "DITTO_DATABASE_IDS";
    let ids = reader.list(NAME)?;
    if ids == ["*"] {
        return Some(Databases::All);
    }
    let is_id = |id: &String| {
        id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if !ids.iter().all(is_id) {
        let message = "must be ids of letters, digits and hyphens, or `*` alone";
        reader.report(SettingKind::Invalid, NAME, message);
        return None;
    }
    Some(Databases::Only(ids))
}

fn read_caller_check(reader: &mut SettingsReader<'_>) -> Option<CallerCheck> {
    const SECRET: &str = "DITTO_SIGNATURE_SECRET";
    if reader.choice("DITTO_SIGNATURE", &[("required", true), ("off", false)])? {
        let secret = reader.required(SECRET)?.to_owned();
        return Some(CallerCheck::Required { secret });
    }
    if reader.optional(SECRET).is_some() {
        let message = "is given although DITTO_SIGNATURE is `off`; remove one of the two";
        reader.report(SettingKind::Contradiction, SECRET, message);
        return None;
    }
    Some(CallerCheck::Off)
}

fn read_log_level(reader: &mut SettingsReader<'_>) -> Option<Level> {
    let levels = [
        ("info", Level::INFO),
        ("error", Level::ERROR),
        ("warn", Level::WARN),
        ("debug", Level::DEBUG),
        ("trace", Level::TRACE),
    ];
    reader.choice("LOG_LEVEL", &levels)
}
