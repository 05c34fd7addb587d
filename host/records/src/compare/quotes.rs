//! Options at checkout: which, at what price, for which date.

use super::{Change, Compared, Comparison, Delta, Outcome};
use crate::summary::label;
use cartwright_contract::Reason;
use cartwright_contract::shipping_quote::{Answer, Quote};
use std::mem::take;

/// Which option it is: the service, and where it is collected.
fn key(quote: &Quote) -> (&str, Option<&str>) {
    (&quote.service, quote.location.as_deref())
}

/// The same for people.
fn called(quote: &Quote) -> String {
    match &quote.location {
        Some(location) => format!("{}@{}", label(&quote.service), label(location)),
        None => label(&quote.service).into_owned(),
    }
}

fn verdict(answer: &Answer) -> &'static str {
    if answer.quotes.is_empty() { "nothing" } else { "offered" }
}

impl Compared for Answer {
    fn outcome(&self, outcome: &mut Outcome) {
        outcome.verdict = Some(verdict(self).into());
        outcome.amount = self.quotes.iter().map(|quote| quote.price).min();
        outcome.day = self.quotes.iter().filter_map(|quote| quote.promise).map(|promise| promise.earliest).min();
        outcome.count = u32::try_from(self.quotes.len()).ok();
    }

    fn differences(old: &Self, new: &Self, found: &mut Comparison) {
        found.verdict(verdict(old).into(), verdict(new).into());
        let in_answer = |answer: &'_ Self, quote: &Quote| answer.quotes.iter().any(|other| key(other) == key(quote));
        found.added = new.quotes.iter().filter(|quote| !in_answer(old, quote)).map(called).collect();
        found.removed = old.quotes.iter().filter(|quote| !in_answer(new, quote)).map(called).collect();
        found.note(Change::ServiceAdded, !found.added.is_empty());
        found.note(Change::ServiceRemoved, !found.removed.is_empty());
        let (mut price, mut promise) = (false, false);
        for before in &old.quotes {
            let Some(after) = new.quotes.iter().find(|after| key(after) == key(before)) else { continue };
            found.money.push(Delta { of: called(before), old: before.price, new: after.price });
            price |= before.price != after.price;
            promise |= before.promise != after.promise;
            if let (Some(before_promise), Some(after_promise)) = (before.promise, after.promise) {
                let (old, new) = (before_promise.latest.into(), after_promise.latest.into());
                found.days.push(Delta { of: called(before), old, new });
            }
        }
        found.note(Change::Price, price);
        found.note(Change::Promise, promise);
        let before = old.quotes.iter().filter(|quote| in_answer(new, quote)).map(key);
        let after = new.quotes.iter().filter(|quote| in_answer(old, quote)).map(key);
        found.note(Change::Order, !before.eq(after));
    }

    fn take_reasons(&mut self) -> Vec<Reason> {
        let of_quotes = self.quotes.iter_mut().flat_map(|quote| take(&mut quote.reasons));
        let mut reasons: Vec<_> = of_quotes.collect();
        reasons.append(&mut self.reasons);
        reasons
    }
}
