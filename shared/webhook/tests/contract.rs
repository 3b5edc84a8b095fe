//! Ditto's contract: every answer to every kind of request.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::unchecked_time_subtraction,
    clippy::too_many_lines,
    dead_code,
    reason = "a panic is the failure report, tables are long, and not every test needs all of the support"
)]

mod support;

use std::time::Duration;

use bytes::Bytes;
use claim_mapping::{Login, MAX_QUERIES, Policy};
use http::{Request, header};
use policy_analysis::Answer;
use serde_json::{Value, json};
use testkit::{Dialect, DittoSecret, NOW_SECONDS as NOW, SigningKey, now, request_body};
use webhook::MAX_BODY_SIZE;

use support::{DATABASE, Fixture, ID, POLICY, claims, json_of};

#[tokio::test]
async fn an_accepted_login_has_every_member_in_the_dialect_of_its_request() {
    let fixture = Fixture::new();
    for (dialect, verdict) in [(Dialect::V1, "authenticated"), (Dialect::Legacy, "authenticate")] {
        let answer = fixture.answer(fixture.login(dialect, &fixture.token())).await;
        assert_eq!(answer.status(), 200);
        let nothing = json!({"everything": false, "queriesByCollection": {}});
        let own =
            json!({"everything": false, "queriesByCollection": {"tasks": ["_id.owner == 'ada'"]}});
        assert_eq!(
            json_of(&answer),
            json!({
                verdict: true,
                "userID": "ada",
                "expirationSeconds": 600,
                "permissions": {"read": own, "write": nothing, "remoteQuery": false},
                "clientInfo": {"role": "user", "request": format!("test {DATABASE}")},
                "identityServiceMetadata": {"role": "user"},
            })
        );
    }
}

#[tokio::test]
async fn the_tools_for_policies_weigh_what_is_answered() {
    let fixture = Fixture::new();
    let answer = fixture.answer(fixture.login(Dialect::V1, &fixture.token())).await;
    let decision = Policy::parse(POLICY).unwrap().evaluate(&Login {
        claims: claims(&json!({})).as_object().unwrap(),
        database_id: DATABASE,
        provider: "test",
        now: now(),
        remaining_life: Duration::from_mins(10),
    });
    let weighed = Answer::from(&decision.unwrap()).to_bytes();
    assert_eq!(answer.body().as_ref(), weighed);
}

#[tokio::test]
async fn a_policy_sees_the_database_id_in_lower_case() {
    let fixture = Fixture::new();
    let body = request_body(Dialect::V1, &DATABASE.to_uppercase(), "test", &fixture.token());
    let answer = fixture.answer(fixture.signed(body)).await;
    let request = json_of(&answer).pointer("/clientInfo/request").cloned();
    assert_eq!(request, Some(json!(format!("test {DATABASE}"))));
}

#[tokio::test]
async fn a_refused_login_is_a_verdict_with_a_code_and_an_id() {
    let fixture = Fixture::new();
    let expired = fixture.key.token(&claims(&json!({"exp": NOW - 600})));
    for (dialect, verdict) in [(Dialect::V1, "authenticated"), (Dialect::Legacy, "authenticate")] {
        let answer = fixture.answer(fixture.login(dialect, &expired)).await;
        assert_eq!(answer.status(), 200);
        let message = "The sign-in token has expired. Sign in again.";
        assert_eq!(
            json_of(&answer),
            json!({verdict: false, "clientInfo": {"code": "token.expired", "message": message, "id": ID}})
        );
    }
}

