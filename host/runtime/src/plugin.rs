//! An installed plugin, and the call: a fresh instance, the limits, the answer, and nothing left behind.

use crate::cache::Entry;
use crate::component::ComponentFacts;
use crate::decision::{Decision, LogEntry, Usage};
use crate::engine::Engine;
use crate::error::CallError;
use crate::hooks::typed::{DescribeParameters, DescribeResults, Parameters, PlanParameters, PlanResults, Results};
use crate::hooks::{Hook, Sees};
use crate::install::configure_again;
use crate::limits::{Extent, Limits};
use crate::outside::{Outside, Plan};
use crate::sandbox::Sandbox;
use cartwright_contract::Failure;
use cartwright_contract::log::Level;
use cartwright_contract::moment::Timed;
use cartwright_contract::outside::{HttpRequest, HttpResponse};
use cartwright_contract::settings::Issue;
use cartwright_contract::validate::Validate;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wasmtime::component::{ComponentExportIndex, Func, Instance, InstancePre, TypedFunc};
use wasmtime::{PoolConcurrencyLimitError, Store, Trap};

/// An installed plugin: configured, compiled, ready to answer from many threads at once. Cheap to clone.
#[derive(Clone)]
pub struct Plugin {
    inner: Arc<Inner>,
    /// Another deadline than its limits say.
    deadline: Option<Duration>,
}

