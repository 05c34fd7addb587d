//! A plugin on every hook that answers what its settings say, and tells in its reasons what it was shown: for tests of what the
//! host does with several plugins, with failures, with plans and with personal fields.

use cartwright_sdk::hooks::{address_validation, order_routing, order_screening, return_policy, shipping_quote};
use cartwright_sdk::prelude::*;

#[derive(Settings)]
pub struct Script {
    /// The answer, as JSON; empty for an answer of nothing.
    #[setting(default)]
    answer: String,
    /// Declines instead of answering.
    #[setting(default)]
    fails: bool,
    /// The host that the plan calls.
    #[setting(default)]
    #[allow(dead_code, reason = "read from the settings document by the host that runs the plan")]
    host: String,
    /// What the plan asks for.
    #[setting(default)]
    fetch: Vec<Fetch>,
}

/// One request of the plan.
#[derive(Settings)]
pub struct Fetch {
    id: String,
    url: String,
    /// The value of the header `authorization`.
    #[setting(default)]
    authorization: String,
    /// In milliseconds.
    timeout: u32,
    /// In seconds.
    #[setting(default)]
    cache_for: u32,
}

impl Script {
    fn answer<A: serde::de::DeserializeOwned + Default>(&self) -> Result<A, Failure> {
        let failure = |code: &str, message: String| Failure { code: code.into(), message, field: None };
        if self.fails {
            return Err(failure("SCRIPTED", "the script says so".into()));
        }
        if self.answer.is_empty() {
            return Ok(A::default());
        }
        serde_json::from_str(&self.answer).map_err(|error| failure("NO_SUCH_ANSWER", error.to_string()))
    }

    fn plan(&self) -> Vec<HttpRequest> {
        let request = |fetch: &Fetch| HttpRequest {
            id: fetch.id.clone(),
            url: fetch.url.clone(),
            headers: Some(&fetch.authorization)
                .filter(|value| !value.is_empty())
                .map(|value| shipping_quote::plan::Field { name: "authorization".into(), value: value.clone() })
                .into_iter()
                .collect(),
            timeout: fetch.timeout,
            cache_for: fetch.cache_for,
            ..HttpRequest::default()
        };
        self.fetch.iter().map(request).collect()
    }
}

/// What the plugin was shown: the request as JSON, and each response in a line.
fn shown<R: serde::Serialize>(request: &R, responses: &[HttpResponse]) -> Vec<Reason> {
    let reason = |code: &str, message: String| Reason { code: code.into(), message, figures: Vec::new() };
    let told = |response: &HttpResponse| match &response.outcome {
        Ok(reply) => format!("{}: {} {}", response.id, reply.status, String::from_utf8_lossy(&reply.body)),
        Err(failure) => format!("{}: {failure:?}", response.id),
    };
    let request = reason("REQUEST", serde_json::to_string(request).unwrap_or_default());
    [request].into_iter().chain(responses.iter().map(|response| reason("RESPONSE", told(response)))).collect()
}

macro_rules! scripted {
    ($($module:ident: $hook:ident, $plan:ident;)*) => {$(
        impl $module::$hook for Script {
            fn run(&self, request: &$module::Request, responses: &[HttpResponse]) -> Result<$module::Answer, Failure> {
                let mut answer: $module::Answer = self.answer()?;
                answer.reasons.extend(shown(request, responses));
                Ok(answer)
            }
        }

        impl $module::plan::$plan for Script {
            fn plan(&self, _: &$module::Request) -> Result<Vec<HttpRequest>, Failure> {
                Ok(self.plan())
            }
        }
    )*};
}

scripted! {
    shipping_quote: ShippingQuote, ShippingQuotePlan;
    order_routing: OrderRouting, OrderRoutingPlan;
    order_screening: OrderScreening, OrderScreeningPlan;
    address_validation: AddressValidation, AddressValidationPlan;
    return_policy: ReturnPolicy, ReturnPolicyPlan;
}

cartwright_sdk::plugin! {
    Script: shipping_quote + shipping_quote_plan
        + order_routing + order_routing_plan
        + order_screening + order_screening_plan
        + address_validation + address_validation_plan
        + return_policy + return_policy_plan,
    sees: ["customer.email", "payment.card-fingerprint", "billing.lines"],
    calls: ["settings:/host"],
}
