//! A merchant's whole screening, ready to answer, and the answer.
//!
//! What this file must not know: how settings are written.

use super::condition::Condition;
use super::explain;
use super::lists::{ListKind, Lists};
use super::model::Model;
use super::named::NamedConditions;
use super::program::Program;
use super::signals::{Signal, SignalRules, Signals, Value, Wanted};
use super::weights::{CompiledWeight, Weight};
use super::{HIGHEST_SCORE, MOST_POINTS};
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use cartwright_contract::order_screening::{Answer, Contribution, Request, Verdict};
use cartwright_contract::validate::Validate;
use cartwright_contract::{Failure, Reason};
use core::fmt;

/// What a rule does where its condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Adds this to the score; the next rules are looked at.
    Points(i32),
    /// Decides; no further rule is looked at.
    Verdict(Verdict),
}

/// One of the merchant's rules.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The reason's code.
    pub code: String,
    /// The reason's sentence.
    pub message: String,
    pub when: Condition,
    pub then: Effect,
}

/// From which score on an order is reviewed and rejected, where no rule has decided; never, when absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thresholds {
    pub review: Option<u32>,
    pub reject: Option<u32>,
}

/// What a [`Screen`] is made from.
#[derive(Debug, Clone, Default)]
pub struct ScreenRules {
    /// ISO 4217; every amount in the rules is in it.
    pub currency: String,
    pub signals: SignalRules,
    pub lists: Lists,
    pub conditions: NamedConditions,
    pub weights: Vec<Weight>,
    pub rules: Vec<Rule>,
    pub model: Option<Model>,
    pub thresholds: Thresholds,
}

/// Rules that cannot be used. Counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScreenError {
    /// Not 0 to 1000.
    Threshold(u32),
    /// An order would be rejected before it is reviewed.
    ThresholdsOutOfOrder { review: u32, reject: u32 },
    /// A weight's signal has one already, or a band is about another signal.
    Weight(usize),
    /// Not -1000 to 1000.
    Points(i32),
    /// A rule uses a condition that is not there.
    UnknownCondition { rule: usize, name: String },
    /// Not above 0.
    NormalOrderValue(i64),
}

impl fmt::Display for ScreenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Threshold(value) => write!(f, "a threshold of {value} is not from 0 to {HIGHEST_SCORE}"),
            Self::ThresholdsOutOfOrder { review, reject } => {
                write!(f, "orders are rejected from {reject} on, before they are reviewed from {review} on")
            }
            Self::Weight(index) => {
                write!(f, "the signal of weight {index} has a weight already, or a band of another signal")
            }
            Self::Points(points) => write!(f, "{points} points are not from -{MOST_POINTS} to {MOST_POINTS}"),
            Self::UnknownCondition { rule, name } => {
                write!(f, "rule {rule} uses the condition `{name}`, which is not there")
            }
            Self::NormalOrderValue(value) => write!(f, "a normal order is worth {value}, which is not above 0"),
        }
    }
}

impl core::error::Error for ScreenError {}

/// A rule ready to be used.
#[derive(Debug, Clone)]
struct CompiledRule {
    code: String,
    message: String,
    when: Program,
    then: Effect,
}

/// A merchant's screening, compiled.
#[derive(Debug, Clone)]
pub struct Screen {
    currency: String,
    signals: SignalRules,
    wanted: Wanted,
    lists: Lists,
    /// Of the named conditions that are used.
    conditions: Vec<Program>,
    weights: Vec<CompiledWeight>,
    rules: Vec<CompiledRule>,
    model: Option<Model>,
    thresholds: Thresholds,
}

impl Screen {
    /// # Errors
    /// The first thing that is wrong.
    pub fn new(rules: ScreenRules) -> Result<Self, ScreenError> {
        check(&rules)?;
        let wanted = wanted(&rules);
        let program = |condition: &Condition| Program::new(condition, &rules.conditions, &wanted);
        Ok(Self {
            conditions: rules.conditions.order().iter().map(|(_, condition)| program(condition)).collect(),
            weights: rules.weights.iter().map(|weight| CompiledWeight::new(weight, &wanted)).collect(),
            rules: rules
                .rules
                .iter()
                .map(|rule| CompiledRule {
                    code: rule.code.clone(),
                    message: rule.message.clone(),
                    when: program(&rule.when),
                    then: rule.then,
                })
                .collect(),
            currency: rules.currency,
            signals: rules.signals,
            wanted,
            lists: rules.lists,
            model: rules.model,
            thresholds: rules.thresholds,
        })
    }

