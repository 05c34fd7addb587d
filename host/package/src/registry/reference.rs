//! Where in a registry a package lies: `ghcr.io/acme/flat-rate:1.0.0`.

use crate::digest::{Digest, shortened};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// `HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]`. The host must be named: nothing goes to a public registry because a name was short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

impl Reference {
    /// Host and, if it was named, port.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    pub fn repository(&self) -> &str {
        &self.repository
    }

    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// Of the manifest, not of the component.
    pub fn digest(&self) -> Option<Digest> {
        self.digest
    }

    /// This version's tag, if none was named. A tag cannot have the `+` of a version; it becomes `_`, as other tools do it.
    #[must_use]
    pub fn or_version(self, version: &str) -> Self {
        let tag = self.tag.or_else(|| Some(version.replace('+', "_")));
        Self { tag, ..self }
    }

    /// Exactly this manifest.
    #[must_use]
    pub fn with_digest(self, digest: Digest) -> Self {
        Self { digest: Some(digest), ..self }
    }

    /// Whether the registry is on this machine, and may be asked without TLS.
    pub fn is_loopback(&self) -> bool {
        let host = match self.registry.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => self.registry.split(':').next().unwrap_or_default(),
        };
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    pub(super) fn inner(&self) -> oci_client::Reference {
        let (registry, repository) = (self.registry.clone(), self.repository.clone());
        match (&self.tag, self.digest) {
            (Some(tag), None) => oci_client::Reference::with_tag(registry, repository, tag.clone()),
            (None, Some(digest)) => oci_client::Reference::with_digest(registry, repository, digest.to_string()),
            (Some(tag), Some(digest)) => {
                oci_client::Reference::with_tag_and_digest(registry, repository, tag.clone(), digest.to_string())
            }
            (None, None) => oci_client::Reference::with_tag(registry, repository, "latest".into()),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        self.digest.map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let wrong = |why| ReferenceError { value: shortened(text), why };
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => {
                let digest = digest.parse().map_err(|_| wrong("what follows `@` is not `sha256:` and 64 digits"))?;
                (name, Some(digest))
            }
            None => (text, None),
        };
        let (registry, path) = name.split_once('/').ok_or_else(|| wrong("it names no registry"))?;
        // The rule by which every tool tells a host from the first part of a path.
        if !(registry.contains(['.', ':']) || registry == "localhost") {
            return Err(wrong("it names no registry"));
        }
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (path, None),
        };
        if !is_host(registry) {
            return Err(wrong("its registry is not a host, with or without a port"));
        }
        if !is_repository(repository) {
            return Err(wrong("its path is not lower-case letters and digits, joined by `/`, `-`, `_`, `.`"));
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(wrong("its tag is not 1 to 128 letters, digits, `-`, `_`, `.`"));
        }
        Ok(Self { registry: registry.into(), repository: repository.into(), tag: tag.map(Into::into), digest })
    }
}

fn is_host(registry: &str) -> bool {
    let (host, port) = match registry.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (registry, None),
    };
    let name = |host: &str| {
        host.split('.').all(|part| {
            !part.is_empty()
                && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && !part.starts_with('-')
                && !part.ends_with('-')
        })
    };
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let host = bracketed.map_or_else(|| name(host), |address| address.parse::<std::net::Ipv6Addr>().is_ok());
    host && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
}

fn is_repository(path: &str) -> bool {
    let part = |part: &str| {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(alphanumeric)
            && part.ends_with(alphanumeric)
            && part.chars().all(|c| alphanumeric(c) || "-_.".contains(c))
            && !part.contains("..")
    };
    path.len() <= 255 && path.split('/').all(part)
}

fn is_tag(tag: &str) -> bool {
    tag.len() <= 128
        && tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && tag.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// A text that names no place in a registry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a reference: {why}; it looks like `ghcr.io/acme/flat-rate:1.0.0`")]
pub struct ReferenceError {
    /// As it came, shortened.
    pub value: String,
    pub why: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Reference {
        text.parse().unwrap()
    }

    #[test]
    fn a_reference_reads_as_it_prints() {
        let digest = Digest::of(b"x");
        for text in [
            "ghcr.io/acme/flat-rate:1.0.0",
            "localhost/x",
            "127.0.0.1:5000/acme/flat-rate",
            "[::1]:5000/x:1",
            &format!("ghcr.io/x@{digest}"),
            &format!("ghcr.io/a/b/c:1.0.0@{digest}"),
        ] {
            assert_eq!(read(text).to_string(), text);
        }
    }

    #[test]
    fn the_registry_must_be_named() {
        for text in ["flat-rate", "flat-rate:1.0.0", "acme/flat-rate:1.0.0"] {
            assert_eq!(text.parse::<Reference>().unwrap_err().why, "it names no registry", "{text}");
        }
    }

    #[test]
    fn what_could_leave_the_path_is_refused() {
        for text in [
            "ghcr.io/",
            "ghcr.io/../x",
            "ghcr.io/a//b",
            "ghcr.io/A",
            "ghcr.io/a?b",
            "ghcr.io/a:",
            "ghcr.io/a:b:c",
            "ghcr.io/a:b/c",
            "user@ghcr.io/a",
            "ghcr.io:0/a",
            "ghcr.io:x/a",
            "http://ghcr.io/a",
            "-.io/a",
            "ghcr.io/a@sha256:12",
        ] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_the_loopback() {
        for (text, loopback) in [
            ("localhost:5000/x", true),
            ("127.0.0.1:5000/x", true),
            ("127.9.9.9/x", true),
            ("[::1]:5000/x", true),
            ("localhost.example.com/x", false),
            ("10.0.0.1:5000/x", false),
            ("127.0.0.1.example.com/x", false),
        ] {
            assert_eq!(read(text).is_loopback(), loopback, "{text}");
        }
    }

    #[test]
    fn a_version_is_the_tag_where_none_is_named() {
        assert_eq!(read("ghcr.io/x").or_version("1.0.0+7").tag(), Some("1.0.0_7"));
        assert_eq!(read("ghcr.io/x:stable").or_version("1.0.0").tag(), Some("stable"));
    }
}
