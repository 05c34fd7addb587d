//! The three lists.

use super::signals::pattern;
use crate::settings::lists::{List as Words, Lists as ListsWords};
use alloc::format;
use alloc::string::{String, ToString};
use cartwright_core::screening::lists::{Entry, List, Lists};
use cartwright_sdk::settings::Findings;

pub fn lists(words: &ListsWords, findings: &mut Findings) -> Lists {
    let allow = list("allow", &words.allow, &[], findings);
    let block = list("block", &words.block, &[("allow", &allow)], findings);
    let review = list("review", &words.review, &[("allow", &allow), ("block", &block)], findings);
    let mut lists = Lists { allow, block, review };
    [&mut lists.allow, &mut lists.block, &mut lists.review].into_iter().for_each(List::finish);
    lists
}

/// One list; `earlier` are those that are looked at before it.
fn list(name: &str, words: &Words, earlier: &[(&str, &List)], findings: &mut Findings) -> List {
    let mut list = List::default();
    let kinds: [(Entry, &str, &[String]); 7] = [
        (Entry::Customer, "customers", &words.customers),
        (Entry::Email, "emails", &words.emails),
        (Entry::EmailDomain, "emailDomains", &words.email_domains),
        (Entry::Card, "cards", &words.cards),
        (Entry::Device, "devices", &words.devices),
        (Entry::Phone, "phones", &words.phones),
        (Entry::Country, "countries", &words.countries),
    ];
    for (entry, kind, texts) in kinds {
        for (index, text) in texts.iter().enumerate() {
            let at = || format!("/lists/{name}/{kind}/{index}");
            match list.add(entry, text) {
                Ok(true) => {
                    if let Some((before, _)) = earlier.iter().find(|(_, earlier)| earlier.has(entry, text)) {
                        let message = format!("is on the {before} list, which is looked at before");
                        findings.odd(&at(), text, &message, "keep it on one list");
                    }
                }
                Ok(false) => findings.odd(&at(), text, "is there already", "keep one of the two"),
                Err(error) => {
                    findings.wrong::<()>(&at(), text, &error.to_string(), "correct or remove it");
                }
            }
        }
    }
    for (index, text) in words.ips.iter().enumerate() {
        let at = || format!("/lists/{name}/ips/{index}");
        match list.add_ip(text) {
            Ok(true) => {}
            Ok(false) => findings.odd(&at(), text, "is there already", "keep one of the two"),
            Err(error) => {
                findings.wrong::<()>(&at(), text, &error.to_string(), "correct or remove it");
            }
        }
    }
    for (index, address) in words.addresses.iter().enumerate() {
        let at = format!("/lists/{name}/addresses/{index}");
        match list.add_address(&pattern(address, &at, findings)) {
            Ok(true) => {}
            Ok(false) => findings.odd(&at, address, "is there already", "keep one of the two"),
            Err(error) => {
                findings.wrong::<()>(&at, address, &error.to_string(), "give postal code and line");
            }
        }
    }
    list
}
