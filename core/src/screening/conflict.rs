//! What must be so where a condition holds: finds conditions that never hold, and rules that an earlier one keeps from ever being
//! reached.
//!
//! It is sound, not complete: what it says is true, and some contradictions behind "any" and "not" it does not see. What this file
//! must not know: how conditions are run.

use super::condition::{Ask, Condition, Test};
use super::named::NamedConditions;
use super::signals::{Form, Kind, Signal};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// What one signal must be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Must {
    /// Must be known, must not be, or either.
    known: Option<bool>,
    flag: Option<bool>,
    least: i64,
    most: i64,
    /// One of these, when some test names them.
    among: Option<BTreeSet<String>>,
    not: BTreeSet<String>,
}

impl Must {
    fn of(test: &Test) -> Self {
        let mut must =
            Self { known: Some(true), flag: None, least: 0, most: i64::MAX, among: None, not: BTreeSet::new() };
        match test.signal().info().kind {
            Kind::Number { most, .. } => must.most = most,
            Kind::Text(Form::OneOf(texts)) => must.among = Some(texts.iter().map(|text| (*text).into()).collect()),
            Kind::Tags => must.known = None,
            _ => {}
        }
        match test.ask() {
            Ask::Known(known) => must.known = Some(*known),
            Ask::Is(flag) => must.flag = Some(*flag),
            Ask::Within { least, most } => {
                (must.least, must.most) = (must.least.max(*least), must.most.min(*most));
            }
            Ask::OneOf(texts) => must.among = Some(texts.clone()),
            Ask::NoneOf(texts) => must.not.clone_from(texts),
            Ask::Has(_) | Ask::SameAs(_) | Ask::DiffersFrom(_) => {}
        }
        must
    }

    /// Both at once; what contradicts, when nothing can be both.
    fn and(&mut self, other: &Self) -> Result<(), String> {
        match (self.known, other.known) {
            (Some(one), Some(two)) if one != two => return Err("must be known and not known".into()),
            (one, two) => self.known = one.or(two),
        }
        match (self.flag, other.flag) {
            (Some(one), Some(two)) if one != two => return Err("must be true and false".into()),
            (one, two) => self.flag = one.or(two),
        }
        self.least = self.least.max(other.least);
        self.most = self.most.min(other.most);
        self.not.extend(other.not.iter().cloned());
        self.among = match (self.among.take(), &other.among) {
            (Some(one), Some(two)) => Some(one.intersection(two).cloned().collect()),
            (one, two) => one.or_else(|| two.clone()),
        };
        self.possible()
    }

    fn possible(&self) -> Result<(), String> {
        if self.least > self.most {
            return Err(format!("must be at least {} and at most {}", self.least, self.most));
        }
        if self.among.as_ref().is_some_and(|among| among.is_subset(&self.not)) {
            return Err("has no text left that it could be".into());
        }
        Ok(())
    }

    /// Whether everything that `self` allows, `wider` allows too.
    fn within(&self, wider: &Self) -> bool {
        (wider.known.is_none() || wider.known == self.known)
            && (wider.flag.is_none() || wider.flag == self.flag)
            && wider.least <= self.least
            && self.most <= wider.most
            && wider.among.as_ref().is_none_or(|wider| self.among.as_ref().is_some_and(|among| among.is_subset(wider)))
            && wider
                .not
                .iter()
                .all(|not| self.not.contains(not) || self.among.as_ref().is_some_and(|among| !among.contains(not)))
    }
}

/// What must be so where a condition holds.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    musts: BTreeMap<Signal, Must>,
    /// Whether the condition also holds wherever this is so.
    exact: bool,
}

