//! Lists of whom a merchant trusts, blocks, or wants to look at. Entries are in the clear and compared exactly, in one spelling each:
//! what is in a merchant's settings is the merchant's own, and a list of hashes could be explained to nobody.
//!
//! What this module must not know: what follows from being on a list.

mod ip;

pub use ip::{IpRanges, NotAnIpRange, ip_range};

use super::signals::{AddressPattern, AddressPatterns, PatternError};
use super::text::{domains_above, mailbox};
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_contract::order_screening::Request;

/// By what an order is on a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entry {
    Customer,
    Email,
    EmailDomain,
    Card,
    Device,
    Ip,
    Phone,
    Address,
    Country,
}

impl Entry {
    /// As a sentence calls it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Email => "e-mail address",
            Self::EmailDomain => "e-mail domain",
            Self::Card => "card",
            Self::Device => "device",
            Self::Ip => "IP address",
            Self::Phone => "phone number",
            Self::Address => "address",
            Self::Country => "country",
        }
    }

    /// As a reason's code ends.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER",
            Self::Email => "EMAIL",
            Self::EmailDomain => "EMAIL_DOMAIN",
            Self::Card => "CARD",
            Self::Device => "DEVICE",
            Self::Ip => "IP_ADDRESS",
            Self::Phone => "PHONE",
            Self::Address => "ADDRESS",
            Self::Country => "COUNTRY",
        }
    }
}

/// One of the three lists.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Kind and spelling.
    texts: BTreeSet<(Entry, String)>,
    ips: IpRanges,
    addresses: AddressPatterns,
}

/// The three lists, in the order in which they are looked at.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    pub allow: List,
    pub block: List,
    pub review: List,
}

/// An entry that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryError {
    /// With what would be right.
    Form(&'static str),
    Address(PatternError),
}

impl core::fmt::Display for EntryError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Form(right) => write!(f, "is not {right}"),
            Self::Address(error) => write!(f, "{error}"),
        }
    }
}

impl core::error::Error for EntryError {}

/// The one spelling of an entry that is no IP range and no address.
///
/// # Errors
/// What would be right.
pub fn spelling(entry: Entry, text: &str) -> Result<String, EntryError> {
    let text = text.trim();
    let spelled = match entry {
        Entry::Email => mailbox(text).map(|(local, domain)| {
            // Two names of one mailbox.
            let domain = if domain == "googlemail.com" { "gmail.com" } else { &*domain };
            [&*local, "@", domain].concat()
        }),
        Entry::EmailDomain => {
            let domain = text.trim_start_matches(['@', '.']).to_lowercase();
            let fits =
                domain.contains('.') && !domain.contains('@') && domain.split('.').all(|label| !label.is_empty());
            fits.then_some(domain)
        }
        Entry::Phone => phone(text),
        Entry::Country => {
            (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| text.to_string())
        }
        _ => (!text.is_empty()).then(|| text.to_string()),
    };
    spelled.ok_or(EntryError::Form(match entry {
        Entry::Email => "an e-mail address, as \"ann@example.com\"",
        Entry::EmailDomain => "a domain, as \"example.com\"",
        Entry::Phone => "a phone number in international form, as \"+1 503 555 0142\"",
        Entry::Country => "an ISO 3166-1 alpha-2 code, as \"US\"",
        _ => "a text of at least one character",
    }))
}

/// A plus and digits; `None` for a national number, which stands for different people in different countries.
fn phone(text: &str) -> Option<String> {
    let text = text.strip_prefix("tel:").unwrap_or(text);
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?;
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 5).then(|| ["+", &*digits].concat())
}

/// A number as it is written within the United States and Canada, in international form: `(503) 555-0142`, `1 503 555 0142`.
fn american(country: &str, phone: &str) -> Option<String> {
    if !matches!(country, "US" | "CA") || phone.trim_start().starts_with('+') {
        return None;
    }
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        10 => Some(["+1", &*digits].concat()),
        11 if digits.starts_with('1') => Some(["+", &*digits].concat()),
        _ => None,
    }
}

