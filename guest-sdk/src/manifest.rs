//! The manifest: what a plugin says about itself, as JSON in its section `cartwright:manifest`.
//!
//! ```json
//! {
//!   "name": "by-weight",
//!   "version": "1.2.0",
//!   "description": "One price per started kilogram.",
//!   "sdk": "0.1.0",
//!   "contract": "1.0.0",
//!   "hooks": ["shipping-quote"],
//!   "sees": ["customer.email"],
//!   "calls": ["rates.example.com"]
//! }
//! ```
//!
//! `name`, `version` and `description` are the crate's; `sdk` and `contract` are versions of this crate and of the WIT
//! package; `hooks` are the interfaces that the component exports besides `settings`; `sees` and `calls` are what
//! [`plugin!`](macro@crate::plugin) was given. Every member is always there.
//!
//! # Hosts that a merchant chooses
//!
//! An author who cannot know the host writes a place in the settings instead of a name: `settings:` and a JSON pointer (RFC 6901) into the
//! settings document, as `"calls": ["settings:/service/host"]`. The host (the one that runs plugins) reads the string there at install: a name or
//! an address, with a port where it is not the scheme's own (`validate.example.com`, `127.0.0.1:8080`, `[::1]:8080`); the plan may then ask that
//! host at that port and no other. Nothing at that place, or something else than a string, allows nothing. What the operator forbids stays
//! forbidden: settings never widen that.

use crate::schema::Piece;

/// The section of the component's core module that holds the manifest.
pub const SECTION: &str = "cartwright:manifest";
/// The section that holds the settings' JSON Schema.
pub const SCHEMA_SECTION: &str = "cartwright:settings-schema";
/// The version of this crate.
pub const SDK: &str = env!("CARGO_PKG_VERSION");
/// The version of the WIT package `cartwright:plugin`.
pub const CONTRACT: &str = "1.0.0";

/// A type that [`plugin!`](macro@crate::plugin) made a plugin.
pub trait Plugin {
    /// Its manifest.
    const MANIFEST: &'static [Piece];
}

#[doc(hidden)]
#[macro_export]
macro_rules! __manifest {
    ([$($hook:expr),*] [$($sees:literal),*] [$($calls:literal),*]) => {{
        use $crate::schema::Piece::{Escaped, Joined, Text, Tree};
        [
            Text("{\"name\":\""),
            Escaped(env!("CARGO_PKG_NAME")),
            Text("\",\"version\":\""),
            Escaped(env!("CARGO_PKG_VERSION")),
            Text("\",\"description\":\""),
            Escaped(env!("CARGO_PKG_DESCRIPTION")),
            Text("\",\"sdk\":\""),
            Text($crate::manifest::SDK),
            Text("\",\"contract\":\""),
            Text($crate::manifest::CONTRACT),
            Text("\",\"hooks\":["),
            Joined(&[$(Tree(&[Text("\""), Escaped($hook), Text("\"")])),*]),
            Text("],\"sees\":["),
            Joined(&[$(Tree(&[Text("\""), Escaped($sees), Text("\"")])),*]),
            Text("],\"calls\":["),
            Joined(&[$(Tree(&[Text("\""), Escaped($calls), Text("\"")])),*]),
            Text("]}"),
        ]
    }};
}
