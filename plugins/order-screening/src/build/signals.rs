//! What the signals need to know of the shop.

use crate::settings::signals::{Address, Signals};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use cartwright_core::screening::SignalRules;
use cartwright_core::screening::lists::{Entry, spelling};
use cartwright_core::screening::signals::{AddressPattern, AddressPatterns, Domains};
use cartwright_sdk::settings::Findings;

pub fn signals(words: &Signals, findings: &mut Findings) -> SignalRules {
    let mut freight_forwarders = AddressPatterns::default();
    for (index, address) in words.freight_forwarders.iter().enumerate() {
        let at = format!("/signals/freightForwarders/{index}");
        match freight_forwarders.add(&pattern(address, &at, findings)) {
            Ok(true) => {}
            Ok(false) => findings.odd(&at, address, "is there already", "keep one of the two"),
            Err(error) => drop(findings.wrong::<()>(&at, address, &error.to_string(), "give postal code and line")),
        }
    }
    SignalRules {
        normal_order_value: words.normal_order_value,
        resaleable_tags: set("/signals/resaleableTags", &words.resaleable_tags, findings),
        rush_services: set("/signals/rushServices", &words.rush_services, findings),
        disposable_domains: domains(&words.disposable_email_domains, findings),
        freight_forwarders,
    }
}

/// The address as a pattern; its country is looked at here.
pub fn pattern(words: &Address, at: &str, findings: &mut Findings) -> AddressPattern {
    if spelling(Entry::Country, &words.country).is_err() {
        let remedy = "give an ISO 3166-1 alpha-2 code in upper case, as \"US\"";
        findings.wrong::<()>(&format!("{at}/country"), &words.country, "is not a country code", remedy);
    }
    AddressPattern { country: words.country.clone(), postal_code: words.postal_code.clone(), line: words.line.clone() }
}

fn set(at: &str, words: &[String], findings: &mut Findings) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    for (index, word) in words.iter().enumerate() {
        let path = || format!("{at}/{index}");
        if word.is_empty() {
            findings.wrong::<()>(&path(), word, "is empty", "remove it");
        } else if !set.insert(word.clone()) {
            findings.odd(&path(), word, "is there already", "keep one of the two");
        }
    }
    set
}

fn domains(words: &[String], findings: &mut Findings) -> Domains {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for (index, word) in words.iter().enumerate() {
        let path = || format!("/signals/disposableEmailDomains/{index}");
        match spelling(Entry::EmailDomain, word) {
            Ok(domain) => {
                if !seen.insert(domain) {
                    findings.odd(&path(), word, "is there already", "keep one of the two");
                }
            }
            Err(error) => drop(findings.wrong::<()>(&path(), word, &error.to_string(), "give domains only")),
        }
    }
    let all: Vec<&str> = seen.iter().map(|domain| &**domain).collect();
    Domains::new(all.into_iter())
}
