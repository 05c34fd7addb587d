//! What the counters cost: `cargo run --release -p cartwright-velocity --example velocity-cost`.

use cartwright_contract::order_screening::Request;
use cartwright_contract::types::Customer;
use cartwright_velocity::{Fsync, Velocity, VelocityOptions};
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime};

const ORDERS: usize = 200_000;

/// An order with all five subjects. Every tenth shares its IP address and device with others.
fn order(id: usize) -> Request {
    let shared = if id.is_multiple_of(10) { id % 100 } else { id };
    let mut request = Request { order: id.to_string(), currency: "USD".into(), ..Request::default() };
    request.payment.card_fingerprint = Some(format!("fingerprint-{id}"));
    request.customer = Some(Customer { email: Some(format!("Shopper.{id}@example.com")), ..Customer::default() });
    request.session.ip = Some(std::net::Ipv4Addr::from(0x0b00_0000 + shared as u32).to_string());
    request.session.device = Some(format!("device-{shared}"));
    request.shipping.country = "US".into();
    request.shipping.postal_code = Some(format!("{:05}", id % 100_000));
    request.shipping.lines = vec![format!("{id} Main Street"), "Apt 3".into()];
    request
}

fn main() -> Result<(), Box<dyn Error>> {
    let now = i64::try_from(SystemTime::UNIX_EPOCH.elapsed()?.as_secs())?;
    let requests: Vec<_> = (0..ORDERS).map(order).collect();

    let velocity = Velocity::open(VelocityOptions::default())?;
    let subjects = told("hash an order's subjects", &requests, |request| velocity.subjects("shop", request));
    let before = resident();
    let mut at = now - i64::try_from(ORDERS)?;
    told("record, in memory", &subjects, |subjects| {
        at += 1;
        velocity.record(subjects, 1_999, at)
    });
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("{:<44} {:>9} bytes", "memory of an order", (after - before) / ORDERS);
    }
    told("count 5 subjects x 3 windows", &subjects, |subjects| velocity.count(subjects, now));

    // One IP address and device for everybody, as behind a call centre.
    let hot = Velocity::open(VelocityOptions::default())?;
    for (index, subjects) in subjects.iter().enumerate() {
        let mut request = requests[index].clone();
        request.session.ip = Some("203.0.113.7".into());
        hot.record(&hot.subjects("shop", &request), 1_999, now - i64::try_from(index % 604_800)?)?;
        black_box(subjects);
    }
    let hot_subjects: Vec<_> = requests
        .iter()
        .cloned()
        .map(|mut request| {
            request.session.ip = Some("203.0.113.7".into());
            hot.subjects("shop", &request)
        })
        .collect();
    told("count, one subject in every order", &hot_subjects, |subjects| hot.count(subjects, now));

    for (name, fsync, share) in [
        ("record, journal, no fsync", Fsync::Never, 1),
        ("record, journal, fsync every second", Fsync::Every(Duration::from_secs(1)), 1),
        ("record, journal, fsync always", Fsync::Always, 100),
    ] {
        let folder = std::env::temp_dir().join(format!("cartwright-velocity-{}", std::process::id()));
        let options = VelocityOptions { folder: Some(folder.clone()), fsync, ..VelocityOptions::default() };
        let velocity = Velocity::open(options.clone())?;
        let some: Vec<_> =
            requests[..ORDERS / share].iter().map(|request| velocity.subjects("shop", request)).collect();
        told(name, &some, |subjects| velocity.record(subjects, 1_999, now));
        drop(velocity);
        let bytes: u64 = std::fs::read_dir(&folder)?.map(|e| e.and_then(|e| e.metadata()).map_or(0, |m| m.len())).sum();
        let from = Instant::now();
        let orders = Velocity::open(options)?.orders();
        println!(
            "{:<44} {:>9.2} us each, {} bytes each on disk",
            "  open again",
            from.elapsed().as_secs_f64() * 1e6 / f64::from(u32::try_from(orders)?),
            bytes / orders as u64
        );
        std::fs::remove_dir_all(folder)?;
    }
    Ok(())
}

/// Does it to all, and prints median and 99th percentile.
fn told<T, R>(name: &str, all: &[T], mut one: impl FnMut(&T) -> R) -> Vec<R> {
    let mut took = Vec::with_capacity(all.len());
    let results = all
        .iter()
        .map(|each| {
            let from = Instant::now();
            let result = black_box(one(each));
            took.push(from.elapsed());
            result
        })
        .collect();
    took.sort_unstable();
    let us = |part: usize| took[took.len() * part / 100].as_secs_f64() * 1e6;
    println!("{name:<44} {:>9.2} us median, {:.2} us p99", us(50), us(99));
    results
}

/// Bytes of memory that this process has, where the system tells.
fn resident() -> Option<usize> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(pages.split(' ').nth(1)?.parse::<usize>().ok()? * 4_096)
}
