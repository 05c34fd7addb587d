//! Medians and percentiles of timings.

use std::time::{Duration, Instant};

/// Sorted timings.
pub struct Timings(Vec<Duration>);

impl Timings {
    pub fn of(mut timings: Vec<Duration>) -> Self {
        timings.sort_unstable();
        Self(timings)
    }

    /// The value below which so many thousandths of the timings lie, in microseconds.
    pub fn permille(&self, permille: usize) -> f64 {
        let index = (self.0.len() * permille / 1000).min(self.0.len() - 1);
        self.0[index].as_secs_f64() * 1e6
    }

    pub fn median(&self) -> f64 {
        self.permille(500)
    }
}

pub fn time<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let result = run();
    (started.elapsed(), result)
}

/// Times several functions in turn, so that whatever else the machine does meets them alike.
pub fn in_turn<const N: usize>(rounds: usize, mut functions: [&mut dyn FnMut(); N]) -> [Timings; N] {
    for function in &mut functions {
        for _ in 0..rounds / 10 {
            function();
        }
    }
    let mut timings: [Vec<Duration>; N] = std::array::from_fn(|_| Vec::with_capacity(rounds));
    // In runs of ten: a call that follows another function's starts with cold caches, as none does under load.
    for _ in 0..rounds / 10 {
        for (function, timings) in functions.iter_mut().zip(&mut timings) {
            for _ in 0..10 {
                timings.push(time(&mut *function).0);
            }
        }
    }
    timings.map(Timings::of)
}
