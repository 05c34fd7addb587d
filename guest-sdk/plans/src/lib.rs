//! The bindings of the hooks' optional plan steps, one module a hook. Only `cartwright-sdk` uses this crate.
//!
//! A plan speaks of its hook's request, so its world must export the hook as well: worlds in which an interface is an import
//! here and an export there cannot be put together. But the exports of one interface may be generated only once in a crate,
//! and those of the hooks stand in `cartwright-sdk`; hence this crate. The hook's function is skipped here.

#![cfg(target_family = "wasm")]
#![no_std]

extern crate alloc;

pub mod shipping_quote {
    #![allow(clippy::pedantic, clippy::all, reason = "generated")]
    #![allow(dead_code, reason = "the definitions that the contract's types replace")]
    ::wit_bindgen::generate!({
        path: "../../wit",
        inline: "package cartwright:sdk-plans; world shipping-quote-plan-exports {
            export cartwright:plugin/shipping-quote@1.0.0;
            export cartwright:plugin/shipping-quote-plan@1.0.0;
        }",
        generate_all,
        pub_export_macro: true,
        export_macro_name: "export",
        skip: ["run"],
        with: {
            "cartwright:plugin/shipping-quote@1.0.0/request": cartwright_contract::shipping_quote::Request,
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
        },
    });
}