impl Facts {
    /// What must be so where the condition holds; `named` are the facts of named conditions by their place, as
    /// [`of_named`](Self::of_named) has them.
    ///
    /// # Errors
    /// Why the condition never holds.
    pub fn of(condition: &Condition, names: &NamedConditions, named: &[Result<Self, String>]) -> Result<Self, String> {
        match condition {
            Condition::Test(test) => {
                let must = Must::of(test);
                must.possible().map_err(|why| contradiction(test.signal(), &why))?;
                let exact = !matches!(test.ask(), Ask::Has(_) | Ask::SameAs(_) | Ask::DiffersFrom(_));
                Ok(Self { musts: BTreeMap::from([(test.signal(), must)]), exact })
            }
            Condition::Named(name) => match names.place(name).and_then(|place| named.get(place)) {
                Some(facts) => facts.clone(),
                None => Ok(Self::default()),
            },
            Condition::All(parts) => {
                let mut all = Self { exact: true, ..Self::default() };
                for part in parts {
                    all.and(Self::of(part, names, named)?)?;
                }
                Ok(all)
            }
            Condition::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| Self::of(part, names, named)).collect();
                let never = parts.iter().filter(|part| part.is_err()).count();
                match parts.len() - never {
                    0 => parts.into_iter().next().unwrap_or_else(|| Err("none of no conditions holds".into())),
                    1 => parts.into_iter().find(Result::is_ok).unwrap_or_else(|| Ok(Self::default())),
                    _ => Ok(Self::default()),
                }
            }
            Condition::Not(_) => Ok(Self::default()),
        }
    }

    /// The facts of every named condition, in their order.
    #[must_use]
    pub fn of_named(names: &NamedConditions) -> Vec<Result<Self, String>> {
        let mut named = Vec::with_capacity(names.order().len());
        for (_, condition) in names.order() {
            let facts = Self::of(condition, names, &named);
            named.push(facts);
        }
        named
    }

    fn and(&mut self, other: Self) -> Result<(), String> {
        self.exact &= other.exact;
        for (signal, must) in other.musts {
            match self.musts.get_mut(&signal) {
                Some(known) => known.and(&must).map_err(|why| contradiction(signal, &why))?,
                None => drop(self.musts.insert(signal, must)),
            }
        }
        Ok(())
    }

    /// Whether wherever `narrower` holds, this holds too, for certain.
    #[must_use]
    pub fn covers(&self, narrower: &Self) -> bool {
        self.exact
            && self
                .musts
                .iter()
                .all(|(signal, wider)| narrower.musts.get(signal).is_some_and(|narrow| narrow.within(wider)))
    }
}

fn contradiction(signal: Signal, why: &str) -> String {
    format!("`{}` {why}", signal.info().name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn test(signal: Signal, ask: Ask) -> Condition {
        Condition::Test(Test::new(signal, ask).unwrap())
    }

    fn within(signal: Signal, least: i64, most: i64) -> Condition {
        test(signal, Ask::Within { least, most })
    }

    fn texts(all: &[&str]) -> BTreeSet<String> {
        all.iter().map(ToString::to_string).collect()
    }

    fn facts(condition: &Condition) -> Result<Facts, String> {
        Facts::of(condition, &NamedConditions::default(), &[])
    }

    #[test]
    fn contradicting_bounds_are_found_and_named() {
        let never = Condition::All(vec![
            within(Signal::Quantity, 10, i64::MAX),
            Condition::All(vec![within(Signal::Quantity, 0, 5)]),
        ]);
        assert_eq!(facts(&never).unwrap_err(), "`quantity` must be at least 10 and at most 5");
        for never in [
            within(Signal::EmailShape, 1_001, i64::MAX),
            within(Signal::Quantity, i64::MIN, -1),
            Condition::All(vec![test(Signal::PoBox, Ask::Is(true)), test(Signal::PoBox, Ask::Is(false))]),
            Condition::All(vec![test(Signal::PoBox, Ask::Is(true)), test(Signal::PoBox, Ask::Known(false))]),
            Condition::All(vec![
                test(Signal::Avs, Ask::OneOf(texts(&["noMatch"]))),
                test(Signal::Avs, Ask::NoneOf(texts(&["noMatch"]))),
            ]),
            Condition::Any(vec![
                within(Signal::EmailShape, 2_000, i64::MAX),
                within(Signal::EmailShape, 3_000, i64::MAX),
            ]),
        ] {
            assert!(facts(&never).is_err(), "{never:?}");
        }
        let maybe = Condition::Any(vec![within(Signal::EmailShape, 2_000, i64::MAX), within(Signal::Quantity, 3, 4)]);
        assert!(facts(&maybe).is_ok());
    }

    #[test]
    fn a_named_condition_contradicts_where_it_is_used() {
        let names =
            NamedConditions::new(&BTreeMap::from([("big".to_string(), within(Signal::Quantity, 10, i64::MAX))]))
                .unwrap();
        let never = Condition::All(vec![Condition::Named("big".into()), within(Signal::Quantity, 0, 9)]);
        assert!(Facts::of(&never, &names, &Facts::of_named(&names)).is_err());
    }

    #[test]
    fn a_wider_condition_covers_a_narrower_one_and_not_the_other_way() {
        let wide = facts(&within(Signal::Quantity, 5, i64::MAX)).unwrap();
        let narrow =
            facts(&Condition::All(vec![within(Signal::Quantity, 10, 20), test(Signal::PoBox, Ask::Is(true))])).unwrap();
        assert!(wide.covers(&narrow) && !narrow.covers(&wide) && wide.covers(&wide));
        let any =
            facts(&Condition::Any(vec![within(Signal::Quantity, 5, i64::MAX), test(Signal::PoBox, Ask::Is(true))]))
                .unwrap();
        assert!(!any.covers(&narrow), "what is behind `any` is not compared");
    }
}
