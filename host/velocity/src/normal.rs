//! One spelling for what is one and the same.
//!
//! The rule is to merge only what is certainly the same: two shoppers who are counted as one are suspected of each other's orders.

use cartwright_contract::types::Address;
use std::net::{IpAddr, Ipv6Addr};
use unicode_normalization::UnicodeNormalization;

/// A fingerprint or device identifier as its maker wrote it.
pub(crate) fn opaque(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Trimmed and lower case, in Unicode's compatibility form.
///
/// Dots and `+tags` before the `@` stay: most providers tell such addresses apart, and which do not is no certain knowledge.
pub(crate) fn email(text: &str) -> Option<String> {
    opaque(&text.trim().nfkc().collect::<String>().to_lowercase())
}

/// The canonical form: IPv4 within IPv6 is IPv4, and of IPv6 the network of so many bits counts. What is no address counts as written,
/// in lower case.
pub(crate) fn ip(text: &str, ipv6_prefix: u8) -> Option<String> {
    let text = opaque(text)?;
    // A zone names an interface of the machine that wrote it.
    let plain = text.split('%').next().unwrap_or_default();
    let plain = plain.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(plain);
    Some(match plain.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let mask = u128::MAX.checked_shl(128 - u32::from(ipv6_prefix.min(128))).unwrap_or(0);
            format!("{}/{ipv6_prefix}", Ipv6Addr::from(u128::from(address) & mask))
        }
        Err(_) => text.to_lowercase(),
    })
}

/// Country, postal code and first line, without regard to case, punctuation and spaces. Further lines (a flat, a care-of) are where one
/// who wants to look like many makes the difference, so they do not count. Without a first line there is no address: country and
/// postal code are a neighbourhood.
pub(crate) fn address(address: &Address) -> Option<String> {
    let letters = |text: &str| {
        let folded: String = text.nfkc().collect::<String>().to_lowercase();
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let first = address.lines.iter().map(|line| letters(line)).find(|line| !line.is_empty())?;
    let postal_code = letters(address.postal_code.as_deref().unwrap_or_default()).replace(' ', "");
    let country = address.country.trim().to_uppercase();
    Some(format!("{country}\n{postal_code}\n{first}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_address_is_the_same_in_any_case_and_another_with_another_dot() {
        assert_eq!(email("  Jo.Doe@Example.COM "), Some("jo.doe@example.com".into()));
        assert_eq!(email("ＪＯ@example.com"), Some("jo@example.com".into()));
        assert_ne!(email("jodoe@example.com"), email("jo.doe@example.com"));
        assert_ne!(email("jo+shop@example.com"), email("jo@example.com"));
        assert_eq!(email("   "), None);
    }

    #[test]
    fn an_ip_address_is_the_same_in_any_spelling() {
        assert_eq!(ip("203.0.113.7", 64), Some("203.0.113.7".into()));
        assert_eq!(ip(" ::ffff:203.0.113.7 ", 64), ip("203.0.113.7", 64));
        assert_eq!(ip("2001:DB8:0:1::1", 64), Some("2001:db8:0:1::/64".into()));
        assert_eq!(ip("[2001:db8:0:1:ffff::9]", 64), ip("2001:db8:0:1::1", 64));
        assert_ne!(ip("2001:db8:0:2::1", 64), ip("2001:db8:0:1::1", 64));
        assert_ne!(ip("2001:db8::1", 128), ip("2001:db8::2", 128));
        assert_eq!(ip("fe80::1%eth0", 128), ip("fe80::1", 128));
        assert_eq!(ip("Unknown", 64), Some("unknown".into()));
        assert_eq!(ip("", 64), None);
    }

    #[test]
    fn a_postal_address_is_country_postal_code_and_first_line() {
        let of = |country: &str, code: &str, lines: &[&str]| {
            address(&Address {
                country: country.into(),
                postal_code: Some(code.into()),
                lines: lines.iter().map(|line| (*line).to_owned()).collect(),
                ..Address::default()
            })
        };
        let one = of("US", "97209-1234", &["12 N.W. Main St."]);
        assert_eq!(one, Some("US\n972091234\n12 n w main st".into()));
        assert_eq!(of("us", "97209 1234", &["12 n w  MAIN st", "Apt 7"]), one);
        assert_eq!(of("US", "972091234", &["", "12 N W Main St"]), one);
        assert_eq!(of("JP", "１００－０００１", &["千代田１－１"]), of("JP", "100-0001", &["千代田1-1"]));
        assert_ne!(of("US", "97209-1234", &["13 NW Main St"]), one);
        assert_ne!(of("CA", "97209-1234", &["12 N.W. Main St."]), one);
        assert_eq!(of("US", "97209", &[]), None);
        assert_eq!(of("US", "97209", &["--"]), None);
    }
}
