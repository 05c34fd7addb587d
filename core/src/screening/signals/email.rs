//! Signals of the e-mail address: its domain, how long the shop has known it, whether its name looks thrown together.
//!
//! What this file must not know: what a signal is worth.

use super::{Signal, SignalRules, Signals, Value};
use crate::screening::text::{domains_above, mailbox};
use alloc::vec::Vec;
use cartwright_contract::order_screening::Request;

const SECONDS_OF_A_DAY: i64 = 86_400;

pub fn read<'r>(request: &'r Request, rules: &SignalRules, signals: &mut Signals<'r>) {
    let seen = request.history.as_ref().and_then(|history| history.email_first_seen);
    let age = seen.map(|seen| request.at.saturating_sub(seen).max(0) / SECONDS_OF_A_DAY);
    signals.set(Signal::EmailAge, Value::number(age));
    let email = request.customer.as_ref().and_then(|customer| customer.email.as_deref());
    let Some(email) = email.filter(|email| !email.is_empty()) else { return };
    let mailbox = mailbox(email);
    signals.set(Signal::EmailMalformed, Value::Flag(mailbox.is_none()));
    if let Some((local, domain)) = mailbox {
        signals.set(Signal::EmailShape, Value::Number(shape(&local)));
        signals.set(Signal::DisposableEmail, Value::Flag(rules.disposable_domains.contains(&domain)));
        signals.set(Signal::EmailDomain, Value::Text(domain.into()));
    }
}

/// A set of domains, each with all that is below it: 121,000 of them take a megabyte and a search of 17 steps.
///
/// Only 64-bit hashes (FNV-1a) are kept: an innocent domain is taken for one of n with a probability of n / 2^64.
#[derive(Debug, Clone, Default)]
pub struct Domains {
    /// Sorted.
    hashes: Vec<u64>,
}

impl Domains {
    /// From names in lower case.
    pub fn new<'d>(domains: impl Iterator<Item = &'d str>) -> Self {
        let mut hashes: Vec<u64> = domains.map(hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes.shrink_to_fit();
        Self { hashes }
    }

    /// Whether the domain, or one above it, is among them.
    #[must_use]
    pub fn contains(&self, domain: &str) -> bool {
        !self.hashes.is_empty() && domains_above(domain).any(|above| self.hashes.binary_search(&hash(above)).is_ok())
    }

    /// Different domains.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

/// FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo; RFC 9923).
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// How much the name before the `@` looks thrown together, from 0 (a word or a name) to 1000 (dice).
///
/// Cartwright's own measure, in points: 120 for every change between letters and digits after the first, 60 for every digit after the
/// fourth (at most 300), 150 for every consonant after the fourth in a row, 250 for fewer vowels than one letter in seven, 200 for
/// more than a quarter of rare letters (j, q, w, x, z), 100 for 20 and more characters without a separator; the last three from six
/// letters on. Letters beyond a to z count as vowels: other scripts are no dice.
#[must_use]
pub fn shape(local: &str) -> i64 {
    let (mut letters, mut vowels, mut rare, mut digits) = (0_i64, 0_i64, 0_i64, 0_i64);
    let (mut changes, mut consonants, mut crowded) = (0_i64, 0_i64, 0_i64);
    let (mut before, mut run, mut longest) = (None, 0_i64, 0_i64);
    for character in local.chars() {
        let letter = character.is_alphabetic();
        if !letter && !character.is_ascii_digit() {
            (before, consonants, run) = (None, 0, 0);
            continue;
        }
        run += 1;
        longest = longest.max(run);
        changes += i64::from(before.is_some_and(|before| before != letter));
        before = Some(letter);
        if !letter {
            (digits, consonants) = (digits + 1, 0);
            continue;
        }
        letters += 1;
        rare += i64::from(matches!(character.to_ascii_lowercase(), 'j' | 'q' | 'w' | 'x' | 'z'));
        let vowel =
            !character.is_ascii() || matches!(character.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        vowels += i64::from(vowel);
        consonants = if vowel { 0 } else { consonants + 1 };
        crowded += i64::from(consonants > 4);
    }
    let mut points = (changes - 1).max(0) * 120 + ((digits - 4).max(0) * 60).min(300) + crowded * 150;
    if letters >= 6 {
        points += if vowels * 7 < letters { 250 } else { 0 };
        points += if rare * 4 > letters { 200 } else { 0 };
        points += if longest >= 20 { 100 } else { 0 };
    }
    points.min(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use proptest::prelude::*;

    #[test]
    fn names_and_words_are_not_thrown_together() {
        for local in
            ["john.smith", "jsmith1984", "maria_garcia", "info", "schwarzkopf", "o.nguyen", "李雷", "иванов", ""]
        {
            assert_eq!(shape(local), 0, "{local}");
        }
        for local in ["bigdog4life", "anna22b"] {
            assert!(shape(local) <= 240, "{local}: {}", shape(local));
        }
    }

    #[test]
    fn dice_are_recognised() {
        for local in ["xk7q9zt2w", "hrvstprnk", "a1b2c3d4e5", "wjxkqpvz", "f3a9c1d2b8e7"] {
            assert!(shape(local) >= 600, "{local}: {}", shape(local));
        }
    }

    #[test]
    fn a_domain_counts_with_all_below_it_and_not_with_those_beside_it() {
        let domains = Domains::new(["mailinator.com", "yopmail.com", "yopmail.com"].into_iter());
        assert_eq!(domains.len(), 2);
        for (domain, is) in
            [("mailinator.com", true), ("a.b.mailinator.com", true), ("notmailinator.com", false), ("com", false)]
        {
            assert_eq!(domains.contains(domain), is, "{domain}");
        }
        assert!(!Domains::default().contains("mailinator.com"));
    }

    proptest! {
        #[test]
        fn a_shape_is_within_its_ends(local in any::<String>()) {
            prop_assert!((0..=1_000).contains(&shape(&local)));
        }
    }
}
