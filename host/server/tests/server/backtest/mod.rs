//! Decisions of a store's shop asked again: one by one, and as a backtest; and orders that are counted over replicas.

mod backtests;
mod counters;
mod replays;
mod world;
