//! The port through which keys reach a verification: what is current now, and what is newer than that.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Something fetched, with how old it is. Cloning shares it.
#[derive(Debug)]
pub struct Fetched<T> {
    /// What was fetched, parsed once.
    pub value: Arc<T>,
    /// When it was last confirmed at its source.
    pub fetched_at: SystemTime,
}

impl<T> Fetched<T> {
    /// How old it is at `now`; zero where a clock was set back.
    #[must_use]
    pub fn age(&self, now: SystemTime) -> Duration {
        now.duration_since(self.fetched_at).unwrap_or_default()
    }
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), fetched_at: self.fetched_at }
    }
}

/// There is nothing to verify with, and no verdict can be reached. The caller should try again soon.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the keys could not be read")]
pub struct KeysUnavailable {
    /// What the source said; for the log, never for the caller.
    #[source]
    pub source: Arc<dyn Error + Send + Sync>,
}

impl KeysUnavailable {
    /// The error with all its causes, for the log.
    #[must_use]
    pub fn with_causes(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}

/// Where keys come from. Time is passed in, so that every transition can be tested without waiting.
pub trait KeySource<T>: Send + Sync {
    /// What is current at `now`.
    ///
    /// # Errors
    /// [`KeysUnavailable`] where nothing can be read and nothing good is held.
    fn current(
        &self,
        now: SystemTime,
    ) -> impl Future<Output = Result<Fetched<T>, KeysUnavailable>> + Send;

    /// What is current after looking once more, for a key that `seen` does not hold. It may be the same value
    /// where a look was taken a moment ago.
    ///
    /// # Errors
    /// [`KeysUnavailable`] where the last look failed, so that nobody knows whether the key exists.
    fn newer_than(
        &self,
        seen: &Fetched<T>,
        now: SystemTime,
    ) -> impl Future<Output = Result<Fetched<T>, KeysUnavailable>> + Send;
}
