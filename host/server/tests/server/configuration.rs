//! A configuration that is wrong stops the start, and the message says which file, which place, which value, and what would be right.

use crate::common::Folder;

#[test]
fn a_folder_without_shops_is_refused() {
    assert!(Folder::new().refusal().contains("the folder holds no shop; make a folder for each shop"));
    let folder = Folder::new();
    folder.write("README.md", "no shop");
    folder.write(".git/config", "no shop either");
    assert!(folder.refusal().contains("the folder holds no shop"));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let mut options = Folder::with_a_shop().options();
    options.shops = options.shops.map(|folder| folder.join("elsewhere"));
    let error = cartwright_server::Server::prepare(options, &mut |_| {}).err().expect("refused").to_string();
    assert!(error.contains("elsewhere: the folder cannot be read: No such file"), "{error}");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let folder = Folder::new();
    folder.write("Bad Name/shop.json", "{}");
    folder.write("cut/shop.json", r#"{"name": "Cut", "plugins": {"#);
    folder.write("deep/shop.json", "[".repeat(1000));
    folder.write("empty/settings.json", "{}");
    folder.write("nameless/shop.json", "{}");
    folder.write("twice/shop.json", r#"{"name": "A", "name": "B"}"#);
    folder.write(
        "twice-plugin/shop.json",
        r#"{"name": "A", "plugins": {"shipping-quote": {"component":"a","settings":"b"}, "shipping-quote": null}}"#,
    );
    folder.write("typo/shop.json", r#"{"name": "A", "fallback": {}}"#);
    folder.write("unknown-hook/shop.json", r#"{"name": "A", "plugins": {"shipping-quotes": {}}}"#);
    folder.write(
        "rates/shop.json",
        r#"{"name": "", "fallbacks": {"shipping-quote": [
            {"service": "a", "name": "A", "price": -1, "currency": "usd"},
            {"service": "a", "name": "", "price": 1, "currency": "USD"},
            {"service": "a", "name": "A", "price": 2, "currency": "USD"}
        ]}}"#,
    );
    folder.write(
        "words/shop.json",
        r#"{"name": "A", "fallbacks": {"shipping-quote": [{"service": "a", "name": "A", "price": "8.95", "currency": "USD"}]}}"#,
    );
    insta::assert_snapshot!(folder.refusal());
}

#[test]
fn files_that_are_missing_or_no_component_are_named() {
    let folder = Folder::new();
    let shop = |component: &str, settings: &str| {
        format!(
            r#"{{"name": "A", "plugins": {{"shipping-quote": {{"component": "{component}", "settings": "{settings}"}}}}}}"#
        )
    };
    folder.write("a/shop.json", shop("../gone.wasm", "settings.json"));
    folder.write("b/shop.json", shop("../text.wasm", "gone.json"));
    folder.write("c/shop.json", shop("../text.wasm", "settings.json"));
    folder.write("d/shop.json", shop("../module.wasm", "settings.json"));
    folder.write("e/shop.json", shop("../empty.wasm", "settings.json"));
    folder.write("text.wasm", "not at all a component");
    folder.write("module.wasm", b"\0asm\x01\0\0\0");
    folder.write("empty.wasm", b"\0asm\x0d\0\x01\0");
    for shop in ["a", "c", "d", "e"] {
        folder.write(&format!("{shop}/settings.json"), "{}");
    }
    insta::assert_snapshot!(folder.refusal());
}

#[test]
fn options_that_would_serve_nobody_are_refused() {
    let folder = Folder::with_a_shop();
    let mut options = folder.options();
    options.clients.calls = 0;
    let refused =
        |options| cartwright_server::Server::prepare(options, &mut |_| {}).err().map(|error| error.to_string());
    assert_eq!(refused(options.clone()).as_deref(), Some("the limit of calls is 0; give 1 to 512"));
    (options.clients.calls, options.clients.calls_of_a_shop) = (4, 5);
    assert_eq!(refused(options).as_deref(), Some("the limit of a shop's calls is 5; give 1 to 4"));
}