    /// The signals of an order, those that this screening reads.
    #[must_use]
    pub fn signals<'r>(&self, request: &'r Request) -> Signals<'r> {
        Signals::read(request, &self.signals, &self.wanted)
    }
}

fn check(rules: &ScreenRules) -> Result<(), ScreenError> {
    let Thresholds { review, reject } = rules.thresholds;
    if let Some(value) = [review, reject].into_iter().flatten().find(|value| *value > HIGHEST_SCORE) {
        return Err(ScreenError::Threshold(value));
    }
    if let (Some(review), Some(reject)) = (review, reject)
        && review > reject
    {
        return Err(ScreenError::ThresholdsOutOfOrder { review, reject });
    }
    if let Some(value) = rules.signals.normal_order_value.filter(|value| *value <= 0) {
        return Err(ScreenError::NormalOrderValue(value));
    }
    let mut weighed = BTreeSet::new();
    for (index, weight) in rules.weights.iter().enumerate() {
        let same = weight.bands.iter().all(|band| band.test.signal() == weight.signal);
        if !same || !weighed.insert(weight.signal) {
            return Err(ScreenError::Weight(index));
        }
    }
    let bands = rules.weights.iter().flat_map(|weight| &weight.bands).map(|band| band.points);
    let points = rules.rules.iter().filter_map(|rule| match rule.then {
        Effect::Points(points) => Some(points),
        Effect::Verdict(_) => None,
    });
    if let Some(points) = bands.chain(points).find(|points| !(-MOST_POINTS..=MOST_POINTS).contains(points)) {
        return Err(ScreenError::Points(points));
    }
    for (index, rule) in rules.rules.iter().enumerate() {
        let mut unknown = None;
        rule.when.names(&mut |name| {
            if rules.conditions.place(name).is_none() {
                unknown = Some(name.into());
            }
        });
        if let Some(name) = unknown {
            return Err(ScreenError::UnknownCondition { rule: index, name });
        }
    }
    Ok(())
}

/// What the weights, conditions and the model read.
fn wanted(rules: &ScreenRules) -> Wanted {
    let mut wanted = Wanted::default();
    let mut tags = BTreeSet::new();
    {
        let mut test = |test: &super::condition::Test| {
            wanted.signal(test.signal());
            match test.ask() {
                super::Ask::Has(some) => tags.extend(some.iter().cloned()),
                super::Ask::SameAs(other) | super::Ask::DiffersFrom(other) => wanted.signal(*other),
                _ => {}
            }
        };
        rules.weights.iter().flat_map(|weight| &weight.bands).for_each(|band| test(&band.test));
        rules.rules.iter().for_each(|rule| rule.when.tests(&mut test));
        rules.conditions.order().iter().for_each(|(_, condition)| condition.tests(&mut test));
    }
    if let Some(model) = &rules.model {
        model.features().iter().for_each(|signal| wanted.signal(*signal));
    }
    wanted.set_tags(tags);
    wanted
}

/// Whether the order is accepted, reviewed or rejected, and why.
///
/// # Errors
/// When the request is outside of the contract's ranges, or in another currency than the settings.
pub fn screen(screen: &Screen, request: &Request) -> Result<Answer, Failure> {
    request.validate()?;
    if request.currency != screen.currency {
        return Err(Failure {
            code: "CURRENCY_NOT_SCREENED".into(),
            message: format!("the settings' amounts are in {}; the order is in {}", screen.currency, request.currency),
            field: Some("/currency".into()),
        });
    }
    let listed = screen.lists.find(request).map(|(kind, entry)| (kind, explain::list(kind, entry)));
    match listed {
        Some((ListKind::Allow, reason)) => {
            Ok(Answer { verdict: Verdict::Accept, score: 0, contributions: vec![], reasons: vec![reason] })
        }
        Some((ListKind::Block, reason)) => {
            let contributions = vec![Contribution { reason: reason.clone(), points: MOST_POINTS }];
            Ok(Answer { verdict: Verdict::Reject, score: HIGHEST_SCORE, contributions, reasons: vec![reason] })
        }
        // A person will look at it, and wants to know what else there is.
        Some((ListKind::Review, reason)) => {
            let (contributions, _) = weigh(screen, request);
            Ok(Answer { verdict: Verdict::Review, score: score(&contributions), contributions, reasons: vec![reason] })
        }
        None => {
            let (contributions, decided) = weigh(screen, request);
            let score = score(&contributions);
            let (verdict, reason) = decided.unwrap_or_else(|| by_threshold(screen.thresholds, score));
            Ok(Answer { verdict, score, contributions, reasons: vec![reason] })
        }
    }
}

