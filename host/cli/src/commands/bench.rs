//! `cartwright bench`: what a call of a plugin costs on this machine.

use super::run::{clock, read_all};
use crate::complaint::{Complaint, Exit};
use crate::load::{Asked, Question};
use crate::table::Table;
use crate::terminal::Progress;
use crate::words;
use cartwright_runtime::contract::moment::Timed;
use cartwright_runtime::hooks::{AddressValidation, Hook, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use cartwright_runtime::{Plugin, Usage};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::time::{Duration, Instant};

const AFTER_HELP: &str = "\
Examples:
  cartwright bench                  in a plugin project: its component, settings and requests
  cartwright bench plugin.wasm -s settings.json cart.json --calls 100000
  cartwright bench --threads 8 --json | jq .callsPerSecond

Several inputs are asked in turn. A call is what the server does for a request: a fresh sandbox,
the request in, the answer out. Fuel is the same on every machine, time is not: compare times
of one run.";

/// Measures calls: median, p90, p99, fuel, memory, calls per second
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Bench {
    /// Calls that are measured, over all threads
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    calls: u32,
    /// Threads that call at the same moment
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=512))]
    threads: u32,
    /// Prints the figures as one JSON object
    #[arg(long)]
    json: bool,
    // Last: its limits have a heading of their own, under which whatever follows would stand too.
    #[command(flatten)]
    asked: Asked,
}

/// Calls before the measured ones take at least this long, so that pages and caches are warm.
const WARM_UP: Duration = Duration::from_millis(200);

/// What the measured calls came to.
struct Figures {
    /// Of each call, in ascending order.
    times: Vec<Duration>,
    /// Of all calls, from the first start to the last end.
    wall: Duration,
    least_fuel: u64,
    most_fuel: u64,
    memory: usize,
}

pub fn bench(arguments: Bench) -> anyhow::Result<Exit> {
    let Bench { asked, calls, threads, json } = arguments;
    let question = asked.resolve()?;
    match question.hook {
        "order-routing" => measure_all::<OrderRouting>(&question, calls, threads, json),
        "order-screening" => measure_all::<OrderScreening>(&question, calls, threads, json),
        "address-validation" => measure_all::<AddressValidation>(&question, calls, threads, json),
        "return-policy" => measure_all::<ReturnPolicy>(&question, calls, threads, json),
        _ => measure_all::<ShippingQuote>(&question, calls, threads, json),
    }
}

fn measure_all<H: Hook>(question: &Question, calls: u32, threads: u32, json: bool) -> anyhow::Result<Exit> {
    let inputs = read_all::<H::Request>(&question.inputs)?;
    let plugin = question.install(threads)?;
    let at = clock()?;
    let mut requests = Vec::new();
    for input in inputs {
        let mut request = input.request.map_err(|error| {
            let message = format!("`{}` cannot be asked: {} at {}", input.name, error.message, error.pointer);
            Complaint::new(Exit::Unanswered, format!("{message} (line {} column {})", error.line, error.column))
        })?;
        request.arrive(at);
        answered::<H>(&plugin, &request, &input.name)?;
        requests.push(request);
    }
    let figures = measure::<H>(&plugin, &requests, calls, threads)?;
    print(&plugin, &figures, requests.len(), threads, json)?;
    Ok(Exit::Done)
}

/// A call that fails is not worth measuring.
fn answered<H: Hook>(plugin: &Plugin, request: &H::Request, name: &str) -> Result<Usage, Complaint> {
    let decision = plugin.call::<H>(request, &[]);
    match decision.outcome {
        Ok(_) => Ok(decision.usage),
        Err(error) => Err(Complaint::new(Exit::Unanswered, format!("`{name}` got no answer: {error}"))
            .hint("`cartwright run` shows the log")),
    }
}

