//! Every transition of the cache, with a clock that is passed in and reads that are counted.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unchecked_time_subtraction,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "a panic is the failure report, and expectations read best as sums"
)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use signing_keys::{
    COOLDOWN, EMPTY_COOLDOWN, FIRST_READ_LIMIT, HARD_AGE, KeyCache, KeyMaterial, REFRESH_LIMIT,
    ReadError, SOFT_AGE, SecretText, SigningKeys,
};
use token::KeySource as _;

/// What a read comes to.
#[derive(Clone, Copy)]
enum Source {
    Holds(&'static str),
    Down,
    Hangs,
}

/// A source that tests change while it is read.
struct Port {
    source: Mutex<Source>,
    reads: AtomicUsize,
}

impl SigningKeys for &'static Port {
    async fn read(&self) -> Result<KeyMaterial, ReadError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        let source = *self.source.lock().unwrap();
        match source {
            Source::Holds(text) => {
                // Lets other callers run, as a real read does.
                tokio::task::yield_now().await;
                Ok(KeyMaterial { current: SecretText::new(text.to_owned()), previous: None })
            }
            Source::Down => Err(ReadError::NotFound),
            Source::Hangs => std::future::pending().await,
        }
    }

    fn name(&self) -> &'static str {
        "test"
    }
}

struct Fixture {
    port: &'static Port,
    cache: KeyCache<&'static Port, String>,
}

const START: SystemTime = SystemTime::UNIX_EPOCH;

impl Fixture {
    fn new(source: Source) -> Self {
        let port = Port { source: Mutex::new(source), reads: AtomicUsize::new(0) };
        let port = Box::leak(Box::new(port));
        let parse = |material: &KeyMaterial| match material.current.expose() {
            "garbage" => Err("garbage".into()),
            text => Ok(text.to_owned()),
        };
        Self { port, cache: KeyCache::new(&*port, parse) }
    }

    fn becomes(&self, source: Source) {
        *self.port.source.lock().unwrap() = source;
    }

    /// What is current `after` the start; nothing where it is unavailable.
    async fn current(&self, after: Duration) -> Option<String> {
        let fetched = self.cache.current(START + after).await.ok()?;
        Some(fetched.value.as_ref().clone())
    }

    /// What comes of a look for a key that the current set lacks; nothing where it is unavailable.
    async fn newer(&self, after: Duration) -> Option<String> {
        let seen = self.cache.current(START + after).await.unwrap();
        let fetched = self.cache.newer_than(&seen, START + after).await.ok()?;
        Some(fetched.value.as_ref().clone())
    }

    fn reads(&self) -> usize {
        self.port.reads.load(Ordering::Relaxed)
    }
}

