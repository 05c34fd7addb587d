//! Ports that nobody else takes.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Below the range from which the kernel takes ports for outgoing connections. There, a client that tries again and again to reach a
/// service that is down would some day be given the service's own port, be connected to itself, and hold the port for ever.
const FIRST: u32 = 12_000;
const COUNT: u32 = 20_000;

/// A free port of 127.0.0.1. Others who ask here, in this process or another, get another one while this value lives, also while the
/// service is stopped.
pub(crate) struct Port {
    pub(crate) number: u16,
    /// Locked; the kernel unlocks it when the process ends.
    _lock: File,
}

impl Port {
    pub(crate) fn take() -> Port {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_micros());
        let start = std::process::id().wrapping_mul(31).wrapping_add(now);
        let locks = std::env::temp_dir().join("cartwright-test-ports");
        fs::create_dir_all(&locks).unwrap_or_else(|error| panic!("{} cannot be made: {error}", locks.display()));
        for _ in 0..COUNT {
            let number = FIRST + start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
            // A lock of another user is taken too.
            let Ok(lock) = File::create(locks.join(number.to_string())) else { continue };
            let number = u16::try_from(number).expect("the range lies below 65536");
            if lock.try_lock().is_ok() && TcpListener::bind((Ipv4Addr::LOCALHOST, number)).is_ok() {
                return Port { number, _lock: lock };
            }
        }
        panic!("no port of 127.0.0.1 from {FIRST} on is free");
    }
}
