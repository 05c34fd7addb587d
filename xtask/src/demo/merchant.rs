//! A merchant of the store, by the command line: from the author's key to a rollback and a backtest.
//!
//! The lines are those of the README, which a test holds against these.

use super::ask::{ask_as, price, text};
use super::shell::Shell;
use crate::steps::{root, target};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Before there is a server.
const BOOTSTRAP: &str = "cartwright bootstrap --store sqlite:store.db --master-key master.key --to platform.token";

/// What the operator does once, and an author.
const OPEN: [&str; 6] = [
    "cartwright login --server http://127.0.0.1:8080 --token-file platform.token",
    "cartwright keygen --key acme.key",
    "cartwright author add acme --key acme.pub",
    "cartwright publish shipping_quote.wasm --key acme.key",
    "cartwright shop create outfitters --name 'Mountain Outfitters'",
    "cartwright token create --kind checkout --shop outfitters --label storefront --to storefront.token",
];

/// The merchant's first settings.
const INSTALL: [&str; 2] = [
    "cartwright install outfitters shipping-quote shipping-quote@VERSION --settings quotes.json --name quotes",
    "cartwright activate outfitters/quotes",
];

/// Free delivery from 50 dollars instead of 75.
const CHANGE: [&str; 5] = [
    "sed 's/\"from\": 7500/\"from\": 5000/' quotes.json > cheaper.json",
    "cartwright set outfitters/quotes --settings cheaper.json --note 'free from 50'",
    "cartwright diff outfitters/quotes",
    "cartwright policy outfitters/quotes --file policy.json",
    "cartwright shadow outfitters/quotes",
];

const STATS: &str = "cartwright stats outfitters/quotes";
const CANARY: &str = "cartwright canary outfitters/quotes --share 20%";
const ACTIVATE: &str = "cartwright activate outfitters/quotes";

const BACK: [&str; 3] = [
    "cartwright rollback outfitters/quotes --why 'not before the sale'",
    "cartwright history outfitters/quotes",
    "cartwright records outfitters --stage canary --most 2",
];

const AGAIN: [&str; 2] =
    ["cartwright replay outfitters RECORD", "cartwright backtest outfitters/quotes@2 --since 1h --out changes.csv"];

/// When a candidate is taken back. Wider than one would have it: a machine that is busy with other things must not do it.
const POLICY: &str = r#"{ "limits": { "errorRate": 200, "fallbackRate": 200, "slowMillis": 60000 } }"#;

/// Shoppers that ask in each chapter; each has a cart of one to six cups.
const SHOPPERS: i64 = 60;
/// How long what was asked may take until it is counted.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder for a store, made anew, and a shell in it.
pub struct Merchant {
    folder: PathBuf,
    shell: Shell,
}

