//! `ditto-auth explain`: why a login ends as it does.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use claim_mapping::{Claims, Login, parse_duration};
use clap::Args;
use policy_analysis::{
    DEFAULT_DATABASE_ID, DEFAULT_PROVIDER, DEFAULT_TOKEN_LIFE, Explanation, PolicySource,
    parse_time, unverified_claims,
};
use serde_json::Value;

use crate::input::read;
use crate::output::{self, Format};
use crate::policy_file::LoadedPolicy;
use crate::test::BudgetArgs;

/// Arguments of `ditto-auth explain`.
#[derive(Args)]
#[command(after_help = "\
The exit code is 0 where the login is accepted, 1 where it is refused, 2 where the policy, the claims or the token cannot
be read.

Examples:
  ditto-auth explain functions/oidc/policy.toml --claims claims.json
  ditto-auth explain functions/oidc/policy.toml --token - < token.txt
  ditto-auth explain functions/oidc/policy.toml --claims - --doc 'tasks={\"owner\": \"u1\"}' < claims.json")]
pub(crate) struct Explain {
    /// The policy.
    #[arg(value_name = "POLICY")]
    policy: PathBuf,
    #[command(flatten)]
    user: User,
    /// The provider name that the request says.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_PROVIDER)]
    provider: String,
    /// The database that the request says.
    #[arg(long, value_name = "UUID", default_value = DEFAULT_DATABASE_ID)]
    database: String,
    /// How long the token is still valid, such as `30m`. Without it: until its `exp`, or an hour.
    #[arg(long, value_name = "TIME", value_parser = time_span)]
    token_life: Option<Duration>,
    /// The time of the login, such as `2026-01-01T00:00:00Z`. Without it: now.
    #[arg(long, value_name = "TIME", value_parser = time)]
    now: Option<SystemTime>,
    /// Say whether this document can be read and written, too: its collection and its `_id` as JSON. May be repeated.
    #[arg(long = "doc", value_name = "COLLECTION=JSON", value_parser = document)]
    documents: Vec<(String, Value)>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    budget: BudgetArgs,
}

/// Who logs in.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct User {
    /// A JSON file with the claims, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// A file with a token (a JWT), or `-` for standard input. It is read, not verified, and never shown.
    #[arg(long, value_name = "FILE")]
    token: Option<PathBuf>,
}

impl Explain {
    /// Runs the command.
    pub(crate) fn run(&self) -> Result<ExitCode, Box<dyn Error>> {
        let LoadedPolicy { name, text, policy } = LoadedPolicy::read(&self.policy)?;
        let claims = self.user.read()?;
        let now = self.now.unwrap_or_else(SystemTime::now);
        let left = token_life(&claims, now);
        let login = Login {
            claims: &claims,
            database_id: &self.database,
            provider: &self.provider,
            now,
            remaining_life: self.token_life.or(left).unwrap_or(DEFAULT_TOKEN_LIFE),
        };
        let source = PolicySource { policy: &policy, text: &text, file: &name };
        let explanation = Explanation::of(&source, &login, &self.documents);
        let budget = self.budget.budget();
        if self.format == Format::Json {
            let mut json = explanation.json(&budget);
            json.as_object_mut().map(|members| members.insert("is_verified".into(), false.into()));
            output::line(&format!("{json:#}"));
        } else {
            if self.user.token.is_some() {
                output::line(NOTHING_VERIFIED);
            }
            output::text(&explanation.text(&budget));
        }
        Ok(if explanation.is_accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

const NOTHING_VERIFIED: &str = "NOTHING WAS VERIFIED: whoever wrote this token can have written anything into it. Its signature, issuer,
audience and times were not looked at; the webhook refuses tokens that fail there before it asks the policy.
";

impl User {
    fn read(&self) -> Result<Claims, Box<dyn Error>> {
        if let Some(file) = &self.token {
            return Ok(unverified_claims(&read(file)?)?);
        }
        let file = self.claims.as_deref().unwrap_or(Path::new("-"));
        let claims = serde_json::from_str::<Claims>(&read(file)?);
        Ok(claims.map_err(|error| format!("{}: no JSON object: {error}", file.display()))?)
    }
}

/// How long a token is still valid by its `exp`.
fn token_life(claims: &Claims, now: SystemTime) -> Option<Duration> {
    let end = claims.get("exp").and_then(Value::as_u64).map(Duration::from_secs)?;
    SystemTime::UNIX_EPOCH.checked_add(end)?.duration_since(now).ok()
}

fn time_span(text: &str) -> Result<Duration, &'static str> {
    parse_duration(text).ok_or("write a number and a unit, such as 30m or 12h")
}

fn time(text: &str) -> Result<SystemTime, &'static str> {
    parse_time(text).ok_or("write it in UTC, such as 2026-01-01T00:00:00Z")
}

fn document(text: &str) -> Result<(String, Value), String> {
    let form = "write the collection, `=` and the _id as JSON: tasks={\"owner\": \"u1\"}";
    let (collection, id) = text.split_once('=').ok_or(form)?;
    let id = serde_json::from_str(id).map_err(|error| format!("{error}; {form}"))?;
    Ok((collection.to_owned(), id))
}
