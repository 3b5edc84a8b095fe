//! The one pipeline: request, caller proof, token proof, claims, policy, answer. Data flows one way, and each
//! step takes what the step before has proven.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use claim_mapping::{Decision, Login};
use futures_util::FutureExt as _;
use http::{Request, Response};
use token::{
    Fetched, KeySet, KeySource, KeysUnavailable, TokenError, UnverifiedToken, VerifiedClaims,
    Verifier,
};

use crate::answer;
use crate::caller::{CallerProof, SignatureSecrets};
use crate::deployment::{CallerCheck, Deployment};
use crate::request::{self, Dialect, LoginRequest};
use crate::{Class, Reason};

/// A provider's webhook: answers every request, whatever happens.
#[derive(Debug)]
pub struct Webhook<K, S> {
    deployment: Deployment,
    signing_keys: K,
    caller: Caller<S>,
}

/// How callers are proven to be Ditto.
#[derive(Debug)]
enum Caller<S> {
    Signed(S),
    Anybody,
}

/// What becomes known of a request on its way, for its log line and for the form of its refusal.
#[derive(Debug, Default)]
struct Facts {
    /// Plays a part only in verdicts, and there are none before the body is parsed.
    dialect: Dialect,
    database_id: Option<String>,
    key_id: Option<String>,
    key_age: Option<Duration>,
}

/// Why a request gets no accepted login, and what the log says of it beyond the reason.
#[derive(Debug)]
struct Failure {
    reason: Reason,
    detail: Option<String>,
}

impl<K: KeySource<KeySet>, S: KeySource<SignatureSecrets>> Webhook<K, S> {
    /// A webhook that reads the provider's keys, and Ditto's secret where signatures are required, through the
    /// ports that are opened here by the names of their secrets.
    pub fn new(
        deployment: Deployment,
        open_signing_keys: impl FnOnce(&str, Arc<Verifier>) -> K,
        open_signature_secrets: impl FnOnce(&str) -> S,
    ) -> Self {
        let signing_keys =
            open_signing_keys(&deployment.signing_keys_secret, deployment.verifier());
        let caller = match &deployment.caller_check {
            CallerCheck::Required { secret } => Caller::Signed(open_signature_secrets(secret)),
            CallerCheck::Off => {
                // At the highest level, which no LOG_LEVEL silences.
                tracing::error!(
                    "DITTO_SIGNATURE is off: requests are answered without proof that Ditto sends them"
                );
                Caller::Anybody
            }
        };
        Self { deployment, signing_keys, caller }
    }

    /// Reads all keys, so that the first request need not. Failures are not fatal: each request tries again.
    pub async fn warm_up(&self, now: SystemTime) {
        let secrets = async {
            if let Caller::Signed(secrets) = &self.caller {
                // The port has logged why; a request that needs them says so again.
                let _ = secrets.current(now).await;
            }
        };
        let _ = futures_util::join!(self.signing_keys.current(now), secrets);
    }

    /// Answers a request that arrived at `now`. `id` is what the device is shown and what finds the log line.
    ///
    /// A panic inside is answered with 500 and does no harm to the requests after it.
    pub async fn answer(
        &self,
        request: &Request<Bytes>,
        id: &str,
        now: SystemTime,
    ) -> Response<Bytes> {
        let started = Instant::now();
        let mut facts = Facts::default();
        let decided = AssertUnwindSafe(self.decide(request, now, &mut facts)).catch_unwind().await;
        let decision = decided.unwrap_or_else(|_| Err(Reason::InternalPanic.into()));
        let response = match &decision {
            Ok(decision) => answer::accepted(facts.dialect, decision),
            Err(failure) => answer::refused(facts.dialect, failure.reason, id),
        };
        self.log(&decision, &facts, id, started.elapsed());
        response
    }

    async fn decide(
        &self,
        request: &Request<Bytes>,
        now: SystemTime,
        facts: &mut Facts,
    ) -> Result<Decision, Failure> {
        let body = request::accept(request)?;
        let proof = self.prove_caller(request, body, now).await?;
        let login = LoginRequest::parse(body, &proof)?;
        facts.dialect = login.dialect;
        facts.database_id = Some(&login.database_id).filter(|id| is_harmless(id)).cloned();
        self.deployment.check_addressee(&login)?;
        let claims = self.verify(&login.unverified_token, now, facts).await?;
        // A UUID is the same in either case of its letters (RFC 9562 4); policies compare text.
        let database_id = login.database_id.to_ascii_lowercase();
        let decision = self.deployment.policy.evaluate(&Login {
            claims: claims.claims(),
            database_id: &database_id,
            provider: &login.provider,
            now,
            remaining_life: claims.remaining_life(now),
        })?;
        Ok(decision)
    }

