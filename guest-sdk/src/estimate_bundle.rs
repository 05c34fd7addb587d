//! Beside the hook `shipping-quote`: what a shopper's browser needs to give the plugin's answers by itself.

use alloc::vec::Vec;
use cartwright_contract::types::{Failure, Instant};

/// Its name in a manifest.
pub const HOOK: &str = "estimate-bundle";

/// Describes how the plugin quotes, for estimates without a call.
pub trait EstimateBundle {
    /// What orders of the moments `starts <= at < ends` are quoted by, as `cartwright_core::bundle::describe` writes it. What is in it
    /// becomes public.
    ///
    /// # Errors
    /// When the plugin cannot be described; estimates are then asked from the server.
    fn describe(&self, starts: Instant, ends: Instant) -> Result<Vec<u8>, Failure>;
}

#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub mod edge {
    #![allow(clippy::pedantic, clippy::all, reason = "generated")]
    ::wit_bindgen::generate!({
        path: "../wit",
        inline: "package cartwright:sdk-estimate-bundle; world estimate-bundle-exports {
            export cartwright:plugin/estimate-bundle@1.0.0;
        }",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export",
        with: {
            "cartwright:plugin/types@1.0.0/failure": cartwright_contract::types::Failure,
        },
    });

    impl<P: super::EstimateBundle + crate::wasm::Home> exports::cartwright::plugin::estimate_bundle::Guest
        for crate::wasm::Exports<P>
    {
        fn describe(starts: i64, ends: i64) -> Result<alloc::vec::Vec<u8>, cartwright_contract::types::Failure> {
            super::EstimateBundle::describe(P::place().get()?, starts, ends)
        }
    }
}