/// The deadline of calls that nobody waits for.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the installer hands over.
pub(crate) struct Setup {
    pub engine: Engine,
    pub pre: InstancePre<Sandbox>,
    /// The `run` function of each hook, by the hook's name.
    pub runs: Vec<(&'static str, ComponentExportIndex)>,
    /// The `plan` function of each hook that has one, by the hook's name.
    pub plans: Vec<(&'static str, ComponentExportIndex)>,
    /// The `describe` function, of a plugin that has one.
    pub describe: Option<ComponentExportIndex>,
    /// The hosts that its plans may call.
    pub hosts: Vec<String>,
    /// The settings, for a plugin that has to be configured in each call.
    pub configure: Option<String>,
    pub facts: ComponentFacts,
    pub limits: Limits,
    pub entry: Entry,
}

struct Inner {
    setup: Setup,
    sees: Sees,
    /// Whether a seed has to be drawn from each request.
    random: bool,
    calls: metrics::Histogram,
    fuel: metrics::Histogram,
}

impl Plugin {
    pub(crate) fn new(setup: Setup) -> Self {
        let name = setup.facts.manifest.name.clone();
        let inner = Inner {
            sees: Sees::declared(&setup.facts.manifest.sees),
            random: setup.facts.imports.iter().any(|import| import.starts_with("wasi:random/")),
            calls: metrics::histogram!("cartwright_call_seconds", "plugin" => name.clone()),
            fuel: metrics::histogram!("cartwright_call_fuel", "plugin" => name),
            setup,
        };
        Self { inner: Arc::new(inner), deadline: None }
    }

    /// The same plugin for calls that nobody waits for: fuel limits them as always, and the clock only when they hang. On a busy machine such a call
    /// may wait long for a processor, which must not look like the plugin's failure.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { inner: self.inner.clone(), deadline: Some(PATIENCE) }
    }

    /// What the component says of itself.
    pub fn facts(&self) -> &ComponentFacts {
        &self.inner.setup.facts
    }

    /// The plugin's warnings about its settings.
    pub fn warnings(&self) -> &[Issue] {
        &self.inner.setup.entry.warnings
    }

    /// Digest of the snapshot that every call starts from: component and settings in one.
    pub fn snapshot(&self) -> &str {
        &self.inner.setup.entry.snapshot
    }

    /// Why each call has to configure the plugin anew, if its component cannot be snapshotted.
    pub fn unsnapshotted(&self) -> Option<&str> {
        self.inner.setup.entry.unsnapshotted.as_deref()
    }

    /// Fuel that `configure` burnt at install.
    pub fn configure_fuel(&self) -> u64 {
        self.inner.setup.entry.configure_fuel
    }

    /// The hosts that its plans may call, as the manifest says.
    pub fn hosts(&self) -> &[String] {
        &self.inner.setup.hosts
    }

    /// Whether the plugin wants something fetched before it answers this hook.
    pub fn plans<H: Hook>(&self) -> bool {
        self.inner.setup.plans.iter().any(|(name, _)| *name == H::NAME)
    }

    /// Asks the plugin what it needs from outside, in a fresh sandbox. Nothing, for a plugin without a plan.
    pub fn plan<H: Hook>(&self, request: &H::Request) -> Decision<Vec<HttpRequest>> {
        let Some((_, plan)) = self.inner.setup.plans.iter().find(|(name, _)| *name == H::NAME) else {
            return Decision { outcome: Ok(Vec::new()), usage: Usage::default(), log: Vec::new() };
        };
        self.ask::<H, _>(request, &[], |store, instance, sees| {
            let plan = function(&mut *store, instance, plan)?;
            // SAFETY: `install::check_types` compared this component's `plan` with this very type.
            let plan = unsafe { TypedFunc::<PlanParameters<'_, H>, PlanResults>::new_unchecked(plan) };
            plan.call(store, (H::view(request, sees),)).map(|(requests,)| requests)
        })
    }

    /// Asks the plugin, in a fresh sandbox. The answer depends on the snapshot and the input, on nothing else.
    pub fn call<H: Hook>(&self, request: &H::Request, responses: &[HttpResponse]) -> Decision<H::Answer> {
        let setup = &self.inner.setup;
        let Some((_, run)) = setup.runs.iter().find(|(name, _)| *name == H::NAME) else {
            let error = CallError::HookNotServed { hook: H::NAME.into(), served: setup.facts.hooks.join(", ") };
            return Decision { outcome: Err(error), usage: Usage::default(), log: Vec::new() };
        };
        let mut decision = self.ask::<H, _>(request, responses, |store, instance, sees| {
            let run = function(&mut *store, instance, run)?;
            // SAFETY: `install::check_types` compared this component's `run` with this very type; repeating it here would
            // cost more than a small call.
            let run = unsafe { TypedFunc::<Parameters<'_, H>, Results<H>>::new_unchecked(run) };
            run.call(store, (H::view(request, sees), responses)).map(|(answer,)| answer)
        });
        if let Ok(answer) = &mut decision.outcome {
            H::restore(answer, request, self.inner.sees);
            if let Err(failure) = H::check(answer, request) {
                decision.outcome = Err(CallError::BrokenAnswer(failure));
            }
        }
        decision
    }

    /// Both steps: asks for the plan, has it fetched, and asks for the answer. What both used up together.
    pub fn decide<H: Hook>(&self, request: &H::Request, outside: &dyn Outside) -> Decision<H::Answer> {
        if !self.plans::<H>() {
            return self.call::<H>(request, &[]);
        }
        let Decision { outcome, usage, log } = self.plan::<H>(request);
        let fetched = outcome.and_then(|requests| {
            let plan = Plan { hosts: self.hosts(), requests: &requests };
            let fetched = if requests.is_empty() { Ok(Vec::new()) } else { outside.fetch(&[plan]).remove(0) };
            fetched.map_err(|message| CallError::PlanRefused { message })
        });
        match fetched {
            Err(error) => Decision { outcome: Err(error), usage, log },
            Ok(responses) => {
                let mut decision = self.call::<H>(request, &responses);
                decision.usage = usage.and(decision.usage);
                decision.log.splice(0..0, log);
                decision
            }
        }
    }

    /// What a browser needs to quote as this plugin does for orders of the moments `starts <= at < ends`, in a fresh sandbox under the limits of
    /// `configure`. `None` for a plugin that does not describe itself.
    pub fn describe(&self, starts: i64, ends: i64) -> Option<Decision<Vec<u8>>> {
        let setup = &self.inner.setup;
        let describe = setup.describe.as_ref()?;
        let limits = Limits {
            fuel: setup.limits.configure_fuel,
            deadline: setup.limits.configure_deadline,
            ..setup.limits.clone()
        };
        Some(self.sandboxed(&limits, limits.fuel, starts, [0; 32], |store, instance| {
            let describe = function(&mut *store, instance, describe)?;
            describe
                .typed::<DescribeParameters, DescribeResults>(&*store)?
                .call(store, (starts, ends))
                .map(|(bytes,)| bytes)
        }))
    }

    /// One function of the plugin in a sandbox of its own, under the limits of a request of this extent.
    fn ask<H: Hook, A>(
        &self,
        request: &H::Request,
        responses: &[HttpResponse],
        call: impl FnOnce(&mut Store<Sandbox>, Instance, Sees) -> wasmtime::Result<Result<A, Failure>>,
    ) -> Decision<A> {
        let started = Instant::now();
        let limits = &self.inner.setup.limits;
        let extent = H::extent(request);
        let fuel_limit = limits.fuel_for(&extent);
        let refused = |error| Decision {
            outcome: Err(error),
            usage: Usage { fuel_limit, elapsed: started.elapsed(), ..Usage::default() },
            log: Vec::new(),
        };
        if let Some(size) = too_large(&extent, responses, limits) {
            return refused(CallError::InputTooLarge { size, limit: limits.input });
        }
        if let Err(failure) = request.validate() {
            return refused(CallError::InvalidRequest(failure));
        }

        let seed = if self.inner.random { seed_of(request) } else { [0; 32] };
        let sees = self.inner.sees;
        self.sandboxed(limits, fuel_limit, request.at(), seed, |store, instance| call(store, instance, sees))
    }

    /// One function of the plugin in a sandbox of its own.
    fn sandboxed<A>(
        &self,
        limits: &Limits,
        fuel_limit: u64,
        at: i64,
        seed: [u8; 32],
        call: impl FnOnce(&mut Store<Sandbox>, Instance) -> wasmtime::Result<Result<A, Failure>>,
    ) -> Decision<A> {
        let started = Instant::now();
        let patient;
        let limits = match self.deadline {
            None => limits,
            Some(deadline) => {
                patient = Limits { deadline, ..limits.clone() };
                &patient
            }
        };
        let shared = &self.inner.setup.engine.shared;
        let mut store = open(&shared.wasmtime, limits, fuel_limit, at, seed);
        let called = self.instance(&mut store, fuel_limit).and_then(|instance| call(&mut store, instance));
        let outcome = match called {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(failure)) => Err(CallError::Declined(failure)),
            Err(error) => Err(outcome_of(&mut store, &error, limits, fuel_limit, shared.sandboxes)),
        };
        self.conclude(store, outcome, fuel_limit, started)
    }

    /// A fresh, configured instance.
    fn instance(&self, store: &mut Store<Sandbox>, fuel: u64) -> wasmtime::Result<Instance> {
        let setup = &self.inner.setup;
        let instance = setup.pre.instantiate(&mut *store)?;
        if let Some(settings) = &setup.configure {
            store.set_fuel(setup.limits.configure_fuel)?;
            configure_again(setup.pre.component(), store, instance, settings)?;
            store.set_fuel(fuel)?;
        }
        Ok(instance)
    }

    fn conclude<A>(
        &self,
        store: Store<Sandbox>,
        outcome: Result<A, CallError>,
        fuel_limit: u64,
        started: Instant,
    ) -> Decision<A> {
        let fuel = fuel_limit.saturating_sub(store.get_fuel().unwrap_or(0));
        let sandbox = store.into_data();
        let memory = sandbox.memory();
        let log = sandbox.into_log();
        let outcome = outcome.map_err(|error| name_the_panic(error, &log));
        let usage = Usage { fuel, fuel_limit, memory, elapsed: started.elapsed() };
        self.inner.calls.record(usage.elapsed.as_secs_f64());
        #[allow(clippy::cast_precision_loss)] // a histogram's bucket does not need the last bits
        self.inner.fuel.record(fuel as f64);
        if let Err(error) = &outcome {
            let plugin = self.facts().manifest.name.clone();
            metrics::counter!("cartwright_call_errors_total", "plugin" => plugin, "error" => error.code()).increment(1);
        }
        Decision { outcome, usage, log }
    }
}

fn function(store: &mut Store<Sandbox>, instance: Instance, index: &ComponentExportIndex) -> wasmtime::Result<Func> {
    instance
        .get_func(store, index)
        .ok_or_else(|| wasmtime::Error::msg("the component lost its export between install and call"))
}

/// A store for one call.
pub(crate) fn open(engine: &wasmtime::Engine, limits: &Limits, fuel: u64, at: i64, seed: [u8; 32]) -> Store<Sandbox> {
    let mut store = Store::new(engine, Sandbox::new(limits, at, seed));
    store.limiter(|sandbox| sandbox);
    store.set_fuel(fuel).expect("the engine is configured to count fuel");
    let ticks = limits.deadline.as_nanos() / Engine::TICK.as_nanos();
    store.set_epoch_deadline(u64::try_from(ticks).unwrap_or(u64::MAX / 2).max(1) + 1);
    store.set_hostcall_fuel(limits.output);
    store
}

/// What ended a call that did not return.
pub(crate) fn outcome_of(
    store: &mut Store<Sandbox>,
    error: &wasmtime::Error,
    limits: &Limits,
    fuel: u64,
    slots: u32,
) -> CallError {
    if let Some(breach) = store.data_mut().take_breach() {
        return breach;
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return CallError::NoSandbox { slots };
    }
    // wasmtime keeps this error's type to itself; the hostile plugins of the tests hold its words.
    if error.root_cause().to_string().contains("fuel allocated for hostcalls has been exhausted") {
        return CallError::OutputTooLarge { limit: limits.output };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => CallError::FuelExhausted { limit: fuel },
        Some(Trap::Interrupt) => CallError::DeadlinePassed { limit: limits.deadline },
        Some(Trap::StackOverflow) => CallError::StackExhausted,
        // A Rust guest's own stack lies at the start of its memory, so running out of it looks like this.
        Some(Trap::MemoryOutOfBounds) => CallError::Trapped {
            message: "it read or wrote outside of its memory; too deep a recursion does that".into(),
        },
        Some(trap) => CallError::Trapped { message: trap.to_string() },
        None => CallError::Trapped { message: format!("{error:#}") },
    }
}

/// A panic's message reaches the log, by the SDK or by std's stderr, and then the plugin traps: put both together.
pub(crate) fn name_the_panic(error: CallError, log: &[LogEntry]) -> CallError {
    let CallError::Trapped { .. } = error else { return error };
    let panic = log.iter().rposition(|entry| entry.level == Level::Error && entry.message.contains("panicked at"));
    match panic {
        Some(first) => {
            let message: Vec<_> = log[first..].iter().map(|entry| entry.message.trim()).collect();
            CallError::Panicked { message: message.join(" ") }
        }
        None => error,
    }
}

fn too_large(extent: &Extent, responses: &[HttpResponse], limits: &Limits) -> Option<usize> {
    let replies = responses.iter().filter_map(|response| response.outcome.as_ref().ok());
    let size = extent.bytes + replies.map(|reply| reply.body.len()).sum::<usize>();
    (size > limits.input).then_some(size)
}

/// What a component's randomness is drawn from: the request, so that the same request draws the same.
fn seed_of<R: serde::Serialize>(request: &R) -> [u8; 32] {
    serde_json::to_vec(request).map_or([0; 32], |json| *blake3::hash(&json).as_bytes())
}
