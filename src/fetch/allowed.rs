//! What an operator allows to be fetched besides the public internet.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::address::{is_public, unwrap};

/// The ports of the web.
const WEB: [u16; 2] = [80, 443];

/// Networks and ports that may be fetched from although they are not public; none, unless an operator names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Allowed(Vec<Row>);

/// A network, and the one port of it; without one, those of the web.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    network: IpNet,
    port: Option<u16>,
}

impl Allowed {
    /// Whether there may be a connection to this address and port.
    #[must_use]
    pub fn connection(&self, address: IpAddr, port: u16) -> bool {
        let inner = unwrap(address);
        (is_public(address) && WEB.contains(&port))
            || self.0.iter().any(|row| row.network.contains(&inner) && row.takes(port))
    }

    /// Whether there is any address with this port to which there may be a connection.
    #[must_use]
    pub fn port(&self, port: u16) -> bool {
        WEB.contains(&port) || self.0.iter().any(|row| row.takes(port))
    }
}

impl Row {
    fn takes(self, port: u16) -> bool {
        self.port.map_or_else(|| WEB.contains(&port), |only| only == port)
    }
}

impl FromStr for Row {
    type Err = String;

    /// `10.2.0.0/16`, `10.2.3.4`, `10.2.3.4:8080`, `fd00::/8`, `[fd00::/8]:8080`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no network such as 10.2.0.0/16, 10.2.3.4:8080 or [fd00::/8]:8080");
        let network = |text: &str| {
            let net = text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
            net.map(|net| net.trunc()).ok_or_else(wrong)
        };
        if let Ok(network) = network(text) {
            return Ok(Self { network, port: None });
        }
        let (before, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let before = before.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(before);
        let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?;
        Ok(Self { network: network(before)?, port: Some(port) })
    }
}

impl FromStr for Allowed {
    type Err = String;

    /// Networks with commas between them.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, row) in self.0.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            match row.port {
                None => write!(f, "{comma}{}", row.network)?,
                Some(port) => write!(f, "{comma}[{}]:{port}", row.network)?,
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Allowed {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Allowed> for String {
    fn from(allowed: Allowed) -> Self {
        allowed.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(allowed: &str, address: &str, port: u16) -> bool {
        allowed.parse::<Allowed>().unwrap().connection(address.parse().unwrap(), port)
    }

    #[test]
    fn only_the_public_web_is_open_by_itself() {
        assert!(may("", "8.8.8.8", 443) && may("", "2a00::1", 80));
        assert!(!may("", "8.8.8.8", 22) && !may("", "10.0.0.1", 80) && !may("", "::1", 443));
    }

    #[test]
    fn what_is_named_is_open_with_its_port_and_nothing_else() {
        assert!(may("10.2.0.0/16", "10.2.3.4", 80) && !may("10.2.0.0/16", "10.3.3.4", 80));
        assert!(!may("10.2.0.0/16", "10.2.3.4", 8080));
        assert!(may("10.1.1.1, 10.2.3.4:8080", "10.2.3.4", 8080));
        assert!(!may("10.2.3.4:8080", "10.2.3.4", 80) && !may("10.2.3.4:8080", "10.2.3.5", 8080));
        assert!(may("[fd00::/8]:8080", "fd12::1", 8080) && may("fd00::/8", "fd12::1", 443));
        assert!(may("127.0.0.1:8080", "::ffff:127.0.0.1", 8080));
        assert!(!may("127.0.0.1:8080", "8.8.8.8", 8080));
    }

    #[test]
    fn it_reads_back_the_same_and_names_what_is_wrong() {
        let allowed: Allowed = "10.2.0.0/16,fd00::/8,10.2.3.4:8080,[fd00::1]:8080".parse().unwrap();
        assert_eq!(allowed.to_string().parse::<Allowed>().unwrap(), allowed);
        for wrong in ["intranet", "10.2.0.0/33", "10.2.3.4:0", "10.2.3.4:http", "*"] {
            assert!(wrong.parse::<Allowed>().unwrap_err().contains(wrong));
        }
    }
}
