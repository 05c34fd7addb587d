//! A condition as a flat list of steps: one register, jumps that only go forward, so it ends after at most as many steps as it has.
//!
//! What this file must not know: rules, settings.

use super::condition::{Ask, Condition, Test};
use super::named::NamedConditions;
use super::signals::{Signal, Signals, Value, Wanted};
use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

/// A condition ready to be run.
#[derive(Debug, Clone)]
pub struct Program {
    steps: Vec<Step>,
}

#[derive(Debug, Clone)]
enum Step {
    /// Puts the outcome of a test into the register.
    Test(Compiled),
    /// Puts the outcome of a named condition into the register.
    Named(u32),
    /// Turns the register round.
    Not,
    /// Go to this step when the register is false.
    UnlessGo(u32),
    /// Go to this step when the register is true.
    IfGo(u32),
    /// Puts this into the register.
    Set(bool),
}

/// A test ready to be run: texts sorted, tags by their place.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    signal: Signal,
    ask: CompiledAsk,
}

#[derive(Debug, Clone)]
enum CompiledAsk {
    Known(bool),
    Is(bool),
    Within { least: i64, most: i64 },
    Text { texts: Box<[String]>, among: bool },
    Has(Box<[u32]>),
    Other { signal: Signal, same: bool },
}

impl Compiled {
    /// `wanted` has all tags that the test asks for.
    pub(crate) fn new(test: &Test, wanted: &Wanted) -> Self {
        let sorted = |texts: &BTreeSet<String>| texts.iter().cloned().collect();
        let ask = match test.ask() {
            Ask::Known(known) => CompiledAsk::Known(*known),
            Ask::Is(flag) => CompiledAsk::Is(*flag),
            Ask::Within { least, most } => CompiledAsk::Within { least: *least, most: *most },
            Ask::OneOf(texts) => CompiledAsk::Text { texts: sorted(texts), among: true },
            Ask::NoneOf(texts) => CompiledAsk::Text { texts: sorted(texts), among: false },
            Ask::Has(tags) => {
                CompiledAsk::Has(tags.iter().filter_map(|tag| wanted.tag(tag)).map(|at| at as u32).collect())
            }
            Ask::SameAs(other) => CompiledAsk::Other { signal: *other, same: true },
            Ask::DiffersFrom(other) => CompiledAsk::Other { signal: *other, same: false },
        };
        Self { signal: test.signal(), ask }
    }

    pub(crate) fn holds(&self, signals: &Signals<'_>) -> bool {
        let value = signals.get(self.signal);
        match (&self.ask, value) {
            (CompiledAsk::Known(known), value) => (*value != Value::Unknown) == *known,
            (CompiledAsk::Has(tags), _) => tags.iter().any(|tag| signals.has_tag(self.signal, *tag as usize)),
            (CompiledAsk::Is(flag), Value::Flag(value)) => flag == value,
            (CompiledAsk::Within { least, most }, Value::Number(value)) => (least..=most).contains(&value),
            (CompiledAsk::Text { texts, among }, Value::Text(value)) => {
                texts.binary_search_by(|text| (**text).cmp(value)).is_ok() == *among
            }
            (CompiledAsk::Other { signal, same }, Value::Text(value)) => match signals.get(*signal) {
                Value::Text(other) => (value == other) == *same,
                _ => false,
            },
            _ => false,
        }
    }
}

impl Program {
    /// `named` and `wanted` have all names and tags that the condition uses; a name that is not there does not hold.
    #[must_use]
    pub fn new(condition: &Condition, named: &NamedConditions, wanted: &Wanted) -> Self {
        let mut steps = Vec::new();
        compile(condition, named, wanted, &mut steps);
        steps.shrink_to_fit();
        Self { steps }
    }

    /// How many steps it has.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// The signals that its own tests look at, those of named conditions left out.
    pub fn signals(&self) -> impl Iterator<Item = Signal> {
        self.steps.iter().filter_map(|step| if let Step::Test(test) = step { Some(test.signal) } else { None })
    }

    /// Whether it holds; `named` are the outcomes of the named conditions, in their order.
    #[must_use]
    pub fn holds(&self, signals: &Signals<'_>, named: &[bool]) -> bool {
        let (mut register, mut next) = (true, 0);
        while let Some(step) = self.steps.get(next) {
            next += 1;
            match step {
                Step::Test(test) => register = test.holds(signals),
                Step::Named(place) => register = named.get(*place as usize).copied().unwrap_or(false),
                Step::Not => register = !register,
                Step::UnlessGo(to) if !register => next = *to as usize,
                Step::IfGo(to) if register => next = *to as usize,
                Step::UnlessGo(_) | Step::IfGo(_) => {}
                Step::Set(outcome) => register = *outcome,
            }
        }
        register
    }
}

fn compile(condition: &Condition, named: &NamedConditions, wanted: &Wanted, steps: &mut Vec<Step>) {
    match condition {
        Condition::Test(test) => steps.push(Step::Test(Compiled::new(test, wanted))),
        Condition::Named(name) => {
            steps.push(named.place(name).map_or(Step::Set(false), |place| Step::Named(place as u32)));
        }
        Condition::Not(part) => {
            compile(part, named, wanted, steps);
            steps.push(Step::Not);
        }
        Condition::All(parts) | Condition::Any(parts) => {
            let all = matches!(condition, Condition::All(_));
            if parts.is_empty() {
                steps.push(Step::Set(all));
            }
            let mut jumps = Vec::new();
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    jumps.push(steps.len());
                    steps.push(Step::Set(all));
                }
                compile(part, named, wanted, steps);
            }
            let end = steps.len() as u32;
            for jump in jumps {
                steps[jump] = if all { Step::UnlessGo(end) } else { Step::IfGo(end) };
            }
        }
    }
}
