//! Address-validation requests with sensible values where a test says nothing. Knows no plugin.

use super::time::instant;
use crate::address_validation::{Answer, Issue, Request};
use cartwright_contract::outside::{HttpFailure, HttpReply, HttpResponse};
use cartwright_contract::types::Address;
use std::string::{String, ToString};
use std::vec::Vec;

/// A request under way; see [`validate`].
#[derive(Debug, Clone)]
pub struct Validate(Request);

/// Asks about an address of this country (ISO 3166-1 alpha-2), in English, on Monday 2026-11-23 at 15:00 UTC.
#[must_use]
pub fn validate(country: &str) -> Validate {
    let address = Address { country: country.to_string(), ..Address::default() };
    Validate(Request { at: instant("2026-11-23T15:00:00Z"), address, locale: "en".to_string() })
}

impl Validate {
    /// Adds a line: street and house number, or whatever else stands above the city.
    #[must_use]
    pub fn line(mut self, line: &str) -> Self {
        self.0.address.lines.push(line.to_string());
        self
    }

    #[must_use]
    pub fn city(mut self, city: &str) -> Self {
        self.0.address.city = Some(city.to_string());
        self
    }

    /// State or province, as the shopper gave it.
    #[must_use]
    pub fn subdivision(mut self, subdivision: &str) -> Self {
        self.0.address.subdivision = Some(subdivision.to_string());
        self
    }

    #[must_use]
    pub fn postal_code(mut self, postal_code: &str) -> Self {
        self.0.address.postal_code = Some(postal_code.to_string());
        self
    }

    /// Who it is for.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.0.address.name = Some(name.to_string());
        self
    }

    #[must_use]
    pub fn phone(mut self, phone: &str) -> Self {
        self.0.address.phone = Some(phone.to_string());
        self
    }

    /// BCP 47 tag of the language that the shopper reads.
    #[must_use]
    pub fn locale(mut self, locale: &str) -> Self {
        self.0.locale = locale.to_string();
        self
    }

    /// The request that a plugin is called with.
    #[must_use]
    pub fn request(self) -> Request {
        self.0
    }
}

/// What the host hands to `run` when a service answered with this status and body.
#[must_use]
pub fn replied(id: &str, status: u16, body: impl AsRef<[u8]>) -> HttpResponse {
    let reply = HttpReply { status, headers: Vec::new(), body: body.as_ref().to_vec() };
    HttpResponse { id: id.to_string(), outcome: Ok(reply) }
}

/// What the host hands to `run` when a service could not be asked.
#[must_use]
pub fn failed(id: &str, failure: HttpFailure) -> HttpResponse {
    HttpResponse { id: id.to_string(), outcome: Err(failure) }
}

/// The issue with this code.
///
/// # Panics
/// When there is none; the message lists those that there are.
#[track_caller]
pub fn issue<'a>(answer: &'a Answer, code: &str) -> &'a Issue {
    answer.issues.iter().find(|issue| issue.code == code).unwrap_or_else(|| {
        let codes: Vec<&String> = answer.issues.iter().map(|issue| &issue.code).collect();
        panic!("no issue {code:?}; there are {codes:?}")
    })
}
