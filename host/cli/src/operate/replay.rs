//! `cartwright replay`: a recorded decision made again, which must give the same bytes.

use super::client::Ask;
use super::contexts::ServerFlags;
use super::show::{self, JsonFlag};
use crate::complaint::{Complaint, Exit};
use crate::table::plain;
use crate::terminal::status;
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;

const AFTER_HELP: &str = "\
Examples:
  cartwright replay demo 0199a…                  with the revisions that answered then
  cartwright replay demo 0199a… --revision 4     with another revision of the install that answered
  cartwright replay demo 0199a… --json | jq .answer

Exit codes:
  0  the same bytes
  1  something else failed
  2  the command line was not understood
  3  it cannot be replayed: no such record, erased, a version that is gone
  4  other bytes, or no answer of the server";

/// Makes a recorded decision again: the same bytes, or what differs
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Replay {
    shop: String,
    /// As `cartwright records` and the response header `cartwright-record` show it
    #[arg(value_name = "ID")]
    record: String,
    /// Another revision of the install that answered
    #[arg(long, value_name = "N")]
    revision: Option<i64>,
    /// Whose revision it is, where several installs answered together
    #[arg(long, value_name = "INSTALL", requires = "revision")]
    install: Option<String>,
    #[command(flatten)]
    json: JsonFlag,
    #[command(flatten)]
    server: ServerFlags,
}

pub fn replay(it: &Replay) -> anyhow::Result<Exit> {
    let mut body = json!({});
    if let Some(revision) = it.revision {
        body["revision"] = json!(revision);
    }
    if let Some(install) = &it.install {
        body["install"] = json!(install);
    }
    let answer = it.server.client()?.send(&Ask::post(&["shops", &it.shop, "records", &it.record, "replay"], &body))?;
    let document = &answer.document;
    if it.json.json {
        show::document(document)?;
    }
    let Some(same) = same(document) else {
        return Err(Complaint::failed("the server's answer does not say whether the replay is the same")
            .hint("take a `cartwright` of the server's version")
            .into());
    };
    if same {
        if !it.json.json {
            status("Same", format!("{}: byte for byte", it.record));
        }
        return Ok(Exit::Done);
    }
    if !it.json.json {
        print_differences(&mut anstream::stdout().lock(), document)?;
    }
    Err(Complaint::new(Exit::Unanswered, format!("the replay of {} gave other bytes", it.record))
        .hint(match it.revision {
            Some(_) => "another revision may well; --json shows both answers",
            None => "with the revisions that answered then it should not; --json shows both answers",
        })
        .into())
}

fn same(document: &Value) -> Option<bool> {
    ["same", "identical", "sameBytes"].iter().find_map(|name| document.get(*name)?.as_bool())
}

/// What changed, where the server compared the two.
fn print_differences(out: &mut impl Write, document: &Value) -> anyhow::Result<()> {
    let comparison = document.get("comparison").unwrap_or(&Value::Null);
    if let Ok(comparison) = serde_json::from_value::<cartwright_records::Comparison>(comparison.clone()) {
        for line in super::backtests::differences(&comparison) {
            writeln!(out, "  {}", plain(&line))?;
        }
    } else {
        for side in ["was", "recorded", "old", "now", "replayed", "new"] {
            if let Some(value) = document.get(side) {
                writeln!(out, "  {side}: {}", show::inline(value, 400))?;
            }
        }
    }
    Ok(())
}
