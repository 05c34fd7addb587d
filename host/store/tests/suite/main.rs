//! The store's rules, each over SQLite and over a real PostgreSQL.

#![allow(clippy::cast_possible_wrap)] // counts of a few

mod access;
mod crash;
mod faults;
mod installs;
mod jobs;
mod packages;
mod place;
mod records;
mod shops;
mod webhooks;
