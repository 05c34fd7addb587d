//! A merchant's loop by the command line, against the real server on a real store: as docs/operator.md says it, "By the command line".

use cartwright_tests::{components_folder, root};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A server on an SQLite store, and what asks it.
struct Operated {
    folder: TempDir,
    server: Child,
    address: String,
    token: String,
}

fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("this test's own path");
    tests.parent().and_then(|deps| deps.parent()).expect("it lies in the target folder").join("cartwright")
}

impl Operated {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = format!("sqlite:{}", folder.path().join("store.db").display());
        let mut bootstrap = Command::new(binary());
        let made = bootstrap.args(["bootstrap", "--store", &store]).output().expect("the binary that cargo test built");
        let token = String::from_utf8(made.stdout).expect("text").trim().to_owned();
        assert!(token.starts_with("cw_platform_"), "{}", String::from_utf8_lossy(&made.stderr));
        let log = fs::File::create(folder.path().join("server.log")).expect("a log");
        let mut serve = Command::new(binary());
        serve.args(["serve", "--store", &store, "--unsigned", "--listen", "127.0.0.1:0"]);
        serve.arg("--cache").arg(folder.path().join("cache"));
        let mut server = serve.stdout(Stdio::piped()).stderr(log).spawn().expect("the server starts");
        let mut address = String::new();
        let stdout = server.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut address).expect("the server says where it listens");
        assert!(
            address.starts_with("http://"),
            "{}",
            fs::read_to_string(folder.path().join("server.log")).unwrap_or_default()
        );
        Self { folder, server, address: address.trim().to_owned(), token }
    }

    /// The exit code, stdout, stderr.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command.env("CARTWRIGHT_SERVER", &self.address).env("CARTWRIGHT_TOKEN", &self.token);
        command.env("XDG_CONFIG_HOME", self.folder.path());
        let output = command.output().expect("the binary that cargo test built");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// What it prints, of a command that succeeds.
    fn done(&self, arguments: &[&str]) -> (String, String) {
        let (code, out, err) = self.run(arguments);
        let log = || fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default();
        assert_eq!(code, 0, "cartwright {}: {out}{err}\n{}", arguments.join(" "), log());
        (out, err)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--json"]].concat()).0).expect("JSON")
    }

    /// A decision of the shop.
    fn ask(&self, body: &[u8]) -> Value {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut response = agent
            .post(format!("{}/v1/shops/demo/quotes", self.address))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token))
            .send(body)
            .expect("an answer");
        let text = response.body_mut().read_to_string().expect("text");
        assert_eq!(response.status().as_u16(), 200, "{text}");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Drop for Operated {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The demo shop in a folder of its own, with the components that were built.
fn demo(folder: &Path) -> PathBuf {
    let (from, to) = (root().join("xtask/demo/shops/demo"), folder.join("demo"));
    fs::create_dir(&to).expect("a folder");
    for file in fs::read_dir(&from).expect("the demo's shop").flatten() {
        fs::copy(file.path(), to.join(file.file_name())).expect("copied");
    }
    let mut shop: Value = serde_json::from_slice(&fs::read(to.join("shop.json")).expect("read")).expect("JSON");
    for plugin in shop["plugins"].as_object_mut().expect("plugins").values_mut() {
        let name = Path::new(plugin["component"].as_str().expect("a path")).file_name().expect("a name").to_owned();
        plugin["component"] = json!(components_folder().join(name));
    }
    fs::write(to.join("shop.json"), shop.to_string()).expect("written");
    to
}

/// Records are written off the path of decisions, so that one appears a moment after its answer.
fn until_there(mut look: impl FnMut() -> Option<Value>) -> Value {
    let start = Instant::now();
    loop {
        match look() {
            Some(found) => return found,
            None if start.elapsed() > Duration::from_secs(20) => panic!("it did not come within 20 s"),
            None => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[test]
fn a_merchant_installs_tries_switches_looks_back_and_replays() {
    let server = Operated::start();
    let folder = demo(server.folder.path());
    let folder = folder.to_str().expect("a path in UTF-8");

    // A folder shop comes into the store, and the second time nothing is changed.
    let import = ["shop", "import", folder, "--into", "demo"];
    assert!(server.done(&import).1.contains("Activated demo/shipping-quote@1"));
    let again = server.done(&import).1;
    assert!(!again.contains("Activated") && !again.contains("Published") && again.contains("Unchanged"), "{again}");
    assert_eq!(server.json(&["installs", "demo"]).as_array().map(Vec::len), Some(5));

    // What it quotes is recorded, and replayed to the byte.
    let cart = fs::read(root().join("xtask/demo/carts/espresso-set.json")).expect("a cart");
    let mut cart: Value = serde_json::from_slice(&cart).expect("JSON");
    // Asked at one moment, so that only a revision makes a difference.
    cart["at"] = json!("2026-11-23T15:00:00Z");
    let cart = cart.to_string().into_bytes();
    let before = server.ask(&cart);
    let record = until_there(|| server.json(&["records", "demo", "--hook", "shipping-quote"]).get(0).cloned());
    let id = record["id"].as_str().expect("an id").to_owned();
    assert!(server.done(&["record", "demo", &id]).0.contains("quotes"));
    assert!(server.done(&["replay", "demo", &id]).1.contains("byte for byte"));

    // Settings are changed, tried and switched; a mistake in them points at the file.
    let (settings, _) = server.done(&["settings", "demo/shipping-quote"]);
    fs::write(server.folder.path().join("wrong.json"), "{\"services\": 5}").expect("written");
    let (code, _, err) = server.run(&["set", "demo/shipping-quote", "-s", "wrong.json"]);
    assert!(code == 3 && err.contains("`wrong.json`: /services"), "{err}");
    let mut changed: Value = serde_json::from_str(&settings).expect("JSON");
    changed["services"].as_array_mut().expect("services").truncate(1);
    fs::write(server.folder.path().join("new.json"), changed.to_string()).expect("written");
    server.done(&["set", "demo/shipping-quote", "-s", "new.json", "--note", "one service"]);
    assert!(server.done(&["diff", "demo/shipping-quote"]).0.contains("- /services/1"));
    server.done(&["shadow", "demo/shipping-quote"]);
    assert!(server.ask(&cart) == before, "a shadow is never shown");
    server.done(&["canary", "demo/shipping-quote", "--share", "10%"]);
    server.done(&["activate", "demo/shipping-quote"]);
    let after = server.ask(&cart);
    assert!(after["quotes"].as_array().map(Vec::len) < before["quotes"].as_array().map(Vec::len), "{after}");

    // The old decision still is what it was, and another revision decides otherwise.
    assert!(server.done(&["replay", "demo", &id]).1.contains("byte for byte"));
    let (code, out, err) = server.run(&["replay", "demo", &id, "--revision", "2"]);
    assert_eq!(code, 4, "{out}{err}");
    let report = server.done(&["backtest", "demo/shipping-quote@2", "--since", "1h", "--out", "rows.csv"]).0;
    assert!(report.contains("what changes"), "{report}");
    assert!(fs::read_to_string(server.folder.path().join("rows.csv")).expect("rows").lines().count() >= 2);

    // And back.
    server.done(&["rollback", "demo/shipping-quote", "--why", "prices are off"]);
    assert!(server.ask(&cart) == before, "a rollback brings back what was");
    let history = server.done(&["history", "demo/shipping-quote"]).0;
    for word in ["created", "activated", "shadow", "canary", "rolledBack", "prices are off"] {
        assert!(history.contains(word), "{word}: {history}");
    }
    assert!(server.done(&["audit", "demo"]).0.contains("install."));
}

#[test]
fn a_shops_token_opens_its_own_shop_and_nothing_else() {
    let server = Operated::start();
    server.done(&["shop", "create", "one"]);
    server.done(&["shop", "create", "other"]);
    let token = server.done(&["token", "create", "--kind", "admin", "--shop", "one"]).0;
    let token = token.trim();
    assert_eq!(server.run(&["installs", "one", "--token", token]).0, 0);
    for refused in [&["installs", "other"][..], &["shop", "list"], &["audit"], &["shop", "create", "third"]] {
        let (code, _, err) = server.run(&[refused, &["--token", token]].concat());
        assert_eq!(code, 3, "{refused:?}: {err}");
    }
    let id = token.split('_').nth(2).expect("the token's id");
    server.done(&["token", "revoke", id, "--shop", "one"]);
    let (code, _, err) = server.run(&["installs", "one", "--token", token]);
    assert!(code == 3 && !err.contains(token), "{err}");
}