#[tokio::test]
async fn refusals_come_from_each_stage() {
    let fixture = Fixture::new();
    let token = |changes: Value| fixture.key.token(&claims(&changes));
    let other = SigningKey::generate("ES256", "key-2").unwrap();
    let good = fixture.token();
    let large = "a".repeat(16 * 1024 + 1);
    let teams = (0..=MAX_QUERIES).collect::<Vec<_>>();
    for (database, provider, token, code) in [
        ("00000000-0000-4000-8000-000000000000", "test", good.clone(), "request.database"),
        (DATABASE, "other", good.clone(), "request.provider"),
        (DATABASE, "", good, "request.provider"),
        (DATABASE, "test", String::new(), "token.malformed"),
        (DATABASE, "test", "opaque-token".into(), "token.malformed"),
        (DATABASE, "test", large, "token.too_large"),
        (DATABASE, "test", "a.b.c.d.e".into(), "token.encrypted"),
        (DATABASE, "test", other.token(&claims(&json!({}))), "token.key_unknown"),
        (DATABASE, "test", token(json!({"aud": "x"})), "token.audience"),
        (DATABASE, "test", token(json!({"banned": true})), "policy.requirement"),
        (DATABASE, "test", token(json!({"role": "guest"})), "policy.no_grant"),
        (DATABASE, "test", token(json!({"sub": "eve"})), "policy.denied"),
        (
            DATABASE,
            "test",
            token(json!({"role": "everywhere", "teams": teams})),
            "policy.answer_too_large",
        ),
    ] {
        let request = fixture.signed(request_body(Dialect::V1, database, provider, &token));
        let answer = json_of(&fixture.answer(request).await);
        assert_eq!(answer.get("authenticated"), Some(&json!(false)), "{code}");
        assert_eq!(answer.pointer("/clientInfo/code"), Some(&json!(code)));
    }
}

#[tokio::test]
async fn a_database_id_is_the_same_in_either_case() {
    let fixture = Fixture::new();
    let body = request_body(Dialect::V1, &DATABASE.to_uppercase(), "test", &fixture.token());
    let answer = json_of(&fixture.answer(fixture.signed(body)).await);
    assert_eq!(answer.get("authenticated"), Some(&json!(true)));
}

