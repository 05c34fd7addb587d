//! Where a plugin writes for its author and its merchant: `log.wit`.

use cartwright_contract_macros::contract;

#[contract]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}
