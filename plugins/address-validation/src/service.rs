//! The external validation service: what it is asked, and how its answer is read. The README has the format.
//!
//! What is asked is the address as the own rules correct it, without the recipient's name and phone: a service does not need them. Whatever a
//! service sends, the answer is one that the contract allows, or a reason why it was not used. What this module must not know: how addresses are
//! checked, how HTTP is spoken.

use crate::settings::{self, Ask, Method as MethodWords};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_core::address::{Consulted, Opinion, Proposal};
use cartwright_sdk::address_validation::plan::{Field, HttpRequest, Method};
use cartwright_sdk::address_validation::{Answer, HttpResponse, Verdict};
use cartwright_sdk::contract::outside::{HttpFailure, HttpReply};
use cartwright_sdk::contract::validate::{LONGEST_NAME, LONGEST_TEXT};
use cartwright_sdk::json::{self, Kind, Node};
use cartwright_sdk::prelude::{Address, Coordinates, Figure, Reason, Unit};

/// The plan's name for its one request.
pub const ID: &str = "address";
/// Lines that a proposed address may have.
const MOST_LINES: usize = 10;

/// A service, ready to be asked.
#[derive(Debug)]
pub struct Service {
    url: String,
    method: Method,
    headers: Vec<Field>,
    timeout: u32,
    cache_for: u32,
    ask: Ask,
    countries: Vec<String>,
}

impl Service {
    pub fn new(words: &settings::Service) -> Self {
        let scheme = if words.insecure { "http" } else { "https" };
        let field = |(name, value): (&String, &String)| Field { name: name.clone(), value: value.clone() };
        Self {
            url: [scheme, "://", &words.host, &words.path].concat(),
            method: match words.method {
                MethodWords::Post => Method::Post,
                MethodWords::Get => Method::Get,
            },
            headers: words.headers.iter().map(field).collect(),
            timeout: words.timeout,
            cache_for: words.cache_for,
            ask: words.ask,
            countries: words.countries.clone(),
        }
    }

    /// Whether the service is asked about an address of which the own rules say this.
    pub fn is_asked(&self, alone: &Answer) -> bool {
        let country = &alone.corrected.country;
        let passes = matches!(alone.verdict, Verdict::Deliverable | Verdict::Corrected | Verdict::Unchecked);
        (self.ask == Ask::Always || passes) && (self.countries.is_empty() || self.countries.contains(country))
    }

    /// The one request of the plan.
    pub fn request(&self, address: &Address, locale: &str) -> HttpRequest {
        let mut headers = self.headers.clone();
        let mut header = |name: &str| {
            if !headers.iter().any(|field| field.name.eq_ignore_ascii_case(name)) {
                headers.push(Field { name: name.into(), value: "application/json".into() });
            }
        };
        header("accept");
        let (url, body) = match self.method {
            Method::Post => {
                header("content-type");
                (self.url.clone(), body(address, locale).into_bytes())
            }
            Method::Get => (query(&self.url, address, locale), Vec::new()),
        };
        HttpRequest {
            id: ID.into(),
            method: self.method,
            url,
            headers,
            body,
            timeout: self.timeout,
            cache_for: self.cache_for,
        }
    }
}

/// The fields that a service is asked about.
fn fields<'a>(address: &'a Address, locale: &'a str) -> impl Iterator<Item = (&'static str, &'a str)> {
    let optional = [
        ("subdivision", address.subdivision.as_deref()),
        ("city", address.city.as_deref()),
        ("postalCode", address.postal_code.as_deref()),
        ("company", address.company.as_deref()),
        ("locale", Some(locale).filter(|locale| !locale.is_empty())),
    ];
    let there = optional.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)));
    core::iter::once(("country", &*address.country)).chain(there)
}

fn body(address: &Address, locale: &str) -> String {
    let mut out = String::from("{");
    for (name, value) in fields(address, locale) {
        if out.len() > 1 {
            out.push(',');
        }
        write_string(name, &mut out);
        out.push(':');
        write_string(value, &mut out);
    }
    out.push_str(",\"lines\":[");
    for (index, line) in address.lines.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(line, &mut out);
    }
    out.push_str("]}");
    out
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if u32::from(control) < 0x20 => write_escape(u32::from(control), out),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A control character, of which JSON wants the code.
fn write_escape(code: u32, out: &mut String) {
    out.extend(['\\', 'u', '0', '0', hex((code >> 4) as u8), hex(code as u8)]);
}

/// The last hexadecimal digit of a number.
fn hex(number: u8) -> char {
    char::from_digit(u32::from(number & 15), 16).unwrap_or('0')
}

fn query(url: &str, address: &Address, locale: &str) -> String {
    let mut out = String::from(url);
    let mut separator = if url.contains('?') { '&' } else { '?' };
    let lines = address.lines.iter().map(|line| ("line", &**line));
    for (name, value) in fields(address, locale).chain(lines) {
        out.push(separator);
        separator = '&';
        out.push_str(name);
        out.push('=');
        for byte in value.bytes() {
            // RFC 3986: what needs no escape anywhere.
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.extend(['%', hex(byte >> 4).to_ascii_uppercase(), hex(byte).to_ascii_uppercase()]);
            }
        }
    }
    out
}

