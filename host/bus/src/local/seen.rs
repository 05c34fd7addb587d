//! What was here already.

use crate::options::WINDOW;
use std::collections::{HashMap, VecDeque};
use tokio::time::Instant;

/// The ids of the last hour, each with a number.
#[derive(Default)]
pub(super) struct Seen {
    numbers: HashMap<String, u64>,
    order: VecDeque<(Instant, String)>,
}

impl Seen {
    /// The number that this id has been given within the last hour.
    pub(super) fn find(&mut self, id: &str) -> Option<u64> {
        let now = Instant::now();
        while self.order.front().is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            let (_, old) = self.order.pop_front().expect("it was just looked at");
            self.numbers.remove(&old);
        }
        self.numbers.get(id).copied()
    }

    /// Remembers an id that is not there.
    pub(super) fn add(&mut self, id: String, number: u64) {
        self.order.push_back((Instant::now(), id.clone()));
        self.numbers.insert(id, number);
    }
}