#[tokio::test]
async fn broken_requests_get_their_status_and_never_a_verdict() {
    let fixture = Fixture::new();
    let good = request_body(Dialect::V1, DATABASE, "test", &fixture.token());
    let signed = |body: &str| fixture.signed(body.to_owned());
    let changed = |change: fn(&mut Request<Bytes>)| {
        let mut request = fixture.signed(good.clone());
        change(&mut request);
        request
    };
    let stranger = DittoSecret::generate().unwrap();
    let forged = {
        let mut request = fixture.signed(good.clone());
        let header = stranger.header(NOW, good.as_bytes()).parse().unwrap();
        request.headers_mut().insert("ditto-signature", header);
        request
    };
    let too_large = fixture.signed(vec![b' '; MAX_BODY_SIZE + 1]);
    let largest = fixture.signed(vec![b' '; MAX_BODY_SIZE]);
    for (name, request, status, code) in [
        (
            "GET",
            changed(|request| *request.method_mut() = http::Method::GET),
            405,
            "request.method",
        ),
        (
            "text",
            changed(|request| {
                request.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().unwrap());
            }),
            415,
            "request.media_type",
        ),
        (
            "content type that only begins like JSON",
            changed(|request| {
                request
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, "application/jsonx".parse().unwrap());
            }),
            415,
            "request.media_type",
        ),
        ("over 64 KiB", too_large, 413, "request.too_large"),
        ("64 KiB of nothing", largest, 400, "request.malformed"),
        (
            "no signature",
            changed(|request| {
                request.headers_mut().remove("ditto-signature");
            }),
            401,
            "caller.signature_missing",
        ),
        (
            "signature not text",
            changed(|request| {
                request
                    .headers_mut()
                    .insert("ditto-signature", http::HeaderValue::from_bytes(b"\xff").unwrap());
            }),
            401,
            "caller.signature_malformed",
        ),
        (
            "signature of nothing",
            changed(|request| {
                request.headers_mut().insert("ditto-signature", "x".parse().unwrap());
            }),
            401,
            "caller.signature_malformed",
        ),
        ("forged signature", forged, 401, "caller.signature"),
        (
            "body changed after signing",
            changed(|request| *request.body_mut() = Bytes::from_static(b"{}")),
            401,
            "caller.signature",
        ),
        ("empty body", signed(""), 400, "request.malformed"),
        ("not JSON", signed("token=x"), 400, "request.malformed"),
        ("array", signed("[]"), 400, "request.malformed"),
        (
            "duplicate member",
            signed(r#"{"appID":"x","provider":"test","token":"a","token":"b"}"#),
            400,
            "request.malformed",
        ),
        ("no token", signed(r#"{"appID":"x","provider":"test"}"#), 400, "request.malformed"),
        (
            "token a number",
            signed(r#"{"appID":"x","provider":"test","token":1}"#),
            400,
            "request.malformed",
        ),
        ("no provider", signed(r#"{"appID":"x","token":"t"}"#), 400, "request.malformed"),
        (
            "database id a number",
            signed(r#"{"appID":1,"provider":"test","token":"t"}"#),
            400,
            "request.malformed",
        ),
        ("neither dialect", signed(r#"{"provider":"test","token":"t"}"#), 400, "request.dialect"),
        (
            "both dialects",
            signed(r#"{"appID":"x","databaseID":"x","version":"1","provider":"test","token":"t"}"#),
            400,
            "request.dialect",
        ),
        (
            "no version",
            signed(r#"{"databaseID":"x","provider":"test","token":"t"}"#),
            400,
            "request.dialect",
        ),
        (
            "a later version",
            signed(r#"{"databaseID":"x","version":"2","provider":"test","token":"t"}"#),
            400,
            "request.dialect",
        ),
    ] {
        let answer = fixture.answer(request).await;
        assert_eq!(answer.status(), status, "{name}");
        let body = json_of(&answer);
        assert_eq!(body.get("code"), Some(&json!(code)), "{name}");
        assert_eq!(body.get("id"), Some(&json!(ID)), "{name}");
        assert_eq!(body.as_object().unwrap().len(), 3, "{name}: {body}");
        let accepted = fixture.answer(fixture.signed(good.clone())).await;
        assert_eq!(json_of(&accepted).get("authenticated"), Some(&json!(true)), "after {name}");
    }
}

#[tokio::test]
async fn every_answer_is_json_that_nobody_stores() {
    let fixture = Fixture::new();
    let requests = [
        fixture.login(Dialect::V1, &fixture.token()),
        fixture.login(Dialect::V1, "x"),
        fixture.signed("x"),
        Request::get("/").body(Bytes::new()).unwrap(),
    ];
    for request in requests {
        let answer = fixture.answer(request).await;
        assert_eq!(answer.headers().get(header::CONTENT_TYPE).unwrap(), "application/json");
        assert_eq!(answer.headers().get(header::CACHE_CONTROL).unwrap(), "no-store");
    }
}

#[tokio::test]
async fn several_headers_and_unknown_members_are_taken_as_meant() {
    let fixture = Fixture::new();
    let body = format!(
        r#"{{"databaseID":"{DATABASE}","version":"1","provider":"test","token":"{}","later":{{}}}}"#,
        fixture.token()
    );
    let mut request = fixture.signed(body.clone());
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, "Application/JSON; charset=utf-8".parse().unwrap());
    request.headers_mut().insert("ditto-signature", format!("t={NOW}").parse().unwrap());
    let digest = format!("v1={}", fixture.ditto.digest(NOW, body.as_bytes()));
    request.headers_mut().append("ditto-signature", digest.parse().unwrap());
    assert_eq!(json_of(&fixture.answer(request).await).get("authenticated"), Some(&json!(true)));
    let mut request = fixture.signed(body);
    request.headers_mut().remove(header::CONTENT_TYPE);
    assert_eq!(json_of(&fixture.answer(request).await).get("authenticated"), Some(&json!(true)));
}

#[tokio::test]
async fn signatures_can_be_given_up_on_purpose_only() {
    let fixture = Fixture::with(&[("DITTO_SIGNATURE", "off")]);
    let mut request = fixture.login(Dialect::V1, &fixture.token());
    request.headers_mut().remove("ditto-signature");
    assert_eq!(json_of(&fixture.answer(request).await).get("authenticated"), Some(&json!(true)));
}
