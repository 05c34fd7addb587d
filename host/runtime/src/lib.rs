//! The embeddable host: installs plugins and calls them, each call in a fresh sandbox.
//!
//! ```no_run
//! use cartwright_runtime::{Engine, EngineOptions, hooks::ShippingQuote};
//! # fn cart() -> cartwright_runtime::contract::shipping_quote::Request { Default::default() }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::new(EngineOptions::default())?;
//! let component = std::fs::read("shipping_quote.wasm")?;
//! let settings = std::fs::read_to_string("settings.json")?;
//! let plugin = engine.install(&component, &settings)?;
//! let decision = plugin.call::<ShippingQuote>(&cart(), &[]);
//! println!("{} quotes for {} fuel", decision.answer()?.quotes.len(), decision.usage.fuel);
//! # Ok(())
//! # }
//! ```
//!
//! From the bottom up: [`limits`] are the numbers; `sandbox` is what surrounds one instance (memory, log, WASI);
//! [`component`] reads a component without running it; [`engine`] holds what all plugins share; [`install`] turns a component
//! and its settings into a [`Plugin`] (configure, snapshot, compile, `functions`, [`cache`]); [`hooks`] says what differs between decision
//! points; [`plugin`] makes the call and gives a [`Decision`]; [`composition`] makes one decision of several plugins' and of the
//! fallback when they fail, with what their plans want from [`outside`].
//!
//! What this crate must not know: HTTP, databases, tokio, the core's rules, any plugin's settings.

pub mod cache;
pub mod component;
pub mod composition;
pub mod decision;
pub mod engine;
pub mod error;
mod functions;
pub mod hooks;
pub mod install;
pub mod limits;
pub mod outside;
pub mod plugin;
mod sandbox;
mod snapshot;

pub use cartwright_contract as contract;
pub use composition::{Composed, Composition};
pub use decision::{Decision, LogEntry, Usage};
pub use engine::{Engine, EngineOptions};
pub use error::{CallError, EngineError, InstallError};
pub use limits::Limits;
pub use plugin::Plugin;
