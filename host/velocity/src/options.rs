//! What the operator decides, each number with its unit and its reason.

use crate::clock::{Clock, SystemClock};
use crate::key::Key;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Clone)]
pub struct VelocityOptions {
    /// Where the journal lies; one process at a time. Without it everything is forgotten when the process ends.
    pub folder: Option<PathBuf>,
    /// What values are hashed under. Without it, the folder's file `key`, made on first use; without a folder, one that nobody knows.
    pub key: Option<Key>,
    /// Widths of the windows that are counted, in seconds.
    pub windows: Vec<u32>,
    /// How late, in seconds, an order may be screened and still be counted exactly: orders are kept for the widest window and this.
    pub lateness: u32,
    /// How far ahead of the clock, in seconds, an order may be dated. One from further ahead would be kept for as long.
    pub ahead: u32,
    /// Orders that are kept of one shop. The oldest go first; until then counts are exact.
    pub orders_per_shop: usize,
    /// Orders that are kept of all shops together, some 0.6 KB each. The shop that has most loses its oldest.
    pub orders: usize,
    /// Leading bits of an IPv6 address that are counted as one, 1 to 128. A household or a rented machine is usually given a /64,
    /// and can use any address in it.
    pub ipv6_prefix: u8,
    pub fsync: Fsync,
    pub on_damage: OnDamage,
    /// Bytes after which a new file of the journal is begun; a file goes when all its orders are too old.
    pub file_bytes: u64,
    pub clock: Arc<dyn Clock>,
}

/// When what was written is forced onto the disk. A crash of the process loses nothing in any case; this is about the machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fsync {
    /// Before `record` returns. Threads that record at the same time share one.
    Always,
    /// By the first `record` that comes so long after the last time, and when the journal is closed.
    Every(Duration),
    /// When the operating system likes to.
    Never,
}

/// What to do with a journal that was damaged elsewhere than at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDamage {
    /// Do not open it, and say where it is damaged.
    Refuse,
    /// Leave out what is damaged, and count the rest.
    LeaveOut,
}

impl VelocityOptions {
    /// 1 h, 24 h and 7 d: the windows that the trade uses.
    pub const WINDOWS: [u32; 3] = [3_600, 86_400, 604_800];

    /// The widest window and the lateness, in seconds.
    pub(crate) fn keep(&self) -> i64 {
        i64::from(self.windows.iter().copied().max().unwrap_or(0)) + i64::from(self.lateness)
    }
}

impl Default for VelocityOptions {
    fn default() -> Self {
        Self {
            folder: None,
            key: None,
            windows: Self::WINDOWS.to_vec(),
            lateness: 86_400,
            ahead: 86_400,
            orders_per_shop: 200_000,
            orders: 1_000_000,
            ipv6_prefix: 64,
            fsync: Fsync::Every(Duration::from_secs(1)),
            on_damage: OnDamage::Refuse,
            file_bytes: 8 << 20,
            clock: Arc::new(SystemClock),
        }
    }
}
