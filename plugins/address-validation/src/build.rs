//! From the merchant's words to a [`Validator`] and a [`Service`]: everything that is wrong or odd told with its JSON pointer.
//!
//! What this module must not know: addresses.

use crate::AddressValidationPlugin;
use crate::service::Service;
use crate::settings::{self, Document, Recipient};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use cartwright_core::address::country::{Part, known, read};
use cartwright_core::address::street::Streets;
use cartwright_core::address::{Policy, Rules, Strictness, Validator};
use cartwright_sdk::prelude::{Issue, issue};
use core::fmt::Debug;

/// Below this a correction is wrong too often to be applied.
const UNSURE: u32 = 700_000;

/// Everything found so far.
#[derive(Debug, Default)]
struct Findings {
    issues: Vec<Issue>,
    warnings: Vec<Issue>,
}

impl Findings {
    fn wrong(&mut self, path: &str, value: &impl Debug, message: &str, remedy: &str) {
        self.issues.push(issue(path, value, message, remedy));
    }

    fn odd(&mut self, path: &str, value: &impl Debug, message: &str, remedy: &str) {
        self.warnings.push(issue(path, value, message, remedy));
    }

    fn country(&mut self, path: &str, code: &str) {
        if !known().any(|country| country == code) {
            self.wrong(
                path,
                &code,
                "is no country with address rules",
                "give an ISO 3166-1 alpha-2 code in upper case, as \"US\"",
            );
        }
    }
}

/// The plugin that these settings describe, and what is odd about it.
///
/// # Errors
/// Everything that is wrong.
pub fn plugin(document: Document) -> Result<(AddressValidationPlugin, Vec<Issue>), Vec<Issue>> {
    let mut findings = Findings::default();
    countries(&document, &mut findings);
    thresholds(&document, &mut findings);
    localities(&document, &mut findings);
    if let Some(service) = &document.service {
        check_service(service, &document.countries, &mut findings);
    }
    if !findings.issues.is_empty() {
        return Err(findings.issues);
    }
    let service = document.service.as_ref().map(Service::new);
    let has = |wanted| document.needed.contains(&wanted);
    let rules = Rules {
        home: document.ships_from.clone(),
        strictness: match document.strictness {
            settings::Strictness::Lenient => Strictness::Lenient,
            settings::Strictness::Standard => Strictness::Standard,
            settings::Strictness::Strict => Strictness::Strict,
        },
        apply_from: document.apply_from_ppm,
        suggest_from: document.suggest_from_ppm,
        po_boxes: policy(document.po_boxes),
        military: policy(document.military),
        abbreviate_streets: document.abbreviate_streets,
        longest_line: document.longest_line,
        name_needed: has(Recipient::Name),
        company_needed: has(Recipient::Company),
        phone_needed: has(Recipient::Phone),
        countries: document.countries,
        localities: document.localities.into_iter().map(|(country, list)| (country, list.cities.0)).collect(),
    };
    match Validator::new(rules) {
        Ok(validator) => Ok((AddressValidationPlugin { validator, service }, findings.warnings)),
        Err(error) => {
            findings.wrong("", &"the whole document", &format!("{error}"), "correct the setting named");
            Err(findings.issues)
        }
    }
}

fn policy(words: settings::Policy) -> Policy {
    match words {
        settings::Policy::Accept => Policy::Accept,
        settings::Policy::Warn => Policy::Warn,
        settings::Policy::Refuse => Policy::Refuse,
    }
}

fn countries(document: &Document, findings: &mut Findings) {
    for (index, code) in document.countries.iter().enumerate() {
        let path = format!("/countries/{index}");
        findings.country(&path, code);
        if document.countries[..index].contains(code) {
            findings.odd(&path, code, "is there already", "take one of the two out");
        }
    }
    if let Some(code) = &document.ships_from {
        findings.country("/shipsFrom", code);
    }
    let abbreviated =
        document.countries.is_empty() || document.countries.iter().any(|code| Streets::of(code).is_some());
    if document.abbreviate_streets && !abbreviated {
        let message = "none of the countries has standard abbreviations, so nothing is abbreviated";
        findings.odd("/abbreviateStreets", &true, message, "leave it out, or add US or CA to the countries");
    }
}

