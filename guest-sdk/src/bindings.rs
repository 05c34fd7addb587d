//! The component's edge: what wit-bindgen makes of the contract, with the contract's own Rust types in place of generated
//! ones, so that a request is lifted once and nothing is copied from shape to shape.
//!
//! Every hook has a world of its own here, because a world's exports are all or nothing: a plugin exports the hooks that
//! [`plugin!`](macro@crate::plugin) names and no others. What this module must not know: what a plugin decides.

/// The edge of one hook: bindings of a world that exports it, with the words that all hooks share already mapped, and the
/// way from the exported function to the plugin. Nothing natively.
macro_rules! edge {
    (world: $world:literal, run: $interface:ident for $hook:ident, types: $types:tt $(,)?) => {
        crate::bindings::edge!(@module $world, $types, {
            impl<P: super::$hook + crate::wasm::Home> exports::cartwright::plugin::$interface::Guest for crate::wasm::Exports<P> {
                fn run(
                    request: super::Request,
                    responses: alloc::vec::Vec<cartwright_contract::outside::HttpResponse>,
                ) -> Result<super::Answer, cartwright_contract::types::Failure> {
                    let answer = super::$hook::run(P::place().get()?, &request, &responses);
                    // The instance ends with the call: giving the input's memory back would be work for nobody.
                    core::mem::forget((request, responses));
                    answer
                }
            }
        });
    };
    (plan: $interface:ident, $generated:ident for $hook:ident) => {
        #[cfg(target_family = "wasm")]
        #[doc(hidden)]
        pub mod edge {
            pub use cartwright_sdk_plans::$interface::*;

            impl<P: super::$hook + crate::wasm::Home> exports::cartwright::plugin::$generated::Guest for crate::wasm::Exports<P> {
                fn plan(
                    request: super::Request,
                ) -> Result<alloc::vec::Vec<cartwright_contract::outside::HttpRequest>, cartwright_contract::types::Failure> {
                    let requests = super::$hook::plan(P::place().get()?, &request);
                    core::mem::forget(request);
                    requests
                }
            }
        }
    };
    (@module $world:literal, { $($wit:literal: $rust:path),* $(,)? }, { $($guest:item)* }) => {
        #[cfg(target_family = "wasm")]
        #[doc(hidden)]
        pub mod edge {
            #![allow(clippy::pedantic, clippy::all, reason = "generated")]
            #![allow(dead_code, reason = "the definitions that the contract's types replace")]
            ::wit_bindgen::generate!({
                path: "../wit",
                inline: $world,
                generate_all,
                pub_export_macro: true,
                export_macro_name: "export",
                with: {
                    "cartwright:plugin/types@1.0.0/dimensions": cartwright_contract::types::Dimensions,
                    "cartwright:plugin/types@1.0.0/coordinates": cartwright_contract::types::Coordinates,
                    "cartwright:plugin/types@1.0.0/address": cartwright_contract::types::Address,
                    "cartwright:plugin/types@1.0.0/customer": cartwright_contract::types::Customer,
                    "cartwright:plugin/types@1.0.0/rotation": cartwright_contract::types::Rotation,
                    "cartwright:plugin/types@1.0.0/line": cartwright_contract::types::Line,
                    "cartwright:plugin/types@1.0.0/line-units": cartwright_contract::types::LineUnits,
                    "cartwright:plugin/types@1.0.0/location-stock": cartwright_contract::types::LocationStock,
                    "cartwright:plugin/types@1.0.0/unit": cartwright_contract::types::Unit,
                    "cartwright:plugin/types@1.0.0/figure": cartwright_contract::types::Figure,
                    "cartwright:plugin/types@1.0.0/reason": cartwright_contract::types::Reason,
                    "cartwright:plugin/types@1.0.0/failure": cartwright_contract::types::Failure,
                    "cartwright:plugin/outside@1.0.0/method": cartwright_contract::outside::Method,
                    "cartwright:plugin/outside@1.0.0/field": cartwright_contract::outside::Field,
                    "cartwright:plugin/outside@1.0.0/http-request": cartwright_contract::outside::HttpRequest,
                    "cartwright:plugin/outside@1.0.0/http-reply": cartwright_contract::outside::HttpReply,
                    "cartwright:plugin/outside@1.0.0/http-failure": cartwright_contract::outside::HttpFailure,
                    "cartwright:plugin/outside@1.0.0/http-response": cartwright_contract::outside::HttpResponse,
                    $($wit: $rust,)*
                },
            });
            $($guest)*
        }
    };
}
pub(crate) use edge;

/// What every plugin exports: `settings.configure`.
#[cfg(target_family = "wasm")]
pub mod settings {
    #![allow(clippy::pedantic, clippy::all, reason = "generated")]
    ::wit_bindgen::generate!({
        path: "../wit",
        inline: "package cartwright:sdk-settings; world settings-exports { export cartwright:plugin/settings@1.0.0; }",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export",
        with: { "cartwright:plugin/settings@1.0.0/issue": cartwright_contract::settings::Issue },
    });

    impl<P: crate::settings::Configure + crate::wasm::Home> exports::cartwright::plugin::settings::Guest
        for crate::wasm::Exports<P>
    {
        fn configure(
            json: alloc::string::String,
        ) -> Result<alloc::vec::Vec<crate::settings::Issue>, alloc::vec::Vec<crate::settings::Issue>> {
            crate::wasm::report_panics();
            let configured = crate::settings::configure::<P>(&json)?;
            P::place().put(configured.plugin);
            drop(json);
            crate::wasm::settle();
            Ok(configured.warnings)
        }
    }
}

/// What every plugin may import: `log.write`. Not in the component unless it is called.
#[cfg(target_family = "wasm")]
pub mod log {
    #![allow(clippy::pedantic, clippy::all, reason = "generated")]
    ::wit_bindgen::generate!({
        path: "../wit",
        inline: "package cartwright:sdk-log; world log-imports { import cartwright:plugin/log@1.0.0; }",
        generate_all,
        with: { "cartwright:plugin/log@1.0.0/level": cartwright_contract::log::Level },
    });
}
