//! What every answer has to keep to, whichever plugin gave it: a host checks it before anybody acts on it.

use crate::types::{Day, Failure};
use alloc::format;
use alloc::string::String;

mod address_validation;
mod order_routing;
mod order_screening;
mod return_policy;
mod shipping_quote;

/// The code of every breach.
pub const ANSWER_BREAKS_CONTRACT: &str = "ANSWER_BREAKS_CONTRACT";
/// 9999-12-31, where four-digit years end.
pub const LAST_DAY: Day = 2_932_896;

fn breach(field: String, message: String) -> Failure {
    Failure { code: ANSWER_BREAKS_CONTRACT.into(), message, field: Some(field) }
}

fn index_of(field: impl Fn() -> String, index: u32, length: usize, what: &str) -> Result<(), Failure> {
    if (index as usize) < length {
        return Ok(());
    }
    Err(breach(field(), format!("{index} is the index of no {what}; there are {length}, counted from 0")))
}
