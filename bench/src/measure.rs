//! Two things measured in turns in the same run. The median turn counts, so that a noisy neighbour does not.

use std::hint::black_box;
use std::time::{Duration, Instant};

const TURNS: usize = 60;
const RUNS: u32 = 200;

/// The median times of one run of each.
pub(crate) fn in_turns<F, W>(
    mut floor: impl FnMut() -> F,
    mut work: impl FnMut() -> W,
) -> (Duration, Duration) {
    let (mut floors, mut works) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        floors.push(time(&mut floor));
        works.push(time(&mut work));
    }
    (median(floors), median(works))
}

/// The time of one of many.
fn time<T>(work: &mut impl FnMut() -> T) -> Duration {
    let started = Instant::now();
    for _ in 0..RUNS {
        black_box(work());
    }
    started.elapsed().checked_div(RUNS).unwrap_or_default()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

pub(crate) fn micros(time: Duration) -> String {
    format!("{:.1} us", time.as_secs_f64() * 1e6)
}
