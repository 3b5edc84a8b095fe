//! When keys are read, and how long what was read is good for.
//!
//! | age | what happens |
//! |---|---|
//! | up to [`SOFT_AGE`] | served as they are |
//! | from then on | read again; where that fails, the last good ones are served on |
//! | from [`HARD_AGE`] | not served any more |
//!
//! A key that is not among them causes one early read. After an early read, and after any read that failed, there
//! is a [`COOLDOWN`], so that neither an outage nor a flood of invented key ids becomes a flood of reads. One read
//! is under way at a time. Time is passed in by the caller.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use token::{Fetched, KeySource, KeysUnavailable};

use crate::{KeyMaterial, ReadError, SigningKeys};

/// How long keys are served without being read again.
pub const SOFT_AGE: Duration = Duration::from_mins(5);
/// How long keys are served at most, where they cannot be read again.
pub const HARD_AGE: Duration = Duration::from_hours(24);
/// How long no further read is made after an early one, or after one that failed.
pub const COOLDOWN: Duration = Duration::from_secs(30);
/// The same while there are no keys at all, where every read is a chance to answer again.
pub const EMPTY_COOLDOWN: Duration = Duration::from_secs(1);
/// How long a request waits for a read while good keys are held.
pub const REFRESH_LIMIT: Duration = Duration::from_secs(1);
/// How long a request waits for a read while there are none.
pub const FIRST_READ_LIMIT: Duration = Duration::from_secs(3);

/// A text that holds no usable keys.
pub type ParseError = Box<dyn Error + Send + Sync>;

type Parse<T> = Box<dyn Fn(&KeyMaterial) -> Result<T, ParseError> + Send + Sync>;

/// Keys read through a [`SigningKeys`] port and held as `T`.
pub struct KeyCache<P, T> {
    port: P,
    parse: Parse<T>,
    state: Mutex<State<T>>,
    /// Held by whoever is reading.
    flight: tokio::sync::Mutex<()>,
}

struct State<T> {
    good: Option<Fetched<T>>,
    /// The last read, if it failed.
    failure: Option<(SystemTime, KeysUnavailable)>,
    /// The last early read.
    early: Option<SystemTime>,
}

impl<P: SigningKeys, T: Send + Sync> KeyCache<P, T> {
    /// A cache that has read nothing yet.
    pub fn new(
        port: P,
        parse: impl Fn(&KeyMaterial) -> Result<T, ParseError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            port,
            parse: Box::new(parse),
            state: Mutex::new(State { good: None, failure: None, early: None }),
            flight: tokio::sync::Mutex::new(()),
        }
    }

    /// Reads and parses. The last good keys stay where that fails.
    async fn read(&self, now: SystemTime, limit: Duration) -> Result<Fetched<T>, KeysUnavailable> {
        let read = tokio::time::timeout(limit, self.port.read()).await;
        let parsed = match read {
            Err(_) => Err(ReadError::TimedOut.into()),
            Ok(Err(error)) => Err(error.into()),
            Ok(Ok(material)) => (self.parse)(&material),
        };
        let mut state = self.state();
        match parsed {
            Ok(value) => {
                let fetched = Fetched { value: Arc::new(value), fetched_at: now };
                state.good = Some(fetched.clone());
                state.failure = None;
                Ok(fetched)
            }
            Err(error) => {
                let error = KeysUnavailable { source: error.into() };
                state.failure = Some((now, error.clone()));
                let age = state.good.as_ref().map(|good| good.age(now).as_secs());
                drop(state);
                self.log_failure(&error, age);
                Err(error)
            }
        }
    }

    fn log_failure(&self, error: &KeysUnavailable, served_age: Option<u64>) {
        let detail = error.with_causes();
        tracing::warn!(
            secret = self.port.name(),
            detail,
            served_age_s = served_age,
            "keys not read"
        );
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // The state is whole after every statement that changes it, so a panic elsewhere does it no harm.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn first(&self, now: SystemTime) -> Result<Fetched<T>, KeysUnavailable> {
        let _flight = self.flight.lock().await;
        {
            let state = self.state();
            if let Some(good) = state.usable(now) {
                return Ok(good);
            }
            if let Some(error) = state.failed_within(EMPTY_COOLDOWN, now) {
                return Err(error);
            }
        }
        self.read(now, FIRST_READ_LIMIT).await
    }
}

impl<P: SigningKeys, T: Send + Sync> KeySource<T> for KeyCache<P, T> {
    async fn current(&self, now: SystemTime) -> Result<Fetched<T>, KeysUnavailable> {
        let (good, is_cooling) = {
            let state = self.state();
            (state.usable(now), state.failed_within(COOLDOWN, now).is_some())
        };
        let Some(good) = good else { return self.first(now).await };
        if is_cooling || elapsed(good.fetched_at, now).is_some_and(|age| age < SOFT_AGE) {
            return Ok(good);
        }
        let Ok(_flight) = self.flight.try_lock() else { return Ok(good) };
        Ok(self.read(now, REFRESH_LIMIT).await.unwrap_or(good))
    }

    async fn newer_than(
        &self,
        seen: &Fetched<T>,
        now: SystemTime,
    ) -> Result<Fetched<T>, KeysUnavailable> {
        let _flight = self.flight.lock().await;
        {
            let state = self.state();
            if let Some(good) = state.usable(now)
                && !Arc::ptr_eq(&good.value, &seen.value)
            {
                return Ok(good);
            }
            if let Some(error) = state.failed_within(COOLDOWN, now) {
                return Err(error);
            }
            if state.early.is_some_and(|early| is_within(COOLDOWN, early, now)) {
                return Ok(seen.clone());
            }
        }
        let read = self.read(now, REFRESH_LIMIT).await;
        // Only now: a caller that goes away while it waits must not spend the early read of all others.
        self.state().early = Some(now);
        read
    }
}

impl<T> State<T> {
    /// The last good keys, unless they are too old. Where the clock was set back nobody knows their age; they are
    /// read again at once, and serve until then.
    fn usable(&self, now: SystemTime) -> Option<Fetched<T>> {
        let good = self.good.as_ref()?;
        (good.age(now) < HARD_AGE).then(|| good.clone())
    }

    fn failed_within(&self, period: Duration, now: SystemTime) -> Option<KeysUnavailable> {
        let (at, error) = self.failure.as_ref()?;
        is_within(period, *at, now).then(|| error.clone())
    }
}

impl<P: fmt::Debug, T> fmt::Debug for KeyCache<P, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeyCache").field("port", &self.port).finish_non_exhaustive()
    }
}

/// Time passed, or nothing where the clock was set back.
fn elapsed(since: SystemTime, now: SystemTime) -> Option<Duration> {
    now.duration_since(since).ok()
}

fn is_within(period: Duration, since: SystemTime, now: SystemTime) -> bool {
    elapsed(since, now).is_some_and(|elapsed| elapsed < period)
}
