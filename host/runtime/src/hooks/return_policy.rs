//! The return-policy hook on the host's side.

use super::Hook;
use super::sees::{Of, Sees};
use super::views::{AddressView, CustomerView, address_bytes, line_bytes, strings};
use crate::limits::Extent;
use cartwright_contract::return_policy::{Answer, DeliveredLine, Destination, INTERFACE, Request, RequestedReturn};
use cartwright_contract::{Failure, Instant, MinorUnits};
use wasmtime::component::{ComponentType, Lower};

/// What may come back, how, for how much, and where to.
#[derive(Debug)]
pub struct ReturnPolicy;

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct RequestView<'a> {
    at: Instant,
    order: &'a str,
    ordered: Instant,
    currency: &'a str,
    #[component(name = "shipping-paid")]
    shipping_paid: MinorUnits,
    #[component(name = "shipping-refunded")]
    shipping_refunded: MinorUnits,
    origin: AddressView<'a>,
    lines: &'a [DeliveredLine],
    returns: &'a [RequestedReturn],
    customer: Option<CustomerView<'a>>,
    #[component(name = "returned-units")]
    returned_units: u32,
    #[component(name = "bought-units")]
    bought_units: u32,
    destinations: &'a [Destination],
    channel: &'a str,
    tags: &'a [String],
}

impl Hook for ReturnPolicy {
    const NAME: &'static str = "return-policy";
    const INTERFACE: &'static str = INTERFACE;
    const PLAN: &'static str = "cartwright:plugin/return-policy-plan@1.0.0";

    type Request = Request;
    type Answer = Answer;
    type View<'a> = RequestView<'a>;

    fn view(request: &Request, sees: Sees) -> RequestView<'_> {
        RequestView {
            at: request.at,
            order: &request.order,
            ordered: request.ordered,
            currency: &request.currency,
            shipping_paid: request.shipping_paid,
            shipping_refunded: request.shipping_refunded,
            origin: AddressView::new(&request.origin, sees, Of::Origin),
            lines: &request.lines,
            returns: &request.returns,
            customer: request.customer.as_ref().map(|customer| CustomerView::new(customer, sees)),
            returned_units: request.returned_units,
            bought_units: request.bought_units,
            destinations: &request.destinations,
            channel: &request.channel,
            tags: &request.tags,
        }
    }

    fn extent(request: &Request) -> Extent {
        let mut extent = Extent { lines: request.lines.len() as u64, ..Extent::default() };
        extent.bytes = size_of::<Request>() + address_bytes(&request.origin) + strings(&request.tags);
        for delivered in &request.lines {
            extent.bytes += size_of::<DeliveredLine>() + line_bytes(&delivered.line);
            extent.bytes += delivered.location.len() + delivered.bundle.len();
        }
        extent.bytes +=
            request.returns.iter().map(|one| size_of::<RequestedReturn>() + one.reason.len()).sum::<usize>();
        for destination in &request.destinations {
            // Each return is weighed against each destination, whether the platform knows its costs or not.
            extent.stock_figures += destination.unit_costs.len().max(request.returns.len()) as u64;
            extent.bytes += size_of::<Destination>() + destination.id.len() + 8 * destination.unit_costs.len();
        }
        extent
    }

    fn check(answer: &Answer, request: &Request) -> Result<(), Failure> {
        answer.check(request)
    }
}
