//! A webhook of a provider that exists for these tests, with sources of keys that do as they are told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use testkit::{Dialect, DittoSecret, NOW_SECONDS, SigningKey, jwk_set, now, request_body};
use token::{Algorithm, Fetched, KeySource, KeysUnavailable, SignedToken, VerifierSettings};
use webhook::{Deployment, Provider, SettingsReader, SignatureSecrets, Webhook};

pub(crate) const DATABASE: &str = "3f5c1c0e-1111-4222-8333-0123456789ab";
pub(crate) const ID: &str = "request-1";

pub(crate) const PROVIDER: Provider =
    Provider { name: "test", policy: POLICY, settings: &[], verifier };

pub(crate) const POLICY: &str = r#"
user_id = "{sub}"
session = { length = "1h" }
require = [{ claim = "banned", equals = false }]
deny = [{ users = ["eve"] }]
[[grant]]
when = { claim = "role", equals = "user" }
read = { tasks = "_id.owner == {sub}" }
[[grant]]
when = { claim = "role", equals = "everywhere" }
read = { tasks = "_id.team == {each teams}" }
[client_info]
role = "{role}"
request = "{request.provider} {request.database_id}"
[identity_metadata]
role = "{role}"
"#;

fn verifier(_: &mut SettingsReader<'_>) -> Option<VerifierSettings> {
    let names = |name: &str| vec![name.to_owned()];
    let algorithms = vec![Algorithm::ES256];
    let any_kind = |_: &SignedToken<'_>| Ok(());
    VerifierSettings::new(names("issuer"), names("ditto"), algorithms, any_kind).ok()
}

/// What a source of keys does next.
pub(crate) enum Source<T> {
    Gives(Arc<T>),
    Fails,
    Panics,
}

/// A source of keys; what it gives can be changed, and the looks for newer keys are counted.
pub(crate) struct Keys<T> {
    pub(crate) now: Mutex<Source<T>>,
    pub(crate) newer: Mutex<Source<T>>,
    pub(crate) looks: AtomicUsize,
}

impl<T> Keys<T> {
    fn holding(value: T) -> Arc<Self> {
        let value = Arc::new(value);
        Arc::new(Self {
            now: Mutex::new(Source::Gives(Arc::clone(&value))),
            newer: Mutex::new(Source::Gives(value)),
            looks: AtomicUsize::new(0),
        })
    }
}

fn give<T>(source: &Source<T>, fetched_at: SystemTime) -> Result<Fetched<T>, KeysUnavailable> {
    match source {
        Source::Gives(value) => Ok(Fetched { value: Arc::clone(value), fetched_at }),
        Source::Fails => {
            Err(KeysUnavailable { source: Arc::new(std::io::Error::other("secret store down")) })
        }
        Source::Panics => panic!("a message that must not be seen"),
    }
}

pub(crate) struct Port<T>(pub(crate) Arc<Keys<T>>);

impl<T: Send + Sync> KeySource<T> for Port<T> {
    async fn current(&self, now: SystemTime) -> Result<Fetched<T>, KeysUnavailable> {
        let source = self.0.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        give(&source, now - std::time::Duration::from_secs(42))
    }

    async fn newer_than(
        &self,
        _: &Fetched<T>,
        now: SystemTime,
    ) -> Result<Fetched<T>, KeysUnavailable> {
        self.0.looks.fetch_add(1, Ordering::Relaxed);
        give(&self.0.newer.lock().unwrap(), now)
    }
}

pub(crate) struct Fixture {
    webhook: Webhook<Port<token::KeySet>, Port<SignatureSecrets>>,
    pub(crate) keys: Arc<Keys<token::KeySet>>,
    pub(crate) secrets: Arc<Keys<SignatureSecrets>>,
    pub(crate) key: SigningKey,
    pub(crate) ditto: DittoSecret,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::with(&[("DITTO_SIGNATURE_SECRET", "s")])
    }

    pub(crate) fn with(settings: &[(&str, &str)]) -> Self {
        let common = [("DITTO_DATABASE_IDS", DATABASE), ("SIGNING_KEYS_SECRET", "k")];
        let settings = common.iter().chain(settings).copied();
        let deployment = Deployment::read(&PROVIDER, &environment(settings)).unwrap();
        let key = SigningKey::generate("ES256", "key-1").unwrap();
        let ditto = DittoSecret::generate().unwrap();
        let keys = Keys::holding(key_set(&[&key]));
        let secrets = Keys::holding(SignatureSecrets::parse(&ditto.to_base64(), None).unwrap());
        let webhook = Webhook::new(
            deployment,
            |_, _| Port(Arc::clone(&keys)),
            |_| Port(Arc::clone(&secrets)),
        );
        Self { webhook, keys, secrets, key, ditto }
    }

    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.webhook.answer(&request, ID, now()).await
    }

    /// A login as Ditto sends it.
    pub(crate) fn login(&self, dialect: Dialect, token: &str) -> Request<Bytes> {
        self.signed(request_body(dialect, DATABASE, "test", token))
    }

    /// A POST of this body, signed by Ditto.
    pub(crate) fn signed(&self, body: impl Into<Bytes>) -> Request<Bytes> {
        let body = body.into();
        Request::post("/prod/test")
            .header("content-type", "application/json")
            .header("ditto-signature", self.ditto.header(NOW_SECONDS, &body))
            .body(body)
            .unwrap()
    }

    pub(crate) fn token(&self) -> String {
        self.key.token(&claims(&json!({})))
    }
}

pub(crate) fn claims(changes: &Value) -> Value {
    let mut claims = json!({
        "iss": "issuer", "aud": "ditto", "sub": "ada", "exp": NOW_SECONDS + 600, "role": "user", "banned": false,
    });
    claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    claims
}

pub(crate) fn key_set(keys: &[&SigningKey]) -> token::KeySet {
    token::KeySet::parse(&jwk_set(keys), &[Algorithm::ES256]).unwrap()
}

pub(crate) fn environment<'a>(
    settings: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<String, String> {
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

pub(crate) fn json_of(answer: &Response<Bytes>) -> Value {
    serde_json::from_slice(answer.body()).unwrap()
}
