//! The address of each hook, and how the OpenAPI document describes it. What all hooks share is [`crate::decide`]'s.

use crate::app::App;
use crate::decide::{Decided, decide};
use crate::problem::{Problem, ProblemDetails};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use cartwright_contract::{address_validation, order_routing, order_screening, return_policy, shipping_quote};
use cartwright_runtime::hooks::{AddressValidation, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use std::sync::Arc;
use utoipa::IntoResponses;

/// What a client reads instead of a decision.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "only its description is used")]
enum Refusal {
    /// Not JSON of the right form
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(ProblemDetails),
    /// No such shop, or no plugin on this hook
    #[response(status = 404, content_type = "application/problem+json")]
    Unknown(ProblemDetails),
    /// The body took too long
    #[response(status = 408, content_type = "application/problem+json")]
    Slow(ProblemDetails),
    /// The body or the order is too large
    #[response(status = 413, content_type = "application/problem+json")]
    Large(ProblemDetails),
    /// The body is not declared as JSON
    #[response(status = 415, content_type = "application/problem+json")]
    MediaType(ProblemDetails),
    /// A field is out of its range, or the plugin refuses it
    #[response(status = 422, content_type = "application/problem+json")]
    Refused(ProblemDetails),
    /// Too many calls at once; see `retry-after`
    #[response(status = 503, content_type = "application/problem+json")]
    Busy(ProblemDetails),
}

type Shop = Result<Path<String>, PathRejection>;

macro_rules! hook {
    ($(#[doc = $words:literal])+ $name:ident, $path:literal, $tag:literal, $module:ident, $hook:ident, $ok:literal) => {
        $(#[doc = $words])+
        #[utoipa::path(
            post,
            path = $path,
            tag = $tag,
            params(("shop" = String, Path, description = "The shop's id")),
            request_body = $module::Request,
            responses(
                (status = 200, description = $ok, body = Decided<$module::Answer>, headers(
                    ("server-timing" = String, description = "Milliseconds in the plugins: `plugin;dur=0.034`"),
                    ("cartwright-fuel" = u64, description = "Fuel that the plugins burnt; the same for the same request, for ever"),
                    ("cartwright-memory" = u64, description = "The most memory that a plugin had, in bytes"),
                    ("cartwright-record" = String, description = "The id of the decision's record, where one is kept"),
                )),
                Refusal,
            ),
        )]
        pub async fn $name(State(app): State<Arc<App>>, shop: Shop, request: Request) -> Result<Response, Problem> {
            decide::<$hook>(&app, shop, request).await
        }
    };
}

hook! {
    /// Shipping options for a cart: prices, dates, parcels, and the reasons.
    ///
    /// A plugin that fails is no error: the shop's backup rates answer, and `fallback` says why.
    quotes, "/v1/shops/{shop}/quotes", "quotes", shipping_quote, ShippingQuote,
    "The options; none, with the reason, when no service fits"
}

hook! {
    /// Which location ships which unit of an order, at the least total cost.
    ///
    /// A plugin that fails is no error: the host's own routing answers, and `fallback` says why.
    routings, "/v1/shops/{shop}/routings", "orders", order_routing, OrderRouting,
    "The shipments and what they cost; or that the order waits, and why"
}

hook! {
    /// Whether an order is safe to fulfil: accept, review or reject, with every reason.
    ///
    /// A plugin that fails is no error: the order is held for review, and `fallback` says why.
    screenings, "/v1/shops/{shop}/screenings", "orders", order_screening, OrderScreening,
    "The verdict, the score and what it is made of"
}

hook! {
    /// Whether a parcel would reach an address, field by field, and how it would have to be written.
    ///
    /// A plugin that fails is no error: the address is taken as it is, marked `unchecked`, and `fallback` says why.
    address_validations, "/v1/shops/{shop}/address-validations", "addresses", address_validation, AddressValidation,
    "The verdict, the corrected address and what was changed"
}

hook! {
    /// What of an order may come back, how, for how much, and where to.
    ///
    /// A plugin that fails is no error: a person decides, and `fallback` says why.
    returns, "/v1/shops/{shop}/returns", "orders", return_policy, ReturnPolicy,
    "A decision for each return that is asked for, labels and refunds"
}
