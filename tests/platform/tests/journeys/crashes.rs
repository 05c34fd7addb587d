//! `kill -9` at any moment: what was acknowledged is there, nothing is there by half, and what is asked again is done once.

use cartwright_platform_tests::{Answer, Api, Merchant, Platform, Server, cart, component, quoting, until};
use cartwright_test_services::{Nats, Postgres, or_leave_out};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// For how long servers are killed, beside the time that it takes to look.
const WHILE: Duration = Duration::from_secs(20);

/// A small generator; what it draws is told, so that a failure can be looked at.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64);
        eprintln!("drawn from {now}");
        Self(now | 1)
    }

    /// Below `end`.
    fn draw(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// One thing that was asked for, the same however often it is asked.
#[derive(Clone, Debug)]
enum Wish {
    /// The small component under this version.
    Publish(u32),
    /// A revision with this note.
    Draft(u32),
    /// The other revision live.
    Activate(i64),
    /// A backtest.
    Backtest,
}

/// What is wanted and what was acknowledged.
#[derive(Default)]
struct Ledger {
    /// By the answer's id or number.
    done: Vec<(Wish, Value)>,
    /// Asked for; whether it was done is not known.
    open: Vec<(String, Wish)>,
    /// The revision that was last acknowledged to be live, and the one whose activation was not answered any more.
    live: Option<i64>,
    under_way: Option<i64>,
    /// The request ids of decisions that were answered.
    quoted: Vec<String>,
}

fn version(number: u32) -> String {
    format!("{}.{}.{}", number / 100, number / 10 % 10, number % 10)
}

/// The component with another version in its manifest, of the same length.
fn versioned(component: &[u8], number: u32) -> Vec<u8> {
    let name = b"\"version\":\"";
    let at = component.windows(name.len()).position(|window| window == name).expect("a manifest") + name.len();
    let mut bytes = component.to_vec();
    bytes[at..at + 5].copy_from_slice(version(number).as_bytes());
    bytes
}

struct Crashing<'a> {
    platform: &'a Platform,
    merchant: Merchant,
    small: Vec<u8>,
    ledger: Mutex<Ledger>,
}