/// What every weight, the model and the rules add, in this order, and the rule that decided.
fn weigh(screen: &Screen, request: &Request) -> (Vec<Contribution>, Option<(Verdict, Reason)>) {
    let signals = screen.signals(request);
    let mut contributions = Vec::new();
    for weight in &screen.weights {
        let points = weight.points(&signals);
        if points != 0 {
            let reason = explain::signal(weight.signal, signals.get(weight.signal), points, &screen.currency);
            contributions.push(Contribution { reason, points });
        }
    }
    if let Some(assessment) = screen.model.as_ref().map(|model| model.assess(&signals))
        && assessment.points != 0
    {
        contributions.push(Contribution { reason: explain::model(&assessment), points: assessment.points });
    }
    let mut named = Vec::with_capacity(screen.conditions.len());
    for condition in &screen.conditions {
        let holds = condition.holds(&signals, &named);
        named.push(holds);
    }
    for rule in &screen.rules {
        if !rule.when.holds(&signals, &named) {
            continue;
        }
        let reason = Reason { code: rule.code.clone(), message: rule.message.clone(), figures: vec![] };
        match rule.then {
            Effect::Points(points) => contributions.push(Contribution { reason, points }),
            Effect::Verdict(verdict) => {
                let figures = figures_of(rule, &signals);
                return (contributions, Some((verdict, Reason { figures, ..reason })));
            }
        }
    }
    (contributions, None)
}

/// The numbers that the rule's own tests looked at, each once.
fn figures_of(rule: &CompiledRule, signals: &Signals<'_>) -> Vec<cartwright_contract::Figure> {
    let looked_at: BTreeSet<Signal> = rule.when.signals().collect();
    looked_at
        .into_iter()
        .filter_map(|signal| match (signals.get(signal), signal.info().kind) {
            (Value::Number(number), super::signals::Kind::Number { unit, .. }) => {
                Some(explain::figure(signal.info().name, *number, unit))
            }
            _ => None,
        })
        .collect()
}

fn score(contributions: &[Contribution]) -> u32 {
    let sum: i64 = contributions.iter().map(|contribution| i64::from(contribution.points)).sum();
    u32::try_from(sum.max(0)).unwrap_or(HIGHEST_SCORE).min(HIGHEST_SCORE)
}

fn by_threshold(thresholds: Thresholds, score: u32) -> (Verdict, Reason) {
    let reached = |threshold: Option<u32>| threshold.filter(|threshold| score >= *threshold);
    if let Some(threshold) = reached(thresholds.reject) {
        let message = format!("The score of {score} has reached {threshold}, from which on orders are rejected.");
        return (Verdict::Reject, explain::threshold("REJECT_THRESHOLD_REACHED", message, score, Some(threshold)));
    }
    if let Some(threshold) = reached(thresholds.review) {
        let message = format!("The score of {score} has reached {threshold}, from which on a person looks at orders.");
        return (Verdict::Review, explain::threshold("REVIEW_THRESHOLD_REACHED", message, score, Some(threshold)));
    }
    let next = thresholds.review.or(thresholds.reject);
    let message = match next {
        Some(next) => format!("The score of {score} is below {next}."),
        None => format!("The score of {score} has no threshold to reach."),
    };
    (Verdict::Accept, explain::threshold("BELOW_THRESHOLDS", message, score, next))
}