fn thresholds(document: &Document, findings: &mut Findings) {
    let (apply, suggest) = (document.apply_from_ppm, document.suggest_from_ppm);
    if suggest > apply {
        let message = format!("corrections would be applied from {apply} ppm, before they are suggested");
        findings.wrong("/suggestFromPpm", &suggest, &message, "give at most the value of `applyFromPpm`");
    }
    if apply < UNSURE {
        let message = "corrections as unsure as that are wrong too often";
        findings.odd("/applyFromPpm", &apply, message, "give at least 700000, and let shoppers decide below");
    }
}

fn localities(document: &Document, findings: &mut Findings) {
    for (code, list) in &document.localities {
        let path = format!("/localities/{code}");
        findings.country(&path, code);
        if !document.countries.is_empty() && !document.countries.contains(code) {
            let remedy = "add it to `countries`, or take the list out";
            findings.wrong(&path, code, "is not among the countries that are delivered to", remedy);
        }
        let Some(country) = read(|known| known == code).pop() else { continue };
        if list.cities.0.extent().0 == 0 {
            findings.odd(&format!("{path}/cities"), &"{}", "no city in the list", "add cities, or take the list out");
        }
        for subdivision in list.cities.0.subdivisions() {
            let fits = if subdivision.is_empty() {
                !country.required.has(Part::Subdivision)
            } else {
                country.subdivisions.is_empty() || country.subdivisions.iter().any(|known| known.code() == subdivision)
            };
            if !fits {
                let name = if subdivision.is_empty() { "*" } else { subdivision };
                let message =
                    format!("no address in {} ever lies there, so its cities are never looked at", country.name);
                let remedy = "give the code behind the country's in ISO 3166-2, as OR for US-OR";
                findings.odd(&format!("{path}/cities/{name}"), &name, &message, remedy);
            }
        }
    }
}

fn check_service(service: &settings::Service, countries: &[String], findings: &mut Findings) {
    if !is_host(&service.host) {
        let message = "is no host; the scheme and the path stand elsewhere";
        findings.wrong(
            "/service/host",
            &service.host,
            message,
            "give a name, and a port where it needs one: \"validate.example.com:8443\"",
        );
    }
    let visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if !service.path.starts_with('/') || !visible(&service.path) {
        findings.wrong(
            "/service/path",
            &service.path,
            "is no path",
            "begin with a slash, without blanks and `#`: \"/v1/check\"",
        );
    }
    for (name, value) in &service.headers {
        let path = format!("/service/headers/{}", name.replace('~', "~0").replace('/', "~1"));
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) {
            findings.wrong(&path, name, "is no name of a header", "give letters, digits and hyphens, as \"X-Api-Key\"");
        }
        if !value.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
            findings.wrong(&path, value, "cannot stand in a header", "give visible ASCII characters");
        }
        let lower = name.to_ascii_lowercase();
        let secret = ["authorization", "key", "token", "secret"].iter().any(|word| lower.contains(word));
        if secret && !value.contains("{{secret:") {
            let message = "looks like a secret that everybody who reads these settings sees";
            findings.odd(&path, &"…", message, "keep it with the shop's secrets and write \"{{secret:NAME}}\"");
        }
    }
    if service.insecure {
        let message = "addresses travel where others on the way can read them";
        findings.odd("/service/insecure", &true, message, "leave it out, unless the service runs on the same machine");
    }
    for (index, code) in service.countries.iter().enumerate() {
        let path = format!("/service/countries/{index}");
        findings.country(&path, code);
        if !countries.is_empty() && !countries.contains(code) {
            findings.odd(
                &path,
                code,
                "is not delivered to, so the service is never asked",
                "take it out, or add it to `countries`",
            );
        }
    }
}

/// A name or an address, and perhaps a port.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        // An IPv6 address stands in brackets.
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (text, None),
    };
    let inside = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let valid = match inside {
        Some(address) => address.contains(':') && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':'),
        None => name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        }),
    };
    valid && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}
