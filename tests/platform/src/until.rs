//! Waiting for what is bound to happen.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long anything may take here: compiling a plugin takes seconds, on a busy machine many.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Looks until there is something to see.
///
/// # Panics
/// When there is nothing within [`PATIENCE`].
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited {} s until {what}", PATIENCE.as_secs());
        sleep(Duration::from_millis(20));
    }
}