fn holds(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const TICK: Duration = Duration::from_millis(1);

#[tokio::test]
async fn keys_are_read_once_until_their_soft_age() {
    let fixture = Fixture::new(Source::Holds("a"));
    assert_eq!(fixture.current(Duration::ZERO).await, holds("a"));
    fixture.becomes(Source::Holds("b"));
    assert_eq!(fixture.current(SOFT_AGE - TICK).await, holds("a"));
    assert_eq!(fixture.reads(), 1);
    assert_eq!(fixture.current(SOFT_AGE).await, holds("b"));
    assert_eq!(fixture.reads(), 2);
}

#[tokio::test]
async fn the_last_good_keys_serve_through_an_outage_until_their_hard_age() {
    for broken in [Source::Down, Source::Holds("garbage")] {
        let fixture = Fixture::new(Source::Holds("a"));
        fixture.current(Duration::ZERO).await;
        fixture.becomes(broken);
        assert_eq!(fixture.current(SOFT_AGE).await, holds("a"));
        assert_eq!(fixture.current(SOFT_AGE + COOLDOWN - TICK).await, holds("a"));
        assert_eq!(fixture.reads(), 2, "a failed read starts a cool-down");
        assert_eq!(fixture.current(SOFT_AGE + COOLDOWN).await, holds("a"));
        assert_eq!(fixture.reads(), 3);
        assert_eq!(fixture.current(HARD_AGE - TICK).await, holds("a"));
        assert_eq!(fixture.current(HARD_AGE).await, None);
        fixture.becomes(Source::Holds("b"));
        assert_eq!(fixture.current(HARD_AGE + EMPTY_COOLDOWN).await, holds("b"));
    }
}

#[tokio::test]
async fn without_keys_each_second_is_a_new_chance() {
    let fixture = Fixture::new(Source::Down);
    assert_eq!(fixture.current(Duration::ZERO).await, None);
    fixture.becomes(Source::Holds("a"));
    assert_eq!(fixture.current(EMPTY_COOLDOWN - TICK).await, None);
    assert_eq!(fixture.reads(), 1);
    assert_eq!(fixture.current(EMPTY_COOLDOWN).await, holds("a"));
}

#[tokio::test]
async fn an_unknown_key_causes_one_early_read_and_then_a_cool_down() {
    let fixture = Fixture::new(Source::Holds("a"));
    fixture.current(Duration::ZERO).await;
    fixture.becomes(Source::Holds("b"));
    assert_eq!(fixture.newer(TICK).await, holds("b"));
    fixture.becomes(Source::Holds("c"));
    assert_eq!(fixture.newer(COOLDOWN).await, holds("b"));
    assert_eq!(fixture.reads(), 2);
    assert_eq!(fixture.newer(COOLDOWN + TICK).await, holds("c"));
    assert_eq!(fixture.reads(), 3);
}

#[tokio::test]
async fn where_an_early_read_fails_nobody_knows_whether_the_key_exists() {
    let fixture = Fixture::new(Source::Holds("a"));
    fixture.current(Duration::ZERO).await;
    fixture.becomes(Source::Down);
    assert_eq!(fixture.newer(TICK).await, None);
    assert_eq!(fixture.newer(COOLDOWN).await, None);
    assert_eq!(fixture.reads(), 2, "the cool-down counts after failures too");
    assert_eq!(fixture.current(COOLDOWN).await, holds("a"), "known keys serve on");
    fixture.becomes(Source::Holds("b"));
    assert_eq!(fixture.newer(COOLDOWN + TICK).await, holds("b"));
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_spend_the_early_read() {
    let fixture = Fixture::new(Source::Holds("a"));
    fixture.current(Duration::ZERO).await;
    fixture.becomes(Source::Hangs);
    let gone = tokio::time::timeout(TICK, fixture.newer(TICK)).await;
    assert!(gone.is_err(), "it was still waiting");
    fixture.becomes(Source::Holds("b"));
    assert_eq!(fixture.newer(TICK).await, holds("b"));
}

#[tokio::test]
async fn parallel_callers_share_one_read() {
    let fixture = Fixture::new(Source::Holds("a"));
    let (one, two, three) = tokio::join!(
        fixture.current(Duration::ZERO),
        fixture.current(Duration::ZERO),
        fixture.current(Duration::ZERO)
    );
    assert_eq!([one, two, three], [holds("a"), holds("a"), holds("a")]);
    assert_eq!(fixture.reads(), 1, "the first read");
    let seen = fixture.cache.current(START).await.unwrap();
    fixture.becomes(Source::Holds("b"));
    let newer = || fixture.cache.newer_than(&seen, START + TICK);
    let (one, two) = tokio::join!(newer(), newer());
    assert_eq!([one.unwrap().value.as_str(), two.unwrap().value.as_str()], ["b", "b"]);
    assert_eq!(fixture.reads(), 2, "an early read");
    let (one, two) = tokio::join!(fixture.current(SOFT_AGE * 2), fixture.current(SOFT_AGE * 2));
    assert_eq!([one, two], [holds("b"), holds("b")]);
    assert_eq!(fixture.reads(), 3, "a refresh");
}

#[tokio::test(start_paused = true)]
async fn no_request_waits_longer_than_its_limit() {
    let waited = |since: tokio::time::Instant| since.elapsed();
    let fixture = Fixture::new(Source::Hangs);
    let started = tokio::time::Instant::now();
    assert_eq!(fixture.current(Duration::ZERO).await, None);
    assert_eq!(waited(started), FIRST_READ_LIMIT);
    fixture.becomes(Source::Holds("a"));
    fixture.current(EMPTY_COOLDOWN).await;
    fixture.becomes(Source::Hangs);
    let started = tokio::time::Instant::now();
    assert_eq!(fixture.current(SOFT_AGE * 2).await, holds("a"));
    assert_eq!(waited(started), REFRESH_LIMIT);
}

#[tokio::test]
async fn a_clock_set_back_causes_a_read_and_no_failure() {
    let fixture = Fixture::new(Source::Holds("a"));
    fixture.current(SOFT_AGE * 12).await;
    fixture.becomes(Source::Holds("b"));
    assert_eq!(fixture.current(Duration::ZERO).await, holds("b"));
    fixture.becomes(Source::Down);
    let fixture = Fixture::new(Source::Holds("a"));
    fixture.current(SOFT_AGE * 12).await;
    fixture.becomes(Source::Down);
    assert_eq!(fixture.current(Duration::ZERO).await, holds("a"));
}

#[test]
fn what_was_read_cannot_be_printed() {
    let material = KeyMaterial { current: SecretText::new("hidden".to_owned()), previous: None };
    assert_eq!(format!("{material:?}"), "KeyMaterial { current: SecretText(..), previous: None }");
}
