//! One order through every hook: its address, its screening, its routing, and what comes back of it. What each decided and why.

use super::ask::{ask, price, text};
use crate::steps::root;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;

/// A step of the order's way: the address of its hook, the file of its request, what it asks, and how its answer reads.
struct Step {
    hook: &'static str,
    file: &'static str,
    question: &'static str,
    tell: fn(&Value, &Value),
}

const WAY: [Step; 4] = [
    Step {
        hook: "address-validations",
        file: "address-validation.json",
        question: "Would a parcel reach this address?",
        tell: address,
    },
    Step { hook: "screenings", file: "order-screening.json", question: "Is this order safe?", tell: screening },
    Step { hook: "routings", file: "order-routing.json", question: "Who ships what?", tell: routing },
    Step {
        hook: "returns",
        file: "return-policy.json",
        question: "The tent is too large: may it come back?",
        tell: returns,
    },
];

/// A step is asked once cold and then so often, to show what the day's other orders pay.
const REPEATS: usize = 20;

pub fn walk(shop: &str) -> Result<()> {
    println!("\n-- One order on its way: the tent, the stove and its gas, paid and to be shipped --");
    for Step { hook, file, question, tell } in WAY {
        let document = fs::read_to_string(root().join("xtask/demo/orders").join(file))?;
        let mut request: Value = serde_json::from_str(&document).with_context(|| file.to_owned())?;
        // The server keeps counters of its own, for platforms that send none.
        if let Some(request) = request.as_object_mut() {
            request.remove("velocities");
        }
        let (address, body) = (format!("{shop}/{hook}"), request.to_string());
        let (first, fuel, answer) = ask(&address, &body).with_context(|| file.to_owned())?;
        let mut then = (0..REPEATS).map(|_| Ok(ask(&address, &body)?.0)).collect::<Result<Vec<f64>>>()?;
        then.sort_by(f64::total_cmp);
        let (plugin, then) = (text(&answer["plugins"][0]["name"]), then[REPEATS / 2]);
        println!("\n{question}   ({plugin}: {first:.0} µs the first time, {then:.0} µs then; {fuel} fuel)");
        tell(&request, &answer);
        // What an issue has said already stands among the reasons once more, for programs.
        let said = |reason: &&Value| each(&answer["issues"]).any(|issue| issue["code"] == reason["code"]);
        for reason in each(&answer["reasons"]).filter(|reason| !said(reason)) {
            println!("  - {} {}", text(&reason["code"]), text(&reason["message"]));
        }
    }
    Ok(())
}

fn each(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn address(_: &Value, answer: &Value) {
    let label: Vec<&str> = each(&answer["label"]).map(text).collect();
    println!("  {}: {}", text(&answer["verdict"]), label.join(", "));
    for issue in each(&answer["issues"]) {
        println!("  - {} {}", text(&issue["code"]), text(&issue["message"]));
    }
}

fn screening(_: &Value, answer: &Value) {
    println!("  {}, score {} of 1000", text(&answer["verdict"]), answer["score"]);
    for contribution in each(&answer["contributions"]) {
        let (points, reason) = (contribution["points"].as_i64().unwrap_or(0), &contribution["reason"]);
        println!("  {points:>5} {} {}", text(&reason["code"]), text(&reason["message"]));
    }
}

fn routing(request: &Value, answer: &Value) {
    let proven = if answer["total"] == answer["bound"] { ", proven the least" } else { "" };
    println!("  {}: {}{proven}", text(&answer["disposition"]), price(&answer["total"]));
    for shipment in each(&answer["shipments"]) {
        let cost: i64 = each(&shipment["costs"]).filter_map(|cost| cost["amount"].as_i64()).sum();
        let units: Vec<String> = each(&shipment["lines"]).map(|units| units_of(request, units)).collect();
        let arrives = shipment["arrives"].as_str().map(|day| format!(", arrives {day}")).unwrap_or_default();
        let (location, cost) = (text(&shipment["location"]), price(&cost.into()));
        println!("  {location:<10} {} for {cost}{arrives}", units.join(", "));
    }
    for comparison in each(&answer["comparisons"]) {
        let (rule, total) = (text(&comparison["rule"]), price(&comparison["total"]));
        println!("  the rule {rule} would have cost {total} in {} shipments", comparison["shipments"]);
    }
}

fn units_of(request: &Value, units: &Value) -> String {
    let line = units["line"].as_u64().and_then(|line| usize::try_from(line).ok()).unwrap_or(usize::MAX);
    format!("{} x {}", units["quantity"], text(&request["lines"][line]["sku"]))
}

fn returns(_: &Value, answer: &Value) {
    for decision in each(&answer["decisions"]) {
        let remedies: Vec<&str> = each(&decision["remedies"]).map(|offer| text(&offer["remedy"])).collect();
        let place = if decision["keep"] == true { "kept" } else { text(&decision["destination"]) };
        println!(
            "  {}: {} of {} ({}), until {}, goes to {place}",
            text(&decision["verdict"]),
            decision["quantity"],
            price(&decision["refund"]),
            remedies.join(", "),
            text(&decision["until"]),
        );
        for reason in each(&decision["reasons"]) {
            println!("  - {} {}", text(&reason["code"]), text(&reason["message"]));
        }
    }
    for label in each(&answer["labels"]) {
        let (payer, fee) = (text(&label["paidBy"]), price(&label["fee"]));
        println!("  label to {}: paid by the {payer}, {fee} held back", text(&label["destination"]));
    }
    println!("  back to the shopper: {}", price(&answer["totalRefund"]));
}