impl Merchant {
    /// The store and its first token.
    pub fn prepare(binary: &Path) -> Result<Self> {
        let folder = target().join("demo");
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{} cannot be emptied", folder.display()));
            }
            _ => fs::create_dir_all(&folder)?,
        }
        let copy = |from: PathBuf, to: &str| {
            fs::copy(&from, folder.join(to)).with_context(|| format!("{} is missing", from.display()))
        };
        copy(target().join("components/shipping_quote.wasm"), "shipping_quote.wasm")?;
        copy(root().join("xtask/demo/shops/demo/shipping-quote.json"), "quotes.json")?;
        fs::write(folder.join("policy.json"), POLICY)?;
        let shell = Shell::new(&folder, binary)?;
        println!("\nA store for merchants in {}:", folder.display());
        shell.run(BOOTSTRAP)?;
        Ok(Self { folder, shell })
    }

    /// What the server is started with.
    pub fn store(&self) -> [String; 4] {
        let path = |name| self.folder.join(name).display().to_string();
        ["--store".into(), format!("sqlite:{}", path("store.db")), "--master-key".into(), path("master.key")]
    }

    /// The whole way, on the server at this address.
    pub fn walk(mut self, address: &str) -> Result<()> {
        self.shell.with("http://127.0.0.1:8080", address.to_owned());
        println!("\nA merchant of the store, by the command line in {}:\n", self.folder.display());
        self.lines(&OPEN)?;
        let published = self.shell.ask("cartwright versions shipping-quote --json")?;
        let published: Value = serde_json::from_str(&published)?;
        self.shell.with("VERSION", text(&published[0]["version"]).to_owned());
        self.lines(&INSTALL)?;
        let token = fs::read_to_string(self.folder.join("storefront.token"))?;
        let shop = Storefront { address: format!("{address}/v1/shops/outfitters/quotes"), token: token.trim().into() };
        shop.show("Four cups for $64 to San Francisco")?;

        println!(
            "\nFree delivery from $50 instead of $75, first as a shadow: asked beside the live one, never shown.\n"
        );
        self.lines(&CHANGE)?;
        shop.shoppers()?;
        self.counted("shadow")?;
        self.shell.run(STATS)?;

        println!("\nThen for a fifth of the shoppers, then for all.\n");
        self.shell.run(CANARY)?;
        let new = shop.shoppers()?;
        println!(
            "  {new} of {SHOPPERS} shoppers were answered by revision 2; asked again, the same {}",
            shop.shoppers()?
        );
        self.shell.run(ACTIVATE)?;
        shop.show("The same four cups")?;

        println!("\nAnd back; what was decided stays, can be made again, and other settings can be tried on it.\n");
        self.counted("canary")?;
        self.lines(&BACK)?;
        shop.show("The same four cups")?;
        let records = self.shell.ask("cartwright records outfitters --stage canary --most 1 --json")?;
        let records: Value = serde_json::from_str(&records)?;
        self.shell.with("RECORD", text(&records[0]["id"]).to_owned());
        self.lines(&AGAIN)
    }

    fn lines(&self, lines: &[&str]) -> Result<()> {
        lines.iter().try_for_each(|line| self.shell.run(line))
    }

    /// Waits until the answers of all shoppers in this stage are counted: that happens beside the calls, once a second.
    fn counted(&self, stage: &str) -> Result<()> {
        let begun = Instant::now();
        loop {
            let counts: Value = serde_json::from_str(&self.shell.ask(&format!("{STATS} --json"))?)?;
            let of_stage = counts.as_array().into_iter().flatten().filter(|one| one["stage"] == stage);
            let calls: i64 = of_stage.filter_map(|one| one["calls"].as_i64()).sum();
            if calls >= if stage == "shadow" { SHOPPERS } else { 1 } {
                return Ok(());
            }
            if begun.elapsed() > PATIENCE {
                // What nobody waits for may be left out on a machine that has no time for it.
                println!("  (of {SHOPPERS} shoppers, {calls} calls as a {stage} were counted within {PATIENCE:?})");
                return Ok(());
            }
            sleep(Duration::from_millis(200));
        }
    }
}

/// The shop's pages.
struct Storefront {
    address: String,
    token: String,
}

impl Storefront {
    /// Asks for the cart of the demo and shows what delivery costs.
    fn show(&self, title: &str) -> Result<()> {
        let answer = self.ask("shopper-0", 4)?;
        let quotes = answer["quotes"].as_array().context("the answer has no quotes")?;
        let quotes: Vec<String> =
            quotes.iter().map(|quote| format!("{} {}", text(&quote["name"]), price(&quote["price"]))).collect();
        println!("  {title}, by revision {}: {}", answer["plugins"][0]["revision"], quotes.join(", "));
        Ok(())
    }

    /// Every shopper asks once. Gives how many were answered by revision 2.
    fn shoppers(&self) -> Result<usize> {
        let mut new = 0;
        for number in 1..=SHOPPERS {
            let answer = self.ask(&format!("shopper-{number}"), 1 + number % 6)?;
            new += usize::from(answer["plugins"][0]["revision"] == 2);
        }
        Ok(new)
    }

    fn ask(&self, shopper: &str, cups: i64) -> Result<Value> {
        let cart = fs::read_to_string(root().join("xtask/demo/carts/mugs.json"))?;
        let mut cart: Value = serde_json::from_str(&cart)?;
        cart["lines"][0]["quantity"] = json!(cups);
        cart["customer"] = json!({ "id": shopper });
        Ok(ask_as(Some(&self.token), &self.address, &cart.to_string())?.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_shows_every_line_of_the_demo() {
        let readme = fs::read_to_string(root().join("README.md")).expect("a README");
        let alone = [BOOTSTRAP, STATS, CANARY, ACTIVATE];
        let all = [&alone[..], &OPEN, &INSTALL, &CHANGE, &BACK, &AGAIN].concat();
        for line in all {
            // What is only known when it runs.
            let shown = line.split("VERSION").next().and_then(|line| line.split("RECORD").next()).unwrap_or(line);
            assert!(readme.contains(&format!("$ {shown}")), "the README does not show `{line}`");
        }
    }
}
