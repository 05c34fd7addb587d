//! Borrowed forms of shared contract types, with the fields left out that a plugin may not see; and how large things are.

use super::sees::{Of, Sees};
use cartwright_contract::{Address, Coordinates, Customer, Line};
use wasmtime::component::{ComponentType, Lower};

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct AddressView<'a> {
    country: &'a str,
    subdivision: Option<&'a str>,
    city: Option<&'a str>,
    #[component(name = "postal-code")]
    postal_code: Option<&'a str>,
    lines: &'a [String],
    name: Option<&'a str>,
    company: Option<&'a str>,
    phone: Option<&'a str>,
    residential: Option<bool>,
    coordinates: Option<Coordinates>,
}

impl<'a> AddressView<'a> {
    pub fn new(address: &'a Address, sees: Sees, of: Of) -> Self {
        let named = |text: &'a Option<String>| text.as_deref().filter(|_| sees.name(of));
        Self {
            country: &address.country,
            subdivision: address.subdivision.as_deref(),
            city: address.city.as_deref(),
            postal_code: address.postal_code.as_deref(),
            lines: if sees.lines(of) { &address.lines } else { &[] },
            name: named(&address.name),
            company: named(&address.company),
            phone: address.phone.as_deref().filter(|_| sees.phone(of)),
            residential: address.residential,
            coordinates: address.coordinates,
        }
    }
}

#[derive(ComponentType, Lower)]
#[component(record)]
pub struct CustomerView<'a> {
    id: Option<&'a str>,
    email: Option<&'a str>,
    tags: &'a [String],
    orders: u32,
}

impl<'a> CustomerView<'a> {
    pub fn new(customer: &'a Customer, sees: Sees) -> Self {
        Self {
            id: customer.id.as_deref().filter(|_| sees.customer_id()),
            email: customer.email.as_deref().filter(|_| sees.customer_email()),
            tags: &customer.tags,
            orders: customer.orders,
        }
    }
}

/// Bytes that a list of strings takes in a plugin's memory: two words and the text.
pub fn strings(texts: &[String]) -> usize {
    texts.iter().map(|text| 8 + text.len()).sum()
}

/// Bytes of an address's texts.
pub fn address_bytes(address: &Address) -> usize {
    let texts = [
        Some(&address.country),
        address.subdivision.as_ref(),
        address.city.as_ref(),
        address.postal_code.as_ref(),
        address.name.as_ref(),
        address.company.as_ref(),
        address.phone.as_ref(),
    ];
    texts.into_iter().flatten().map(String::len).sum::<usize>() + strings(&address.lines)
}

/// Bytes of a line with its texts.
pub fn line_bytes(line: &Line) -> usize {
    size_of::<Line>() + line.id.len() + line.sku.len() + strings(&line.tags)
}
