//! Host names that may be asked: exact names, each with its port.

use crate::error::ScopeError;
use std::collections::BTreeSet;
use std::fmt;
use url::{Host, Url};

/// A list of hosts, as a manifest or an operator writes it: `api.example.com`, `rates.example.com:8443`, `[2001:db8::1]`.
///
/// A name without a port stands for the usual port of the scheme: 443, or 80 where `http:` is allowed. Names are compared as the URL
/// standard normalises them (lower case, Punycode, numbers that are IPv4 addresses in disguise). There are no wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hosts(BTreeSet<(String, Option<u16>)>);

impl Hosts {
    /// # Errors
    /// When one of them is not a host, or stands for many.
    pub fn new<S: AsRef<str>>(hosts: impl IntoIterator<Item = S>) -> Result<Self, ScopeError> {
        hosts.into_iter().map(|host| one(host.as_ref())).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a URL's host is on the list.
    pub(crate) fn allows(&self, target: &Target) -> bool {
        let name = |port| self.0.contains(&(target.host.clone(), port));
        name(Some(target.port)) || (target.usual_port && name(None))
    }
}

impl fmt::Display for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        for (index, (host, port)) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(host)?;
            if let Some(port) = port {
                write!(f, ":{port}")?;
            }
        }
        Ok(())
    }
}

fn one(text: &str) -> Result<(String, Option<u16>), ScopeError> {
    if text.contains('*') {
        return Err(ScopeError::Wildcard(text.into()));
    }
    let wrong = || ScopeError::Host(text.into());
    if text.contains(['/', '\\', '@', '?', '#']) || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong());
    }
    let url = Url::parse(&format!("https://{text}/")).map_err(|_| wrong())?;
    // The parser drops the port when it is the scheme's; the text says whether one was meant.
    let port_given = text.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'));
    let port = if port_given { url.port_or_known_default() } else { None };
    Ok((url.host_str().ok_or_else(wrong)?.to_owned(), port))
}

/// Whom a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// As it stands in a URL: an IPv6 address in brackets.
    pub host: String,
    pub port: u16,
    pub usual_port: bool,
    /// The address, where the URL has one instead of a name.
    pub address: Option<std::net::IpAddr>,
}

impl Target {
    pub fn of(url: &Url) -> Option<Self> {
        let address = match url.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        };
        Some(Self {
            host: url.host_str()?.to_owned(),
            port: url.port_or_known_default()?,
            usual_port: url.port().is_none(),
            address,
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        if self.usual_port { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(list: &[&str], url: &str) -> bool {
        Hosts::new(list).unwrap().allows(&Target::of(&Url::parse(url).unwrap()).unwrap())
    }

    #[test]
    fn a_host_is_allowed_by_its_exact_name_and_port() {
        assert!(allows(&["api.example.com"], "https://api.example.com/v1"));
        assert!(allows(&["API.Example.com"], "https://api.EXAMPLE.com/"));
        assert!(allows(&["api.example.com:443"], "https://api.example.com/"));
        assert!(allows(&["api.example.com:8443"], "https://api.example.com:8443/"));
        assert!(allows(&["bücher.example"], "https://xn--bcher-kva.example/"));
        assert!(allows(&["[2001:db8::1]:8443"], "https://[2001:db8:0::1]:8443/"));
        for url in [
            "https://example.com/",
            "https://evil.api.example.com/",
            "https://api.example.com.evil.example/",
            "https://api.example.com:8443/",
            "https://api.example.com./",
            "https://xapi.example.com/",
        ] {
            assert!(!allows(&["api.example.com"], url), "{url}");
        }
        assert!(!allows(&["api.example.com:8443"], "https://api.example.com/"));
        assert!(!allows(&["api.example.com:443"], "http://api.example.com/"));
    }

    #[test]
    fn an_address_in_disguise_is_the_same_address() {
        assert!(allows(&["127.0.0.1"], "https://0x7f.1/"));
        assert!(allows(&["2130706433"], "https://127.0.0.1/"));
        assert_eq!(
            Target::of(&Url::parse("https://0177.0.0.1/").unwrap()).unwrap().address,
            Some([127, 0, 0, 1].into())
        );
    }

    #[test]
    fn what_is_not_one_host_is_refused() {
        assert_eq!(Hosts::new(["*.example.com"]), Err(ScopeError::Wildcard("*.example.com".into())));
        for text in ["", "https://example.com", "user@example.com", "example.com/", "example.com:99999", "a b.example"]
        {
            assert_eq!(Hosts::new([text]), Err(ScopeError::Host(text.into())), "{text:?}");
        }
    }
}