/// What became of the request.
pub fn consulted(responses: &[HttpResponse]) -> Consulted {
    let Some(response) = responses.iter().find(|response| response.id == ID) else {
        return failed("EXTERNAL_SERVICE_NOT_ASKED", "The validation service was not asked.", None);
    };
    match &response.outcome {
        Ok(reply) => read(reply),
        Err(failure) => {
            let (code, why) = match failure {
                HttpFailure::NotAllowed => ("EXTERNAL_SERVICE_NOT_ALLOWED", "may not be called"),
                HttpFailure::Unreachable => ("EXTERNAL_SERVICE_UNREACHABLE", "could not be reached"),
                HttpFailure::TimedOut => ("EXTERNAL_SERVICE_TIMED_OUT", "did not answer in time"),
                HttpFailure::TooLarge => ("EXTERNAL_SERVICE_TOO_LARGE", "answered with more than is read"),
                HttpFailure::BreakerOpen => {
                    ("EXTERNAL_SERVICE_BREAKER_OPEN", "failed too often of late and is left alone for a while")
                }
            };
            failed(code, &format!("The validation service {why}."), None)
        }
    }
}

fn failed(code: &str, message: &str, status: Option<u16>) -> Consulted {
    let figure = status.map(|status| Figure { name: "status".into(), value: i64::from(status), unit: Unit::Count });
    Consulted::Failed(Reason {
        code: code.into(),
        message: [message, " The shop's own rules decided."].concat(),
        figures: figure.into_iter().collect(),
    })
}

fn read(reply: &HttpReply) -> Consulted {
    if !(200..300).contains(&reply.status) {
        let message = format!("The validation service answered with status {}.", reply.status);
        return failed("EXTERNAL_SERVICE_STATUS", &message, Some(reply.status));
    }
    let opinion = core::str::from_utf8(&reply.body)
        .map_err(|_| "it is not UTF-8".to_string())
        .and_then(|text| {
            json::check(text)
                .map_err(|error| format!("line {}, column {}: {}", error.line, error.column, error.message))
        })
        .and_then(opinion);
    match opinion {
        Ok(opinion) => Consulted::Answered(opinion),
        Err(why) => {
            let message = format!("The validation service's answer was not understood: {why}.");
            failed("EXTERNAL_SERVICE_NOT_UNDERSTOOD", &message, None)
        }
    }
}

/// Members that nobody asked for are passed over; those that are there have the right kind.
fn opinion(answer: Node<'_>) -> Result<Opinion, String> {
    if answer.kind() != Kind::Object {
        return Err("it is no object".into());
    }
    let mut opinion = Opinion::default();
    for (name, value) in answer.members().filter(|(_, value)| value.kind() != Kind::Null) {
        match &*name {
            "deliverable" => opinion.deliverable = Some(value.boolean().ok_or("`deliverable` is not true or false")?),
            "residential" => opinion.residential = Some(value.boolean().ok_or("`residential` is not true or false")?),
            "confidence" => {
                let share =
                    value.integer().and_then(|share| u32::try_from(share).ok()).filter(|share| *share <= 1_000_000);
                opinion.confidence = Some(share.ok_or("`confidence` is not a whole number from 0 to 1000000")?);
            }
            "code" => opinion.code = code(&text("code", value)?),
            "message" => opinion.message = text("message", value)?,
            "corrected" => opinion.proposal = proposal(value)?,
            "coordinates" => opinion.coordinates = Some(coordinates(value)?),
            _ => {}
        }
    }
    Ok(opinion)
}

fn text(name: &str, value: Node<'_>) -> Result<String, String> {
    let text = value.string().ok_or_else(|| format!("`{name}` is not a string"))?;
    if text.len() > LONGEST_TEXT {
        return Err(format!("`{name}` is longer than {LONGEST_TEXT} bytes"));
    }
    Ok(text.into_owned())
}

/// A code in the contract's form; another form is turned into it, as far as it goes: `no-such-house` is `NO_SUCH_HOUSE`.
fn code(text: &str) -> String {
    let sign = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let code: String = text.chars().map(sign).take(LONGEST_NAME).collect();
    String::from(code.trim_matches('_'))
}

fn proposal(value: Node<'_>) -> Result<Proposal, String> {
    if value.kind() != Kind::Object {
        return Err("`corrected` is no object".into());
    }
    let mut proposal = Proposal::default();
    for (name, value) in value.members().filter(|(_, value)| value.kind() != Kind::Null) {
        match &*name {
            "subdivision" => proposal.subdivision = Some(text(&name, value)?),
            "city" => proposal.city = Some(text(&name, value)?),
            "postalCode" => proposal.postal_code = Some(text(&name, value)?),
            "lines" => {
                if value.kind() != Kind::List || value.elements().count() > MOST_LINES {
                    return Err(format!("`lines` is not a list of at most {MOST_LINES} strings"));
                }
                proposal.lines = Some(value.elements().map(|line| text("lines", line)).collect::<Result<_, _>>()?);
            }
            _ => {}
        }
    }
    Ok(proposal)
}

fn coordinates(value: Node<'_>) -> Result<Coordinates, String> {
    let degrees = |name: &str, most: i32| {
        let found = value.members().find(|(known, _)| known == name).and_then(|(_, value)| value.integer());
        let found =
            found.and_then(|degrees| i32::try_from(degrees).ok()).filter(|degrees| (-most..=most).contains(degrees));
        found.ok_or_else(|| format!("`coordinates/{name}` is not in millionths of a degree"))
    };
    Ok(Coordinates { latitude: degrees("latitude", 90_000_000)?, longitude: degrees("longitude", 180_000_000)? })
}
