//! A provider's whole webhook in process: the function's own settings, rules and pipeline, with keys in
//! memory in place of a key store, and the events of `events/<provider>/` in place of API Gateway.
//!
//! Dev-only: what fails here fails a test or a benchmark.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a panic is the failure report of the test that calls"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use testkit::{DittoSecret, Event, NOW_SECONDS, SigningKey, jwk_set, now};
use token::{Fetched, KeySet, KeySource, KeysUnavailable};
use webhook::{Deployment, Provider, SignatureSecrets, Webhook};

/// The database that rehearsals serve, as the events name it.
pub const DATABASE_ID: &str = "3f5c1c0e-1111-4222-8333-0123456789ab";

/// The policy of every rehearsal: whatever a function's own policy says is held by its `policy.test.toml`, so that
/// changing it changes no other test.
const POLICY: &str = r#"
user_id = "{sub}"

[session]
length = "12h"

[[grant]]
read = { tasks = "_id.owner == {sub}" }
write = { tasks = "_id.owner == {sub}" }
"#;

/// The id of every request.
pub const REQUEST_ID: &str = "7b1a4a1c-0000-4000-8000-000000000000";

/// Keys that are there and stay.
#[derive(Debug)]
pub struct KeysInMemory<T>(Fetched<T>);

impl<T: Send + Sync> KeySource<T> for KeysInMemory<T> {
    async fn current(&self, _: SystemTime) -> Result<Fetched<T>, KeysUnavailable> {
        Ok(self.0.clone())
    }

    async fn newer_than(
        &self,
        _: &Fetched<T>,
        _: SystemTime,
    ) -> Result<Fetched<T>, KeysUnavailable> {
        Ok(self.0.clone())
    }
}

/// A provider, its tokens' key, and Ditto.
#[derive(Debug)]
pub struct Rehearsal {
    webhook: Webhook<KeysInMemory<KeySet>, KeysInMemory<SignatureSecrets>>,
    /// What the provider signs with.
    pub key: SigningKey,
    /// What Ditto signs with.
    pub ditto: DittoSecret,
}

impl Rehearsal {
    /// A provider's webhook with these settings besides the common ones, whose tokens are signed with a fresh key
    /// of `algorithm`.
    #[must_use]
    pub fn new(provider: &Provider, settings: &[(&str, &str)], algorithm: &str) -> Self {
        let common = [
            ("DITTO_DATABASE_IDS", DATABASE_ID),
            ("DITTO_SIGNATURE_SECRET", "ditto-signature"),
            ("SIGNING_KEYS_SECRET", "signing-keys"),
        ];
        let settings = common.iter().chain(settings);
        let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let provider = Provider { policy: POLICY, ..*provider };
        let deployment = Deployment::read(&provider, &settings.collect::<BTreeMap<_, _>>());
        let deployment = deployment.unwrap_or_else(|problems| panic!("{problems:?}"));
        let key = SigningKey::generate(algorithm, "key-1").unwrap();
        let ditto = DittoSecret::generate().unwrap();
        let webhook = Webhook::new(
            deployment,
            |_, verifier| held(verifier.parse_keys(&jwk_set(&[&key])).unwrap()),
            |_| held(SignatureSecrets::parse(&ditto.to_base64(), None).unwrap()),
        );
        Self { webhook, key, ditto }
    }

    /// The request of an event, its token and signature made at [`testkit::now`], as the function reads it.
    #[must_use]
    pub fn request(&self, event: &Event) -> Request<Bytes> {
        let event = event.sign(&self.key, &self.ditto, NOW_SECONDS).unwrap();
        function::request(serde_json::from_value(event).unwrap())
    }

    /// The webhook's answer to a request that arrives at [`testkit::now`].
    pub async fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        self.webhook.answer(request, REQUEST_ID, now()).await
    }

    /// The body of the answer to a login with this token.
    pub async fn log_in(&self, token: &str, provider: &str) -> Value {
        let body = testkit::request_body(testkit::Dialect::V1, DATABASE_ID, provider, token);
        let request = Request::post("/")
            .header("ditto-signature", self.ditto.header(NOW_SECONDS, body.as_bytes()));
        let answer = self.answer(&request.body(Bytes::from(body)).unwrap()).await;
        serde_json::from_slice(answer.body()).unwrap()
    }

    /// Plays every event of a folder and holds each answer against what the event expects.
    pub async fn play_events(&self, folder: &Path) {
        let mut played = 0_usize;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display();
            let event = Event::parse(&std::fs::read_to_string(&path).unwrap());
            let event = event.unwrap_or_else(|error| panic!("{name}: {error}"));
            let answer = self.answer(&self.request(&event)).await;
            let body = serde_json::from_slice::<Value>(answer.body()).unwrap();
            let verdict = body.get("authenticated").or(body.get("authenticate"));
            let explanation = body.get("clientInfo").unwrap_or(&body);
            let found = testkit::Expectation {
                status: answer.status().as_u16().into(),
                verdict: verdict.and_then(Value::as_bool),
                code: explanation.get("code").and_then(Value::as_str).map(str::to_owned),
            };
            assert_eq!(found, event.expectation().unwrap(), "{name}");
            played = played.saturating_add(1);
        }
        assert!(played > 0, "{} has no events", folder.display());
    }
}

fn held<T>(value: T) -> KeysInMemory<T> {
    let fetched_at = now().checked_sub(Duration::from_secs(42)).unwrap();
    KeysInMemory(Fetched { value: Arc::new(value), fetched_at })
}
