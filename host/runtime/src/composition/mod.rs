//! Several plugins on one hook, in the merchant's order, as one decision; and what is answered when they fail.
//!
//! | hook | several plugins | one of them fails | all fail |
//! |---|---|---|---|
//! | shipping-quote | quotes add up and are ranked by price | its quotes are missing | the shop's backup rates |
//! | order-routing | not allowed: one owner | | the host's own routing |
//! | order-screening | the strictest verdict | counts as a review | a hold for review |
//! | address-validation | the first that corrects, then the rest check | is left out | accepted, marked unchecked |
//! | return-policy | the most restrictive decision for each return | counts as a review | review by a person |
//!
//! What the host itself must give (backup rates, its own routing) comes in by [`Composition::with_fallback`].
//!
//! What this module must not know: HTTP, shops, what a single plugin decides.

mod address_validation;
mod order_routing;
mod order_screening;
mod return_policy;
mod shipping_quote;

use crate::decision::{Decision, LogEntry, Usage};
use crate::error::CallError;
use crate::hooks::Hook;
use crate::outside::{Fetched, Outside, Plan};
use crate::plugin::Plugin;
use cartwright_contract::Reason;
use cartwright_contract::outside::{HttpRequest, HttpResponse};
use std::borrow::Cow;
use std::fmt;

/// What the next plugin is asked after these answers, when that is not the request itself.
pub type PassedOn<R, A> = fn(&R, &[A]) -> Option<R>;

/// How the answers of several plugins on one hook become one.
pub trait Compose: Hook {
    /// Whether more than one plugin may stand on this hook.
    const SEVERAL: bool = true;

    /// A hook that has this asks its plugins one after the other; all others plan together, so that their requests to the
    /// outside run at the same time.
    const CHAINED: Option<PassedOn<Self::Request, Self::Answer>> = None;

    /// What a plugin that failed counts as beside those that answered; `None` leaves it out.
    fn stand_in(_request: &Self::Request) -> Option<Self::Answer> {
        None
    }

    /// One answer from two or more, in the plugins' order.
    fn merge(request: &Self::Request, answers: Vec<Self::Answer>) -> Self::Answer;

    /// What is answered when no plugin did and the host gave nothing better.
    fn fallback(request: &Self::Request) -> Self::Answer;

    /// Where an answer gives its reasons.
    fn reasons(answer: &mut Self::Answer) -> &mut Vec<Reason>;
}

/// The host's answer when no plugin gave one.
pub type FallbackOf<H> = Box<dyn Fn(&<H as Hook>::Request) -> <H as Hook>::Answer + Send + Sync>;

/// The plugins of one hook, in their order.
pub struct Composition<H: Compose> {
    plugins: Vec<Plugin>,
    fallback: FallbackOf<H>,
}

/// Plugins that cannot stand together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompositionError {
    #[error("plugin {index} does not serve the hook `{hook}`; it serves {served}")]
    HookNotServed { index: usize, hook: &'static str, served: String },
    #[error("{count} plugins were given for the hook `{hook}`, which has one owner; keep one of them")]
    OneOwner { count: usize, hook: &'static str },
}

/// Why the fallback answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// Stable: the limit that was broken, `PANICKED`, `DECLINED`.
    pub code: &'static str,
    /// A sentence for people.
    pub message: String,
}

/// One plugin's part in a decision.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Why it gave no answer, if it gave none.
    pub error: Option<CallError>,
    /// Of its plan and its run together.
    pub usage: Usage,
    pub log: Vec<LogEntry>,
    /// What its plan asked for, and what came of it: with the request, all that the answer rests on.
    pub requests: Vec<HttpRequest>,
    pub responses: Vec<HttpResponse>,
}

/// What a composition decided.
#[derive(Debug, Clone)]
pub struct Composed<A> {
    pub answer: A,
    /// Present when no plugin answered.
    pub fallback: Option<Fallback>,
    /// One for each plugin, in their order.
    pub parts: Vec<Part>,
}

impl<A> Composed<A> {
    /// What all plugins used up together.
    pub fn usage(&self) -> Usage {
        self.parts.iter().fold(Usage::default(), |sum, part| sum.and(part.usage))
    }
}

impl<H: Compose> fmt::Debug for Composition<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composition")
            .field("hook", &H::NAME)
            .field("plugins", &self.plugins.len())
            .finish_non_exhaustive()
    }
}

impl<H: Compose> Composition<H> {
    /// These plugins, in this order.
    ///
    /// # Errors
    /// When one does not serve the hook, or the hook takes only one.
    pub fn new(plugins: Vec<Plugin>) -> Result<Self, CompositionError> {
        for (index, plugin) in plugins.iter().enumerate() {
            let served = &plugin.facts().hooks;
            if !served.iter().any(|hook| hook == H::NAME) {
                return Err(CompositionError::HookNotServed { index, hook: H::NAME, served: served.join(", ") });
            }
        }
        if plugins.len() > 1 && !H::SEVERAL {
            return Err(CompositionError::OneOwner { count: plugins.len(), hook: H::NAME });
        }
        Ok(Self { plugins, fallback: Box::new(H::fallback) })
    }

    /// What the host answers when no plugin does.
    #[must_use]
    pub fn with_fallback(mut self, fallback: impl Fn(&H::Request) -> H::Answer + Send + Sync + 'static) -> Self {
        self.fallback = Box::new(fallback);
        self
    }

    pub fn plugins(&self) -> &[Plugin] {
        &self.plugins
    }