    async fn prove_caller(
        &self,
        request: &Request<Bytes>,
        body: &[u8],
        now: SystemTime,
    ) -> Result<CallerProof, Failure> {
        let Caller::Signed(secrets) = &self.caller else {
            return Ok(CallerProof::waived_on_purpose());
        };
        let header = request::signature(request.headers())?;
        let unavailable = |error| Failure::unavailable(Reason::CallerSecretUnavailable, &error);
        let held = secrets.current(now).await.map_err(unavailable)?;
        let proof = CallerProof::check(&header, body, &held.value, now);
        if proof.as_ref().err() != Some(&Reason::CallerSignature) {
            return Ok(proof?);
        }
        // The secret may have been rotated since it was read. Where it cannot be read now, there is still no proof.
        match secrets.newer_than(&held, now).await {
            Ok(newer) if !Arc::ptr_eq(&newer.value, &held.value) => {
                Ok(CallerProof::check(&header, body, &newer.value, now)?)
            }
            Ok(_) | Err(_) => Ok(proof?),
        }
    }

    /// The token's three stages. Where the token names a key that is not there, or names none and the key does not
    /// fit, newer keys are looked for once.
    async fn verify(
        &self,
        token: &str,
        now: SystemTime,
        facts: &mut Facts,
    ) -> Result<VerifiedClaims, Failure> {
        let unavailable = |error| Failure::unavailable(Reason::KeysUnavailable, &error);
        let verifier = &self.deployment.verifier;
        let token = UnverifiedToken::parse(token)?;
        let attempt = |keys: &Fetched<KeySet>| {
            let key = verifier.select_key(&token, &keys.value)?;
            verifier.verify(&token, key, now)
        };
        let keys = self.signing_keys.current(now).await.map_err(unavailable)?;
        facts.note_keys(&keys, &token, now);
        let outcome = attempt(&keys);
        let may_be_newer = match outcome {
            Err(TokenError::KeyNotFound) => true,
            Err(TokenError::SignatureInvalid) => token.unverified_key_id().is_none(),
            _ => false,
        };
        if !may_be_newer {
            return Ok(outcome?);
        }
        let keys = self.signing_keys.newer_than(&keys, now).await.map_err(unavailable)?;
        facts.note_keys(&keys, &token, now);
        Ok(attempt(&keys)?)
    }

    /// One line for each decision. Verdicts are `info`; where the operator has something to do it is more.
    fn log(
        &self,
        decision: &Result<Decision, Failure>,
        facts: &Facts,
        id: &str,
        duration: Duration,
    ) {
        let failure = decision.as_ref().err();
        let reason = failure.map(|failure| failure.reason);
        let verdict = match reason.map(Reason::class) {
            None => "accepted",
            Some(Class::Refused) => "refused",
            Some(_) => "none",
        };
        macro_rules! line {
            ($level:ident) => {
                tracing::$level!(
                    request_id = id,
                    provider = self.deployment.name,
                    database_id = facts.database_id,
                    verdict,
                    code = reason.map(Reason::code),
                    detail = failure.and_then(|failure| failure.detail.as_deref()),
                    kid = facts.key_id,
                    key_age_s = facts.key_age.map(|age| age.as_secs()),
                    duration_us = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX),
                    "login decided"
                )
            };
        }
        match reason.map(Reason::class) {
            Some(Class::Unavailable | Class::Internal) => line!(error),
            Some(Class::Unproven) => line!(warn),
            None
            | Some(
                Class::Refused
                | Class::BadRequest
                | Class::MediaType
                | Class::Method
                | Class::TooLarge,
            ) => line!(info),
        }
    }
}

impl Facts {
    fn note_keys(&mut self, keys: &Fetched<KeySet>, token: &UnverifiedToken<'_>, now: SystemTime) {
        self.key_id =
            token.unverified_key_id().filter(|key_id| is_harmless(key_id)).map(str::to_owned);
        self.key_age = Some(keys.age(now));
    }
}

impl Failure {
    /// The whole chain of causes goes into the log, and none of it to the caller.
    fn unavailable(reason: Reason, error: &KeysUnavailable) -> Self {
        Self { reason, detail: Some(error.with_causes()) }
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self { reason, detail: None }
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self { reason: error.into(), detail: Some(error.to_string()) }
    }
}

impl From<claim_mapping::Refusal> for Failure {
    fn from(refusal: claim_mapping::Refusal) -> Self {
        Self { reason: refusal.into(), detail: Some(refusal.to_string()) }
    }
}

/// A `kid` and a database id are logged before anything about them is verified, so only what looks like an id is.
fn is_harmless(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.=+/:".contains(&byte);
    id.len() <= 128 && id.bytes().all(is_plain)
}
