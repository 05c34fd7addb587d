//! Table 13: from an activation to the new revision's answers from all of three replicas, under load, on PostgreSQL and NATS.

use crate::stats::{Timings, time};
use cartwright_platform_tests::{Load, Replicated, quoting, until};
use std::time::Duration;

const SWITCHES: i64 = 20;
const STOREFRONTS: usize = 3;

pub fn print() {
    let Some(replicated) = Replicated::start(&[]) else { return };
    let merchant = replicated.merchant();
    let load = Load::on(&merchant, &replicated.addresses(), STOREFRONTS);
    until("the storefronts ask", || (load.so_far().answers.len() > 100).then_some(()));
    let (mut acknowledged, mut everywhere) = (Vec::new(), Vec::new());
    for (switch, replica) in (1..=SWITCHES).zip((0..3).cycle()) {
        let api = replicated.api(replica, &merchant);
        let revision = merchant.draft(&api, &quoting(500 + 100 * switch));
        let (took, ()) = time(|| merchant.activate(&api, revision));
        acknowledged.push(took);
        everywhere.push(took + replicated.all_answer(&merchant, (revision, 400 + 100 * revision)));
    }
    let seen = load.end();
    println!(
        "{SWITCHES} activations, each with settings that were never compiled; {STOREFRONTS} storefronts ask all the time"
    );
    let row = |what: &str, times: Vec<Duration>| {
        let times = Timings::of(times);
        println!("{what:<44} median {:>7.0} ms, slowest {:>7.0} ms", times.median() / 1e3, times.permille(1_000) / 1e3);
    };
    row("acknowledged", acknowledged);
    row("the new revision answers from all replicas", everywhere);
    println!("{} requests meanwhile, {} failed", seen.answers.len() + seen.failed.len(), seen.failed.len());
    for failed in seen.failed.iter().take(3) {
        println!("  {failed}");
    }
}
