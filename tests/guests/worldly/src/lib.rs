//! A plugin that asks the world around it: the time, randomness, files, the environment; as components from other languages do,
//! whose libraries ask without being told to.

use cartwright_sdk::prelude::*;
use cartwright_sdk::shipping_quote::*;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant, SystemTime};

#[derive(Settings)]
pub struct Worldly {}

impl ShippingQuote for Worldly {
    fn run(&self, _request: &Request, _: &[HttpResponse]) -> Result<Answer, Failure> {
        let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let told = |code: &str, message: String| Reason { code: code.into(), message, figures: Vec::new() };
        let mut reasons = vec![
            told("CLOCK", now().to_string()),
            told("RANDOM", RandomState::new().hash_one("a shopper").to_string()),
            told("FILES", std::fs::read_dir("/").map_or_else(|_| "none".into(), |all| all.count().to_string())),
            told("ENVIRONMENT", std::env::vars().count().to_string()),
        ];
        let started = Instant::now();
        std::thread::sleep(Duration::from_hours(1));
        reasons.push(told("SLEPT", started.elapsed().as_secs().to_string()));
        println!("printed");
        Ok(Answer { reasons, ..Answer::default() })
    }
}

cartwright_sdk::plugin! { Worldly: shipping_quote }
