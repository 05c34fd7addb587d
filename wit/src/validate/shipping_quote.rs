//! Ranges of a shipping-quote request.

use super::{Validate, address, code, customer, figures, instant, lines, name, names};
use crate::shipping_quote::Request;
use crate::types::{Failure, LocationStock};

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        code("/currency", &self.currency, 3, "an ISO 4217 code such as \"USD\"")?;
        address("/destination", &self.destination)?;
        lines(&self.lines)?;
        for (index, stock) in self.stock.iter().enumerate() {
            stock_of(index, stock, self.lines.len())?;
        }
        name("/channel", &self.channel, true)?;
        names("/tags", &self.tags)?;
        customer(self.customer.as_ref())
    }
}

fn stock_of(index: usize, stock: &LocationStock, lines: usize) -> Result<(), Failure> {
    name(format_args!("/stock/{index}/location"), &stock.location, false)?;
    figures(format_args!("/stock/{index}/available"), stock.available.len(), lines)
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;
    use crate::types::{Coordinates, Dimensions, Line};
    use alloc::string::ToString;
    use alloc::vec;

    fn cart() -> Request {
        let line =
            Line { id: "1".into(), quantity: 1, weight: 100, unit_price: 500, physical: true, ..Line::default() };
        Request {
            at: 1,
            currency: "USD".into(),
            destination: Address { country: "US".into(), ..Address::default() },
            lines: vec![line],
            ..Request::default()
        }
    }

    fn refused(change: impl FnOnce(&mut Request)) -> Failure {
        let mut request = cart();
        change(&mut request);
        request.validate().expect_err("the request is out of range")
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Request));

    #[test]
    fn a_plain_cart_passes() {
        assert_eq!(cart().validate(), Ok(()));
    }

    #[test]
    fn a_breach_names_the_field_the_value_and_the_remedy() {
        let failure = refused(|cart| cart.lines[0].quantity = 0);
        assert_eq!(failure.field.as_deref(), Some("/lines/0/quantity"));
        assert_eq!(
            failure.to_string(),
            "OUT_OF_RANGE at /lines/0/quantity: 0 is out of range; give 1 to 1000000; leave out a line of nothing"
        );
    }

    #[test]
    fn every_range_is_kept() {
        let size = |length| Some(Dimensions { length, width: 1, height: 1 });
        let breaches: [Breach; 12] = [
            ("/lines", |c| c.lines.clear()),
            ("/lines", |c| c.lines = vec![Line::default(); MOST_LINES + 1]),
            ("/lines/1/id", |c| c.lines.push(c.lines[0].clone())),
            ("/lines/0/weight", |c| c.lines[0].weight = 0),
            ("/lines/0/weight", |c| c.lines[0].weight = u32::MAX),
            ("/lines/0/unitPrice", |c| c.lines[0].unit_price = -1),
            ("/lines/0/unitPrice", |c| (c.lines[0].unit_price, c.lines[0].quantity) = (MOST_MONEY, 2)),
            ("/lines/0/discount", |c| c.lines[0].discount = 501),
            ("/currency", |c| c.currency = "dollars".into()),
            ("/destination/country", |c| c.destination.country = "us".into()),
            ("/stock/0/available", |c| {
                c.stock = vec![LocationStock { location: "a".into(), available: vec![] }];
            }),
            ("/at", |c| c.at = -1),
        ];
        for (field, breach) in breaches {
            assert_eq!(refused(breach).field.as_deref(), Some(field));
        }
        assert_eq!(refused(|c| c.lines[0].size = size(0)).field.as_deref(), Some("/lines/0/size/length"));
        assert_eq!(refused(|c| c.lines[0].size = size(u32::MAX)).field.as_deref(), Some("/lines/0/size/length"));
        let pole = Coordinates { latitude: 90_000_001, longitude: 0 };
        let field = refused(|c| c.destination.coordinates = Some(pole)).field;
        assert_eq!(field.as_deref(), Some("/destination/coordinates/latitude"));
    }

    #[test]
    fn goods_that_are_not_shipped_need_no_weight() {
        let mut request = cart();
        (request.lines[0].weight, request.lines[0].physical) = (0, false);
        assert_eq!(request.validate(), Ok(()));
    }
}
