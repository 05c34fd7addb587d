//! `cartwright run`: asks a plugin, and shows what it answers and what that cost.

mod show;

use crate::complaint::{Complaint, Exit};
use crate::input::{self, Input};
use crate::load::{Asked, Question};
use crate::outside::WayFlags;
use crate::terminal::{Progress, warn};
use crate::words;
use cartwright_runtime::contract::moment::Timed;
use cartwright_runtime::hooks::{AddressValidation, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use cartwright_runtime::outside::Outside;
use cartwright_runtime::{Decision, Plugin};
use clap::Args;
use serde::de::DeserializeOwned;
use show::Shown;
use std::time::{SystemTime, UNIX_EPOCH};

const AFTER_HELP: &str = "\
Examples:
  cartwright run                       in a plugin project: its component, settings and requests
  cartwright run requests/one.json     one request
  cartwright run plugin.wasm -s settings.json order.json
  cartwright run --json carts.jsonl | jq .answer.quotes
  curl -s https://shop.example/carts/17 | cartwright run -

An input is a request of the hook, as the server takes it; for shipping quotes:
  { \"currency\": \"USD\",
    \"destination\": { \"country\": \"US\", \"postalCode\": \"60614\" },
    \"lines\": [ { \"id\": \"1\", \"sku\": \"MUG\", \"quantity\": 2, \"unitPrice\": 1400, \"weight\": 380 } ] }
Amounts are in the currency's minor unit, weights in grams, lengths in millimetres.

Exit codes:
  0  every input was answered
  1  a file cannot be read
  2  the command line was not understood
  3  the component or its settings were refused
  4  some input got no answer";

/// Asks the plugin, and shows its answers with fuel, memory, time and log
///
/// Each input is asked in a fresh sandbox under the limits that the server enforces.
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Run {
    /// When the question is asked, for inputs that leave `at` out, as 2026-11-21T15:00:00Z [default: now]
    #[arg(long, value_name = "TIMESTAMP", value_parser = instant)]
    at: Option<i64>,
    /// Prints one JSON object for each input: {input, at, answer or error, usage, log}
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    way: WayFlags,
    // Last: its limits have a heading of their own, under which whatever follows would stand too.
    #[command(flatten)]
    asked: Asked,
}

/// What an input came to.
pub enum Outcome<H: Shown> {
    /// It could not be asked.
    Unreadable(input::Unreadable),
    Decided(Box<Decided<H>>),
}

/// A question that was asked.
pub struct Decided<H: Shown> {
    pub request: H::Request,
    pub decision: Decision<H::Answer>,
    /// The input leaves the time open.
    pub open: bool,
}

pub fn run(arguments: Run) -> anyhow::Result<Exit> {
    let Run { at, json, way, asked } = arguments;
    let (question, outside) = (asked.resolve()?, way.way()?);
    let outside = outside.as_ref();
    match question.hook {
        "order-routing" => answer_all::<OrderRouting>(&question, outside, at, json),
        "order-screening" => answer_all::<OrderScreening>(&question, outside, at, json),
        "address-validation" => answer_all::<AddressValidation>(&question, outside, at, json),
        "return-policy" => answer_all::<ReturnPolicy>(&question, outside, at, json),
        _ => answer_all::<ShippingQuote>(&question, outside, at, json),
    }
}

fn answer_all<H: Shown>(
    question: &Question,
    outside: &dyn Outside,
    fixed: Option<i64>,
    json: bool,
) -> anyhow::Result<Exit> {
    let inputs = read_all::<H::Request>(&question.inputs)?;
    let at = fixed.map_or_else(clock, Ok)?;
    // A plugin that nobody can ask need not be compiled.
    let plugin = if inputs.iter().any(|input| input.request.is_ok()) { Some(question.install(1)?) } else { None };
    let mut out = anstream::stdout().lock();
    let (mut failed, mut left_open, total) = (0, 0, inputs.len());
    let progress = Progress::bar(total, "asking");
    for Input { name, request } in inputs {
        let outcome: Outcome<H> = match (request, &plugin) {
            (Ok(request), Some(plugin)) => Outcome::Decided(Box::new(ask::<H>(plugin, outside, request, at))),
            (Ok(_), None) => unreachable!("one input that can be asked has the plugin installed"),
            (Err(error), _) => Outcome::Unreadable(error),
        };
        match &outcome {
            Outcome::Decided(decided) => {
                failed += usize::from(decided.decision.outcome.is_err());
                left_open += usize::from(decided.open);
            }
            Outcome::Unreadable(_) => failed += 1,
        }
        progress.aside(|| {
            if json { show::as_json(&mut out, &name, &outcome) } else { show::for_people(&mut out, &name, &outcome) }
        })?;
        progress.step();
    }
    drop(progress);
    if left_open > 0 && fixed.is_none() && json {
        let inputs = words::counted(left_open, "input");
        warn(format!("`at` is left out of {inputs}: asked as of now, {}; --at fixes the time", words::instant(at)));
    }
    if failed > 0 {
        let all = words::counted(total, "input");
        return Err(Complaint::new(Exit::Unanswered, format!("{failed} of {all} got no answer")).into());
    }
    Ok(Exit::Done)
}

/// Every file, before the first is asked: a mistyped name is told at once.
pub fn read_all<R: DeserializeOwned>(files: &[std::path::PathBuf]) -> Result<Vec<Input<R>>, Complaint> {
    let mut inputs = Vec::new();
    for file in files {
        inputs.extend(input::read(file)?);
    }
    if inputs.is_empty() {
        return Err(Complaint::failed("there is nothing to ask the plugin: the inputs are empty lists"));
    }
    Ok(inputs)
}

fn ask<H: Shown>(plugin: &Plugin, outside: &dyn Outside, mut request: H::Request, at: i64) -> Decided<H> {
    let open = request.arrive(at);
    let decision = plugin.decide::<H>(&request, outside);
    Decided { request, decision, open }
}

/// UTC seconds.
pub fn clock() -> Result<i64, Complaint> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    since
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .ok_or_else(|| Complaint::failed("this machine's clock stands before 1970").hint("give the time with --at"))
}

fn instant(text: &str) -> Result<i64, String> {
    let instant: Result<jiff::Timestamp, _> = text.parse();
    instant.map(jiff::Timestamp::as_second).map_err(|_| "give a timestamp such as 2026-11-21T15:00:00Z".into())
}
