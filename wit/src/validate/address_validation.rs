//! Ranges of an address-validation request.

use super::{Validate, address, failure, instant, name, shortened};
use crate::address_validation::Request;
use crate::types::Failure;
use alloc::format;

impl Validate for Request {
    fn validate(&self) -> Result<(), Failure> {
        instant("/at", self.at)?;
        address("/address", &self.address)?;
        name("/locale", &self.locale, true)?;
        // RFC 5646: subtags of one to eight letters and digits.
        let subtag = |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if self.locale.is_empty() || self.locale.split('-').all(subtag) {
            return Ok(());
        }
        let message = format!(
            "{:?} is no language tag; give one of BCP 47, such as \"en\" or \"pt-BR\"",
            shortened(&self.locale)
        );
        Err(failure("NOT_A_LANGUAGE", "/locale", message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Address, Coordinates};
    use alloc::vec;

    fn request() -> Request {
        let address = Address { country: "US".into(), lines: vec!["1 Main St".into()], ..Address::default() };
        Request { at: 1, address, locale: "pt-BR".into() }
    }

    /// What is wrong, and the field that the complaint must name.
    type Case = (&'static str, fn(&mut Request));

    #[test]
    fn every_range_is_named_with_its_field() {
        assert_eq!(request().validate(), Ok(()));
        let cases: [Case; 9] = [
            ("/at", |r| r.at = -1),
            ("/address/country", |r| r.address.country = "usa".into()),
            ("/address/city", |r| r.address.city = Some("x".repeat(1_001))),
            ("/address/postalCode", |r| r.address.postal_code = Some("x".repeat(1_001))),
            ("/address/lines/0", |r| r.address.lines[0] = "é".repeat(501)),
            ("/address/lines/10", |r| r.address.lines = vec!["x".into(); 11]),
            ("/address/coordinates/latitude", |r| {
                r.address.coordinates = Some(Coordinates { latitude: 90_000_001, longitude: 0 });
            }),
            ("/locale", |r| r.locale = "en_US".into()),
            ("/locale", |r| r.locale = "x".repeat(256)),
        ];
        for (field, spoil) in cases {
            let mut spoilt = request();
            spoil(&mut spoilt);
            assert_eq!(spoilt.validate().err().and_then(|failure| failure.field).as_deref(), Some(field));
        }
    }

    #[test]
    fn a_request_without_a_language_and_with_an_address_in_any_script_is_taken() {
        let mut request = request();
        request.locale.clear();
        request.address.lines = vec!["千代田1-1 🏠".into(), "شارع".into(), alloc::string::String::new()];
        assert_eq!(request.validate(), Ok(()));
    }
}
