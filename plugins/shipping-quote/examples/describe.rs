//! `describe <settings.json> <from> <until>`: what an estimate bundle carries for a shop with these settings, for orders from `from` on and before
//! `until` (seconds since 1970), to standard output. The server publishes the coming days only; tests ask about others.

use cartwright_sdk::estimate_bundle::EstimateBundle;
use cartwright_sdk::testing::configured;
use shipping_quote::ShippingQuotePlugin;
use std::error::Error;
use std::io::Write;
use std::{env, fs, io};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [settings, from, until] = arguments.as_slice() else {
        return Err("usage: describe <settings.json> <from> <until>".into());
    };
    let plugin = configured::<ShippingQuotePlugin>(&fs::read_to_string(settings)?).plugin;
    let payload = plugin.describe(from.parse()?, until.parse()?).map_err(|failure| failure.message)?;
    Ok(io::stdout().write_all(&payload)?)
}
