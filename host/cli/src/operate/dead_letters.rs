//! `cartwright dead-letters`: jobs that no worker could do, and doing them again.
//!
//! Asked of the bus itself, as `bootstrap` asks the store: jobs are no shop's, and who operates the servers has the bus's address.

use super::show::{self, JsonFlag};
use crate::complaint::{Complaint, Exit};
use crate::table::{Table, plain};
use crate::terminal::status;
use cartwright_bus::{Bus, BusError, BusOptions, DeadLetter};
use clap::Args;
use serde_json::{Value, json};

const AFTER_HELP: &str = "\
Examples:
  cartwright dead-letters --bus nats://127.0.0.1:4222
  cartwright dead-letters --bus nats://127.0.0.1:4222 --retry 17";

/// Lists jobs that were given up (backtests' parts), and submits one again
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct DeadLetters {
    /// The NATS server that the servers are on
    #[arg(long, value_name = "URL", env = "CARTWRIGHT_BUS", hide_env_values = true)]
    bus: String,
    /// Submits the job of this number again
    #[arg(long, value_name = "N")]
    retry: Option<u64>,
    /// How many are shown
    #[arg(long, value_name = "N", default_value_t = 50)]
    most: usize,
    #[command(flatten)]
    json: JsonFlag,
}

pub fn dead_letters(it: &DeadLetters) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let done: Result<Vec<DeadLetter>, BusError> = runtime.block_on(async {
        let bus = Bus::connect(BusOptions::new(&it.bus, "cartwright-cli")).await?;
        match it.retry {
            Some(number) => bus.retry_dead(number).await.map(|()| Vec::new()),
            None => bus.dead_letters(it.most).await,
        }
    });
    let letters = done.map_err(|error| {
        Complaint::new(Exit::Unanswered, error.to_string())
            .hint("is the NATS server running, with JetStream (-js), and is --bus right?")
    })?;
    if let Some(number) = it.retry {
        status("Submitted", format!("job {number} again"));
    } else if it.json.json {
        show::document(&letters.iter().map(as_json).collect())?;
    } else {
        let mut table = Table::new(&[">number", "kind", "job", ">attempts", "given up", "why"]);
        for letter in &letters {
            let (number, attempts) = (letter.number.to_string(), letter.attempts.to_string());
            let (kind, id, why) = (letter.kind.clone(), letter.id.clone(), plain(&letter.reason));
            table.row(&[number, kind, id, attempts, show::at(letter.at), why]);
        }
        show::table(&table, "no job was given up")?;
    }
    Ok(Exit::Done)
}

fn as_json(letter: &DeadLetter) -> Value {
    json!({ "number": letter.number, "kind": letter.kind, "id": letter.id, "reason": letter.reason, "attempts": letter.attempts,
        "at": letter.at, "payload": String::from_utf8_lossy(&letter.payload) })
}
