//! Signals of the phone number: which country it belongs to.
//!
//! What this file must not know: what a signal is worth.

use super::calling_codes::CALLING_CODES;
use super::{Signal, SignalRules, Signals, Value};
use cartwright_contract::Address;
use cartwright_contract::order_screening::Request;

pub fn read<'r>(request: &'r Request, _: &SignalRules, signals: &mut Signals<'r>) {
    let (billing, shipping) = (&request.billing, &request.shipping);
    let Some(countries) = [billing, shipping].into_iter().find_map(|address| countries_of(address.phone.as_deref()?))
    else {
        return;
    };
    // Of countries that share a code, the one that an address names, the billing address first.
    let named = |address: &Address| codes(countries).find(|code| *code == address.country);
    let country = named(billing).or_else(|| named(shipping));
    signals.set(Signal::PhoneCountryMismatch, Value::Flag(country.is_none()));
    signals.set(Signal::PhoneCountry, Value::text(country.or_else(|| codes(countries).next())));
}

/// The countries that an international number (E.164, with `+` or `00` before it) can belong to, as ISO 3166-1 alpha-2 codes one
/// behind the other. `None` for a national number, which says nothing, and for a code that nobody has.
#[must_use]
pub fn countries_of(phone: &str) -> Option<&'static str> {
    let mut digits = phone.trim_start();
    digits = digits.strip_prefix("tel:").unwrap_or(digits);
    let rest = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"))?;
    let (mut code, mut found) = (0_u16, None);
    // The longest code that fits; none has more than four digits.
    for digit in rest.chars().filter_map(|c| c.to_digit(10)).take(4) {
        code = code * 10 + digit as u16;
        if let Ok(at) = CALLING_CODES.binary_search_by_key(&code, |(known, _)| *known) {
            found = Some(CALLING_CODES[at].1);
        }
    }
    found
}

fn codes(countries: &'static str) -> impl Iterator<Item = &'static str> {
    (0..countries.len() / 2).map(move |index| &countries[index * 2..index * 2 + 2])
}

#[cfg(test)]
mod tests {
    use super::super::Wanted;
    use super::*;
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    #[test]
    fn the_table_is_sorted_and_made_of_country_codes() {
        assert!(CALLING_CODES.is_sorted_by(|(before, _), (after, _)| before < after));
        for (code, countries) in CALLING_CODES {
            assert!(!countries.is_empty() && countries.len() % 2 == 0, "{code}");
            assert!(countries.bytes().all(|byte| byte.is_ascii_uppercase()), "{code}");
        }
    }

    #[test]
    fn the_longest_code_wins_and_national_numbers_say_nothing() {
        for (phone, countries) in [
            ("+1 503 555 0142", Some("USCA")),
            ("+1 (787) 555-0142", Some("PRUS")),
            ("0049 30 123456", Some("DE")),
            ("tel:+44-20-7946-0018", Some("GBGGIMJE")),
            ("+358 9 123", Some("FIAX")),
            ("503 555 0142", None),
            ("+999 1", None),
            ("", None),
        ] {
            assert_eq!(countries_of(phone), countries, "{phone}");
        }
    }

    #[test]
    fn a_number_of_either_address_country_is_no_mismatch() {
        let of = |phone: &str, billing: &str, shipping: &str| {
            let address = |country: &str| Address { country: country.into(), ..Address::default() };
            let mut request = Request { billing: address(billing), shipping: address(shipping), ..Request::default() };
            request.shipping.phone = Some(phone.into());
            let signals = Signals::read(&request, &SignalRules::default(), &Wanted::all());
            let country = match signals.get(Signal::PhoneCountry) {
                Value::Text(country) => Some(country.to_string()),
                _ => None,
            };
            let mismatch = match signals.get(Signal::PhoneCountryMismatch) {
                Value::Flag(mismatch) => Some(*mismatch),
                _ => None,
            };
            (mismatch, country)
        };
        assert_eq!(of("+1 604 555", "CA", "US"), (Some(false), Some("CA".into())));
        assert_eq!(of("+49 30 1", "US", "DE"), (Some(false), Some("DE".into())));
        assert_eq!(of("+234 80 1", "US", "US"), (Some(true), Some("NG".into())));
        assert_eq!(of("555 0142", "US", "US"), (None, None));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(phone in any::<String>()) {
            let _ = countries_of(&phone);
        }
    }
}
