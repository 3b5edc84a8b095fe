//! `ditto-auth demo`: logins against the webhook on this machine, a table row for each.

use std::error::Error;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;
use testkit::{Dialect, DittoSecret, request_body};

use crate::development::{DATABASE_ID, Parties, seconds_now};
use crate::output;
use crate::scenarios::{self, Expected, Scenario};
use crate::server::Server;

/// A database that no local deployment serves.
const OTHER_DATABASE_ID: &str = "00000000-0000-4000-8000-000000000000";

/// What became of a login.
struct Outcome {
    status: u16,
    answer: Value,
    time: Duration,
}

/// Plays all logins.
pub(crate) fn run() -> Result<ExitCode, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let key_store = folder.path().join("keystore.json");
    output::progress("Making keys of an identity provider, of a backend, and of Ditto …");
    let parties = Parties::new()?;
    parties.write_key_store(&key_store)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let server = runtime.block_on(Server::bind(0, &key_store))?;
    let address = format!("http://{}", server.address);
    output::progress(&format!("Starting the webhook at {address} …"));
    let _serving =
        runtime.spawn(async move { server.serve().await.map_err(|error| error.to_string()) });
    let scenarios = scenarios::all(seconds_now());
    output::progress(&format!("Playing {} logins …\n", scenarios.len()));
    let mut table = new_table();
    let mut wrong = 0_usize;
    for scenario in &scenarios {
        let outcome = log_in(scenario, &parties, &address)?;
        let is_right = is_expected(scenario, &outcome);
        wrong = wrong.saturating_add(usize::from(!is_right));
        table.add_row(row(scenario, &outcome, is_right));
    }
    output::line(&table.to_string());
    if wrong > 0 {
        let all = scenarios.len();
        output::error(&format!("{wrong} of {all} logins did not end as they should"));
        return Ok(ExitCode::FAILURE);
    }
    output::line(NEXT);
    Ok(ExitCode::SUCCESS)
}

const NEXT: &str = "
All logins ended as they should: those above the first refusal are let in, the others are not.

What to do next
  Who may read and write what:  functions/oidc/policy.toml and functions/custom/policy.toml, then `make demo` again
  What a code means:            docs/errors.md
  Keep the webhook running:     make serve
  Put it in front of Ditto:     README.md, \"Deploy\"";

/// Sends the login as Ditto sends it.
fn log_in(
    scenario: &Scenario,
    parties: &Parties,
    address: &str,
) -> Result<Outcome, Box<dyn Error>> {
    let now = seconds_now();
    let token = scenario.token(parties, now)?;
    let database = if scenario.served_database { DATABASE_ID } else { OTHER_DATABASE_ID };
    let body = request_body(scenario.dialect, database, scenario.provider, &token);
    let stranger = DittoSecret::generate().map_err(|_| "no secret for the stranger")?;
    let secret = if scenario.signed_by_ditto { &parties.ditto } else { &stranger };
    let agent = ureq::Agent::from(
        ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build(),
    );
    let request = agent
        .post(format!("{address}/{}", scenario.provider))
        .header("content-type", "application/json")
        .header("ditto-signature", secret.header(now, body.as_bytes()));
    let started = Instant::now();
    let mut response = request.send(body)?;
    let status = response.status().as_u16();
    let answer = serde_json::from_str(&response.body_mut().read_to_string()?)?;
    Ok(Outcome { status, answer, time: started.elapsed() })
}

/// Whether the answer is the expected one: status, verdict in the dialect of the request, code. What an accepted user
/// may do is the policy's to say, and `policy.test.toml`'s to hold.
fn is_expected(scenario: &Scenario, outcome: &Outcome) -> bool {
    let Outcome { status, answer, .. } = outcome;
    let (own, other) = match scenario.dialect {
        Dialect::V1 => ("authenticated", "authenticate"),
        Dialect::Legacy => ("authenticate", "authenticated"),
    };
    let verdict = answer.get(own).and_then(Value::as_bool);
    let is_in_dialect = answer.get(other).is_none();
    is_in_dialect
        && match scenario.expected {
            Expected::Accepted => {
                (*status, verdict) == (200, Some(true))
                    && answer.get("userID").is_some_and(Value::is_string)
                    && answer.get("permissions").is_some_and(Value::is_object)
            }
            Expected::Code(code) => {
                let has_verdict = scenario.signed_by_ditto;
                let expected = if has_verdict { (200, Some(false)) } else { (401, None) };
                (*status, verdict) == expected && code_of(answer) == Some(code)
            }
        }
}