impl List {
    /// Adds a text; says whether it is new.
    ///
    /// # Errors
    /// When it is not of the entry's form.
    pub fn add(&mut self, entry: Entry, text: &str) -> Result<bool, EntryError> {
        let spelled = spelling(entry, text)?;
        Ok(self.texts.insert((entry, spelled)))
    }

    /// Adds an address or a range of them in CIDR notation; says whether it is new.
    ///
    /// # Errors
    /// When it is neither.
    pub fn add_ip(&mut self, text: &str) -> Result<bool, NotAnIpRange> {
        self.ips.add(text)
    }

    /// Adds a postal address; says whether it is new.
    ///
    /// # Errors
    /// When it would fit addresses at random.
    pub fn add_address(&mut self, pattern: &AddressPattern) -> Result<bool, EntryError> {
        self.addresses.add(pattern).map_err(EntryError::Address)
    }

    /// Whether it has the text.
    #[must_use]
    pub fn has(&self, entry: Entry, text: &str) -> bool {
        spelling(entry, text).is_ok_and(|spelled| self.texts.contains(&(entry, spelled)))
    }

    /// To be called once when everything is added.
    pub fn finish(&mut self) {
        self.ips.finish();
    }

    fn names(&self, subject: &Subject<'_>) -> Option<Entry> {
        let text = |(entry, text): &&(Entry, String)| self.texts.contains(&(*entry, text.clone()));
        let found = (!self.texts.is_empty()).then(|| subject.texts.iter().find(text)).flatten();
        if let Some((entry, _)) = found {
            return Some(*entry);
        }
        if subject.ip.is_some_and(|ip| self.ips.contains(ip)) {
            return Some(Entry::Ip);
        }
        let request = subject.request;
        let address = || self.addresses.matches(&request.shipping) || self.addresses.matches(&request.billing);
        address().then_some(Entry::Address)
    }
}

impl Lists {
    /// Which list names the order first, and by what.
    #[must_use]
    pub fn find(&self, request: &Request) -> Option<(ListKind, Entry)> {
        let subject = Subject::new(request);
        [(ListKind::Allow, &self.allow), (ListKind::Block, &self.block), (ListKind::Review, &self.review)]
            .into_iter()
            .find_map(|(kind, list)| Some((kind, list.names(&subject)?)))
    }
}

/// The three lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    Allow,
    Block,
    Review,
}

/// What of an order can be on a list, spelled once.
struct Subject<'r> {
    request: &'r Request,
    texts: Vec<(Entry, String)>,
    ip: Option<u128>,
}

impl<'r> Subject<'r> {
    fn new(request: &'r Request) -> Self {
        let mut texts = Vec::new();
        let mut add = |entry, text: Option<&str>| {
            if let Some(spelled) = text.and_then(|text| spelling(entry, text).ok()) {
                texts.push((entry, spelled));
            }
        };
        let customer = request.customer.as_ref();
        let email = customer.and_then(|customer| customer.email.as_deref());
        add(Entry::Customer, customer.and_then(|customer| customer.id.as_deref()));
        add(Entry::Email, email);
        let domain = email.and_then(mailbox).map(|(_, domain)| domain).unwrap_or_default();
        domains_above(&domain).take(16).for_each(|domain| add(Entry::EmailDomain, Some(domain)));
        add(Entry::Card, request.payment.card_fingerprint.as_deref());
        add(Entry::Device, request.session.device.as_deref());
        for address in [&request.billing, &request.shipping] {
            add(Entry::Phone, address.phone.as_deref());
            add(Entry::Phone, address.phone.as_deref().and_then(|phone| american(&address.country, phone)).as_deref());
            add(Entry::Country, Some(&address.country));
        }
        Self { request, texts, ip: request.session.ip.as_deref().and_then(ip::number) }
    }
}
