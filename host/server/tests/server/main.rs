//! A whole server in this process: what it says of its shops' configuration, what checkout and the control plane are answered, replay and
//! backtests. One program, since each one links the sandbox once more. How connections are protected is another: its traces are of a process.

mod backtest;
mod common;
mod configuration;
mod control;
mod operation;
mod quotes;
