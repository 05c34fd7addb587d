//! Commands against a server, here one that answers from a script: what a user sees, what is sent, what the process ends with.

use super::{Ended, cartwright_with, folder};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};

const COMMANDS: [&str; 33] = [
    "login",
    "context",
    "packages",
    "versions",
    "install",
    "installs",
    "settings",
    "set",
    "uninstall",
    "shadow",
    "canary",
    "activate",
    "withdraw",
    "rollback",
    "policy",
    "history",
    "diff",
    "stats",
    "records",
    "record",
    "logs",
    "replay",
    "backtest",
    "secret",
    "webhook",
    "erase",
    "publish",
    "bootstrap",
    "shop",
    "token",
    "author",
    "audit",
    "dead-letters",
];

/// A request: `PUT /v1/shops/demo {"name":…}`.
type Asked = String;

/// Answers each request by the first of these whose beginning it has; what none has is 404.
struct Server {
    base: String,
    asked: Receiver<Asked>,
}

impl Server {
    fn new(script: Vec<(&'static str, u16, Value)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let (tell, asked) = channel();
        // It ends with the test's process.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let asked = read(&stream);
                let none = json!({ "detail": "there is no such thing", "code": "NOT_FOUND", "instance": "r0" });
                let found = script.iter().find(|(start, ..)| asked.starts_with(start));
                let (status, body) = found.map_or((404, &none), |(_, status, body)| (*status, body));
                let body = if body.is_null() { String::new() } else { body.to_string() };
                let head = format!(
                    "HTTP/1.1 {status} X\r\netag: \"4\"\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                stream.write_all((head + &body).as_bytes()).unwrap();
                let _ = tell.send(asked);
            }
        });
        Self { base, asked }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.try_iter().collect()
    }

    fn run(&self, here: &Path, words: &[&str]) -> Ended {
        cartwright_with(here, words, &[("CARTWRIGHT_SERVER", &self.base), ("CARTWRIGHT_TOKEN", "cw_admin_1_x")])
    }
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let (mut lines, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        lines.push(line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let first = lines.first().map(|line| line.trim_end().trim_end_matches(" HTTP/1.1").to_owned()).unwrap_or_default();
    format!("{first} {}", String::from_utf8_lossy(&body)).trim_end().to_owned()
}

fn install(live: i64, candidate: &Value) -> Value {
    json!({ "id": "0199d3c2-8e07-7cc2-9f5f-2f1e4f6f0a11", "shop": "demo", "hook": "shipping-quote", "name": "quotes", "position": 1,
        "live": live, "previous": 1, "candidate": candidate, "newest": 3, "version": 4, "created": 1_795_334_400 })
}

fn list(items: &Value) -> Value {
    json!({ "items": items })
}

#[test]
fn every_command_against_a_server_has_examples() {
    let here = folder(&[]);
    for command in COMMANDS {
        let help = cartwright_with(here.path(), &[command, "--help"], &[]);
        assert_eq!(help.code, 0, "{command}");
        assert!(
            help.out.contains("Examples:\n  cartwright ") || help.out.contains("Examples:\n  pass "),
            "{command}: {}",
            help.out
        );
    }
}

#[test]
fn without_a_server_every_command_says_how_to_name_one() {
    let here = folder(&[]);
    let ended = cartwright_with(here.path(), &["installs", "demo"], &[]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert!(ended.err.starts_with("error: no server was named\nhint: give --server URL"), "{}", ended.err);
}

#[test]
fn a_login_is_kept_for_its_owner_alone_and_only_when_the_token_is_good() {
    let server =
        Server::new(vec![("GET /v1/packages", 200, list(&json!([]))), ("GET /v1/shops?", 200, list(&json!([])))]);
    let here = folder(&[("token", b"cw_platform_1_secret\n")]);
    let run = |words: &[&str]| cartwright_with(here.path(), words, &[]);
    let ended = run(&["login", "--server", &server.base, "--token-file", "token", "--name", "local"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let file = here.path().join("config/cartwright/contexts.json");
    assert!(fs::read_to_string(&file).unwrap().contains("cw_platform_1_secret"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(run(&["shop", "list"]).code, 0);
    let contexts = run(&["context", "list"]);
    assert!(contexts.out.contains("*  local") && !contexts.out.contains("secret"), "{}", contexts.out);

    let refusing = Server::new(vec![("GET", 401, json!({ "detail": "the token is not known", "instance": "r7" }))]);
    let ended = run(&["login", "--server", &refusing.base, "--token-file", "token", "--name", "other"]);
    assert_eq!((ended.code, run(&["context", "list"]).out.contains("other")), (3, false));
    assert!(ended.err.contains("the token is not known (request r7)"), "{}", ended.err);
}

#[test]
fn what_is_installed_is_a_table_for_people_and_the_documents_for_programs() {
    let candidate = json!({ "revision": 3, "stage": "canary", "share": 100, "since": 1_795_334_400 });
    let server = Server::new(vec![("GET /v1/shops/demo/installs", 200, list(&json!([install(2, &candidate)])))]);
    let here = folder(&[]);
    insta::assert_snapshot!("installs", server.run(here.path(), &["installs", "demo"]).out);
    let json: Value = serde_json::from_str(&server.run(here.path(), &["installs", "demo", "--json"]).out).unwrap();
    assert_eq!(json[0]["candidate"]["share"], 100);
    let empty = Server::new(vec![("GET", 200, list(&json!([])))]);
    assert!(empty.run(here.path(), &["installs", "demo"]).out.starts_with("nothing is installed"));
}

#[test]
fn settings_that_are_refused_point_at_the_users_file() {
    let errors = json!([
        { "field": "/settings/zones/0/price", "detail": "-1 is below 0" },
        { "field": "/settings/free", "detail": "\"x\" is no number" },
    ]);
    let problem = json!({ "detail": "2 things are wrong with the settings", "code": "SETTINGS", "instance": "r1", "errors": errors });
    let server = Server::new(vec![("POST /v1/shops/demo/installs", 422, problem)]);
    let here = folder(&[("quotes.json", b"{ \"free\": \"x\" }"), ("broken.json", b"{ \"free\": }")]);
    let words = ["install", "demo", "shipping-quote", "shipping-quote@1.0.0", "-s", "quotes.json"];
    let ended = server.run(here.path(), &words);
    assert_eq!(ended.code, 3);
    insta::assert_snapshot!("settings_refused", ended.err);
    assert!(server.asked()[0].ends_with(",\"settings\":{ \"free\": \"x\" }}"));
    let ended = server.run(here.path(), &[&words[..5], &["broken.json"]].concat());
    assert!(
        ended.code == 3 && ended.err.contains("`broken.json` is no JSON: expected value at line 1 column 11"),
        "{}",
        ended.err
    );
    assert_eq!(server.asked(), [""; 0], "nothing was sent");
}

#[test]
fn the_merchants_loop_says_what_answers_after_each_step() {
    let shadow = json!({ "revision": 3, "stage": "shadow", "share": 0, "since": 1 });
    let script = |stage: Value| {
        vec![
            ("GET /v1/shops/demo/installs/quotes", 200, install(2, &Value::Null)),
            ("POST /v1/shops/demo/installs/0199d3c2-8e07-7cc2-9f5f-2f1e4f6f0a11/", 200, stage),
        ]
    };
    let here = folder(&[]);
    let server = Server::new(script(install(2, &shadow)));
    let ended = server.run(here.path(), &["shadow", "demo/quotes", "--why", "new zones"]);
    assert!(
        ended.err.contains("Shadowing demo/quotes@3: it is asked beside the live revision 2, and never shown"),
        "{}",
        ended.err
    );
    assert!(server.asked()[1].ends_with(r#"/stage {"stage":"shadow","why":"new zones"}"#));
    let server = Server::new(script(install(3, &Value::Null)));
    let ended = server.run(here.path(), &["activate", "demo/quotes@3"]);
    assert!(ended.err.contains("Activated demo/quotes: revision 3 answers; a rollback goes to 1"), "{}", ended.err);
    assert!(server.asked()[1].ends_with(r#"/stage {"revision":3,"stage":"live"}"#));
    assert_eq!(server.run(here.path(), &["rollback", "demo/quotes"]).code, 0);
    assert!(server.asked()[1].ends_with("/rollback {}"));
}

#[test]
fn of_two_people_at_once_one_is_told_to_look_again() {
    let stale = json!({ "detail": "the install is of version 5, not 4", "code": "STALE", "instance": "r1" });
    let server = Server::new(vec![("GET", 200, install(2, &Value::Null)), ("POST", 412, stale)]);
    let ended = server.run(folder(&[]).path(), &["activate", "demo/quotes"]);
    assert_eq!(ended.code, 3);
    assert!(ended.err.contains("hint: it has changed since it was read"), "{}", ended.err);
}

#[test]
fn a_replay_that_gives_other_bytes_is_exit_code_4() {
    let here = folder(&[]);
    for (same, code) in [(true, 0), (false, 4)] {
        let server = Server::new(vec![(
            "POST /v1/shops/demo/records/7/replay",
            200,
            json!({ "same": same, "recorded": "a", "replayed": "b" }),
        )]);
        let ended = server.run(here.path(), &["replay", "demo", "7"]);
        assert_eq!(ended.code, code, "{}", ended.err);
    }
}

#[test]
fn a_secret_comes_from_stdin_or_a_file_and_is_nowhere_in_what_is_printed() {
    let server = Server::new(vec![("PUT /v1/shops/demo/secrets/KEY", 200, json!({}))]);
    let here = folder(&[("key", b"s3cret\n")]);
    let ended = server.run(here.path(), &["secret", "set", "demo", "KEY", "--file", "key"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(!ended.err.contains("s3cret") && ended.out.is_empty());
    assert_eq!(server.asked(), [r#"PUT /v1/shops/demo/secrets/KEY {"value":"s3cret"}"#]);
    assert_eq!(server.run(here.path(), &["secret", "set", "demo", "KEY", "s3cret"]).code, 2);
}

#[test]
fn a_token_is_printed_alone_or_written_where_only_its_owner_reads() {
    let made =
        json!({ "id": "7", "kind": "shopAdmin", "shop": "demo", "label": "x", "created": 1, "secret": "cw_admin_7_s" });
    let server = Server::new(vec![("POST /v1/shops/demo/tokens", 201, made)]);
    let here = folder(&[]);
    let create = ["token", "create", "--kind", "admin", "--shop", "demo"];
    assert_eq!(server.run(here.path(), &create).out, "cw_admin_7_s\n");
    let ended = server.run(here.path(), &[&create[..], &["--to", "owner.token"]].concat());
    assert_eq!(
        (ended.out.as_str(), fs::read_to_string(here.path().join("owner.token")).unwrap().as_str()),
        ("", "cw_admin_7_s\n")
    );
    server.asked();
    // Whatever could not be written is not made.
    let ended = server.run(here.path(), &[&create[..], &["--to", "owner.token"]].concat());
    assert_eq!((ended.code, server.asked().len()), (1, 0), "{}", ended.err);
    assert_eq!(server.run(here.path(), &create[..4]).code, 2, "an admin token needs its shop");
}

#[test]
fn what_cannot_be_undone_is_not_done_unasked() {
    let server = Server::new(vec![
        ("GET /v1/shops/demo", 200, json!({})),
        ("POST", 200, json!({ "keys": 1 })),
        ("DELETE", 204, Value::Null),
    ]);
    let here = folder(&[]);
    for words in [&["erase", "demo"][..], &["shop", "delete", "demo"]] {
        let ended = server.run(here.path(), words);
        assert!(ended.code == 2 && ended.err.contains("give --yes if it is meant"), "{}", ended.err);
        assert!(server.asked().iter().all(|asked| asked.starts_with("GET ")));
        assert_eq!(server.run(here.path(), &[words, &["--yes"]].concat()).code, 0);
        assert_eq!(server.asked().len(), 2);
    }
}

#[test]
fn a_backtests_report_tells_how_many_change_and_how() {
    let spread = |count: u64, sum: i64, min: i64, max: i64| json!({ "count": count, "sum": sum, "min": min, "max": max, "histogram": {} });
    let side = |amount: i64| json!({ "amount": amount, "fuel": 1, "micros": 1 });
    let comparison = json!({ "hook": "shipping-quote", "same": false, "changes": ["price"], "currency": "USD", "old": side(895), "new": side(995),
        "added": ["express"], "removed": [], "money": [{ "of": "ground", "old": 895, "new": 995 }], "days": [], "verdicts": [] });
    let report = json!({ "calls": 1200, "same": 900, "changed": 300, "skipped": { "erased": 3 }, "failedOnNew": 1, "failedOnOld": 0,
        "byChange": { "price": 280, "serviceAdded": 40 }, "money": { "USD": spread(1500, 28000, 0, 100) }, "days": spread(40, -40, -1, 0),
        "verdicts": { "accept": { "accept": 900, "review": 2 } }, "added": { "express": 40 }, "removed": {},
        "oldFuel": spread(1200, 1_200_000, 1, 2), "newFuel": spread(1200, 1_320_000, 1, 2), "oldMicros": spread(1200, 120_000, 1, 2),
        "newMicros": spread(1200, 132_000, 1, 2),
        "examples": [{ "record": "0199d3c2-8e07-7cc2-9f5f-2f1e4f6f0a11", "comparison": comparison }] });
    let job = json!({ "id": "0199b", "shop": "demo", "actor": "token:1", "document": {}, "state": "done", "shards": 3, "shardsDone": 3,
        "shardsDead": 0, "records": 1203, "recordsDone": 1203, "result": report, "version": 3, "created": 1, "finished": 2 });
    let server = Server::new(vec![
        ("GET /v1/shops/demo/installs/quotes", 200, install(2, &Value::Null)),
        ("POST /v1/shops/demo/backtests", 201, job),
        ("GET /v1/shops/demo/backtests/0199b/rows.csv", 200, json!("rows")),
    ]);
    let here = folder(&[("new.json", b"{}")]);
    let ended = server
        .run(here.path(), &["backtest", "demo/quotes", "-s", "new.json", "--since", "2026-11-01", "--out", "rows.csv"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    insta::assert_snapshot!("backtest", ended.out);
    assert!(server.asked()[1].ends_with(r#""since":1793491200,"settings":{}}"#));
    assert_eq!(fs::read_to_string(here.path().join("rows.csv")).unwrap(), "\"rows\"");
    let ended = server.run(here.path(), &["backtest", "demo"]);
    assert!(ended.code == 2 && ended.err.contains("give --plugin PACKAGE@VERSION, --settings FILE"), "{}", ended.err);
}

#[test]
fn bootstrap_gives_the_first_token_once() {
    let here = folder(&[]);
    let words = ["bootstrap", "--store", "sqlite:store.db", "--master-key", "master.key"];
    let first = cartwright_with(here.path(), &words, &[]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(first.out.starts_with("cw_platform_") && first.out.lines().count() == 1, "{}", first.out);
    assert_eq!(fs::read_to_string(here.path().join("master.key")).unwrap().trim().len(), 64);
    let again = cartwright_with(here.path(), &[&words[..], &["--to", "t"]].concat(), &[]);
    assert!(again.code == 3 && again.err.contains("the store has a platform token already"), "{}", again.err);
    assert!(!here.path().join("t").exists());
    let lost = cartwright_with(here.path(), &[&words[..], &["--again"]].concat(), &[]);
    assert!(lost.code == 0 && lost.out != first.out, "{}", lost.err);
    let nowhere = cartwright_with(here.path(), &["bootstrap", "--store", "mysql:x"], &[]);
    assert!(nowhere.code == 1 && nowhere.err.contains("sqlite:PATH"), "{}", nowhere.err);
}