impl Crashing<'_> {
    /// Asks for it under this key. `None` when no answer came.
    fn ask(&self, api: &Api, key: &str, wish: &Wish) -> Option<Answer> {
        let once = [("idempotency-key", key)];
        let post = |path: &str, body: &Value| api.try_send("POST", &self.merchant.path(path), &once, body).ok();
        match wish {
            Wish::Publish(number) => {
                let bytes = versioned(&self.small, *number);
                let file = self.platform.path(&format!("small-{number}.wasm"));
                std::fs::write(&file, &bytes).expect("a file");
                let digest = crate::packages::content_digest(&file);
                let headers = [("content-type", "application/wasm"), ("content-digest", &*digest)];
                let path = format!("/v1/packages/hostile/versions/{}", version(*number));
                api.ask("PUT", &path, &headers, Some(&bytes)).ok()
            }
            // The same settings as revision 1 had, so that nothing has to be compiled and much is asked.
            Wish::Draft(number) => {
                post("/installs/quotes/revisions", &json!({ "settings": quoting(500), "note": format!("n{number}") }))
            }
            Wish::Activate(revision) => {
                post("/installs/quotes/stage", &json!({ "stage": "live", "revision": revision }))
            }
            Wish::Backtest => {
                post("/backtests", &json!({ "hook": "shipping-quote", "install": "quotes", "revision": 2, "since": 0 }))
            }
        }
    }

    /// Asks for one thing after the other until the server is gone.
    fn wish(&self, address: &str, over: &AtomicBool, round: u32) {
        let api = Api::new(address, Some(&self.platform.token)).within(Duration::from_secs(20));
        for step in 0.. {
            if over.load(Ordering::Relaxed) {
                return;
            }
            let number = round * 100 + step % 100;
            let wish = match step % 8 {
                0 if number < 999 => Wish::Publish(number),
                1 | 3 | 5 | 7 => Wish::Draft(round * 100_000 + step),
                4 if step < 8 => Wish::Backtest,
                _ => Wish::Activate(1 + i64::from(step / 2 % 2)),
            };
            let key = format!("{round}-{step}");
            let answer = self.ask(&api, &key, &wish);
            let mut ledger = self.ledger.lock().expect("a ledger");
            match answer {
                Some(answer) if answer.status < 300 => {
                    if let Wish::Activate(revision) = wish {
                        ledger.live = Some(revision);
                    }
                    ledger.done.push((wish, answer.json()));
                }
                // It was not killed before it said no; nobody else is there who could be the reason.
                Some(answer) => panic!("{wish:?}: {answer}"),
                None => {
                    if let Wish::Activate(revision) = wish {
                        ledger.under_way = Some(revision);
                    }
                    ledger.open.push((key, wish));
                    return;
                }
            }
        }
    }

    fn quote(&self, address: &str, over: &AtomicBool) {
        let api = Api::new(address, Some(&self.merchant.checkout)).within(Duration::from_secs(20));
        while !over.load(Ordering::Relaxed) {
            let Ok(answer) = api.try_send("POST", &self.merchant.path("/quotes"), &[], &cart("ann")) else { return };
            assert_eq!(
                answer.ok()["quotes"][0]["price"].as_i64().map(|price| price == 500 || price == 600),
                Some(true)
            );
            let request = answer.headers.get("x-request-id").expect("every answer has one").clone();
            self.ledger.lock().expect("a ledger").quoted.push(request);
        }
    }

    /// What answers is the last that was acknowledged, or what was under way after it.
    fn live_is_what_was_acknowledged(&self, server: &Server) {
        let live = server.api(&self.platform.token).get(&self.merchant.install("")).ok()["live"].as_i64();
        assert_eq!(Some(self.merchant.answers(server, "ann").0), live);
        let mut ledger = self.ledger.lock().expect("a ledger");
        let under_way = ledger.under_way.take();
        let acknowledged = ledger.live.unwrap_or(2);
        assert!(live == Some(acknowledged) || live == under_way, "{live:?}, and not {acknowledged} or {under_way:?}");
        ledger.live = live;
    }

    /// What was not acknowledged is asked for again, by the same key: it is done then, and once.
    fn again(&self, server: &Server) {
        let api = server.api(&self.platform.token);
        let open = std::mem::take(&mut self.ledger.lock().expect("a ledger").open);
        for (key, wish) in open {
            let answer = until("what was under way can be asked again", || {
                let answer = self.ask(&api, &key, &wish).expect("the server is there");
                // The server that was killed may hold the key for a while.
                let busy = answer.status == 409 && answer.text().contains("being answered");
                (!busy).then_some(answer)
            });
            self.ledger.lock().expect("a ledger").done.push((wish, answer.ok()));
        }
    }

    /// Everything that was acknowledged is there, whole and once.
    fn check(&self, server: &Server) {
        let api = server.api(&self.platform.token);
        let ledger = self.ledger.lock().expect("a ledger");
        let revisions = api.list(&self.merchant.install("/revisions"));
        let mut noted: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for revision in &revisions {
            let note = revision["note"].as_str().unwrap_or_default().to_owned();
            noted.entry(note).or_default().push(revision["number"].as_i64().expect("a number"));
        }
        let numbers: Vec<_> = revisions.iter().rev().filter_map(|revision| revision["number"].as_i64()).collect();
        assert_eq!(
            numbers,
            (1..=i64::try_from(numbers.len()).expect("few")).collect::<Vec<_>>(),
            "no number is missing"
        );
        let (mut drafts, mut published, mut backtests) = (0, 0, 0);
        for (wish, document) in &ledger.done {
            match wish {
                Wish::Draft(number) => {
                    let found = noted.get(&format!("n{number}"));
                    assert_eq!(found, Some(&vec![document["number"].as_i64().expect("a number")]), "draft {number}");
                    drafts += 1;
                }
                Wish::Publish(number) => {
                    let place = format!("/v1/packages/hostile/versions/{}", version(*number));
                    assert_eq!(api.get(&place).ok()["digest"], document["digest"]);
                    let kept = api.get(&format!("{place}/component")).body;
                    assert!(kept == versioned(&self.small, *number), "the component of {place} is not what was sent");
                    published += 1;
                }
                Wish::Backtest => {
                    let place = self.merchant.path(&format!("/backtests/{}", document["id"].as_str().expect("an id")));
                    let job = until("a backtest that was acknowledged is done", || {
                        let job = api.get(&place).ok();
                        (job["state"] == "done").then_some(job)
                    });
                    assert_eq!(job["result"]["calls"], document["records"], "each decision once: {job}");
                    backtests += 1;
                }
                Wish::Activate(_) => {}
            }
        }
        let drafted = noted.keys().filter(|note| note.starts_with('n')).count();
        assert_eq!(drafted, drafts, "a draft is there that nobody asked for");
        assert_eq!(api.list("/v1/packages/hostile").len(), published);
        assert_eq!(api.list(&self.merchant.path("/backtests")).len(), backtests);
        // Every change is in the history and in the audit log, or in neither.
        let history = api.list(&self.merchant.install("/history"));
        let of = |action: &str| history.iter().filter(|entry| entry["action"] == action).count();
        assert_eq!(of("drafted") + of("created"), revisions.len());
        let audit = api.list("/v1/audit");
        let audited = |action: &str| audit.iter().filter(|entry| entry["action"] == action).count();
        assert_eq!(audited("package.published"), published + 1, "those and the scripted one");
        eprintln!(
            "{drafts} drafts, {published} versions, {backtests} backtests, {} activations and {} decisions outlived it",
            of("activated"),
            ledger.quoted.len()
        );
    }

    /// Records that are there are whole, and of decisions that were made; none is there twice.
    fn check_records(&self, server: &Server) {
        let api = server.api(&self.merchant.admin);
        let records = api.list(&self.merchant.path("/records?hook=shipping-quote"));
        let mut requests: Vec<_> = records.iter().filter_map(|record| record["requestId"].as_str()).collect();
        let count = requests.len();
        requests.sort_unstable();
        requests.dedup();
        assert_eq!(requests.len(), count, "a decision is recorded twice");
        assert!(count > 0 && records.len() == count);
        for record in records.iter().step_by((count / 40).max(1)) {
            let id = record["id"].as_str().expect("an id");
            let replayed = api.post(&self.merchant.path(&format!("/records/{id}/replay")), &json!({})).ok();
            assert_eq!(replayed["same"], true, "{replayed}");
        }
        eprintln!("{count} records, each once");
    }
}

