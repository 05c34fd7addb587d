//! Orders for these tests.

use cartwright_contract::order_screening::{Request, Velocity as Row, VelocityKey};
use cartwright_contract::types::Customer;
use cartwright_velocity::{Fsync, Key, ManualClock, Velocity, VelocityOptions};
use std::path::Path;
use std::sync::Arc;

/// A Saturday afternoon.
pub const NOW: i64 = 1_795_000_000;
pub const HOUR: i64 = 3_600;
pub const DAY: i64 = 86_400;

/// An order with a card, and nothing else to count by.
pub fn order(id: &str, card: &str) -> Request {
    let mut request = Request { order: id.into(), currency: "USD".into(), ..Request::default() };
    request.payment.card_fingerprint = Some(card.into());
    request
}

/// The same with an e-mail address.
pub fn with_email(id: &str, card: &str, email: &str) -> Request {
    Request { customer: Some(Customer { email: Some(email.into()), ..Customer::default() }), ..order(id, card) }
}

pub fn options() -> (VelocityOptions, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(NOW));
    let options = VelocityOptions {
        key: Some(Key::from_bytes([7; 32])),
        fsync: Fsync::Never,
        clock: clock.clone(),
        ..VelocityOptions::default()
    };
    (options, clock)
}

pub fn in_folder(folder: &Path) -> VelocityOptions {
    VelocityOptions { folder: Some(folder.to_owned()), ..options().0 }
}

pub fn memory() -> Velocity {
    Velocity::open(options().0).unwrap()
}

/// Records an order of shop `a`.
pub fn record(velocity: &Velocity, request: &Request, amount: i64, at: i64) -> cartwright_velocity::Recorded {
    velocity.record(&velocity.subjects("a", request), amount, at).unwrap()
}

/// Orders and amount of each window, of one kind, as an order of shop `a` would see them.
pub fn seen(velocity: &Velocity, request: &Request, key: VelocityKey, at: i64) -> Vec<(u32, i64)> {
    let rows = velocity.count(&velocity.subjects("a", request), at);
    rows.iter().filter(|row| row.key == key).map(|row| (row.orders, row.amount)).collect()
}

pub fn card(velocity: &Velocity, request: &Request, at: i64) -> Vec<(u32, i64)> {
    seen(velocity, request, VelocityKey::Card, at)
}

pub fn row(key: VelocityKey, window: u32, orders: u32, amount: i64) -> Row {
    Row { key, window, orders, amount }
}
