//! The bindings of the hooks' optional plan steps, one module a hook. Only `cartwright-sdk` uses this crate.
//!
//! A plan speaks of its hook's request, so its world must export the hook as well: worlds in which an interface is an import
//! here and an export there cannot be put together. But the exports of one interface may be generated only once in a crate,
//! and those of the hooks stand in `cartwright-sdk`; hence this crate. The hook's function is skipped here.

#![cfg(target_family = "wasm")]
#![no_std]

extern crate alloc;

/// Each hook's plan: its name in Rust, the world that exports hook and plan, and the types that a request is made of.
macro_rules! plan {
    ($hook:ident, $world:literal, { $($wit:literal: $type:ident),* $(,)? }) => {
        pub mod $hook {
            #![allow(clippy::pedantic, clippy::all, reason = "generated")]
            #![allow(dead_code, reason = "the definitions that the contract's types replace")]
            ::wit_bindgen::generate!({
                path: "../../wit",
                inline: $world,
                generate_all,
                pub_export_macro: true,
                export_macro_name: "export",
                skip: ["run"],
                with: {
                    $($wit: cartwright_contract::$hook::$type,)*
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
    };
}

plan!(
    shipping_quote,
    "package cartwright:sdk-plans; world shipping-quote-plan-exports {
        export cartwright:plugin/shipping-quote@1.0.0;
        export cartwright:plugin/shipping-quote-plan@1.0.0;
    }",
    {
        "cartwright:plugin/shipping-quote@1.0.0/request": Request,
    }
);

plan!(
    order_routing,
    "package cartwright:sdk-plans; world order-routing-plan-exports {
        export cartwright:plugin/order-routing@1.0.0;
        export cartwright:plugin/order-routing-plan@1.0.0;
    }",
    {
        "cartwright:plugin/order-routing@1.0.0/location-kind": LocationKind,
        "cartwright:plugin/order-routing@1.0.0/location": Location,
        "cartwright:plugin/order-routing@1.0.0/line-constraint": LineConstraint,
        "cartwright:plugin/order-routing@1.0.0/constraints": Constraints,
        "cartwright:plugin/order-routing@1.0.0/request": Request,
    }
);

plan!(
    order_screening,
    "package cartwright:sdk-plans; world order-screening-plan-exports {
        export cartwright:plugin/order-screening@1.0.0;
        export cartwright:plugin/order-screening-plan@1.0.0;
    }",
    {
        "cartwright:plugin/order-screening@1.0.0/avs-result": AvsResult,
        "cartwright:plugin/order-screening@1.0.0/cvv-result": CvvResult,
        "cartwright:plugin/order-screening@1.0.0/three-d-secure": ThreeDSecure,
        "cartwright:plugin/order-screening@1.0.0/card-funding": CardFunding,
        "cartwright:plugin/order-screening@1.0.0/payment": Payment,
        "cartwright:plugin/order-screening@1.0.0/session": Session,
        "cartwright:plugin/order-screening@1.0.0/history": History,
        "cartwright:plugin/order-screening@1.0.0/velocity-key": VelocityKey,
        "cartwright:plugin/order-screening@1.0.0/velocity": Velocity,
        "cartwright:plugin/order-screening@1.0.0/request": Request,
    }
);

plan!(
    address_validation,
    "package cartwright:sdk-plans; world address-validation-plan-exports {
        export cartwright:plugin/address-validation@1.0.0;
        export cartwright:plugin/address-validation-plan@1.0.0;
    }",
    {
        "cartwright:plugin/address-validation@1.0.0/request": Request,
    }
);

plan!(
    return_policy,
    "package cartwright:sdk-plans; world return-policy-plan-exports {
        export cartwright:plugin/return-policy@1.0.0;
        export cartwright:plugin/return-policy-plan@1.0.0;
    }",
    {
        "cartwright:plugin/return-policy@1.0.0/condition": Condition,
        "cartwright:plugin/return-policy@1.0.0/remedy": Remedy,
        "cartwright:plugin/return-policy@1.0.0/grade": Grade,
        "cartwright:plugin/return-policy@1.0.0/rma-status": RmaStatus,
        "cartwright:plugin/return-policy@1.0.0/delivered-line": DeliveredLine,
        "cartwright:plugin/return-policy@1.0.0/requested-return": RequestedReturn,
        "cartwright:plugin/return-policy@1.0.0/destination-kind": DestinationKind,
        "cartwright:plugin/return-policy@1.0.0/destination": Destination,
        "cartwright:plugin/return-policy@1.0.0/request": Request,
    }
);