fn crash_for_a_while(platform: &Platform) {
    let server = platform.serve("one");
    let merchant = Merchant::open(platform, &server, "shop", &quoting(500));
    let dearer = merchant.draft(&server.api(&merchant.admin), &quoting(600));
    assert_eq!(dearer, 2);
    // Compiled once, so that the rounds are not all compiling.
    merchant.activate(&server.api(&merchant.admin), dearer);
    let small = std::fs::read(component("hostile")).expect("a component");
    let crashing = Crashing { platform, merchant, small, ledger: Mutex::default() };
    server.kill();
    let mut dice = Dice::new();
    let start = Instant::now();
    let mut round = 0;
    while start.elapsed() < WHILE && round < 9 {
        round += 1;
        let server = platform.serve("one");
        crashing.live_is_what_was_acknowledged(&server);
        let (address, over) = (server.address.clone(), AtomicBool::new(false));
        scope(|scope| {
            scope.spawn(|| crashing.wish(&address, &over, round));
            scope.spawn(|| crashing.quote(&address, &over));
            // The one wait here that is for nothing but time: the moment must not depend on what happens.
            sleep(Duration::from_millis(50 + dice.draw(2_000)));
            server.kill();
            over.store(true, Ordering::Relaxed);
        });
    }
    let server = platform.serve("one");
    crashing.live_is_what_was_acknowledged(&server);
    crashing.again(&server);
    crashing.check(&server);
    crashing.check_records(&server);
    eprintln!("killed {round} times");
}

#[test]
fn what_was_acknowledged_outlives_kill_9_on_sqlite() {
    crash_for_a_while(&Platform::sqlite());
}

#[test]
fn what_was_acknowledged_outlives_kill_9_on_postgresql() {
    let Some(postgres) = or_leave_out(Postgres::start()) else { return };
    let Some(nats) = or_leave_out(Nats::start()) else { return };
    crash_for_a_while(&Platform::postgres(&postgres.database(), &nats.url()));
}
