//! What a shipping-quote answer has to keep to.

use super::{LAST_DAY, breach, index_of};
use crate::shipping_quote::{Answer, Parcel, Promise, Quote, Request};
use crate::types::{Failure, Instant, MinorUnits};
use crate::validate::{LAST_INSTANT, MOST_MONEY};
use alloc::format;

impl Answer {
    /// # Errors
    /// The first field, as a JSON pointer into the answer, that is not what the contract says of it: a negative price, charges that do
    /// not add up to it, an index of nothing, a moment outside of the calendar.
    pub fn check(&self, request: &Request) -> Result<(), Failure> {
        for (index, parcel) in self.parcels.iter().enumerate() {
            check_parcel(index, parcel, request.lines.len())?;
        }
        self.quotes.iter().enumerate().try_for_each(|(index, quote)| check_quote(index, quote, self.parcels.len()))
    }
}

fn check_parcel(index: usize, parcel: &Parcel, lines: usize) -> Result<(), Failure> {
    for (at, placement) in parcel.placements.iter().enumerate() {
        index_of(|| format!("/parcels/{index}/placements/{at}/line"), placement.line, lines, "line")?;
    }
    for (at, content) in parcel.contents.iter().enumerate() {
        index_of(|| format!("/parcels/{index}/contents/{at}/line"), content.line, lines, "line")?;
    }
    Ok(())
}

fn check_quote(index: usize, quote: &Quote, parcels: usize) -> Result<(), Failure> {
    let money = |key: &str, amount: MinorUnits| {
        if (0..=MOST_MONEY).contains(&amount) {
            return Ok(());
        }
        let message = format!("{amount} is out of range; give 0 to {MOST_MONEY} minor units");
        Err(breach(format!("/quotes/{index}/{key}"), message))
    };
    money("price", quote.price)?;
    money("untilFree", quote.until_free.unwrap_or(0))?;
    // A plugin that does not break its price down says nothing wrong.
    if !quote.charges.is_empty() {
        let sum = quote.charges.iter().try_fold(0, |sum: MinorUnits, charge| sum.checked_add(charge.amount));
        if sum != Some(quote.price) {
            let sum = sum.map_or_else(|| "more than 64 bits hold".into(), |sum| format!("{sum}"));
            let message = format!("the charges add up to {sum} and the price is {}; they are the same", quote.price);
            return Err(breach(format!("/quotes/{index}/charges"), message));
        }
    }
    for (at, parcel) in quote.parcels.iter().enumerate() {
        index_of(|| format!("/quotes/{index}/parcels/{at}"), *parcel, parcels, "parcel")?;
    }
    quote.promise.as_ref().map_or(Ok(()), |promise| check_promise(index, promise))
}

fn check_promise(index: usize, promise: &Promise) -> Result<(), Failure> {
    let at = |key: &str| format!("/quotes/{index}/promise/{key}");
    let days = 0..=LAST_DAY;
    if !days.contains(&promise.earliest) || !days.contains(&promise.latest) || promise.earliest > promise.latest {
        let message = format!(
            "{} to {} is no range of days since 1970-01-01; give the earlier first, until 9999",
            promise.earliest, promise.latest
        );
        return Err(breach(at("earliest"), message));
    }
    let moments: [(&str, Instant); 2] = [("shipBy", promise.ship_by), ("orderBy", promise.order_by)];
    for (key, moment) in moments {
        if !(0..=LAST_INSTANT).contains(&moment) {
            return Err(breach(at(key), format!("{moment} s is out of range; give a moment from 1970 to 9999")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipping_quote::{Charge, Placement};
    use crate::types::{Line, LineUnits};
    use alloc::vec;

    fn answer() -> Answer {
        let charge = Charge { amount: 500, ..Charge::default() };
        let promise = Some(Promise { earliest: 20_000, latest: 20_001, ship_by: 1, order_by: 1 });
        let quote = Quote { price: 500, charges: vec![charge], parcels: vec![0], promise, ..Quote::default() };
        let contents = vec![LineUnits { line: 0, quantity: 1 }];
        let parcel = Parcel { contents, placements: vec![Placement::default()], ..Parcel::default() };
        Answer { quotes: vec![quote], parcels: vec![parcel], ..Answer::default() }
    }

    /// A field, and how to break it.
    type Breach = (&'static str, fn(&mut Answer));

    #[test]
    fn every_breach_is_named_and_a_sound_answer_passes() {
        let request = Request { lines: vec![Line::default()], ..Request::default() };
        assert_eq!(answer().check(&request), Ok(()));
        let breaches: [Breach; 10] = [
            ("/quotes/0/price", |a| a.quotes[0].price = -1),
            ("/quotes/0/price", |a| a.quotes[0].price = MinorUnits::MAX),
            ("/quotes/0/untilFree", |a| a.quotes[0].until_free = Some(-1)),
            ("/quotes/0/charges", |a| a.quotes[0].charges[0].amount = 499),
            ("/quotes/0/charges", |a| a.quotes[0].charges = vec![Charge { amount: i64::MAX, ..Charge::default() }; 2]),
            ("/quotes/0/parcels/0", |a| a.quotes[0].parcels[0] = 1),
            ("/quotes/0/promise/earliest", |a| {
                a.quotes[0].promise = Some(Promise { earliest: 1, ..Promise::default() });
            }),
            ("/quotes/0/promise/orderBy", |a| {
                a.quotes[0].promise = Some(Promise { order_by: i64::MAX, ..Promise::default() });
            }),
            ("/parcels/0/contents/0/line", |a| a.parcels[0].contents[0].line = 1),
            ("/parcels/0/placements/0/line", |a| a.parcels[0].placements[0].line = u32::MAX),
        ];
        for (field, breach) in breaches {
            let mut answer = answer();
            breach(&mut answer);
            assert_eq!(answer.check(&request).err().and_then(|failure| failure.field).as_deref(), Some(field));
        }
    }
}
