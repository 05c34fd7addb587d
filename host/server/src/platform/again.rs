//! The same question again: a recorded decision with the revisions of then, or with others.
//!
//! What was fetched for it is not fetched again: the record has it. What this module must not know: where records are kept, who wants to know.

use super::deploy::{self, Backed, Pace, Supply};
use super::observe::{self, Exchange};
use crate::config::BackupRate;
use crate::decide::{Decided, Failed, asked};
use crate::shops::Member;
use cartwright_records::Part;
use cartwright_runtime::CallError;
use cartwright_runtime::composition::Composed;
use cartwright_runtime::hooks::{
    AddressValidation, Hook as _, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote,
};
use cartwright_runtime::outside::{Fetched, Outside, Plan};
use std::time::Duration;

/// What was decided this time.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The body that would be sent.
    pub body: Vec<u8>,
    /// The code of the fallback, if it answers.
    pub fallback: Option<String>,
    /// The code of the first plugin that failed, if one did.
    pub error: Option<String>,
    pub fuel: u64,
    pub elapsed: Duration,
}

/// The places of those who were switched off then, and are now, so that the answer is the same; but for whoever is exchanged.
pub fn switched_off(parts: &[Part], exchanged: impl Fn(usize) -> bool) -> Vec<usize> {
    let off = |part: &Part| part.failed.as_ref().is_some_and(|failed| failed.code == CallError::SwitchedOff.code());
    parts.iter().enumerate().filter(|(place, part)| off(part) && !exchanged(*place)).map(|(place, _)| place).collect()
}

/// Asks these revisions but for those at the places `off`. Takes as long as the plugins do, so not to be called on a thread of the runtime.
///
/// # Errors
/// When a revision cannot be had here, or the request is not one that the hook takes any more.
pub fn ask(
    hook: &str,
    members: &[Member],
    rates: &[BackupRate],
    supply: &Supply,
    request: &[u8],
    parts: &[Part],
    off: &[usize],
) -> Result<Decision, String> {
    let exchanges: Vec<Exchange> =
        parts.iter().filter_map(|part| serde_json::from_str(part.plan.as_deref()?).ok()).collect();
    let recorded = Recorded(&exchanges);
    let ask = match hook {
        ShippingQuote::NAME => decide::<ShippingQuote>,
        OrderRouting::NAME => decide::<OrderRouting>,
        OrderScreening::NAME => decide::<OrderScreening>,
        AddressValidation::NAME => decide::<AddressValidation>,
        ReturnPolicy::NAME => decide::<ReturnPolicy>,
        other => return Err(format!("{other:?} is no hook of this version of the software")),
    };
    ask(members, rates, supply, request, &recorded, off)
}

fn decide<H: Backed>(
    members: &[Member],
    rates: &[BackupRate],
    supply: &Supply,
    request: &[u8],
    outside: &dyn Outside,
    off: &[usize],
) -> Result<Decision, String> {
    let request: H::Request = serde_json::from_slice(request)
        .map_err(|error| format!("the request is not one that {} takes: {error}", H::NAME))?;
    let members: Vec<_> = members.iter().collect();
    let (installed, whole) = deploy::compose::<H>(&members, rates, supply, Pace::Patient);
    if !whole {
        return Err("a revision cannot be installed here; the server's log says why".into());
    }
    let decided = installed.composition.decide_without(off, &request, outside).map_err(|error| error.to_string())?;
    let usage = decided.usage();
    let Composed { answer, fallback, parts } = decided;
    let code = fallback.as_ref().map(|fallback| fallback.code.to_owned());
    let error = parts.iter().find_map(|part| part.error.as_ref()).map(|error| error.code().to_owned());
    let told = Decided::of::<H>(answer, &request, asked(&installed, &parts), fallback.map(Failed::from));
    let body = serde_json::to_vec(&told).map_err(|error| error.to_string())?;
    Ok(Decision { body, fallback: code, error, fuel: usage.fuel, elapsed: usage.elapsed })
}

/// The outside world as it was.
struct Recorded<'a>(&'a [Exchange]);

impl Outside for Recorded<'_> {
    fn fetch(&self, plans: &[Plan<'_>]) -> Vec<Fetched> {
        let exchanged = || self.0.iter().flat_map(|exchange| exchange.requests.iter().zip(&exchange.responses));
        let fetch = |plan: &Plan<'_>| {
            let replies = observe::replies(exchanged, plan);
            replies.ok_or_else(|| "the record has no reply to what this plan asks for".to_owned())
        };
        plans.iter().map(fetch).collect()
    }
}