fn verdict(answer: &Value) -> Option<bool> {
    match (answer.get("authenticated"), answer.get("authenticate")) {
        (Some(verdict), None) | (None, Some(verdict)) => verdict.as_bool(),
        _ => None,
    }
}

fn code_of(answer: &Value) -> Option<&str> {
    answer.get("clientInfo").unwrap_or(answer).get("code").and_then(Value::as_str)
}

/// `everything`, or the queries by collection, a line for each.
fn access(answer: &Value, kind: &str) -> String {
    let Some(access) = answer.get("permissions").and_then(|permissions| permissions.get(kind))
    else {
        return String::new();
    };
    if access.get("everything") == Some(&Value::Bool(true)) {
        return "everything".to_owned();
    }
    let mut text = String::new();
    let collections = access.get("queriesByCollection").and_then(Value::as_object);
    for (collection, queries) in collections.into_iter().flatten() {
        for query in queries.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let line_break = if text.is_empty() { "" } else { "\n" };
            // Writing to a String cannot fail.
            let _ = write!(text, "{line_break}{collection}: {query}");
        }
    }
    text
}

fn new_table() -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header([
        "provider",
        "login",
        "user",
        "verdict",
        "code",
        "may read",
        "may write",
        "time",
    ]);
    table
}

fn row(scenario: &Scenario, outcome: &Outcome, is_right: bool) -> [String; 8] {
    let verdict = match verdict(&outcome.answer) {
        Some(true) => "accepted",
        Some(false) => "refused",
        None => "no verdict",
    };
    let mark = if is_right { "" } else { " (WRONG)" };
    [
        scenario.provider.to_owned(),
        scenario.title.to_owned(),
        scenario.user.to_owned(),
        format!("{verdict}{mark}"),
        code_of(&outcome.answer).unwrap_or_default().to_owned(),
        access(&outcome.answer, "read"),
        access(&outcome.answer, "write"),
        format!("{:.1} ms", outcome.time.as_secs_f64() * 1000.0),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::scenarios::Token;

    #[test]
    fn only_the_expected_answer_counts_as_right() {
        let scenario = |dialect, signed_by_ditto, expected| Scenario {
            provider: "oidc",
            title: "",
            user: "ada",
            dialect,
            signed_by_ditto,
            served_database: true,
            token: Token::Unsigned,
            expected,
        };
        let accepted = scenario(Dialect::V1, true, Expected::Accepted);
        let refused = scenario(Dialect::Legacy, true, Expected::Code("token.expired"));
        let forged = scenario(Dialect::V1, false, Expected::Code("caller.signature"));
        let good = |verdict: &str| json!({verdict: true, "userID": "ada", "permissions": {}});
        let v1 = "authenticated";
        let code = |code: &str| json!({"authenticate": false, "clientInfo": {"code": code}});
        for (name, scenario, status, answer, is_right) in [
            ("accepted", &accepted, 200, good(v1), true),
            ("another status", &accepted, 201, good(v1), false),
            ("no user", &accepted, 200, json!({v1: true, "permissions": {}}), false),
            ("no permissions", &accepted, 200, json!({v1: true, "userID": "ada"}), false),
            ("another dialect", &accepted, 200, good("authenticate"), false),
            ("refused instead", &accepted, 200, json!({"authenticated": false}), false),
            ("refused", &refused, 200, code("token.expired"), true),
            ("another code", &refused, 200, code("token.issuer"), false),
            ("accepted instead", &refused, 200, good("authenticate"), false),
            ("no verdict", &forged, 401, json!({"code": "caller.signature"}), true),
            ("a verdict instead", &forged, 200, code("caller.signature"), false),
        ] {
            let outcome = Outcome { status, answer, time: Duration::ZERO };
            assert_eq!(is_expected(scenario, &outcome), is_right, "{name}");
        }
    }
}
