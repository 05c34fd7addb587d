//! The order-routing hook on the host's side.

use super::Hook;
use super::sees::{Of, Sees};
use super::views::{AddressView, CustomerView, address_bytes, line_bytes, strings};
use crate::limits::Extent;
use cartwright_contract::order_routing::{Answer, Constraints, INTERFACE, Location, Request};
use cartwright_contract::{Failure, Instant, Line};
use wasmtime::component::{ComponentType, Lower};

/// Which fulfilment location ships which unit of an order.
#[derive(Debug)]
pub struct OrderRouting;

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct RequestView<'a> {
    at: Instant,
    order: &'a str,
    placed: Option<Instant>,
    currency: &'a str,
    destination: AddressView<'a>,
    lines: &'a [Line],
    customer: Option<CustomerView<'a>>,
    locations: &'a [Location],
    constraints: &'a Constraints,
    service: &'a str,
    channel: &'a str,
    tags: &'a [String],
}

impl Hook for OrderRouting {
    const NAME: &'static str = "order-routing";
    const INTERFACE: &'static str = INTERFACE;
    const PLAN: &'static str = "cartwright:plugin/order-routing-plan@1.0.0";

    type Request = Request;
    type Answer = Answer;
    type View<'a> = RequestView<'a>;

    fn view(request: &Request, sees: Sees) -> RequestView<'_> {
        RequestView {
            at: request.at,
            order: &request.order,
            placed: request.placed,
            currency: &request.currency,
            destination: AddressView::new(&request.destination, sees, Of::Destination),
            lines: &request.lines,
            customer: request.customer.as_ref().map(|customer| CustomerView::new(customer, sees)),
            locations: &request.locations,
            constraints: &request.constraints,
            service: &request.service,
            channel: &request.channel,
            tags: &request.tags,
        }
    }

    fn extent(request: &Request) -> Extent {
        let mut extent = Extent { lines: request.lines.len() as u64, ..Extent::default() };
        extent.bytes = size_of::<Request>() + address_bytes(&request.destination) + strings(&request.tags);
        extent.bytes += request.lines.iter().map(line_bytes).sum::<usize>();
        for location in &request.locations {
            extent.stock_figures += location.available.len().max(1) as u64;
            extent.bytes += size_of::<Location>() + location.id.len() + strings(&location.groups);
            extent.bytes += 4 * location.available.len() + 8 * location.unit_costs.len();
        }
        for line in &request.constraints.lines {
            extent.bytes += strings(&line.only) + strings(&line.never);
        }
        extent.bytes += request.constraints.together.iter().map(|group| 8 + 4 * group.len()).sum::<usize>();
        extent
    }

    fn check(answer: &Answer, request: &Request) -> Result<(), Failure> {
        answer.check(request)
    }
}
