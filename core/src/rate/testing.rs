//! Addresses and places for the tests of this room.

use crate::geo::Position;
use cartwright_contract::{Address, Coordinates};

/// An address without lines; empty texts are absent.
pub fn address(country: &str, subdivision: &str, postal_code: &str) -> Address {
    let given = |text: &str| (!text.is_empty()).then(|| text.into());
    Address {
        country: country.into(),
        subdivision: given(subdivision),
        city: None,
        postal_code: given(postal_code),
        lines: alloc::vec::Vec::new(),
        name: None,
        company: None,
        phone: None,
        residential: None,
        coordinates: None,
    }
}

pub fn position(latitude: i32, longitude: i32) -> Position {
    Position::try_from(Coordinates { latitude, longitude }).unwrap()
}
