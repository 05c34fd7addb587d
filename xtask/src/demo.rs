//! `cargo xtask demo`: a demo shop behind the real server, and quotes for three carts.

use crate::setup;
use crate::steps::{self, cargo, root, say, target};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The carts of xtask/demo/carts, in the order in which they are shown.
const CARTS: [(&str, &str); 3] = [
    ("espresso-set.json", "A coffee set to San Francisco"),
    ("camp-kitchen.json", "A camp kitchen to Brooklyn"),
    ("tent-and-stove.json", "A tent, a stove and its gas to Portland"),
];

pub fn run(once: bool, port: u16) -> Result<()> {
    setup::components()?;
    steps::run("building the cartwright binary", &mut cargo(&["build", "--release", "--package", "cartwright-cli"]))?;
    let mut server = Server::start(port)?;
    let shop = format!("{}/v1/shops/demo/quotes", server.address);
    for (file, title) in CARTS {
        let cart = fs::read_to_string(root().join("xtask/demo/carts").join(file))?;
        show(title, &shop, &cart)?;
    }
    println!(
        "\nThe same by hand:\n  curl -s {shop} \\\n    -H 'content-type: application/json' -d @xtask/demo/carts/{}",
        CARTS[0].0
    );
    println!("The API: {0}/openapi.json   metrics: {0}/metrics", server.address);
    if once {
        return Ok(());
    }
    println!("\nThe server stays up at {}; Ctrl-C ends it.", server.address);
    server.process.wait()?;
    Ok(())
}

/// The server's process, ended with the demo.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts it and waits for its first line of output, which says where it listens.
    fn start(port: u16) -> Result<Self> {
        say("starting the server with the demo shop");
        let mut process = Command::new(target().join("release/cartwright"))
            .args(["serve", "--log", "human", "--shops", "xtask/demo/shops", "--listen", &format!("127.0.0.1:{port}")])
            .arg("--cache")
            .arg(target().join("plugin-cache"))
            .current_dir(root())
            .stdout(Stdio::piped())
            .spawn()
            .context("the cartwright binary could not be started")?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        if address.starts_with("http://") {
            return Ok(Self { process, address: address.trim_end().to_owned() });
        }
        bail!("the server ended before it listened; is port {port} taken? `cargo xtask demo --port 0` takes a free one")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A cart is asked for once cold and then so often, to show what a checkout pays that is not the day's first.
const REPEATS: usize = 50;

fn show(title: &str, shop: &str, cart: &str) -> Result<()> {
    let (first, fuel, answer) = ask(shop, cart).with_context(|| title.to_owned())?;
    let mut then = (0..REPEATS).map(|_| Ok(ask(shop, cart)?.0)).collect::<Result<Vec<f64>>>()?;
    then.sort_by(f64::total_cmp);
    println!(
        "\n{title}   ({first:.0} µs in the sandbox the first time, {:.0} µs then; {fuel} fuel)",
        then[REPEATS / 2]
    );
    let quotes = answer["quotes"].as_array().context("the answer has no quotes")?;
    println!("  {:<28} {:>9}  {:<27} {:<24} {:>10}", "service", "price", "arrives", "boxes", "CO2e");
    for quote in quotes {
        println!(
            "  {:<28} {:>9}  {:<27} {:<24} {:>10}",
            text(&quote["name"]),
            price(&quote["price"]),
            dates(&quote["promise"]),
            boxes(quote, &answer["parcels"]),
            quote["emissions"].as_u64().map_or(String::new(), |grams| format!("{grams} g")),
        );
    }
    for reason in answer["reasons"].as_array().into_iter().flatten() {
        println!("  - {}", text(&reason["message"]));
    }
    Ok(())
}

/// Microseconds in the sandbox, fuel, and the answer.
fn ask(shop: &str, cart: &str) -> Result<(f64, String, Value)> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut response = agent.post(shop).header("content-type", "application/json").send(cart)?;
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("?").to_owned();
    let (fuel, timing, status) = (header("cartwright-fuel"), header("server-timing"), response.status());
    let answer: Value = response.body_mut().read_json()?;
    if !status.is_success() {
        bail!("{status}: {answer:#}");
    }
    let milliseconds = timing.rsplit('=').next().and_then(|dur| dur.parse::<f64>().ok()).unwrap_or(f64::NAN);
    Ok((milliseconds * 1_000.0, fuel, answer))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

/// The demo shop sells in US dollars, which have two decimals.
fn price(value: &Value) -> String {
    let cents = value.as_i64().unwrap_or(0);
    if cents == 0 { "free".into() } else { format!("${}.{:02}", cents / 100, cents % 100) }
}

fn dates(promise: &Value) -> String {
    match (promise["earliest"].as_str(), promise["latest"].as_str()) {
        (Some(earliest), Some(latest)) if earliest == latest => earliest.to_owned(),
        (Some(earliest), Some(latest)) => format!("{earliest} to {latest}"),
        _ => String::new(),
    }
}

fn boxes(quote: &Value, parcels: &Value) -> String {
    let of = |index: &Value| index.as_u64().map(|index| text(&parcels[index as usize]["packaging"]));
    let names: Vec<&str> = quote["parcels"].as_array().into_iter().flatten().filter_map(of).collect();
    names.join(" + ")
}
