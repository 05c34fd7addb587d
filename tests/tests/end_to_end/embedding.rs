//! The program of docs/examples/embed.rs does what its page says.

use cartwright_tests::{components_folder, root};
use std::process::Command;

#[test]
fn the_embedding_example_quotes_a_cart() {
    let tests = std::env::current_exe().expect("this test's own path");
    let examples =
        tests.parent().and_then(|deps| deps.parent()).expect("it lies in the target folder").join("examples");
    let demo = root().join("xtask/demo");
    let output = Command::new(examples.join("embed"))
        .arg(components_folder().join("shipping_quote.wasm"))
        .arg(demo.join("shops/demo/shipping-quote.json"))
        .arg(demo.join("carts/espresso-set.json"))
        .output()
        .expect("cargo test builds the examples");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("minor units") && text.contains("fuel"), "{text}");
}

#[test]
fn the_embedding_example_fits_a_page() {
    let source = std::fs::read_to_string(root().join("docs/examples/embed.rs")).expect("the example");
    assert!(source.lines().count() <= 45, "{} lines", source.lines().count());
}
