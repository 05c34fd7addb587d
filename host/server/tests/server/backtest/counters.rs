//! Orders that one replica counts are counted by the others, once.

use super::world::{store_options, wait};
use cartwright_bus::Bus;
use cartwright_contract::order_screening::Request;
use cartwright_server::platform::keys::Keys;
use cartwright_server::platform::velocity::Shared;
use cartwright_store::Store;
use cartwright_velocity::{Velocity, VelocityOptions};
use std::time::{Duration, SystemTime};
use tempfile::TempDir;

fn order(number: &str) -> Request {
    let mut request = Request { order: number.into(), currency: "USD".into(), ..Request::default() };
    request.payment.card_fingerprint = Some("fp-1".into());
    request.shipping.country = "US".into();
    request
}

async fn replica(folder: &TempDir, bus: Bus) -> Shared {
    let store = Store::open(store_options(folder)).await.expect("a store");
    let keys = Keys::open(&folder.path().join("master.key"), true).expect("a key");
    let replica = uuid::Uuid::now_v7().to_string();
    Shared::open(store, bus, &keys, &replica, VelocityOptions::default()).await.expect("counters")
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_secs()).expect("seconds")
}

fn record(velocity: &Velocity, number: &str, amount: i64) {
    let subjects = velocity.subjects("demo", &order(number));
    velocity.record(&subjects, amount, now()).expect("kept");
}

/// Orders and amount of the card in the last hour, for the next order.
fn counted(velocity: &Velocity) -> (u32, i64) {
    let row = velocity.count(&velocity.subjects("demo", &order("next")), now() + 1)[0].clone();
    (row.orders, row.amount)
}

#[test]
fn a_card_that_is_used_on_one_replica_is_counted_on_the_other_and_after_a_restart() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (one, other) =
        runtime.block_on(async { (replica(&folder, Bus::local()).await, replica(&folder, Bus::local()).await) });
    record(&one.velocity, "1", 1_000);
    record(&one.velocity, "2", 2_000);
    wait(|| (counted(&other.velocity) == (2, 3_000)).then_some(()));
    // The same order elsewhere, with another amount, is still one order.
    record(&other.velocity, "2", 2_500);
    record(&other.velocity, "3", 100);
    wait(|| (counted(&one.velocity) == (3, 3_600)).then_some(()));
    assert_eq!(counted(&other.velocity), (3, 3_600));
    runtime.block_on(async {
        one.close(Duration::from_secs(10)).await;
        other.close(Duration::from_secs(10)).await;
    });
    drop((one, other));
    let again = runtime.block_on(replica(&folder, Bus::local()));
    assert_eq!(counted(&again.velocity), (3, 3_600));
}

#[test]
fn what_was_counted_just_before_the_end_reaches_the_store() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let one = runtime.block_on(replica(&folder, Bus::local()));
    for number in 0..2_000 {
        record(&one.velocity, &number.to_string(), 1);
    }
    runtime.block_on(one.close(Duration::from_secs(30)));
    drop(one);
    let again = runtime.block_on(replica(&folder, Bus::local()));
    assert_eq!(counted(&again.velocity), (2_000, 2_000));
}
