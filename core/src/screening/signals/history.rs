//! Signals of what the shop knows of the customer from before.
//!
//! What this file must not know: what a signal is worth.

use super::{Signal, SignalRules, Signals, Value};
use cartwright_contract::order_screening::Request;

const SECONDS_OF_A_DAY: i64 = 86_400;

pub fn read<'r>(request: &'r Request, _: &SignalRules, signals: &mut Signals<'r>) {
    let orders = request.customer.as_ref().map_or(0, |customer| customer.orders);
    let completed = request.history.as_ref().map_or(0, |history| history.completed_orders);
    // Of a guest nothing is known, and that is what makes a customer new.
    signals.set(Signal::NewCustomer, Value::Flag(orders == 0 && completed == 0));
    let Some(history) = &request.history else { return };
    let age = history.customer_since.map(|since| request.at.saturating_sub(since).max(0) / SECONDS_OF_A_DAY);
    signals.set(Signal::CustomerAge, Value::number(age));
    signals.set(Signal::CompletedOrders, Value::Number(history.completed_orders.into()));
    signals.set(Signal::CustomerSpent, Value::Number(history.spent));
    signals.set(Signal::EarlierChargebacks, Value::Number(history.chargebacks.into()));
    signals.set(Signal::EarlierRejections, Value::Number(history.rejected_orders.into()));
}
