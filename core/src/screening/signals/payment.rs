//! Signals of the payment: what issuer, security code and 3-D Secure say, where the card is from, attempts before.
//!
//! What this file must not know: what a signal is worth.

use super::table::{AVS_RESULTS, CARD_FUNDING, CVV_RESULTS, THREE_D_SECURE};
use super::{Signal, SignalRules, Signals, Value};
use cartwright_contract::order_screening::{AvsResult, CardFunding, CvvResult, Request, ThreeDSecure};

pub fn read<'r>(request: &'r Request, _: &SignalRules, signals: &mut Signals<'r>) {
    let payment = &request.payment;
    let choice = |names: &[&'static str], index: usize| Value::text(names.get(index).copied());
    let method = payment.method.to_lowercase();
    let method = if method.is_empty() { Value::Unknown } else { Value::Text(method.into()) };
    signals.set(Signal::PaymentMethod, method);
    signals.set(Signal::PaymentAmount, Value::Number(payment.amount));
    signals.set(Signal::Avs, choice(&AVS_RESULTS, payment.avs as usize));
    signals.set(Signal::Cvv, choice(&CVV_RESULTS, payment.cvv as usize));
    signals.set(Signal::ThreeDSecure, choice(&THREE_D_SECURE, payment.three_d_secure as usize));
    signals.set(Signal::CardFunding, choice(&CARD_FUNDING, payment.funding as usize));

    let partly = matches!(payment.avs, AvsResult::MatchPostalCode | AvsResult::MatchStreet);
    let avs = !matches!(payment.avs, AvsResult::NotChecked | AvsResult::Unavailable);
    signals.set(Signal::AvsNoMatch, Value::flag(avs.then_some(payment.avs == AvsResult::NoMatch)));
    signals.set(Signal::AvsPartialMatch, Value::flag(avs.then_some(partly)));
    let cvv = !matches!(payment.cvv, CvvResult::NotChecked | CvvResult::Unavailable);
    signals.set(Signal::CvvNoMatch, Value::flag(cvv.then_some(payment.cvv == CvvResult::NoMatch)));
    let secure = payment.three_d_secure;
    let tried = secure != ThreeDSecure::NotTried;
    signals.set(Signal::ThreeDSecureFailed, Value::flag(tried.then_some(secure == ThreeDSecure::Failed)));
    let passed = secure == ThreeDSecure::Authenticated;
    signals.set(Signal::ThreeDSecureAuthenticated, Value::flag(tried.then_some(passed)));
    let funded = payment.funding != CardFunding::Unknown;
    signals.set(Signal::PrepaidCard, Value::flag(funded.then_some(payment.funding == CardFunding::Prepaid)));

    let country = payment.card_country.as_deref();
    signals.set(Signal::CardCountry, Value::text(country));
    let mismatch = country.map(|country| country != request.billing.country);
    signals.set(Signal::CardCountryMismatch, Value::flag(mismatch));
    signals.set(Signal::DeclinedAttempts, Value::Number(payment.declined_attempts.into()));
}
