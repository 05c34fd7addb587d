//! A bus and another replica's view of it.

// Each test program takes what it needs.
#![allow(dead_code)]

use cartwright_bus::{Bus, BusOptions, JobOptions};
use cartwright_test_services::{Nats, or_leave_out};
use std::time::Duration;

/// Short, so that workers are soon taken for dead.
pub const ACK_WAIT: Duration = Duration::from_millis(400);

pub mod jobs {
    use std::time::Duration;

    pub const MAX_DELIVER: u32 = 3;
    pub const BACK_OFF: Duration = Duration::from_millis(150);
}

pub fn job_options() -> JobOptions {
    JobOptions { ack_wait: ACK_WAIT, max_deliver: jobs::MAX_DELIVER, back_off: vec![jobs::BACK_OFF] }
}

pub fn options(nats: &Nats, name: &str) -> BusOptions {
    BusOptions { jobs: job_options(), ..BusOptions::new(nats.url(), name) }
}

pub struct Rig {
    pub one: Bus,
    pub other: Bus,
    pub nats: Option<Nats>,
}

impl Rig {
    pub fn local() -> Rig {
        let one = Bus::local_with(job_options()).expect("good options");
        Rig { other: one.clone(), one, nats: None }
    }

    pub async fn nats() -> Option<Rig> {
        let nats = or_leave_out(Nats::start())?;
        let one = Bus::connect(options(&nats, "one")).await.expect("connected");
        let other = Bus::connect(options(&nats, "other")).await.expect("connected");
        Some(Rig { one, other, nats: Some(nats) })
    }
}

/// What has to come within a time that is long even for a busy machine.
pub async fn soon<T>(coming: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), coming).await.expect("it came within 20 s")
}
