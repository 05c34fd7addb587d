//! Signals of velocity: how often card, e-mail, IP, device and address were seen of late. The counters are the host's.
//!
//! Read are the windows of an hour, a day and a week; counters of other widths are for others. What this file must not know: how
//! the counters are kept.

use super::{Signal, SignalRules, Signals, Value};
use cartwright_contract::order_screening::{Request, VelocityKey};

/// The widths that have signals, in seconds: 1 h, 24 h, 7 d.
pub const WINDOWS: [u32; 3] = [3_600, 86_400, 604_800];

pub fn read<'r>(request: &'r Request, _: &SignalRules, signals: &mut Signals<'r>) {
    for velocity in &request.velocities {
        let Some(window) = WINDOWS.iter().position(|window| *window == velocity.window) else { continue };
        let first = match velocity.key {
            VelocityKey::Card => Signal::CardVelocity1h,
            VelocityKey::Email => Signal::EmailVelocity1h,
            VelocityKey::Ip => Signal::IpVelocity1h,
            VelocityKey::Device => Signal::DeviceVelocity1h,
            VelocityKey::ShippingAddress => Signal::AddressVelocity1h,
        };
        // Of each key the table has three counts and then three amounts.
        let counts = first as usize + window;
        signals.set(Signal::ALL[counts], Value::Number(velocity.orders.into()));
        signals.set(Signal::ALL[counts + WINDOWS.len()], Value::Number(velocity.amount));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Wanted;
    use super::*;
    use alloc::vec;
    use cartwright_contract::order_screening::Velocity;

    #[test]
    fn every_key_and_window_has_its_own_two_signals() {
        let keys = [
            (VelocityKey::Card, "card"),
            (VelocityKey::Email, "email"),
            (VelocityKey::Ip, "ip"),
            (VelocityKey::Device, "device"),
            (VelocityKey::ShippingAddress, "address"),
        ];
        for (key, name) in keys {
            for (window, words) in WINDOWS.into_iter().zip(["1h", "24h", "7d"]) {
                let request = Request {
                    velocities: vec![Velocity { key, window, orders: 7, amount: 900 }],
                    ..Request::default()
                };
                let signals = Signals::read(&request, &SignalRules::default(), &Wanted::all());
                for (what, value) in [("Velocity", 7), ("Amount", 900)] {
                    let signal = Signal::named(&[name, what, words].concat()).unwrap();
                    assert_eq!(signals.get(signal), &Value::Number(value), "{signal:?}");
                }
                let known = Signal::ALL.iter().filter(|s| s.info().group == super::super::Group::Velocity);
                assert_eq!(known.filter(|signal| *signals.get(**signal) != Value::Unknown).count(), 2);
            }
        }
    }

    #[test]
    fn windows_of_other_widths_have_no_signal() {
        let velocity = Velocity { window: 7_200, orders: 7, ..Velocity::default() };
        let request = Request { velocities: vec![velocity], ..Request::default() };
        let signals = Signals::read(&request, &SignalRules::default(), &Wanted::all());
        assert_eq!(signals.get(Signal::CardVelocity1h), &Value::Unknown);
    }
}
