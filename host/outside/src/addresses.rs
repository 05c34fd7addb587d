//! Which IP addresses are the public internet, and which belong to a machine, a data centre or nobody.
//!
//! Source: IANA's registries of special-purpose addresses for IPv4 and IPv6 (RFC 6890 and its updates).

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses may be asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Networks {
    pub allowed: Vec<IpNet>,
    pub denied: Vec<IpNet>,
}

impl Networks {
    pub fn allow(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let within = |networks: &[IpNet]| networks.iter().any(|network| network.contains(&address));
        !within(&self.denied) && (within(&self.allowed) || public(address))
    }
}

fn public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => public_v4(address),
        IpAddr::V6(address) => public_v6(address),
    }
}

#[allow(clippy::unnested_or_patterns)] // one entry of the registry beside the other
fn public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)          // this network, private, loopback
            | (100, 64..=127, _)      // between carrier and customer
            | (169, 254, _)           // link-local, and the clouds' metadata
            | (172, 16..=31, _)       // private
            | (192, 0, 0 | 2)         // protocols, documentation
            | (192, 31, 196) | (192, 52, 193) | (192, 175, 48) // AS112, AMT
            | (192, 88, 99)           // 6to4 relays
            | (192, 168, _)           // private
            | (198, 18..=19, _)       // benchmarks
            | (198, 51, 100) | (203, 0, 113) // documentation
            | (224.., _, _) // multicast, reserved, broadcast
    );
    // Azure's metadata stand at an address that is public by number only.
    !special && (a, b, c, d) != (168, 63, 129, 16)
}

#[allow(clippy::unnested_or_patterns)]
fn public_v6(address: Ipv6Addr) -> bool {
    let groups = address.segments();
    match groups {
        // NAT64: whoever translates it goes to the IPv4 address within.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))),
        [0x2001, 0..=0x1ff, ..] // protocols, Teredo, ORCHID
        | [0x2001, 0xdb8, ..] // documentation
        | [0x2002, ..] // 6to4, which holds any IPv4 address
        | [0x2620, 0x4f, 0x8000, ..] // AS112
        | [0x3fff, 0..=0xfff, ..] => false, // documentation
        // Only this eighth is given out; loopback, unique local, link-local, multicast and the rest lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allow(networks: &Networks, address: &str) -> bool {
        networks.allow(address.parse().unwrap())
    }

    #[test]
    fn only_public_addresses_are_asked() {
        let networks = Networks::default();
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "198.17.0.1",
            "223.255.255.255",
            "168.63.129.15",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::808:808",
            "2001:200::1",
        ] {
            assert!(allow(&networks, address), "{address}");
        }
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.255",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!allow(&networks, address), "{address}");
        }
    }

    #[test]
    fn the_operator_can_allow_a_private_network_and_deny_a_public_one() {
        let networks = Networks {
            allowed: vec!["10.1.0.0/16".parse().unwrap(), "1.0.0.0/8".parse().unwrap()],
            denied: vec!["1.1.1.0/24".parse().unwrap()],
        };
        assert!(allow(&networks, "10.1.2.3"));
        assert!(allow(&networks, "::ffff:10.1.2.3"));
        assert!(!allow(&networks, "10.2.2.3"));
        assert!(!allow(&networks, "1.1.1.1"));
        assert!(allow(&networks, "1.1.2.1"));
    }
}
