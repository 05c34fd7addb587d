//! What is measured, one module a table. `cargo xtask bench [table …]` prints them; every comparison is made in one run, on the same
//! work, since machines differ and are shared.

mod carton;
mod client;
mod fixtures;
mod hooks;
mod install;
mod peers;
mod platform;
mod routing;
mod sandbox;
mod server;
mod settings;
mod stats;
mod usps_zones;

const TABLES: [(&str, &str, fn()); 14] = [
    ("sandbox", "1. A call through the sandbox beside the same function called natively", sandbox::print),
    ("settings", "2. The same call with 100 and with 40,000 postal prefixes in the settings", settings::print),
    ("install", "3. Install time, and memory per installed plugin", install::print),
    ("carton", "4. Cartonisation beside BoxPacker", carton::print),
    ("zones", "5. Zones by the USPS distance rule beside a published chart", usps_zones::print),
    ("server", "6. The quotes endpoint beside a handler that returns a constant", server::print),
    ("routing", "7. Order routing natively, by size and stock, and what ranked rules cost", routing::print),
    ("hooks", "8. Each hook through the sandbox beside native", hooks::print),
    ("peers", "9. Routing beside HiGHS, screening rules beside zen-engine", peers::print),
    (
        "installs",
        "10. A server over 10,000 installs: its start, its memory, cold and warm calls",
        platform::installs::print,
    ),
    ("neighbour", "11. Quiet shops beside one that burns its whole budget on every call", platform::neighbour::print),
    ("recording", "12. Every decision recorded beside none", platform::recording::print),
    ("activation", "13. From an activation to three replicas' answers, under load", platform::activation::print),
    ("backtest", "14. Decisions asked again by one worker and by three", platform::backtest::print),
];

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = chosen.iter().find(|name| TABLES.iter().all(|(table, ..)| table != name)) {
        let names: Vec<_> = TABLES.iter().map(|(name, ..)| *name).collect();
        eprintln!("there is no table `{unknown}`; there are {}", names.join(", "));
        std::process::exit(2);
    }
    for (name, title, print) in TABLES {
        if chosen.is_empty() || chosen.iter().any(|wanted| wanted == name) {
            println!("\n{title}\n");
            print();
        }
    }
}
