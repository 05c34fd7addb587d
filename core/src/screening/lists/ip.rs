//! Ranges of IP addresses, IPv4 and IPv6, in CIDR notation (RFC 4632, RFC 4291).
//!
//! What this file must not know: whose addresses they are.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::net::IpAddr;

/// Bits of an IPv6 address, and of the part before an IPv4 address that is mapped into IPv6.
const BITS: u32 = 128;
const BITS_BEFORE_IPV4: u32 = 96;

/// A text that is no range of IP addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnIpRange {
    /// Neither `203.0.113.7` nor `203.0.113.0/24`, nor the like in IPv6.
    Form,
    /// The address has bits behind the prefix: `203.0.113.7/24`.
    BitsBehindPrefix,
    /// `/0`: every address.
    Everything,
}

impl core::fmt::Display for NotAnIpRange {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Form => {
                "is no IP address such as \"203.0.113.7\" and no range such as \"203.0.113.0/24\" or \"2001:db8::/32\""
            }
            Self::BitsBehindPrefix => "has bits behind its prefix: it means another range than it says",
            Self::Everything => "is every address",
        })
    }
}

impl core::error::Error for NotAnIpRange {}

/// The address as a number; IPv4 as it is mapped into IPv6, so that both spellings of one address are the same.
pub(super) fn number(text: &str) -> Option<u128> {
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(address.to_ipv6_mapped()),
        IpAddr::V6(address) => u128::from(address),
    };
    text.trim().parse().ok().map(number)
}

/// First and last address of a range.
///
/// # Errors
/// When the text is none.
pub fn ip_range(text: &str) -> Result<(u128, u128), NotAnIpRange> {
    let text = text.trim();
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let first = number(address).ok_or(NotAnIpRange::Form)?;
    let Some(prefix) = prefix else { return Ok((first, first)) };
    let digits = !prefix.is_empty() && prefix.len() <= 3 && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let prefix: u32 =
        if digits { prefix.parse().map_err(|_| NotAnIpRange::Form)? } else { return Err(NotAnIpRange::Form) };
    if prefix == 0 {
        return Err(NotAnIpRange::Everything);
    }
    let bits = if address.contains(':') { prefix } else { BITS_BEFORE_IPV4 + prefix };
    let behind = BITS.checked_sub(bits).ok_or(NotAnIpRange::Form)?;
    let mask = if behind == 0 { 0 } else { u128::MAX >> bits };
    if first & mask != 0 {
        return Err(NotAnIpRange::BitsBehindPrefix);
    }
    Ok((first, first | mask))
}

/// Many ranges; found in as many steps as their number has bits.
#[derive(Debug, Clone, Default)]
pub struct IpRanges {
    /// As they were added.
    added: BTreeSet<(u128, u128)>,
    /// First and last addresses, sorted and apart from each other.
    ranges: Vec<(u128, u128)>,
}

impl IpRanges {
    /// Adds a range; says whether it was not there in the same form.
    ///
    /// # Errors
    /// When it is none.
    pub fn add(&mut self, text: &str) -> Result<bool, NotAnIpRange> {
        ip_range(text).map(|range| self.added.insert(range))
    }

    /// Joins ranges that overlap.
    pub fn finish(&mut self) {
        let mut joined: Vec<(u128, u128)> = Vec::new();
        for (first, last) in core::mem::take(&mut self.added) {
            match joined.last_mut() {
                Some(before) if first <= before.1 => before.1 = before.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        self.ranges = joined;
    }

    /// Whether the address lies in one of them; they must be finished.
    pub(super) fn contains(&self, address: u128) -> bool {
        let after = self.ranges.partition_point(|(first, _)| *first <= address);
        after > 0 && self.ranges[after - 1].1 >= address
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;
    use proptest::prelude::*;

    fn ranges(texts: &[&str]) -> IpRanges {
        let mut ranges = IpRanges::default();
        assert!(texts.iter().all(|text| ranges.add(text).unwrap()));
        ranges.finish();
        ranges
    }

    #[test]
    fn a_range_has_its_first_and_last_address_and_no_other() {
        let ranges = ranges(&["203.0.113.64/26", "2001:db8::/32", "198.51.100.7"]);
        for (address, is) in [
            ("203.0.113.64", true),
            ("203.0.113.127", true),
            ("203.0.113.63", false),
            ("203.0.113.128", false),
            ("::ffff:203.0.113.64", true),
            ("198.51.100.7", true),
            ("198.51.100.8", false),
            ("2001:db8:ffff::1", true),
            ("2001:db9::", false),
        ] {
            assert_eq!(ranges.contains(number(address).unwrap()), is, "{address}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in
            ["", "203.0.113", "203.0.113.0/33", "203.0.113.0/", "203.0.113.0/+8", "2001:db8::/129", "example.com"]
        {
            assert_eq!(ip_range(text), Err(NotAnIpRange::Form), "{text}");
        }
        assert_eq!(ip_range("203.0.113.7/24"), Err(NotAnIpRange::BitsBehindPrefix));
        assert_eq!(ip_range("0.0.0.0/0"), Err(NotAnIpRange::Everything));
        assert!(ip_range("::1/128").is_ok() && ip_range("203.0.113.7/32").is_ok());
    }

    proptest! {
        #[test]
        fn many_ranges_hold_what_one_of_them_holds(
            blocks in proptest::collection::vec((any::<u32>(), 1_u32..=32), 0..20),
            address in any::<u32>(),
            near in any::<prop::sample::Index>(),
        ) {
            let masked: Vec<(u32, u32)> =
                blocks.iter().map(|(base, bits)| (base & (u32::MAX << (32 - bits)), *bits)).collect();
            let texts: Vec<String> =
                masked.iter().map(|(base, bits)| format!("{}/{bits}", core::net::Ipv4Addr::from(*base))).collect();
            let mut all = IpRanges::default();
            prop_assert!(texts.iter().all(|text| all.add(text).is_ok()));
            all.finish();
            let mut addresses = alloc::vec![address];
            if !masked.is_empty() {
                let base = masked[near.index(masked.len())].0;
                addresses.extend([base, base.wrapping_sub(1), base | 0xff]);
            }
            for address in addresses {
                let is = masked.iter().any(|(base, bits)| (address ^ base) >> (32 - bits) == 0);
                let text = format!("{}", core::net::Ipv4Addr::from(address));
                prop_assert_eq!(all.contains(number(&text).unwrap()), is, "{}", text);
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in any::<String>()) {
            let _ = ip_range(&text);
        }
    }
}
