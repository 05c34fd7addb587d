//! The address-validation hook on the host's side.

use super::Hook;
use super::sees::{Of, Sees};
use super::views::{AddressView, address_bytes};
use crate::limits::Extent;
use cartwright_contract::address_validation::{Answer, INTERFACE, Request};
use cartwright_contract::{Failure, Instant};
use wasmtime::component::{ComponentType, Lower};

/// Whether a parcel would reach an address.
#[derive(Debug)]
pub struct AddressValidation;

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct RequestView<'a> {
    at: Instant,
    address: AddressView<'a>,
    locale: &'a str,
}

impl Hook for AddressValidation {
    const NAME: &'static str = "address-validation";
    const INTERFACE: &'static str = INTERFACE;
    const PLAN: &'static str = "cartwright:plugin/address-validation-plan@1.0.0";

    type Request = Request;
    type Answer = Answer;
    type View<'a> = RequestView<'a>;

    fn view(request: &Request, sees: Sees) -> RequestView<'_> {
        let address = AddressView::new(&request.address, sees, Of::Address);
        RequestView { at: request.at, address, locale: &request.locale }
    }

    fn extent(request: &Request) -> Extent {
        let bytes = size_of::<Request>() + address_bytes(&request.address) + request.locale.len();
        Extent { bytes, ..Extent::default() }
    }

    fn restore(answer: &mut Answer, request: &Request, sees: Sees) {
        let (corrected, given) = (&mut answer.corrected, &request.address);
        if !sees.lines(Of::Address) {
            corrected.lines.clone_from(&given.lines);
        }
        if !sees.name(Of::Address) {
            corrected.name.clone_from(&given.name);
            corrected.company.clone_from(&given.company);
        }
        if !sees.phone(Of::Address) {
            corrected.phone.clone_from(&given.phone);
        }
    }

    fn check(answer: &Answer, request: &Request) -> Result<(), Failure> {
        answer.check(request)
    }
}
