//! A storefront that embeds the runtime: no server, no store, no tokio.
//!
//! embed COMPONENT SETTINGS CART, each a file.

use cartwright_runtime::contract::shipping_quote::Request;
use cartwright_runtime::hooks::ShippingQuote;
use cartwright_runtime::{CallError, Engine, EngineOptions};
use std::error::Error;
use std::fs::{read, read_to_string};

fn main() -> Result<(), Box<dyn Error>> {
    let [component, settings, cart] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "three files")?;

    // Once a process: the pool of sandboxes. Once a merchant: configure, snapshot, compile.
    let engine = Engine::new(EngineOptions::default())?;
    let plugin = engine.install(&read(component)?, &read_to_string(settings)?)?;
    for warning in plugin.warnings() {
        eprintln!("warning: {warning}");
    }

    // Once a checkout, from as many threads as you like.
    let mut request: Request = serde_json::from_str(&read_to_string(cart)?)?;
    request.at = std::time::UNIX_EPOCH.elapsed()?.as_secs().try_into()?;
    let decision = plugin.call::<ShippingQuote>(&request, &[]);
    match decision.outcome {
        Ok(answer) => {
            for quote in &answer.quotes {
                println!("{:<24} {:>6} minor units, {} parcels", quote.name, quote.price, quote.parcels.len());
            }
            println!("{} fuel, {:?}", decision.usage.fuel, decision.usage.elapsed);
        }
        Err(CallError::InvalidRequest(failure)) => println!("the cart is not valid: {failure}"),
        Err(error) => println!("show the shop's backup rates: {error}"),
    }
    Ok(())
}
