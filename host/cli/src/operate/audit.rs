//! `cartwright audit`: who changed what.

use super::client::Ask;
use super::contexts::ServerFlags;
use super::show::{self, JsonFlag, MostFlag};
use crate::complaint::Exit;
use cartwright_store::AuditEntry;
use clap::Args;

const AFTER_HELP: &str = "\
Examples:
  cartwright audit                        everything (platform)
  cartwright audit demo --most 500
  cartwright audit demo --json | jq '.[] | select(.action == \"token.revoked\")'";

/// Shows who changed what, in all shops or in one
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Audit {
    /// One shop's [default: all shops' and the platform's own]
    shop: Option<String>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    most: MostFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn audit(it: &Audit) -> anyhow::Result<Exit> {
    let ask = || match &it.shop {
        Some(shop) => Ask::get(&["shops", shop, "audit"]),
        None => Ask::get(&["audit"]),
    };
    let items = it.server.client()?.list(ask, Some(it.most.most()))?;
    let heads = ["when", "by", "what", "shop", "subject", "detail", "request"];
    show::list(items, it.json.json, "nothing was changed yet", &heads, |entry: AuditEntry| {
        let (shop, request) = (show::or_dash(entry.shop.as_deref()), show::or_dash(entry.request.as_deref()));
        let detail = if entry.detail.is_null() { show::dash() } else { show::inline(&entry.detail, 60) };
        [show::at(entry.at), entry.actor, entry.action, shop, entry.subject, detail, request]
    })
}
