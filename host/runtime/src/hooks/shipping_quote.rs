//! The shipping-quote hook on the host's side.

use super::Hook;
use super::sees::{Of, Sees};
use super::views::{AddressView, CustomerView, address_bytes, line_bytes, strings};
use crate::limits::Extent;
use cartwright_contract::shipping_quote::{Answer, INTERFACE, Request};
use cartwright_contract::{Failure, Instant, Line, LocationStock};
use wasmtime::component::{ComponentType, Lower};

/// Which shipping options a shopper is offered, at what price and for which date.
#[derive(Debug)]
pub struct ShippingQuote;

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct RequestView<'a> {
    at: Instant,
    currency: &'a str,
    destination: AddressView<'a>,
    lines: &'a [Line],
    customer: Option<CustomerView<'a>>,
    stock: &'a [LocationStock],
    channel: &'a str,
    tags: &'a [String],
}

impl Hook for ShippingQuote {
    const NAME: &'static str = "shipping-quote";
    const INTERFACE: &'static str = INTERFACE;
    const PLAN: &'static str = "cartwright:plugin/shipping-quote-plan@1.0.0";

    type Request = Request;
    type Answer = Answer;
    type View<'a> = RequestView<'a>;

    fn view(request: &Request, sees: Sees) -> RequestView<'_> {
        RequestView {
            at: request.at,
            currency: &request.currency,
            destination: AddressView::new(&request.destination, sees, Of::Destination),
            lines: &request.lines,
            customer: request.customer.as_ref().map(|customer| CustomerView::new(customer, sees)),
            stock: &request.stock,
            channel: &request.channel,
            tags: &request.tags,
        }
    }

    fn extent(request: &Request) -> Extent {
        let mut extent = Extent { lines: request.lines.len() as u64, ..Extent::default() };
        extent.bytes = size_of::<Request>() + address_bytes(&request.destination) + strings(&request.tags);
        for line in &request.lines {
            extent.units += u64::from(line.quantity);
            extent.bytes += line_bytes(line);
        }
        for stock in &request.stock {
            extent.stock_figures += stock.available.len() as u64;
            extent.bytes += size_of::<LocationStock>() + stock.location.len() + 4 * stock.available.len();
        }
        extent
    }

    fn check(answer: &Answer, request: &Request) -> Result<(), Failure> {
        answer.check(request)
    }
}
