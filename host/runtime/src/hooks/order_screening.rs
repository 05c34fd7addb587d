//! The order-screening hook on the host's side.

use super::Hook;
use super::sees::{Of, Sees};
use super::views::{AddressView, CustomerView, address_bytes, line_bytes, strings};
use crate::limits::Extent;
use cartwright_contract::order_screening::{
    Answer, AvsResult, CardFunding, CvvResult, History, INTERFACE, Payment, Request, Session, ThreeDSecure, Velocity,
};
use cartwright_contract::{Coordinates, Failure, Instant, Line, MinorUnits};
use wasmtime::component::{ComponentType, Lower};

/// Whether an order is safe to fulfil.
#[derive(Debug)]
pub struct OrderScreening;

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct RequestView<'a> {
    at: Instant,
    order: &'a str,
    currency: &'a str,
    lines: &'a [Line],
    customer: Option<CustomerView<'a>>,
    history: Option<&'a History>,
    billing: AddressView<'a>,
    shipping: AddressView<'a>,
    service: &'a str,
    payment: PaymentView<'a>,
    session: SessionView<'a>,
    velocities: &'a [Velocity],
    channel: &'a str,
    tags: &'a [String],
}

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct PaymentView<'a> {
    method: &'a str,
    amount: MinorUnits,
    avs: AvsResult,
    cvv: CvvResult,
    #[component(name = "three-d-secure")]
    three_d_secure: ThreeDSecure,
    funding: CardFunding,
    #[component(name = "card-country")]
    card_country: Option<&'a str>,
    #[component(name = "card-fingerprint")]
    card_fingerprint: Option<&'a str>,
    cardholder: Option<&'a str>,
    #[component(name = "declined-attempts")]
    declined_attempts: u32,
}

impl<'a> PaymentView<'a> {
    fn new(payment: &'a Payment, sees: Sees) -> Self {
        Self {
            method: &payment.method,
            amount: payment.amount,
            avs: payment.avs,
            cvv: payment.cvv,
            three_d_secure: payment.three_d_secure,
            funding: payment.funding,
            card_country: payment.card_country.as_deref(),
            card_fingerprint: payment.card_fingerprint.as_deref().filter(|_| sees.card_fingerprint()),
            cardholder: payment.cardholder.as_deref().filter(|_| sees.cardholder()),
            declined_attempts: payment.declined_attempts,
        }
    }
}

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct SessionView<'a> {
    ip: Option<&'a str>,
    #[component(name = "ip-country")]
    ip_country: Option<&'a str>,
    #[component(name = "ip-coordinates")]
    ip_coordinates: Option<Coordinates>,
    #[component(name = "ip-anonymous")]
    ip_anonymous: Option<bool>,
    device: Option<&'a str>,
    #[component(name = "user-agent")]
    user_agent: Option<&'a str>,
}

impl<'a> SessionView<'a> {
    fn new(session: &'a Session, sees: Sees) -> Self {
        Self {
            ip: session.ip.as_deref().filter(|_| sees.ip()),
            ip_country: session.ip_country.as_deref(),
            ip_coordinates: session.ip_coordinates,
            ip_anonymous: session.ip_anonymous,
            device: session.device.as_deref().filter(|_| sees.device()),
            user_agent: session.user_agent.as_deref(),
        }
    }
}

impl Hook for OrderScreening {
    const NAME: &'static str = "order-screening";
    const INTERFACE: &'static str = INTERFACE;
    const PLAN: &'static str = "cartwright:plugin/order-screening-plan@1.0.0";

    type Request = Request;
    type Answer = Answer;
    type View<'a> = RequestView<'a>;

    fn view(request: &Request, sees: Sees) -> RequestView<'_> {
        RequestView {
            at: request.at,
            order: &request.order,
            currency: &request.currency,
            lines: &request.lines,
            customer: request.customer.as_ref().map(|customer| CustomerView::new(customer, sees)),
            history: request.history.as_ref(),
            billing: AddressView::new(&request.billing, sees, Of::Billing),
            shipping: AddressView::new(&request.shipping, sees, Of::Shipping),
            service: &request.service,
            payment: PaymentView::new(&request.payment, sees),
            session: SessionView::new(&request.session, sees),
            velocities: &request.velocities,
            channel: &request.channel,
            tags: &request.tags,
        }
    }

    fn extent(request: &Request) -> Extent {
        let mut extent = Extent { lines: request.lines.len() as u64, ..Extent::default() };
        extent.bytes = size_of::<Request>() + strings(&request.tags);
        extent.bytes += address_bytes(&request.billing) + address_bytes(&request.shipping);
        extent.bytes += request.lines.iter().map(line_bytes).sum::<usize>();
        extent.bytes += size_of_val(request.velocities.as_slice());
        extent
    }

    fn check(answer: &Answer, request: &Request) -> Result<(), Failure> {
        answer.check(request)
    }
}
