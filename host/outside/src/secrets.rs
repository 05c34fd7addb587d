//! A shop's secrets: put into headers on the way out, taken out of replies on the way in, never shown.

use crate::error::{Problem, ScopeError};
use crate::hosts::{Hosts, Target};
use memchr::memmem;
use std::collections::BTreeMap;
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a secret's name.
pub const LONGEST_NAME: usize = 64;
/// Shorter values are not searched for in replies: they would be found by chance.
const SHORTEST_SEARCHED: usize = 6;
const OPEN: &str = "{{secret:";
const CLOSE: &str = "}}";

/// The values behind `{{secret:NAME}}`. Its `Debug` tells the names only, and its memory is wiped when it goes.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<String, Secret>);

#[derive(Clone)]
struct Secret {
    value: Zeroizing<String>,
    /// Where it may be sent; to every host that the shop's plugin may ask, when absent.
    hosts: Option<Hosts>,
}

impl Secrets {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret that may be sent to every host of the scope. For basic authentication the value is the Base64 of
    /// `user:password`.
    ///
    /// # Errors
    /// When the name or the value cannot stand in a header.
    pub fn with(self, name: &str, value: &str) -> Result<Self, ScopeError> {
        self.add(name, value, None)
    }

    /// Adds a secret that may be sent to these hosts only.
    ///
    /// # Errors
    /// When the name or the value cannot stand in a header.
    pub fn with_for(self, name: &str, value: &str, hosts: Hosts) -> Result<Self, ScopeError> {
        self.add(name, value, Some(hosts))
    }

    fn add(mut self, name: &str, value: &str, hosts: Option<Hosts>) -> Result<Self, ScopeError> {
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(letter) {
            return Err(ScopeError::SecretName(name.into()));
        }
        let wrong = |what| ScopeError::SecretValue { name: name.into(), what };
        if value.is_empty() {
            return Err(wrong("is empty"));
        }
        if !value.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            return Err(wrong("has a character that cannot stand in a header, such as the end of a line"));
        }
        self.0.insert(name.into(), Secret { value: Zeroizing::new(value.into()), hosts });
        Ok(self)
    }

    /// Replaces every `{{secret:NAME}}` in a header's value, and notes in `used` which were.
    pub(crate) fn inject<'s>(
        &'s self,
        header: &str,
        text: &str,
        target: &Target,
        used: &mut BTreeMap<&'s str, &'s str>,
    ) -> Result<Zeroizing<String>, Problem> {
        let mut whole = Zeroizing::new(String::with_capacity(text.len() + 64));
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            let Some((name, after)) = after.split_once(CLOSE) else {
                return Err(Problem::Header { name: header.into(), why: "`{{secret:` is not closed by `}}`".into() });
            };
            // A name that cannot be one is cut: it may be anything that a plugin put there.
            let unknown = || Problem::UnknownSecret { name: name.chars().take(LONGEST_NAME).collect() };
            let (known, secret) = self.0.get_key_value(name).ok_or_else(unknown)?;
            if secret.hosts.as_ref().is_some_and(|hosts| !hosts.allows(target)) {
                return Err(Problem::SecretNotForHost { name: known.clone(), host: target.to_string() });
            }
            used.insert(known, &secret.value);
            // One allocation of the right size: a string that grows leaves copies behind.
            let mut longer =
                Zeroizing::new(String::with_capacity(whole.len() + before.len() + secret.value.len() + after.len()));
            longer.push_str(&whole);
            longer.push_str(before);
            longer.push_str(&secret.value);
            whole = longer;
            rest = after;
        }
        whole.push_str(rest);
        Ok(whole)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Puts `{{secret:NAME}}` back where a reply repeats a secret that its request carried.
