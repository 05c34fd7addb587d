//! Which location ships which unit, at the least total cost per order.

pub mod cells;
pub mod checker;
mod coupled;
mod dual;
mod fill;
pub mod problem;
mod search;
pub mod solve;
#[cfg(test)]
mod tests;
