//! Conditions: signals found by name, questions that fit them.

use crate::settings::conditions::{Clause, When};
use crate::settings::signals::Band;
use crate::settings::words::Scalar;
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;
use cartwright_core::screening::conflict::Facts;
use cartwright_core::screening::signals::{Kind, Signal};
use cartwright_core::screening::{Ask, Condition, NamedConditions, NamedError, Test};
use cartwright_sdk::settings::{Findings, join};

/// The named conditions; those that never hold are warned of.
pub fn named(words: &BTreeMap<String, When>, findings: &mut Findings) -> Option<NamedConditions> {
    let mut whole = true;
    let mut conditions = BTreeMap::new();
    for (name, when) in words {
        match condition(when, &join("/conditions", name), Some(words), findings) {
            Some(condition) => drop(conditions.insert(name.clone(), condition)),
            None => whole = false,
        }
    }
    if !whole {
        return None;
    }
    let conditions = match NamedConditions::new(&conditions) {
        Ok(conditions) => conditions,
        Err(error) => {
            let name = match &error {
                NamedError::Unknown { within, .. } => within,
                NamedError::Cycle(names) => &names[0],
            };
            let remedy = "take one of these names out of the other's condition";
            return findings.wrong(&join("/conditions", name), name, &error.to_string(), remedy);
        }
    };
    for ((name, _), facts) in conditions.order().iter().zip(Facts::of_named(&conditions)) {
        if let Err(why) = facts {
            findings.odd(&join("/conditions", name), name, &format!("never holds: {why}"), "correct it, or remove it");
        }
    }
    Some(conditions)
}

/// A condition; `names` are those that it may use, when they are to be looked up.
pub fn condition(
    when: &When,
    at: &str,
    names: Option<&BTreeMap<String, When>>,
    findings: &mut Findings,
) -> Option<Condition> {
    let mut all = |parts: &[When], word: &str| {
        let parts: Vec<_> = parts
            .iter()
            .enumerate()
            .map(|(index, part)| condition(part, &format!("{at}/{word}/{index}"), names, findings))
            .collect();
        parts.into_iter().collect::<Option<Vec<_>>>()
    };
    match when {
        When::All(parts) => all(parts, "all").map(Condition::All),
        When::Any(parts) => all(parts, "any").map(Condition::Any),
        When::Not(part) => {
            condition(part, &format!("{at}/not"), names, findings).map(|part| Condition::Not(Box::new(part)))
        }
        When::Condition(name) => {
            if names.is_none_or(|names| names.contains_key(name)) {
                return Some(Condition::Named(name.clone()));
            }
            let known: Vec<&str> = names.into_iter().flatten().map(|(name, _)| &**name).take(32).collect();
            let remedy = format!("add it to `conditions`; there are `{}`", known.join("`, `"));
            findings.wrong(&format!("{at}/condition"), name, "is not the name of a condition", &remedy)
        }
        When::Signal(clause) => {
            let signal = signal(&clause.signal, &format!("{at}/signal"), findings)?;
            let asks = clause_asks(clause, signal, at, findings)?;
            let mut tests = tests(signal, asks, at, clause, findings)?;
            Some(if tests.len() == 1 {
                Condition::Test(tests.remove(0))
            } else {
                Condition::All(tests.into_iter().map(Condition::Test).collect())
            })
        }
    }
}

/// The signal with this name.
pub fn signal(name: &str, at: &str, findings: &mut Findings) -> Option<Signal> {
    if let Some(signal) = Signal::named(name) {
        return Some(signal);
    }
    let folded = name.to_lowercase();
    let close = Signal::ALL
        .iter()
        .map(|signal| signal.info().name)
        .min_by_key(|known| distance(&known.to_lowercase(), &folded));
    let close = close.filter(|close| distance(&close.to_lowercase(), &folded) <= 4);
    let remedy = match close {
        Some(close) => format!("did you mean `{close}`?"),
        None => "use one of the signals that the plugin's guide lists, as `avsNoMatch` or `ipDistance`".into(),
    };
    findings.wrong(at, &name, "is not a known signal", &remedy)
}

/// Characters to insert, remove or replace (Levenshtein); of names, which are short.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (at, right) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(left != *right);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

/// What the words of a clause and of a band ask alike.
struct Bounds<'w> {
    above: Option<i64>,
    at_least: Option<i64>,
    below: Option<i64>,
    at_most: Option<i64>,
    equals: Option<&'w Scalar>,
    one_of: Option<&'w [String]>,
    none_of: Option<&'w [String]>,
    known: Option<bool>,
}