fn measure<H: Hook>(plugin: &Plugin, requests: &[H::Request], calls: u32, threads: u32) -> Result<Figures, Complaint> {
    let progress = Progress::spinner(format!("measuring {}", words::counted(calls as usize, "call")));
    let (plugin, threads) = (&plugin, threads as usize);
    let all = calls as usize;
    let start_line = &std::sync::Barrier::new(threads);
    let of_thread = |thread: usize| {
        move || {
            let mine = all / threads + usize::from(thread < all % threads);
            let turn = requests.iter().cycle().skip(thread % requests.len());
            let started = Instant::now();
            for request in turn.clone().take_while(|_| started.elapsed() < WARM_UP) {
                plugin.call::<H>(request, &[]);
            }
            let mut usages = Vec::with_capacity(mine);
            start_line.wait();
            let started = Instant::now();
            for request in turn.take(mine) {
                let decision = plugin.call::<H>(request, &[]);
                decision.outcome.map_err(|error| {
                    Complaint::new(Exit::Unanswered, format!("a call got no answer while it was measured: {error}"))
                })?;
                usages.push(decision.usage);
            }
            Ok((started, Instant::now(), usages))
        }
    };
    let parts = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(of_thread(thread))).collect();
        let ended =
            running.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        ended.collect::<Result<Vec<_>, Complaint>>()
    })?;
    drop(progress);

    let first = parts.iter().map(|(start, ..)| *start).min();
    let last = parts.iter().map(|(_, end, _)| *end).max();
    let usages: Vec<Usage> = parts.into_iter().flat_map(|(.., usages)| usages).collect();
    let mut times: Vec<_> = usages.iter().map(|usage| usage.elapsed).collect();
    times.sort_unstable();
    Ok(Figures {
        times,
        wall: first.zip(last).map_or(Duration::ZERO, |(first, last)| last - first),
        least_fuel: usages.iter().map(|usage| usage.fuel).min().unwrap_or(0),
        most_fuel: usages.iter().map(|usage| usage.fuel).max().unwrap_or(0),
        memory: usages.iter().map(|usage| usage.memory).max().unwrap_or(0),
    })
}

impl Figures {
    /// The time that so many percent of the calls did not exceed.
    fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.times.len() * percent).div_ceil(100).max(1);
        self.times.get(rank - 1).copied().unwrap_or_default()
    }

    fn calls_per_second(&self) -> u128 {
        self.times.len() as u128 * 1_000_000_000 / self.wall.as_nanos().max(1)
    }
}

fn print(plugin: &Plugin, figures: &Figures, inputs: usize, threads: u32, json: bool) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    let manifest = &plugin.facts().manifest;
    let micros = |percent| figures.percentile(percent).as_secs_f64() * 1e6;
    if json {
        let object = json!({
            "plugin": { "name": manifest.name, "version": manifest.version, "snapshot": plugin.snapshot() },
            "calls": figures.times.len(), "threads": threads, "inputs": inputs,
            "medianMicros": micros(50), "p90Micros": micros(90), "p99Micros": micros(99),
            "fuel": { "least": figures.least_fuel, "most": figures.most_fuel },
            "memory": figures.memory,
            "callsPerSecond": u64::try_from(figures.calls_per_second()).unwrap_or(u64::MAX),
        });
        writeln!(out, "{object:#}")?;
        return Ok(());
    }
    let fuel = match (words::count(figures.least_fuel), words::count(figures.most_fuel)) {
        (least, most) if least == most => most,
        (least, most) => format!("{least} to {most}"),
    };
    let (calls, threads) = (words::counted(figures.times.len(), "call"), words::counted(threads as usize, "thread"));
    writeln!(out, "{calls} of {} on {threads}", words::counted(inputs, "input"))?;
    let mut table = Table::new(&["", ">"]);
    for (name, percent) in [("median", 50), ("p90", 90), ("p99", 99)] {
        table.row(&[name.into(), words::time(figures.percentile(percent))]);
    }
    let per_second = u64::try_from(figures.calls_per_second()).unwrap_or(u64::MAX);
    table.row(&["calls/s".into(), words::count(per_second)]);
    table.row(&["fuel".into(), fuel]);
    table.row(&["memory".into(), words::bytes(figures.memory)]);
    table.print(&mut out, 2)?;
    Ok(())
}
