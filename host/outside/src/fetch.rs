//! Carries out a plan: all requests at the same time, each within its limits, the replies in the plan's order.

use crate::addresses::Networks;
use crate::breaker::{BreakerStatus, Breakers};
use crate::client::HttpClient;
use crate::error::{OptionsError, PlanError, Problem};
use crate::options::OutsideOptions;
use crate::places::Places;
use crate::request::{Prepared, prepare};
use crate::scope::Scope;
use crate::shelf::{Key, Look, Outcome, Shelf};
use cartwright_contract::outside::{HttpRequest, HttpResponse};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Bytes of a request's id.
const LONGEST_ID: usize = 255;

/// The way to the outside world, for all shops of a process. A clone is the same one.
///
/// Its connections live on the tokio runtime (with I/O and timers) that [`Outside::fetch`] is called on: always call it on the same.
/// [`Blocking`](crate::Blocking) is for callers that have none.
#[derive(Clone)]
pub struct Outside(Arc<Inner>);

struct Inner {
    options: OutsideOptions,
    networks: Arc<Networks>,
    client: HttpClient,
    shelf: Shelf,
    breakers: Breakers,
    places: Places,
}

/// What became of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What `run` is given: one for each request, in the plan's order.
    pub responses: Vec<HttpResponse>,
    /// The same for the operator: where each came from, and why there is none.
    pub accounts: Vec<Account>,
}

/// How one request went. Holds no secret and nothing of what was sent or received, so it may be logged and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: String,
    /// Whom it was for, when the URL could be read.
    pub host: Option<String>,
    pub source: Source,
    pub problem: Option<Problem>,
    pub took: Duration,
}

/// Where a reply came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The host was asked, or would have been.
    Host,
    /// An earlier reply was young enough.
    Cache,
    /// The same request was already under way.
    UnderWay,
    /// The request was refused before anybody was asked.
    Nowhere,
}

impl Source {
    fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Cache => "cache",
            Self::UnderWay => "under-way",
            Self::Nowhere => "nowhere",
        }
    }
}

impl Outside {
    /// Sets up TLS and the pool of connections; asks nobody yet.
    ///
    /// # Errors
    /// When an option is out of its range, or a root is no certificate.
    pub fn new(options: OutsideOptions) -> Result<Self, OptionsError> {
        for (name, value, least, right) in [
            ("reply_header_bytes", options.reply_header_bytes, 8 << 10, "8192 or more"),
            ("reply_headers", options.reply_headers, 1, "1 or more"),
            ("concurrent_per_shop", options.concurrent_per_shop, 1, "1 or more"),
            ("concurrent", options.concurrent, 1, "1 or more"),
            ("breaker.failures", options.breaker.failures, 1, "1 or more"),
        ] {
            if value < least {
                return Err(OptionsError::Number { name, value, right });
            }
        }
        for (name, value, most) in [
            ("timeout", options.timeout, Duration::from_mins(10)),
            ("breaker.window", options.breaker.window, Duration::from_hours(24)),
            ("breaker.pause", options.breaker.pause, Duration::from_hours(24)),
        ] {
            if value > most {
                return Err(OptionsError::TooLong { name, value, most });
            }
        }
        let networks =
            Arc::new(Networks { allowed: options.allow_networks.clone(), denied: options.deny_networks.clone() });
        Ok(Self(Arc::new(Inner {
            client: HttpClient::new(&options, Arc::clone(&networks))?,
            shelf: Shelf::new(&options),
            breakers: Breakers::new(options.breaker.clone(), Arc::clone(&options.clock)),
            places: Places::new(options.concurrent_per_shop, options.concurrent),
            networks,
            options,
        })))
    }

    /// Carries out a plan. Takes no longer than the scope's deadline. May be dropped at any time: requests under way are then given up.
    ///
    /// One request that is refused or fails has a failure in its place, and the others go on.
    ///
    /// # Errors
    /// When the plan as a whole is against the contract: too many requests, an id that is missing or not unique. Nobody was asked then.
    pub async fn fetch(&self, scope: &Scope, plan: &[HttpRequest]) -> Result<Fetched, PlanError> {
        self.check(plan).inspect_err(|error| {
            metrics::counter!("cartwright_outside_plans_refused_total", "shop" => scope.shop.clone(), "code" => error.code())
                .increment(1);
        })?;
        let from = Instant::now();
        let (responses, accounts) =
            futures_util::future::join_all(plan.iter().map(|request| self.one(scope, request, from)))
                .await
                .into_iter()
                .unzip();
        Ok(Fetched { responses, accounts })
    }

    /// The breakers that are open, half open, or have failures to remember.
    pub fn breakers(&self) -> Vec<BreakerStatus> {
        self.0.breakers.status()
    }

    /// Forgets a shop's cached replies and breakers: when it leaves, or its secrets change.
    pub fn forget(&self, shop: &str) {
        self.0.shelf.forget(shop);
        self.0.breakers.forget(shop);
    }