///
/// Only the value itself is found, not an encoding of it, and only from 6 characters on.
pub(crate) fn redact(bytes: &mut Vec<u8>, used: &BTreeMap<&str, &str>) {
    for (name, value) in used {
        if value.len() < SHORTEST_SEARCHED {
            continue;
        }
        let found: Vec<usize> = memmem::find_iter(bytes, value.as_bytes()).collect();
        if found.is_empty() {
            continue;
        }
        let mut whole = Vec::with_capacity(bytes.len());
        let mut from = 0;
        for at in found {
            whole.extend_from_slice(&bytes[from..at]);
            whole.extend_from_slice(format!("{OPEN}{name}{CLOSE}").as_bytes());
            from = at + value.len();
        }
        whole.extend_from_slice(&bytes[from..]);
        *bytes = whole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use url::Url;

    fn target(url: &str) -> Target {
        Target::of(&Url::parse(url).unwrap()).unwrap()
    }

    fn injected(secrets: &Secrets, text: &str) -> Result<String, Problem> {
        let mut used = BTreeMap::new();
        secrets.inject("x", text, &target("https://api.example/"), &mut used).map(|text| text.to_string())
    }

    #[test]
    fn a_secret_takes_the_place_of_its_name_wherever_it_stands_in_a_value() {
        let secrets = Secrets::new().with("A", "alpha").unwrap().with("b.2", "{{secret:A}}").unwrap();
        assert_eq!(injected(&secrets, "none").unwrap(), "none");
        assert_eq!(injected(&secrets, "Bearer {{secret:A}}").unwrap(), "Bearer alpha");
        assert_eq!(injected(&secrets, "{{secret:A}}:{{secret:A}}!").unwrap(), "alpha:alpha!");
        assert_eq!(injected(&secrets, "{{secret:b.2}}").unwrap(), "{{secret:A}}", "a value is not read again");
    }

    #[test]
    fn an_unknown_secret_is_named_and_an_open_one_refused() {
        let secrets = Secrets::new().with("A", "alpha").unwrap();
        assert_eq!(injected(&secrets, "{{secret:a}}"), Err(Problem::UnknownSecret { name: "a".into() }));
        assert_eq!(injected(&secrets, "{{secret:}}"), Err(Problem::UnknownSecret { name: String::new() }));
        assert!(matches!(injected(&secrets, "{{secret:A}"), Err(Problem::Header { .. })));
    }

    #[test]
    fn a_secret_for_one_host_goes_to_no_other() {
        let hosts = Hosts::new(["other.example"]).unwrap();
        let secrets = Secrets::new().with_for("A", "alpha", hosts).unwrap();
        assert_eq!(
            injected(&secrets, "{{secret:A}}"),
            Err(Problem::SecretNotForHost { name: "A".into(), host: "api.example".into() })
        );
        let mut used = BTreeMap::new();
        assert!(secrets.inject("x", "{{secret:A}}", &target("https://other.example/"), &mut used).is_ok());
        assert_eq!(used.len(), 1);
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_no_secret_and_the_refusal_does_not_show_it() {
        for value in ["", "two\r\nlines", "nul\0", "größe"] {
            let error = Secrets::new().with("A", value).unwrap_err();
            assert!(matches!(error, ScopeError::SecretValue { .. }));
            assert!(value.is_empty() || !error.to_string().contains(value));
        }
        for name in ["", "a b", "a}}", "ä"] {
            assert!(matches!(Secrets::new().with(name, "x"), Err(ScopeError::SecretName(_))), "{name:?}");
        }
    }

    #[test]
    fn debug_shows_names_only() {
        let secrets = Secrets::new().with("API_KEY", "alpha-beta").unwrap();
        assert_eq!(format!("{secrets:?}"), r#"{"API_KEY"}"#);
    }

    #[test]
    fn a_reply_that_repeats_a_secret_gets_its_name_instead() {
        let used = BTreeMap::from([("A", "alpha-beta"), ("S", "ab")]);
        let mut body = b"key=alpha-beta&again=alpha-betaalpha-beta cab".to_vec();
        redact(&mut body, &used);
        assert_eq!(body, b"key={{secret:A}}&again={{secret:A}}{{secret:A}} cab");
    }
}
