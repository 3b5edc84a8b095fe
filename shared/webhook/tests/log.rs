//! One line for each decision, and nothing in it that a caller could have wanted there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    clippy::arithmetic_side_effects,
    clippy::unchecked_time_subtraction,
    dead_code,
    reason = "a panic is the failure report, and not every test needs all of the support"
)]

mod support;

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use serde_json::{Value, json};
use testkit::{Dialect, request_body};
use webhook::telemetry;

use support::{DATABASE, Fixture, ID, Source, claims};

thread_local! {
    /// What this thread, and so this test, has logged.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What is logged while `work` runs. One subscriber serves all tests, as it does in a function.
async fn logged(work: impl Future<Output = ()>) -> String {
    static START: Once = Once::new();
    START.call_once(|| {
        let subscriber = telemetry::subscriber(telemetry::Level::TRACE, || Log);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    LOG.take();
    work.await;
    String::from_utf8(LOG.take()).unwrap()
}

fn lines(log: &str) -> Vec<Value> {
    log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_decision_is_one_line_that_an_operator_can_use() {
    let fixture = Fixture::new();
    let expired = fixture.key.token(&claims(&json!({"exp": 1})));
    for (name, request, level, verdict, code, kid) in [
        (
            "accepted",
            fixture.login(Dialect::V1, &fixture.token()),
            "INFO",
            "accepted",
            None,
            Some("key-1"),
        ),
        (
            "refused",
            fixture.login(Dialect::V1, &expired),
            "INFO",
            "refused",
            Some("token.expired"),
            Some("key-1"),
        ),
        ("broken", fixture.signed("x"), "INFO", "none", Some("request.malformed"), None),
        (
            "unproven",
            http::Request::post("/").body(bytes::Bytes::new()).unwrap(),
            "WARN",
            "none",
            Some("caller.signature_missing"),
            None,
        ),
    ] {
        let log = logged(async { drop(fixture.answer(request).await) }).await;
        let [line] = lines(&log).try_into().unwrap();
        let member = |name: &str| line.get(name).and_then(Value::as_str);
        assert_eq!(member("level"), Some(level), "{name}");
        assert_eq!(member("message"), Some("login decided"), "{name}");
        assert_eq!(member("request_id"), Some(ID), "{name}");
        assert_eq!(member("provider"), Some("test"), "{name}");
        assert_eq!(member("verdict"), Some(verdict), "{name}");
        assert_eq!(member("code"), code, "{name}");
        assert_eq!(member("kid"), kid, "{name}");
        assert_eq!(member("database_id"), kid.map(|_| DATABASE), "{name}");
        assert_eq!(line.get("key_age_s"), kid.map(|_| json!(42)).as_ref(), "{name}");
        assert!(line.get("duration_us").is_some_and(Value::is_u64), "{name}");
    }
}

#[tokio::test]
async fn nothing_secret_and_nothing_of_a_claim_is_logged() {
    let fixture = Fixture::new();
    let marked =
        json!({"sub": "marked-subject", "role": "marked-role", "email": "marked@example.org"});
    let token = fixture.key.token(&claims(&marked));
    let hostile = fixture
        .key
        .token_of(r#"{"alg":"ES256","kid":"marked \n kid"}"#, &claims(&marked).to_string());
    let mut searched = vec!["marked".to_owned(), fixture.ditto.to_base64()];
    let mut log = String::new();
    for (database, provider, token) in [
        (DATABASE, "test", token.as_str()),
        (DATABASE, "test", hostile.as_str()),
        ("marked database", "test", token.as_str()),
        (DATABASE, "marked-provider", token.as_str()),
        (DATABASE, "test", "marked.marked"),
    ] {
        let request = fixture.signed(request_body(Dialect::V1, database, provider, token));
        let signature = request.headers().get("ditto-signature").unwrap().to_str().unwrap();
        searched.extend([token.to_owned(), signature.split("v1=").nth(1).unwrap().to_owned()]);
        searched.extend(token.split('.').map(str::to_owned));
        log.push_str(&logged(async { drop(fixture.answer(request).await) }).await);
    }
    assert_eq!(lines(&log).len(), 5);
    for text in searched {
        assert!(!log.contains(&text), "{text} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn a_database_that_is_not_served_is_named() {
    let fixture = Fixture::new();
    let other = "00000000-0000-4000-8000-000000000000";
    let request = fixture.signed(request_body(Dialect::V1, other, "test", &fixture.token()));
    let log = logged(async { drop(fixture.answer(request).await) }).await;
    let [line] = lines(&log).try_into().unwrap();
    assert_eq!(line.get("database_id"), Some(&json!(other)));
}

#[tokio::test]
async fn other_peoples_crates_are_heard_only_from_warnings_up() {
    let log = logged(async {
        tracing::info!(target: "lambda_runtime::layers", "a whole event");
        tracing::trace!(target: "aws_smithy_runtime", "a whole secret");
        tracing::warn!(target: "hyper", "a warning");
        tracing::trace!(target: "webhook", "ours");
    })
    .await;
    let messages = lines(&log).iter().map(|line| line.get("message").cloned()).collect::<Vec<_>>();
    assert_eq!(messages, [Some(json!("a warning")), Some(json!("ours"))]);
}

#[tokio::test]
async fn an_outage_is_an_error_with_its_causes() {
    let fixture = Fixture::new();
    *fixture.keys.now.lock().unwrap() = Source::Fails;
    let request = fixture.login(Dialect::V1, &fixture.token());
    let log = logged(async { drop(fixture.answer(request).await) }).await;
    let [line] = lines(&log).try_into().unwrap();
    assert_eq!(line.get("level"), Some(&json!("ERROR")));
    assert_eq!(line.get("code"), Some(&json!("keys.unavailable")));
    assert_eq!(line.get("detail"), Some(&json!("the keys could not be read: secret store down")));
}

#[tokio::test]
async fn giving_signatures_up_is_logged_loudly() {
    let log = logged(async { drop(Fixture::with(&[("DITTO_SIGNATURE", "off")])) }).await;
    let [line] = lines(&log).try_into().unwrap();
    assert_eq!(line.get("level"), Some(&json!("ERROR")));
    assert!(line.get("message").unwrap().as_str().unwrap().starts_with("DITTO_SIGNATURE is off"));
}
