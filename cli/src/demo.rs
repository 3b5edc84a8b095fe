//! `ditto-auth demo`: logins against the webhook on this machine, a table row for each.

use std::error::Error;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;
use testkit::{DittoSecret, request_body};

use crate::development::{DATABASE_ID, Parties, seconds_now};
use crate::output;
use crate::scenarios::{self, Expected, Scenario};
use crate::server::Server;

/// A database that no local deployment serves.
const OTHER_DATABASE_ID: &str = "00000000-0000-4000-8000-000000000000";

/// What became of a login.
struct Outcome {
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
        let is_right = is_expected(&scenario.expected, &outcome.answer);
        wrong = wrong.saturating_add(usize::from(!is_right));
        table.add_row(row(scenario, &outcome, is_right));
    }
    output::line(&table.to_string());
    if wrong > 0 {
        return Err(
            format!("{wrong} of {} logins did not end as they should", scenarios.len()).into()
        );
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
    let agent =
        ureq::Agent::from(ureq::Agent::config_builder().http_status_as_error(false).build());
    let request = agent
        .post(format!("{address}/{}", scenario.provider))
        .header("content-type", "application/json")
        .header("ditto-signature", secret.header(now, body.as_bytes()));
    let started = Instant::now();
    let mut response = request.send(body)?;
    let answer = serde_json::from_str(&response.body_mut().read_to_string()?)?;
    Ok(Outcome { answer, time: started.elapsed() })
}

/// Whether the answer is the expected one, and has the verdict of one dialect only.
fn is_expected(expected: &Expected, answer: &Value) -> bool {
    match expected {
        Expected::Reads(reads) => verdict(answer) == Some(true) && access(answer, "read") == *reads,
        Expected::Code(code) => verdict(answer) != Some(true) && code_of(answer) == Some(code),
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

    #[test]
    fn only_the_expected_answer_counts_as_right() {
        let reads = json!({"read": {"everything": false, "queriesByCollection": {"t": ["q"]}}});
        let accepted = json!({"authenticated": true, "permissions": reads});
        let refused = json!({"authenticate": false, "clientInfo": {"code": "token.expired"}});
        for (name, expected, answer, is_right) in [
            ("accepted", Expected::Reads("t: q"), &accepted, true),
            ("another permission", Expected::Reads("t: r"), &accepted, false),
            ("accepted instead of refused", Expected::Code("token.expired"), &accepted, false),
            ("refused", Expected::Code("token.expired"), &refused, true),
            ("another code", Expected::Code("token.issuer"), &refused, false),
            ("refused instead of accepted", Expected::Reads(""), &refused, false),
            (
                "both dialects at once",
                Expected::Reads(""),
                &json!({"authenticated": true, "authenticate": true}),
                false,
            ),
            (
                "accepted with a code",
                Expected::Code("x"),
                &json!({"authenticated": true, "clientInfo": {"code": "x"}}),
                false,
            ),
        ] {
            assert_eq!(is_expected(&expected, answer), is_right, "{name}");
        }
    }
}