    fn check(&self, plan: &[HttpRequest]) -> Result<(), PlanError> {
        let limit = self.0.options.requests;
        if plan.len() > limit {
            return Err(PlanError::TooManyRequests { found: plan.len(), limit });
        }
        let mut ids = HashMap::new();
        for (index, request) in plan.iter().enumerate() {
            let length = request.id.len();
            if !(1..=LONGEST_ID).contains(&length) {
                return Err(PlanError::BadId { index, length, limit: LONGEST_ID });
            }
            if let Some(first) = ids.insert(&request.id, index) {
                return Err(PlanError::DuplicateId { id: request.id.clone(), first, second: index });
            }
        }
        Ok(())
    }

    async fn one(&self, scope: &Scope, request: &HttpRequest, from: Instant) -> (HttpResponse, Account) {
        let inner = &*self.0;
        let (host, source, outcome) = match prepare(scope, request, &inner.options, &inner.networks) {
            Err(problem) => (None, Source::Nowhere, Err(problem)),
            Ok(prepared) => {
                let (source, outcome) = inner.get(scope, &prepared, from).await;
                (Some(prepared.target.to_string()), source, outcome)
            }
        };
        let problem = outcome.as_ref().err().cloned();
        let took = from.elapsed();
        tell(scope, request, source, problem.as_ref(), took);
        let outcome = match outcome {
            Ok(reply) => Ok(Arc::unwrap_or_clone(reply)),
            Err(problem) => Err(problem.failure()),
        };
        (
            HttpResponse { id: request.id.clone(), outcome },
            Account { id: request.id.clone(), host, source, problem, took },
        )
    }
}

impl Outside {
    pub(crate) fn rules(&self) -> (&OutsideOptions, &Networks) {
        (&self.0.options, &self.0.networks)
    }

    pub(crate) fn client(&self) -> &HttpClient {
        &self.0.client
    }
}

impl Inner {
    /// From the cache, from whoever is asking already, or from the host.
    async fn get(&self, scope: &Scope, prepared: &Prepared<'_>, from: Instant) -> (Source, Outcome) {
        let limit = match prepared.request.timeout {
            // Nobody asks for a reply in no time: it was left out.
            0 => self.options.timeout,
            timeout => self.options.timeout.min(Duration::from_millis(timeout.into())),
        };
        let limit = limit.min(scope.deadline);
        let until = from + limit;
        let cache_for = Duration::from_secs(prepared.request.cache_for.into()).min(self.options.most_cache_for);
        if cache_for.is_zero() {
            return (Source::Host, self.ask(scope, prepared, limit, until).await.map(Arc::new));
        }
        let key = Key::of(&scope.shop, prepared.request);
        loop {
            match self.shelf.look(&scope.shop, key, cache_for) {
                Look::Found(reply) => return (Source::Cache, Ok(reply)),
                Look::Ask(asking) => {
                    let outcome = self.ask(scope, prepared, limit, until).await.map(Arc::new);
                    asking.done(&scope.shop, outcome.clone());
                    return (Source::Host, outcome);
                }
                Look::UnderWay(mut flight) => match timeout_at(until, flight.wait_for(Option::is_some)).await {
                    Err(_) => {
                        let host = prepared.target.to_string();
                        return (Source::UnderWay, Err(Problem::TimedOut { host, limit }));
                    }
                    Ok(Ok(told)) => match &*told {
                        // Its time was up, not ours; and what was wrong with its turn need not be wrong with ours.
                        None | Some(Err(Problem::TimedOut { .. } | Problem::NoPlace { .. })) => {}
                        Some(outcome) => return (Source::UnderWay, outcome.clone()),
                    },
                    // It was given up.
                    Ok(Err(_)) => {}
                },
            }
            // Whoever asked may not have taken its flight down yet.
            tokio::task::yield_now().await;
            if Instant::now() >= until {
                let host = prepared.target.to_string();
                return (Source::UnderWay, Err(Problem::TimedOut { host, limit }));
            }
        }
    }

    async fn ask(
        &self,
        scope: &Scope,
        prepared: &Prepared<'_>,
        limit: Duration,
        until: Instant,
    ) -> Result<cartwright_contract::outside::HttpReply, Problem> {
        let host = || prepared.target.to_string();
        let _place = timeout_at(until, self.places.take(&scope.shop))
            .await
            .map_err(|_| Problem::NoPlace { host: host(), limit })?;
        // After the queue, so that a probe is out and not waiting for its turn.
        let pass = self.breakers.pass(&scope.shop, &prepared.target)?;
        let outcome = timeout_at(until, self.client.send(prepared))
            .await
            .unwrap_or_else(|_| Err(Problem::TimedOut { host: host(), limit }));
        match &outcome {
            Ok(reply) => pass.settle(reply.status < 500),
            Err(problem) => pass.settle(!problem.host_failed()),
        }
        outcome
    }
}

fn tell(scope: &Scope, request: &HttpRequest, source: Source, problem: Option<&Problem>, took: Duration) {
    let code = problem.map_or("OK", Problem::code);
    metrics::counter!(
        "cartwright_outside_requests_total",
        "shop" => scope.shop.clone(), "source" => source.name(), "code" => code
    )
    .increment(1);
    metrics::histogram!("cartwright_outside_seconds", "source" => source.name()).record(took.as_secs_f64());
    if let Some(problem) = problem {
        tracing::warn!(shop = scope.shop, request = request.id, code, "{problem}");
    }
}

impl fmt::Debug for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outside").field("options", &self.0.options).finish_non_exhaustive()
    }
}
