//! A deployment for this machine: settings that go together, an identity provider with keys of its own, and a key
//! store file in place of Secrets Manager.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use testkit::{DittoSecret, SigningKey, jwk_set};
use webhook::Provider;

/// The database that local deployments serve.
pub(crate) const DATABASE_ID: &str = "3f5c1c0e-1111-4222-8333-0123456789ab";

/// Every provider, with what its tokens are signed with here.
pub(crate) const PROVIDERS: [(&Provider, &str); 2] =
    [(&oidc::PROVIDER, "ES256"), (&custom::PROVIDER, "HS256")];

const SIGNATURE_SECRET: &str = "ditto-auth/dev/ditto-signature";

/// The other parties of a login: what they sign with.
#[derive(Debug)]
pub(crate) struct Parties {
    pub(crate) ditto: DittoSecret,
    pub(crate) keys: BTreeMap<String, SigningKey>,
}

/// Who issues a provider's tokens here, and for whom.
pub(crate) fn issuer_and_audience(provider: &str) -> (&'static str, &'static str) {
    match provider {
        "custom" => ("https://api.example.org", "ditto"),
        _ => ("https://id.example.org", "https://ditto.example.org"),
    }
}

/// The environment variables of a provider's function here.
pub(crate) fn settings(provider: &str) -> BTreeMap<String, String> {
    let (issuer, audience) = issuer_and_audience(provider);
    let settings = [
        ("AUDIENCE", audience),
        ("DITTO_DATABASE_IDS", DATABASE_ID),
        ("DITTO_SIGNATURE_SECRET", SIGNATURE_SECRET),
        ("ISSUER", issuer),
        ("LOG_LEVEL", "info"),
        ("SIGNING_KEYS_SECRET", &signing_keys_secret(provider)),
    ];
    settings.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

impl Parties {
    /// Parties with fresh keys.
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let ditto = DittoSecret::generate().map_err(|_| "no randomness for Ditto's secret")?;
        let mut keys = BTreeMap::new();
        for (provider, algorithm) in PROVIDERS {
            let key = SigningKey::generate(algorithm, "dev-1");
            keys.insert(provider.name.to_owned(), key.map_err(|_| "no key for the provider")?);
        }
        Ok(Self { ditto, keys })
    }

    /// What a provider's tokens are signed with.
    pub(crate) fn key(&self, provider: &str) -> Result<&SigningKey, Box<dyn Error>> {
        Ok(self.keys.get(provider).ok_or_else(|| format!("there is no provider `{provider}`"))?)
    }

    /// Writes the key store: the secrets as Secrets Manager would hold them, and under `private` what the other
    /// parties sign with.
    pub(crate) fn write_key_store(&self, path: &Path) -> Result<(), Box<dyn Error>> {
        let mut store = Map::new();
        let mut private = Map::new();
        store.insert(SIGNATURE_SECRET.to_owned(), json!({"AWSCURRENT": self.ditto.to_base64()}));
        for (provider, key) in &self.keys {
            let secret = json!({"AWSCURRENT": jwk_set(&[key])});
            store.insert(signing_keys_secret(provider), secret);
            let pair = json!({
                "alg": key.algorithm(), "kid": key.key_id(), "key": STANDARD.encode(key.private()),
            });
            private.insert(provider.clone(), pair);
        }
        store.insert("private".to_owned(), Value::Object(private));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // It holds private keys: nobody else on this machine is to read it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(options.open(path)?.write_all(serde_json::to_string_pretty(&store)?.as_bytes())?)
    }

    /// The parties of a key store that [`Parties::write_key_store`] wrote.
    pub(crate) fn read_key_store(path: &Path) -> Result<Self, Box<dyn Error>> {
        let store = serde_json::from_str::<Value>(&fs::read_to_string(path)?)?;
        let broken = || format!("{} is not a key store of this tool", path.display());
        let secret = store.get(SIGNATURE_SECRET).and_then(|secret| secret.get("AWSCURRENT"));
        let secret = secret.and_then(Value::as_str).ok_or_else(broken)?;
        let ditto = DittoSecret::from_base64(secret).map_err(|_| broken())?;
        let mut keys = BTreeMap::new();
        let private = store.get("private").and_then(Value::as_object).ok_or_else(broken)?;
        for (provider, pair) in private {
            let text = |name: &str| pair.get(name).and_then(Value::as_str).ok_or_else(broken);
            let bytes = STANDARD.decode(text("key")?)?;
            let key = SigningKey::restore(text("alg")?, text("kid")?, bytes);
            keys.insert(provider.clone(), key.map_err(|_| broken())?);
        }
        Ok(Self { ditto, keys })
    }
}

/// Seconds since 1970.
pub(crate) fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn signing_keys_secret(provider: &str) -> String {
    format!("ditto-auth/dev/{provider}/signing-keys")
}
