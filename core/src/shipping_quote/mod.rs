//! The shipping-quote hook's decision: which options a cart has, at what price, for which date, in which boxes, and why
//! others are missing.
//!
//! A [`shop::Shop`] is made once from a merchant's settings; [`quote`] answers a cart:
//!
//! 1. `cart`: what is asked, in the words of the core.
//! 2. `sourcing`: which location ships which units, once for every set of locations that some service runs from.
//! 3. `parcels`: how these units are packed, once for every way of billing a box.
//! 4. `options`: each service's price, date and emissions; collection in a store; the backup.
//!
//! [`estimate`] goes the same way for a shopper who has not ordered yet; `detail` says what each keeps of it, `full` and `brief` are the two.
//!
//! A cart that leaves from several locations is priced shipment by shipment, each as an order of its own whose thresholds look at the
//! whole cart; its date is that of the last shipment.
//!
//! What this module must not know: how settings are written, and who asks.

mod brief;
mod cart;
mod detail;
#[cfg(test)]
mod estimate_tests;
mod full;
mod options;
mod parcels;
pub mod shop;
mod sourcing;
#[cfg(test)]
mod tests;

use alloc::format;
use alloc::vec::Vec;
use brief::Brief;
use cart::Cart;
use cartwright_contract::estimate::Estimate;
use cartwright_contract::shipping_quote::{Answer, Request};
use cartwright_contract::validate::Validate;
use cartwright_contract::{Failure, Reason};
use detail::Detail;
use full::Full;
use options::Options;
use shop::Shop;

/// The options of a cart, best first.
///
/// # Errors
/// When the request is outside of the contract's ranges, or in another currency than the shop's, or its amounts do not fit.
pub fn quote(shop: &Shop, request: &Request) -> Result<Answer, Failure> {
    let Decided { options: quotes, reasons, detail: Full { parcels, .. } } = decide(shop, request, Full::default())?;
    Ok(Answer { quotes, parcels, reasons })
}

/// What a shopper is told of the same decision before there is an order. Lines of the destination's address are not looked at, so
/// that a post-office box is not noticed.
///
/// # Errors
/// As [`quote`].
pub fn estimate(shop: &Shop, request: &Request) -> Result<Estimate, Failure> {
    let Decided { options, reasons, detail: Brief { at } } = decide(shop, request, Brief { at: request.at })?;
    Ok(Estimate { at, currency: shop.currency.clone(), options, reasons })
}

/// The options, why others are missing, and what else is told of them.
struct Decided<D: Detail> {
    options: Vec<D::Option>,
    reasons: Vec<Reason>,
    detail: D,
}

fn decide<D: Detail>(shop: &Shop, request: &Request, detail: D) -> Result<Decided<D>, Failure> {
    request.validate()?;
    if request.currency != shop.currency {
        return Err(Failure {
            code: "CURRENCY_NOT_SOLD".into(),
            message: format!("the shop sells in {}; {} was asked for", shop.currency, request.currency),
            field: Some("/currency".into()),
        });
    }
    let cart = Cart::new(shop, request, D::is_po_box(&request.destination.lines))?;
    if cart.lines.is_empty() {
        let message = "Nothing in the cart is shipped.".into();
        let reason = Reason { code: "NOTHING_TO_SHIP".into(), message, figures: [].into() };
        return Ok(Decided { options: Vec::new(), reasons: [reason].into(), detail });
    }
    let mut options = Options::new(&cart, detail);
    for service in &shop.services {
        options.service(service)?;
    }
    for point in &shop.pick_ups {
        options.pick_up(point);
    }
    if let Some(backup) = shop.backup.as_ref().filter(|_| options.need_backup()) {
        options.backup(backup)?;
    }
    let Options { offered, reasons, detail, .. } = options;
    Ok(Decided { options: offered, reasons, detail })
}

/// The failure of a cart whose sums leave 64 bits, which the contract's ranges keep from happening for sums of goods.
fn too_large() -> Failure {
    Failure {
        code: "AMOUNT_TOO_LARGE".into(),
        message: "an amount or a weight of this cart does not fit 64 bits; split the order".into(),
        field: Some("/lines".into()),
    }
}
