//! Ranges of an order-routing request.

use super::{Validate, address, code, customer, instant, lines, name, names};
use crate::order_routing::Request;
use crate::types::Failure;

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        code("/currency", &self.currency, 3, "an ISO 4217 code such as \"USD\"")?;
        address("/destination", &self.destination)?;
        lines(&self.lines)?;
        name("/order", &self.order, false)?;
        name("/channel", &self.channel, true)?;
        names("/tags", &self.tags)?;
        customer(self.customer.as_ref())
    }
}