    /// Asks all plugins and makes one answer of theirs. There always is one, unless the request itself is at fault.
    ///
    /// # Errors
    /// What is wrong with the request ([`CallError::is_of_the_request`]), or that no sandbox was free.
    pub fn decide(&self, request: &H::Request, outside: &dyn Outside) -> Result<Composed<H::Answer>, CallError> {
        self.decide_without(&[], request, outside)
    }

    /// As [`Composition::decide`], without the plugins of these places, which count as failed: somebody has switched them off.
    ///
    /// # Errors
    /// As [`Composition::decide`].
    pub fn decide_without(
        &self,
        off: &[usize],
        request: &H::Request,
        outside: &dyn Outside,
    ) -> Result<Composed<H::Answer>, CallError> {
        let (mut answers, mut parts) = (Vec::new(), Vec::with_capacity(self.plugins.len()));
        let plugins: Vec<_> =
            self.plugins.iter().enumerate().map(|(place, plugin)| (!off.contains(&place)).then_some(plugin)).collect();
        if let Some(passed_on) = H::CHAINED {
            for plugin in &plugins {
                let asked = passed_on(request, &answers).map_or(Cow::Borrowed(request), Cow::Owned);
                take::<H>(ask::<H>(std::slice::from_ref(plugin), &asked, outside), request, &mut answers, &mut parts)?;
            }
        } else {
            take::<H>(ask::<H>(&plugins, request, outside), request, &mut answers, &mut parts)?;
        }
        let failures: Vec<_> = parts.iter().filter_map(|part| part.error.as_ref()).collect();
        if failures.len() == parts.len() {
            let fallback = why(&failures);
            return Ok(Composed { answer: (self.fallback)(request), fallback: Some(fallback), parts });
        }
        let reasons: Vec<_> = failures.iter().map(|error| failed(error)).collect();
        let mut answer = if answers.len() == 1 {
            // The plugin's own, checked by its call.
            answers.remove(0)
        } else {
            let merged = H::merge(request, answers);
            if let Err(failure) = H::check(&merged, request) {
                let fallback = Some(why(&[&CallError::BrokenAnswer(failure)]));
                return Ok(Composed { answer: (self.fallback)(request), fallback, parts });
            }
            merged
        };
        H::reasons(&mut answer).extend(reasons);
        Ok(Composed { answer, fallback: None, parts })
    }
}

/// An answer or an error, and what it took.
type Asked<A> = Vec<(Result<A, CallError>, Part)>;

/// Plans of all that are switched on, one trip outside, runs of all.
fn ask<H: Compose>(plugins: &[Option<&Plugin>], request: &H::Request, outside: &dyn Outside) -> Asked<H::Answer> {
    let off = || Decision { outcome: Err(CallError::SwitchedOff), usage: Usage::default(), log: Vec::new() };
    let mut plans: Vec<_> =
        plugins.iter().map(|plugin| plugin.map_or_else(off, |plugin| plugin.plan::<H>(request))).collect();
    let wanted: Vec<_> = plugins
        .iter()
        .zip(&plans)
        .map(|(plugin, plan)| Plan {
            hosts: plugin.map(Plugin::hosts).unwrap_or_default(),
            requests: plan.outcome.as_deref().unwrap_or_default(),
        })
        .collect();
    let nothing = wanted.iter().all(|plan| plan.requests.is_empty());
    let mut responses = if nothing { Vec::new() } else { outside.fetch(&wanted) };
    responses.resize_with(plugins.len(), || Ok(Vec::new()));
    let run = |((plugin, plan), fetched): ((Option<&Plugin>, Decision<Vec<HttpRequest>>), Fetched)| {
        let Decision { outcome, usage, log } = plan;
        let fetched = fetched.map_err(|message| CallError::PlanRefused { message });
        let asked = outcome.and_then(|requests| Ok((plugin.ok_or(CallError::SwitchedOff)?, requests, fetched?)));
        let (plugin, requests, responses) = match asked {
            Ok(all) => all,
            Err(error) => return (Err(error), Part { usage, log, ..Part::default() }),
        };
        let decision = plugin.call::<H>(request, &responses);
        let (usage, log) = (usage.and(decision.usage), [log, decision.log].concat());
        (decision.outcome, Part { error: None, usage, log, requests, responses })
    };
    plugins.iter().copied().zip(plans.drain(..)).zip(responses).map(run).collect()
}

/// Sorts what came back into answers and parts. A request that is at fault ends it all: every plugin would say the same, or
/// the shopper has to change it anyway.
fn take<H: Compose>(
    asked: Asked<H::Answer>,
    request: &H::Request,
    answers: &mut Vec<H::Answer>,
    parts: &mut Vec<Part>,
) -> Result<(), CallError> {
    for (outcome, mut part) in asked {
        match outcome {
            Ok(answer) => answers.push(answer),
            Err(error) if error.is_of_the_request() || matches!(error, CallError::NoSandbox { .. }) => {
                return Err(error);
            }
            Err(error) => {
                answers.extend(H::stand_in(request));
                part.error = Some(error);
            }
        }
        parts.push(part);
    }
    Ok(())
}

fn why(failures: &[&CallError]) -> Fallback {
    match failures.first() {
        Some(error) => Fallback { code: error.code(), message: error.to_string() },
        None => Fallback { code: "NO_PLUGIN", message: "no plugin stands on this hook".into() },
    }
}

fn failed(error: &CallError) -> Reason {
    let message = format!("a plugin on this hook gave no answer: {error}");
    Reason { code: "PLUGIN_FAILED".into(), message, figures: Vec::new() }
}

/// A reason without figures.
fn reason(code: &str, message: &str) -> Reason {
    Reason { code: code.into(), message: message.into(), figures: Vec::new() }
}
