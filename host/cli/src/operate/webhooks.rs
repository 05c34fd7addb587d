//! `cartwright webhook`: where a merchant's systems are told what happened.

use super::access::Once;
use super::client::Ask;
use super::contexts::ServerFlags;
use super::names::Span;
use super::show::{self, JsonFlag, MostFlag};
use crate::complaint::Exit;
use crate::terminal::status;
use cartwright_store::{Delivery, Webhook};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

const AFTER_HELP: &str = "\
Examples:
  cartwright webhook add demo https://merchant.example/cartwright --to webhook.secret
  cartwright webhook add demo https://merchant.example/cartwright --event breaker.opened --event backtest.done
  cartwright webhook deliveries demo 0199…
  cartwright webhook rotate demo 0199… --overlap 24h

Events: install.changed, rollout.promoted, rollout.rolled_back, breaker.opened, breaker.closed, backtest.done. They are
signed as the Standard Webhooks specification says, by the secret (whsec_…) that is shown once.";

/// Says where events of a shop are sent, and shows what became of them
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct WebhookCommand {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Sends events there from now on; prints the signing secret, this once
    Add {
        shop: String,
        url: String,
        /// Only this event; may be repeated [default: all]
        #[arg(long, value_name = "EVENT")]
        event: Vec<String>,
        #[command(flatten)]
        once: Once,
    },
    /// Which there are
    List {
        shop: String,
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Sends nothing there any more
    Remove {
        shop: String,
        id: String,
        #[command(flatten)]
        server: ServerFlags,
    },
    /// Makes a new signing secret and prints it, this once
    Rotate {
        shop: String,
        id: String,
        /// For how long events are signed with the old secret as well
        #[arg(long, value_name = "TIME", default_value = "24h")]
        overlap: Span,
        #[command(flatten)]
        once: Once,
    },
    /// What was sent there, and what was answered
    Deliveries {
        shop: String,
        id: String,
        #[command(flatten)]
        json: JsonFlag,
        #[command(flatten)]
        most: MostFlag,
        #[command(flatten)]
        server: ServerFlags,
    },
}

pub fn webhook(it: &WebhookCommand) -> anyhow::Result<Exit> {
    match &it.command {
        Commands::Add { shop, url, event, once } => {
            let to = once.prepare()?;
            let body = json!({ "url": url, "events": event });
            let answer = once.server.client()?.send(&Ask::post(&["shops", shop, "webhooks"], &body))?;
            let id = answer.document.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            once.show(to, &answer, &format!("the signing secret of webhook {id}"))?;
        }
        Commands::List { shop, json, server } => {
            let items = server.client()?.list(|| Ask::get(&["shops", shop, "webhooks"]), None)?;
            let heads = ["id", "url", "events", "since", "given up"];
            return show::list(items, json.json, "there is no webhook", &heads, |webhook: Webhook| {
                let events = if webhook.events.is_empty() { "all".into() } else { webhook.events.join(", ") };
                [webhook.id, webhook.url, events, show::at(webhook.created), show::maybe_at(webhook.disabled)]
            });
        }
        Commands::Remove { shop, id, server } => {
            server.client()?.send(&Ask::delete(&["shops", shop, "webhooks", id]))?;
            status("Removed", format!("webhook {id} of {shop}"));
        }
        Commands::Rotate { shop, id, overlap, once } => {
            let to = once.prepare()?;
            let body = json!({ "overlap": overlap.0 });
            let answer = once.server.client()?.send(&Ask::post(&["shops", shop, "webhooks", id, "rotate"], &body))?;
            once.show(to, &answer, &format!("a new signing secret of webhook {id}"))?;
        }
        Commands::Deliveries { shop, id, json, most, server } => {
            let ask = || Ask::get(&["shops", shop, "webhooks", id, "deliveries"]);
            let items = server.client()?.list(ask, Some(most.most()))?;
            let heads = ["when", "event", "state", ">attempts", ">status", "next", "error"];
            return show::list(items, json.json, "nothing was sent yet", &heads, |delivery: Delivery| {
                let next = delivery.finished.map_or_else(|| show::at(delivery.due), |_| show::dash());
                let status = delivery.status.map_or_else(show::dash, |status| status.to_string());
                let (error, state) = (show::or_dash(delivery.error.as_deref()), delivery.state.to_string());
                [show::at(delivery.created), delivery.event, state, delivery.attempts.to_string(), status, next, error]
            });
        }
    }
    Ok(Exit::Done)
}
