//! Table 9: peers that come from PyPI, run by this bench in a virtual environment of the target folder: HiGHS on the routing orders, and a
//! decision table of zen-engine with the screening rules.

use crate::fixtures::{component, engine, root};
use crate::routing;
use crate::stats::{Timings, time};
use cartwright_contract::order_screening::Request;
use cartwright_runtime::hooks::OrderScreening;
use cartwright_sdk::order_screening::OrderScreening as _;
use cartwright_sdk::settings::configure;
use order_screening::OrderScreeningPlugin;
use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;

/// The interpreter of an environment that has the peers, if there is one: `cargo xtask bench` makes it.
fn python() -> Option<PathBuf> {
    std::env::var_os("CARTWRIGHT_BENCH_PYTHON").map(PathBuf::from).filter(|path| path.is_file())
}

/// Runs a script, and gives what it printed.
fn script(python: &PathBuf, arguments: &[&str]) -> String {
    let output = Command::new(python).args(arguments).current_dir(root()).output();
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Ok(output) => format!("{} failed: {}", arguments[0], String::from_utf8_lossy(&output.stderr).trim()),
        Err(error) => format!("{} could not be run: {error}", arguments[0]),
    }
}

pub fn print() {
    let Some(python) = python() else {
        println!("skipped: no Python with highspy and zen-engine; `cargo xtask bench` sets one up where python3 is");
        return;
    };
    println!("routing beside HiGHS, each order solved to the optimum by both:");
    let instances = std::env::temp_dir().join(format!("cartwright-routing-{}.json", std::process::id()));
    match std::fs::write(&instances, routing::json()) {
        Ok(()) => println!("  {}", script(&python, &["benches/highs.py", &instances.to_string_lossy()])),
        Err(error) => println!("  the instances could not be written: {error}"),
    }
    let _ = std::fs::remove_file(&instances);

    println!("\neight screening rules beside zen-engine's decision table, per decision:");
    let settings = std::fs::read_to_string(root().join("benches/data/screening-rules.json")).expect("the rules");
    let agreement =
        std::fs::read_to_string(root().join("benches/data/screening-agreement.json")).expect("the requests");
    let agreement: Vec<serde_json::Value> = serde_json::from_str(&agreement).expect("JSON");
    let requests: Vec<Request> = agreement
        .into_iter()
        .map(|one| serde_json::from_value(one["request"].clone()).expect("a screening request"))
        .collect();
    let native = configure::<OrderScreeningPlugin>(&settings).expect("the settings hold").plugin;
    let plugin = engine().install(&component("order_screening"), &settings).expect("it installs");
    let each = |run: &mut dyn FnMut(&Request)| {
        for request in &requests {
            run(request);
        }
        Timings::of((0..20).flat_map(|_| &requests).map(|request| time(|| run(request)).0).collect())
    };
    let direct = each(&mut |request| drop(black_box(native.run(request, &[]))));
    let sandboxed = each(&mut |request| drop(black_box(plugin.call::<OrderScreening>(request, &[]))));
    println!("  natively {:.1} µs, in the sandbox {:.1} µs (medians)", direct.median(), sandboxed.median());
    println!("  zen-engine, called from Python: {}", script(&python, &["benches/zen_screening.py"]));
}
