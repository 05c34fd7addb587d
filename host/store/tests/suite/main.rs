//! The store's rules, each over SQLite and over a real PostgreSQL.

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