impl Bounds<'_> {
    fn asks(&self) -> Vec<Ask> {
        let texts = |texts: &[String]| texts.iter().cloned().collect::<BTreeSet<String>>();
        let mut asks = Vec::new();
        if [self.above, self.at_least, self.below, self.at_most].iter().any(Option::is_some) {
            // Nothing is above the greatest number; such a bound is saturated, and the core's ranges end far before it.
            let least = self.at_least.into_iter().chain(self.above.map(|above| above.saturating_add(1))).max();
            let most = self.at_most.into_iter().chain(self.below.map(|below| below.saturating_sub(1))).min();
            asks.push(Ask::Within { least: least.unwrap_or(i64::MIN), most: most.unwrap_or(i64::MAX) });
        }
        asks.extend(self.equals.map(|scalar| match scalar {
            Scalar::Flag(flag) => Ask::Is(*flag),
            Scalar::Number(number) => Ask::Within { least: *number, most: *number },
            Scalar::Text(text) => Ask::OneOf([text.clone()].into()),
        }));
        asks.extend(self.one_of.map(|all| Ask::OneOf(texts(all))));
        asks.extend(self.none_of.map(|all| Ask::NoneOf(texts(all))));
        asks.extend(self.known.map(Ask::Known));
        asks
    }
}

fn clause_asks(clause: &Clause, signal: Signal, at: &str, findings: &mut Findings) -> Option<Vec<Ask>> {
    let bounds = Bounds {
        above: clause.above,
        at_least: clause.at_least,
        below: clause.below,
        at_most: clause.at_most,
        equals: clause.equals.as_ref(),
        one_of: clause.one_of.as_deref(),
        none_of: clause.none_of.as_deref(),
        known: clause.known,
    };
    let mut asks = bounds.asks();
    asks.extend(clause.has.as_ref().map(|tags| Ask::Has(tags.iter().cloned().collect())));
    for (word, other, same) in [("sameAs", &clause.same_as, true), ("differsFrom", &clause.differs_from, false)] {
        if let Some(other) = other {
            let other = self::signal(other, &format!("{at}/{word}"), findings)?;
            asks.push(if same { Ask::SameAs(other) } else { Ask::DiffersFrom(other) });
        }
    }
    if !asks.is_empty() {
        return Some(asks);
    }
    let remedy = match signal.info().kind {
        Kind::Flag => return Some(vec![Ask::Is(true)]),
        Kind::Number { .. } => "give `above`, `atLeast`, `below`, `atMost` or `equals`",
        Kind::Text(_) => "give `equals`, `oneOf`, `noneOf`, `sameAs` or `differsFrom`",
        Kind::Tags => "give `has` with a list of tags",
    };
    findings.wrong(at, &clause.signal, "nothing is asked of the signal", remedy)
}

/// The one question of a band.
pub fn band_test(band: &Band, signal: Signal, at: &str, findings: &mut Findings) -> Option<Test> {
    let bounds = Bounds {
        above: band.above,
        at_least: band.at_least,
        below: band.below,
        at_most: band.at_most,
        equals: band.equals.as_ref(),
        one_of: band.one_of.as_deref(),
        none_of: band.none_of.as_deref(),
        known: band.known,
    };
    let asks = bounds.asks();
    if asks.len() != 1 {
        let remedy = "give bounds of a number, or `equals`, `oneOf`, `noneOf` or `known`";
        let message = if asks.is_empty() { "nothing is asked of the signal" } else { "asks more than one thing" };
        return findings.wrong(at, band, message, remedy);
    }
    let test = tests(signal, asks, at, band, findings)?.remove(0);
    let condition = Condition::Test(test.clone());
    if let Err(why) = Facts::of(&condition, &NamedConditions::default(), &[]) {
        findings.odd(at, band, &format!("never holds: {why}"), "correct its bounds, or remove it");
    }
    Some(test)
}

fn tests(
    signal: Signal,
    asks: Vec<Ask>,
    at: &str,
    words: &dyn core::fmt::Debug,
    findings: &mut Findings,
) -> Option<Vec<Test>> {
    let mut tests = Vec::with_capacity(asks.len());
    for ask in asks {
        match Test::new(signal, ask) {
            Ok(test) => tests.push(test),
            Err(error) => {
                let remedy = match signal.info().kind {
                    Kind::Flag => "ask for true or false",
                    Kind::Number { .. } => "ask for a number, in the signal's unit",
                    Kind::Text(_) => "ask for a text that the signal can be",
                    Kind::Tags => "ask with `has` for tags",
                };
                return findings.wrong(at, words, &error.to_string(), remedy);
            }
        }
    }
    Some(tests)
}
