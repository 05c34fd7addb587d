//! `cargo xtask demo`: a demo shop behind the real server, quotes for three carts, one order through every hook, and a merchant of the
//! store by the command line.

mod ask;
mod merchant;
mod order;
mod quotes;
mod shell;

use crate::steps::{self, cargo, root, say, target};
use crate::{setup, web};
use anyhow::{Context, Result, bail};
use merchant::Merchant;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The carts of xtask/demo/carts, in the order in which they are shown.
const CARTS: [(&str, &str); 3] = [
    ("espresso-set.json", "A coffee set to San Francisco"),
    ("camp-kitchen.json", "A camp kitchen to Brooklyn"),
    ("tent-and-stove.json", "A tent, a stove and its gas to Portland"),
];

pub fn run(once: bool, port: u16) -> Result<()> {
    setup::plugins()?;
    let site = web::build()?;
    steps::run(
        "building the cartwright binary",
        &mut cargo(&["build", "--release", "--workspace", "--bin", "cartwright"]),
    )?;
    let binary = target().join("release").join("cartwright");
    let merchant = Merchant::prepare(&binary)?;
    let mut server = Server::start(&binary, port, &site, &merchant.store())?;
    let shop = format!("{}/v1/shops/demo", server.address);
    for (file, title) in CARTS {
        let cart = fs::read_to_string(root().join("xtask/demo/carts").join(file))?;
        quotes::show(title, &shop, &cart)?;
    }
    order::walk(&shop)?;
    merchant.walk(&server.address)?;
    println!(
        "\nThe same by hand:\n  curl -s {shop}/quotes \\\n    -H 'content-type: application/json' -d @xtask/demo/carts/{}",
        CARTS[0].0
    );
    println!("The API: {0}/openapi.json   metrics: {0}/metrics", server.address);
    if once {
        return Ok(());
    }
    println!("\nThe storefront: {}/   The server stays up; Ctrl-C ends it.", server.address);
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
    fn start(binary: &Path, port: u16, site: &Path, store: &[String]) -> Result<Self> {
        say("starting the server with the demo shop and the store");
        let mut process = Command::new(binary)
            .args(["serve", "--log", "human", "--shops", "xtask/demo/shops", "--listen", &format!("127.0.0.1:{port}")])
            .arg("--cache")
            .arg(target().join("plugin-cache"))
            .arg("--site")
            .arg(site)
            .args(store)
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
