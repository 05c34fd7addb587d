//! A plugin that misbehaves in the way its settings say; the host has to stop it, name why, and go on.

use cartwright_sdk::prelude::*;
use cartwright_sdk::shipping_quote::*;
use core::hint::black_box;

#[derive(Settings)]
pub struct Hostile {
    /// What `run` does.
    #[setting(default)]
    run: Misdeed,
    /// What `configure` does.
    #[setting(default)]
    configure: Misdeed,
}

#[derive(Settings, Default, Clone, Copy)]
enum Misdeed {
    /// Answers as it should.
    #[default]
    None,
    /// Never ends.
    Loop,
    /// Calls itself for ever.
    Recurse,
    /// Takes memory until there is none.
    Allocate,
    /// Writes more log than anybody reads.
    FloodLog,
    /// Answers with megabytes.
    HugeAnswer,
    /// Divides by zero.
    Panic,
    /// Executes `unreachable`.
    Trap,
    /// Says that it cannot decide.
    Decline,
    /// Counts how often this instance was called: more than 1 would be a leak between shoppers.
    Remember,
}

pub struct Plugin {
    run: Misdeed,
}

impl Configure for Plugin {
    type Settings = Hostile;

    fn configure(settings: Hostile) -> Result<Configured<Self>, Vec<Issue>> {
        let _ = commit(settings.configure);
        Ok(Plugin { run: settings.run }.into())
    }
}

impl ShippingQuote for Plugin {
    fn run(&self, _request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
        commit(self.run)
    }
}

fn commit(misdeed: Misdeed) -> Result<Answer, Failure> {
    match misdeed {
        Misdeed::None => {}
        Misdeed::Loop => {
            let mut turns = 0u64;
            loop {
                turns = black_box(turns.wrapping_add(1));
            }
        }
        Misdeed::Recurse => {
            black_box(recurse(0));
        }
        Misdeed::Allocate => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(Vec::with_capacity(1 << 20));
                black_box(&hoard);
            }
        }
        Misdeed::FloodLog => loop {
            log::info!("{}", "flood ".repeat(1_000));
        },
        Misdeed::HugeAnswer => {
            let quote = Quote { service: "x".repeat(1_000), ..Quote::default() };
            return Ok(Answer { quotes: vec![quote; 10_000], ..Answer::default() });
        }
        Misdeed::Panic => panic!("the rate table has no row for {}", black_box("zone 9")),
        Misdeed::Trap => trap(),
        Misdeed::Decline => {
            return Err(Failure {
                code: "NO_RATE_TABLE".into(),
                message: "there is no rate table today; install one".into(),
                field: None,
            });
        }
        Misdeed::Remember => return Ok(remember()),
    }
    Ok(Answer::default())
}

#[inline(never)]
fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    if frame[0] == u64::MAX { 0 } else { recurse(depth + 1) + frame[(depth % 64) as usize] }
}

fn remember() -> Answer {
    use core::sync::atomic::{AtomicU32, Ordering};
    static CALLS: AtomicU32 = AtomicU32::new(0);
    let calls = CALLS.fetch_add(1, Ordering::Relaxed) + 1;
    let reason = Reason { code: "CALLS".into(), message: format!("call {calls} of this instance"), figures: vec![] };
    Answer { reasons: vec![reason], ..Answer::default() }
}

#[cfg(target_family = "wasm")]
fn trap() {
    core::arch::wasm32::unreachable()
}

#[cfg(not(target_family = "wasm"))]
fn trap() {
    std::process::abort()
}

cartwright_sdk::plugin! { Plugin: shipping_quote }
