//! Plans carried out against a real server on loopback: one that works, and one that does everything wrong.

mod bad_services;
mod cache;
mod plans;
mod reach;
mod secrecy;
mod server;
