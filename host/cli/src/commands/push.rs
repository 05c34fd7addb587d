//! `cartwright push`: a package into an OCI registry.

use crate::complaint::Exit;
use crate::packaged::{PackageFlags, title};
use crate::registry::{LOGIN, RegistryFlags, reference, wait};
use crate::terminal::{Progress, status, warn};
use clap::Args;
use std::io::Write;
use std::time::SystemTime;

const EXAMPLES: &str = "\
Examples:
  cartwright push ghcr.io/acme/flat-rate                     in a plugin project
  cartwright push ghcr.io/acme/flat-rate:stable plugin.wasm
  cartwright push localhost:5000/flat-rate plugin.wasm

The layout is the usual one of wasm artifacts; the signature that lies beside the component goes along. Without a
tag, the version is it.
A version that is there never changes: the same component again is fine, another one is refused. Other tags may be moved.";

/// Puts a component and its signature into an OCI registry
#[derive(Args)]
#[command(after_help = format!("{EXAMPLES}\n\n{LOGIN}"))]
pub struct Push {
    /// Where to: `HOST/PATH[:TAG]`
    #[arg(value_name = "REFERENCE")]
    reference: String,
    #[command(flatten)]
    package: PackageFlags,
    #[command(flatten)]
    registry: RegistryFlags,
}

pub fn push(arguments: &Push) -> anyhow::Result<Exit> {
    let reference = reference(&arguments.reference)?;
    let options = arguments.registry.options()?;
    let packaged = arguments.package.read()?;
    let facts = packaged.artifact_facts(now());
    let signed = packaged.signed()?;
    if signed.signature().is_none() {
        warn("the package is not signed, and a platform may refuse it; `cartwright sign` signs it");
    }
    let progress = Progress::spinner(format!("pushing to {}", reference.registry()));
    let pushed = wait(cartwright_package::push(&reference, &signed, &facts, &options))?;
    drop(progress);
    let verb = if pushed.created { "Pushed" } else { "Unchanged" };
    status(verb, title(&signed));
    writeln!(anstream::stdout(), "{}", pushed.reference)?;
    Ok(Exit::Done)
}

/// Seconds UTC; what the artifact says of itself, nothing depends on it.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
