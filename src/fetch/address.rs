//! Which addresses of the internet are public. `IpAddr::is_global` is not stable, so this is a table of our own, from the
//! registries of IANA: <https://www.iana.org/assignments/iana-ipv4-special-registry> and
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks that are no part of the public internet, by their first address and the length of their prefix.
const NOT_PUBLIC_V4: [(Ipv4Addr, u32); 14] = [
    (Ipv4Addr::UNSPECIFIED, 8),           // this network
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // shared by a provider's customers
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // this machine
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, and clouds' metadata
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // relays of 6to4, abandoned
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarks
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation
    (Ipv4Addr::new(224, 0, 0, 0), 3),     // multicast, reserved, broadcast
];

const NOT_PUBLIC_V6: [(Ipv6Addr, u32); 10] = [
    (Ipv6Addr::UNSPECIFIED, 128),
    (Ipv6Addr::LOCALHOST, 128),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),  // private
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10), // link-local
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8),  // multicast
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64),  // discarded
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, Teredo among them
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16), // segment routing
];

/// Networks whose addresses carry one of IPv4: by their first address, the length of their prefix, and at which bit the
/// IPv4 address ends.
const CARRY_V4: [(Ipv6Addr, u32, u32); 5] = [
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 128), // mapped
    (Ipv6Addr::UNSPECIFIED, 96, 128),                      // compatible, abandoned
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, 128), // translated: RFC 6052
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, 128), // translated locally: RFC 8215
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 48),  // 6to4: RFC 3056
];

/// Whether an address is on the public internet. What carries an IPv4 address is judged by that.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// The IPv4 address that an address carries, or else itself.
#[must_use]
pub fn unwrap(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(outer) => carried(outer).map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let begins = |(network, prefix): &(Ipv4Addr, u32)| {
        address.to_bits() >> (32 - prefix) == network.to_bits() >> (32 - prefix)
    };
    !NOT_PUBLIC_V4.iter().any(begins)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if NOT_PUBLIC_V6.iter().any(|(network, prefix)| begins(address, *network, *prefix)) {
        return false;
    }
    carried(address).is_none_or(is_public_v4)
}

fn begins(address: Ipv6Addr, network: Ipv6Addr, prefix: u32) -> bool {
    address.to_bits() >> (128 - prefix) == network.to_bits() >> (128 - prefix)
}

fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let (_, _, end) = CARRY_V4.iter().find(|(network, prefix, _)| begins(address, *network, *prefix))?;
    let bits = (address.to_bits() >> (128 - end)) & u128::from(u32::MAX);
    u32::try_from(bits).ok().map(Ipv4Addr::from_bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().unwrap())
    }

    #[test]
    fn each_row_of_ipv4_is_refused_from_its_first_address_to_its_last_and_no_further() {
        for (first, last, before, after) in [
            ("0.0.0.0", "0.255.255.255", None, Some("1.0.0.0")),
            ("10.0.0.0", "10.255.255.255", Some("9.255.255.255"), Some("11.0.0.0")),
            ("100.64.0.0", "100.127.255.255", Some("100.63.255.255"), Some("100.128.0.0")),
            ("127.0.0.0", "127.255.255.255", Some("126.255.255.255"), Some("128.0.0.0")),
            ("169.254.0.0", "169.254.255.255", Some("169.253.255.255"), Some("169.255.0.0")),
            ("172.16.0.0", "172.31.255.255", Some("172.15.255.255"), Some("172.32.0.0")),
            ("192.0.0.0", "192.0.0.255", Some("191.255.255.255"), Some("192.0.1.0")),
            ("192.0.2.0", "192.0.2.255", Some("192.0.1.255"), Some("192.0.3.0")),
            ("192.88.99.0", "192.88.99.255", Some("192.88.98.255"), Some("192.88.100.0")),
            ("192.168.0.0", "192.168.255.255", Some("192.167.255.255"), Some("192.169.0.0")),
            ("198.18.0.0", "198.19.255.255", Some("198.17.255.255"), Some("198.20.0.0")),
            ("198.51.100.0", "198.51.100.255", Some("198.51.99.255"), Some("198.51.101.0")),
            ("203.0.113.0", "203.0.113.255", Some("203.0.112.255"), Some("203.0.114.0")),
            ("224.0.0.0", "255.255.255.255", Some("223.255.255.255"), None),
        ] {
            assert!(!public(first) && !public(last), "{first} to {last}");
            assert!(before.is_none_or(public) && after.is_none_or(public), "around {first} to {last}");
        }
    }

    #[test]
    fn each_row_of_ipv6_is_refused_from_its_first_address_to_its_last_and_no_further() {
        for (first, last, before, after) in [
            ("::", "::1", None, None),
            ("fc00::", "fdff:ffff::1", Some("fbff::1"), Some("fe00::1")),
            ("fe80::", "febf:ffff::1", Some("fe7f::1"), Some("fec0::1")),
            ("ff00::", "ffff:ffff::1", Some("feff::1"), None),
            ("100::", "100::ffff:ffff:ffff:ffff", Some("ff::1"), Some("100:0:0:1::")),
            ("2001::", "2001:1ff:ffff::1", Some("2000:ffff::1"), Some("2001:200::1")),
            ("2001:db8::", "2001:db8:ffff::1", Some("2001:db7:ffff::1"), Some("2001:db9::1")),
            ("3fff::", "3fff:fff:ffff::1", Some("3ffe::1"), Some("3fff:1000::1")),
            ("5f00::", "5f00:ffff::1", Some("5eff::1"), Some("5f01::1")),
        ] {
            assert!(!public(first) && !public(last), "{first} to {last}");
            assert!(before.is_none_or(public) && after.is_none_or(public), "around {first} to {last}");
        }
    }

    #[test]
    fn ipv4_within_ipv6_is_judged_by_itself() {
        for (private, also_public) in [
            ("::ffff:127.0.0.1", "::ffff:8.8.8.8"),
            ("::7f00:2", "::808:808"),
            ("64:ff9b::10.0.0.1", "64:ff9b::8.8.8.8"),
            ("64:ff9b:1::192.168.1.1", "64:ff9b:1::8.8.8.8"),
            ("2002:a9fe:a9fe::1", "2002:808:808::1"),
        ] {
            assert!(!public(private), "{private}");
            assert!(public(also_public), "{also_public}");
        }
        assert_eq!(unwrap("2002:a9fe:a9fe::1".parse().unwrap()).to_string(), "169.254.169.254");
        assert_eq!(unwrap("::ffff:10.1.2.3".parse().unwrap()).to_string(), "10.1.2.3");
        assert_eq!(unwrap("2a00::1".parse().unwrap()).to_string(), "2a00::1");
    }
}
