//! A merchant's settings: from JSON into the plugin's own types, with every complaint at once.
//!
//! [`Settings`] says how a type is read and how a form draws it; `#[derive(Settings)]` writes it. [`Configure`] turns the
//! settings into the plugin, once, before the host takes its snapshot. What this module must not know: hooks.

mod basic;
mod findings;
mod issues;
pub mod read;

pub use cartwright_sdk_macros::Settings;
pub use findings::{Findings, join};
pub use issues::{Issues, NOTHING, Path};

use crate::json::{self, Node};
use crate::schema::Piece;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
pub use cartwright_contract::settings::Issue;

/// A type that stands in a settings document.
///
/// Write it with `#[derive(Settings)]`; see the [derive macro](cartwright_sdk_macros::Settings) for its words. By hand it
/// is only needed for a type that the derive cannot know, and then [`text_setting!`](crate::text_setting) is shorter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from settings",
    note = "write `#[derive(Settings)]` on it; or, for a type with `FromStr`, use `cartwright_sdk::text_setting!`"
)]
pub trait Settings: Sized {
    /// The members of its JSON Schema (without braces) that say which values it has. Never empty.
    const SHAPE: &'static [Piece];
    /// `,"minimum":…`: what a field's own words may replace.
    const MINIMUM: &'static [Piece] = &[];
    /// `,"maximum":…`: what a field's own words may replace.
    const MAXIMUM: &'static [Piece] = &[];
    /// `,"title":…` and `,"description":…`: what a field's own comment may replace.
    const WORDS: &'static [Piece] = &[];

    /// Whether a field of this type may be left out; then [`absent`](Self::absent) says what it is.
    const OPTIONAL: bool = false;

    /// The value at `node`, or `None` after something was added to `issues`.
    fn read(node: Node<'_>, at: &Path<'_>, issues: &mut Issues) -> Option<Self>;

    /// The value of a field that the document leaves out; `None` when it must be there.
    fn absent() -> Option<Self> {
        None
    }
}

/// What becomes of settings: the plugin, and what its merchant should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configured<P> {
    /// What answers every call from now on.
    pub plugin: P,
    /// Things that are odd, with which the plugin works.
    pub warnings: Vec<Issue>,
}

impl<P> From<P> for Configured<P> {
    fn from(plugin: P) -> Self {
        Self { plugin, warnings: Vec::new() }
    }
}

/// Makes a plugin from its settings.
///
/// A settings type that is itself the plugin has this already. Write it where the settings must be prepared (tables sorted,
/// zones resolved) or checked beyond what their type says:
///
/// ```
/// use cartwright_sdk::prelude::*;
/// use cartwright_sdk::shipping_quote::*;
///
/// #[derive(Settings)]
/// struct Bands {
///     /// Upper ends of the weight bands, in grams, rising.
///     up_to: Vec<u32>,
/// }
///
/// struct Plugin {
///     bands: Vec<u32>,
/// }
///
/// impl Configure for Plugin {
///     type Settings = Bands;
///
///     fn configure(settings: Bands) -> Result<Configured<Self>, Vec<Issue>> {
///         if !settings.up_to.is_sorted() {
///             return Err(vec![issue("/upTo", &settings.up_to, "the bands do not rise", "sort them")]);
///         }
///         Ok(Plugin { bands: settings.up_to }.into())
///     }
/// }
/// ```
pub trait Configure: Sized {
    /// What the merchant fills in.
    type Settings: Settings;

    /// Called once, at install. Whatever is expensive to build is built here: every call starts from a snapshot of the
    /// plugin's memory taken after it.
    ///
    /// # Errors
    /// Everything that is wrong with the settings, not only the first thing.
    fn configure(settings: Self::Settings) -> Result<Configured<Self>, Vec<Issue>>;
}

impl<S: Settings> Configure for S {
    type Settings = S;

    fn configure(settings: S) -> Result<Configured<S>, Vec<Issue>> {
        Ok(settings.into())
    }
}

/// An issue about a value that a [`Configure`] found wrong; `value` is shown as Rust's `Debug` has it, cut to 200 characters.
pub fn issue(path: &str, value: &impl core::fmt::Debug, message: &str, remedy: &str) -> Issue {
    Issue {
        path: path.into(),
        value: issues::cut(&format!("{value:?}")),
        message: message.into(),
        remedy: remedy.into(),
    }
}

/// Reads a settings document.
///
/// # Errors
/// What is wrong with it: one issue when it is not JSON, otherwise one for each field that is wrong, missing, unknown or
/// there twice (the first 100).
pub fn read<S: Settings>(text: &str) -> Result<S, Vec<Issue>> {
    let document = json::check(text).map_err(|e| {
        let rest = text.get(e.at..).unwrap_or("");
        let value = if rest.is_empty() { NOTHING.into() } else { issues::cut(rest) };
        let message = format!("not JSON at line {}, column {}: {}", e.line, e.column, e.message);
        vec![Issue { path: String::new(), value, message, remedy: "correct the document at that place".into() }]
    })?;
    let mut issues = Issues::default();
    let settings = S::read(document, &Path::ROOT, &mut issues);
    issues.done(settings)
}

/// Reads a settings document and makes the plugin from it.
///
/// # Errors
/// As [`read()`], then as the plugin's own [`Configure`].
pub fn configure<P: Configure>(text: &str) -> Result<Configured<P>, Vec<Issue>> {
    P::configure(read(text)?)
}
