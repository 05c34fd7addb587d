//! `cargo xtask …`: what a newcomer, a developer and CI run. Each command does the set-up it needs and says what it is doing.

mod bench;
mod demo;
mod services;
mod setup;
mod steps;
mod test;
mod web;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask <command>

  demo [--once] [--port N]   build, start a demo shop with its storefront, ask it for quotes for three carts, take a merchant of a store from
                             the first install to a rollback, stay up (with --once: stop)
  test [--quick] [--web]     everything CI checks; --quick leaves out rustfmt, clippy and the docs, --web all that is not of web/
  bench [table …]            the tables of the README, measured on this machine; `browser` names those of Chromium
  web                        the packages of web/, and the site that the demo serves: target/site
  setup                      only what the others need first: wasm targets, the plugins' components, web/, a Chromium, and what the
                             tests run beside them: PostgreSQL, NATS, an OCI registry
  services                   only the last three
";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    match arguments.first().map(String::as_str) {
        Some("demo") => demo::run(has("--once"), port(&arguments)?),
        Some("test") => test::run(has("--quick"), has("--web")),
        Some("bench") => bench::run(&arguments[1..]),
        Some("web") => web::build().map(drop),
        Some("setup") => setup::components().and_then(|()| services::install()).and_then(|_| web::prepare()),
        Some("services") => services::install().map(drop),
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => bail!("there is no command `{other}`\n\n{HELP}"),
    }
}

fn port(arguments: &[String]) -> Result<u16> {
    match arguments.iter().position(|argument| argument == "--port") {
        Some(position) => match arguments.get(position + 1).map(|text| text.parse()) {
            Some(Ok(port)) => Ok(port),
            _ => bail!("--port takes a number from 0 to 65535; 0 takes a free one"),
        },
        None => Ok(8080),
    }
}
