//! The way from a plugin to the outside world.
//!
//! A plugin has no network. Its `plan` says which HTTP requests it needs; the host makes them here, within what the manifest declares
//! and the operator allows, and gives the replies to `run`. So `run` stays a pure function, and a [`Recording`] of plan and replies
//! is all that it takes to replay it.
//!
//! What is held to, whatever a plugin plans:
//! - only hosts on the list, only `https:` (unless the operator allows `http:`), and only public addresses, checked after the name was
//!   looked up and dialled as checked;
//! - redirects are not followed, proxies of the environment not used, bodies not unpacked, cookies not kept;
//! - requests, replies, places and time are bounded, for one request, a plan and a shop;
//! - secrets are put in on the way out and taken out of replies, and stand in no log, error, recording or cache key;
//! - a host that keeps failing is left alone for a while, for that shop only.
//!
//! What this crate must not know: plugins, sandboxes, the server, what a reply means.

mod addresses;
mod blocking;
mod breaker;
mod client;
mod clock;
mod deliver;
mod error;
mod fetch;
mod hosts;
mod names;
mod options;
mod places;
mod recording;
mod request;
mod scope;
mod secrets;
mod shelf;

pub use blocking::Blocking;
pub use breaker::{BreakerPosition, BreakerStatus};
pub use clock::{Clock, ManualClock, SystemClock};
pub use deliver::{Delivered, Message};
pub use error::{OptionsError, PlanError, Problem, ScopeError};
pub use fetch::{Account, Fetched, Outside, Source};
pub use hosts::Hosts;
pub use ipnet::IpNet;
pub use names::{Names, SystemNames};
pub use options::{BreakerOptions, OutsideOptions};
pub use recording::{Recording, ReplayError};
pub use scope::Scope;
pub use secrets::Secrets;
