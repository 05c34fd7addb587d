//! Writing for the plugin's author and its merchant.
//!
//! In the sandbox a message goes to the host's log, bounded by the host; natively to standard error. It is never part of
//! a decision. A plugin that logs nothing imports nothing.
//!
//! ```
//! use cartwright_sdk::log;
//!
//! let zone = 5;
//! log::info!("zone {zone}");
//! ```

#[doc(inline)]
pub use crate::{__debug as debug, __error as error, __info as info, __warn as warn};
pub use cartwright_contract::log::Level;

/// Writes one message.
pub fn write(level: Level, message: &str) {
    #[cfg(target_family = "wasm")]
    crate::bindings::log::cartwright::plugin::log::write(level, message);
    #[cfg(not(target_family = "wasm"))]
    std::eprintln!("{level:?}: {message}");
}

/// A message with which only its author can do something.
#[doc(hidden)]
#[macro_export]
macro_rules! __debug {
    ($($words:tt)*) => { $crate::log::write($crate::log::Level::Debug, &$crate::__private::format!($($words)*)) };
}

/// A message about the normal course of things.
#[doc(hidden)]
#[macro_export]
macro_rules! __info {
    ($($words:tt)*) => { $crate::log::write($crate::log::Level::Info, &$crate::__private::format!($($words)*)) };
}

/// A message about something that a merchant should look at.
#[doc(hidden)]
#[macro_export]
macro_rules! __warn {
    ($($words:tt)*) => { $crate::log::write($crate::log::Level::Warn, &$crate::__private::format!($($words)*)) };
}

/// A message about something that is wrong.
#[doc(hidden)]
#[macro_export]
macro_rules! __error {
    ($($words:tt)*) => { $crate::log::write($crate::log::Level::Error, &$crate::__private::format!($($words)*)) };
}
