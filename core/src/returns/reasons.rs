//! Reasons and figures in the trade's words, in one place, so that codes stay stable.
//!
//! What this file must not know: how anything is decided.

use crate::calendar::Day;
use crate::money::{Minor, PartsPerMillion};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_contract::{Figure, Reason, Unit};

pub fn reason(code: &str, message: impl Into<String>, figures: impl Into<Vec<Figure>>) -> Reason {
    Reason { code: code.into(), message: message.into(), figures: figures.into() }
}

fn figure(name: &str, value: i64, unit: Unit) -> Figure {
    Figure { name: name.into(), value, unit }
}

pub fn money(name: &str, value: Minor) -> Figure {
    figure(name, value.0, Unit::MinorUnits)
}

pub fn count(name: &str, value: impl Into<u64>) -> Figure {
    figure(name, i64::try_from(value.into()).unwrap_or(i64::MAX), Unit::Count)
}

pub fn day(name: &str, value: Day) -> Figure {
    figure(name, value.0.into(), Unit::Day)
}

pub fn share(name: &str, value: PartsPerMillion) -> Figure {
    figure(name, value.0, Unit::PartsPerMillion)
}

/// `2026-12-31`.
pub fn date(day: Day) -> String {
    let (year, month, of_month) = day.to_civil();
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// `standard, shoes`.
pub fn list(names: &[String]) -> String {
    names.join(", ")
}
