//! Conditions that have a name and are used by others: no circles, and each is looked at once an order.
//!
//! What this file must not know: rules.

use super::condition::Condition;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

/// Named conditions, each after those it uses.
#[derive(Debug, Clone, Default)]
pub struct NamedConditions {
    order: Vec<(String, Condition)>,
    places: BTreeMap<String, usize>,
}

/// A name that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedError {
    /// No condition has it.
    Unknown { within: String, name: String },
    /// It leads back to itself, along these names.
    Cycle(Vec<String>),
}

impl fmt::Display for NamedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { within, name } => write!(f, "the condition `{within}` uses `{name}`, which is not there"),
            Self::Cycle(names) => write!(f, "the condition leads back to itself: `{}`", names.join("` uses `")),
        }
    }
}

impl core::error::Error for NamedError {}

/// How far the search has come with a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Done,
}

impl NamedConditions {
    /// # Errors
    /// When a name is unknown or leads back to itself.
    pub fn new(conditions: &BTreeMap<String, Condition>) -> Result<Self, NamedError> {
        let mut uses: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, condition) in conditions {
            let used = uses.entry(name).or_default();
            condition.names(&mut |name| used.push(name.to_string()));
            if let Some(unknown) = used.iter().find(|used| !conditions.contains_key(*used)) {
                return Err(NamedError::Unknown { within: name.clone(), name: unknown.clone() });
            }
        }
        // Depth first, with a stack of its own: a chain of 10,000 names is no deep recursion.
        let mut states: BTreeMap<&str, State> = BTreeMap::new();
        let mut sorted: Vec<&str> = Vec::new();
        for start in conditions.keys() {
            let mut path: Vec<(&str, usize)> = Vec::new();
            if !states.contains_key(&**start) {
                states.insert(start, State::Open);
                path.push((start, 0));
            }
            while let Some((name, next)) = path.last_mut() {
                let Some(used) = uses[name].get(*next) else {
                    states.insert(name, State::Done);
                    sorted.push(name);
                    path.pop();
                    continue;
                };
                *next += 1;
                match states.get(&**used) {
                    Some(State::Done) => {}
                    Some(State::Open) => {
                        let from = path.iter().position(|(name, _)| name == used).unwrap_or(0);
                        let mut names: Vec<String> = path[from..].iter().map(|(name, _)| name.to_string()).collect();
                        names.push(used.clone());
                        return Err(NamedError::Cycle(names));
                    }
                    None => {
                        states.insert(used, State::Open);
                        path.push((used, 0));
                    }
                }
            }
        }
        let order: Vec<(String, Condition)> =
            sorted.into_iter().map(|name| (name.to_string(), conditions[name].clone())).collect();
        let places = order.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect();
        Ok(Self { order, places })
    }

    /// The place of a name in [`order`](Self::order).
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Names and conditions, each after those it uses.
    #[must_use]
    pub fn order(&self) -> &[(String, Condition)] {
        &self.order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec;

    fn named(name: &str) -> Condition {
        Condition::Named(name.to_string())
    }

    fn of(conditions: &[(&str, &[&str])]) -> Result<NamedConditions, NamedError> {
        let all = |uses: &[&str]| Condition::All(uses.iter().map(|name| named(name)).collect());
        NamedConditions::new(&conditions.iter().map(|(name, uses)| (name.to_string(), all(uses))).collect())
    }

    #[test]
    fn what_is_used_comes_first() {
        let conditions = of(&[("a", &["c", "b"]), ("b", &["c"]), ("c", &[])]).unwrap();
        let order: Vec<&str> = conditions.order().iter().map(|(name, _)| &**name).collect();
        assert_eq!(order, ["c", "b", "a"]);
        assert_eq!(conditions.place("b"), Some(1));
    }

    #[test]
    fn a_circle_is_named_from_end_to_end() {
        let error = of(&[("a", &["b"]), ("b", &["c"]), ("c", &["b"])]).unwrap_err();
        assert_eq!(error, NamedError::Cycle(vec!["b".into(), "c".into(), "b".into()]));
        assert_eq!(format!("{error}"), "the condition leads back to itself: `b` uses `c` uses `b`");
        assert!(matches!(of(&[("a", &["a"])]), Err(NamedError::Cycle(_))));
        let unknown = of(&[("a", &["x"])]).unwrap_err();
        assert_eq!(unknown, NamedError::Unknown { within: "a".into(), name: "x".into() });
    }

    #[test]
    fn a_long_chain_is_no_deep_recursion() {
        let names: Vec<String> = (0..20_000).map(|number| format!("{number:05}")).collect();
        let chain = names.windows(2).map(|pair| (pair[0].clone(), named(&pair[1])));
        let last = (names[19_999].clone(), Condition::All(vec![]));
        let conditions = NamedConditions::new(&chain.chain([last]).collect()).unwrap();
        assert_eq!(conditions.order()[0].0, "19999");
    }
}
