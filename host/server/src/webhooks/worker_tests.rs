use super::*;
use cartwright_outside::OutsideOptions;
use cartwright_store::{Actor, Delivery, DeliveryState, NewShop, NewWebhook, Page, StoreOptions};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver as Inbox, channel};

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OLD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PATIENCE: Duration = Duration::from_secs(30);

/// One request that arrived, and whose signature was looked at.
#[derive(Debug)]
struct Arrived {
    id: String,
    body: serde_json::Value,
    by: Vec<&'static str>,
}

/// A merchant's system: answers each request as it is told, in turn, the last for ever.
struct Merchant {
    address: SocketAddr,
    inbox: Inbox<Arrived>,
}

impl Merchant {
    fn new(answers: &[&'static str]) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").expect("a port"), answers)
    }

    fn on(listener: TcpListener, answers: &[&'static str]) -> Self {
        let address = listener.local_addr().expect("an address");
        let (tell, inbox) = channel();
        let answers = answers.to_vec();
        std::thread::spawn(move || {
            let mut held = Vec::new();
            for (number, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { return };
                let Some(arrived) = read(&stream) else { continue };
                if tell.send(arrived).is_err() {
                    return;
                }
                let answer = answers[number.min(answers.len() - 1)];
                if answer == "hang" {
                    held.push(stream);
                    continue;
                }
                let mut stream = stream;
                let _ = write!(stream, "HTTP/1.1 {answer}\r\nconnection: close\r\n\r\n");
                // An answer whose body nobody should read.
                if answer.starts_with("299") {
                    while stream.write_all(&[b'x'; 8192]).is_ok() {}
                }
            }
        });
        Self { address, inbox }
    }

    fn next(&self) -> Arrived {
        self.inbox.recv_timeout(PATIENCE).expect("an event")
    }

    fn url(&self) -> String {
        format!("http://{}/events", self.address)
    }
}

fn read(stream: &TcpStream) -> Option<Arrived> {
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut reader = BufReader::new(stream);
    let (mut headers, mut length) = (axum::http::HeaderMap::new(), 0);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    assert!(line.starts_with("POST /"), "{line}");
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        if name == "content-length" {
            length = value.parse().ok()?;
        }
        headers.insert(axum::http::HeaderName::from_bytes(name.as_bytes()).ok()?, value.parse().ok()?);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let known =
        |secret: &&&str| standardwebhooks::Webhook::new(secret).is_ok_and(|key| key.verify(&body, &headers).is_ok());
    let by = [&SECRET, &OLD].iter().filter(|secret| known(secret)).map(|secret| **secret).collect();
    let id = headers.get("webhook-id")?.to_str().ok()?.to_owned();
    Some(Arrived { id, body: serde_json::from_slice(&body).ok()?, by })
}

struct Shop {
    store: Store,
    /// Rung when an event is there.
    hint: Arc<Notify>,
    _folder: tempfile::TempDir,
}

impl Shop {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("store.db").display());
        let store = Store::open(StoreOptions::new(url)).await.expect("a store");
        let new = NewShop { id: "demo".into(), name: "Demo".into(), class: "standard".into(), document: json!({}) };
        store.create_shop(&Actor::new("test"), &new).await.expect("a shop");
        Self { store, hint: Arc::default(), _folder: folder }
    }

    async fn webhook(&self, url: &str, events: &[&str]) -> String {
        let new = NewWebhook {
            id: None,
            shop: "demo".into(),
            url: url.into(),
            events: events.iter().map(|event| (*event).to_owned()).collect(),
            secret: SECRET.into(),
        };
        self.store.create_webhook(&Actor::new("test"), &new).await.expect("a webhook").it.id
    }

    async fn event(&self, event: &str, id: &str) -> u64 {
        self.store.enqueue_event("demo", event, id, &json!({"number": 7})).await.expect("put on its way")
    }

    /// "Sealed" is the plain text here; whose it is must be right all the same.
    fn worker(&self, near: bool) -> Webhooks {
        let near = if near { vec!["127.0.0.0/8".parse().unwrap()] } else { Vec::new() };
        let outside = OutsideOptions { allow_http: true, allow_networks: near, ..OutsideOptions::default() };
        let open: Opener = Arc::new(|about, sealed| {
            assert!(about.starts_with("webhook/"), "{about}");
            Ok(sealed.to_vec())
        });
        let options = WebhooksOptions {
            timeout: Duration::from_millis(500),
            idle: Duration::from_millis(100),
            haste: 1000,
            ..WebhooksOptions::default()
        };
        Webhooks::start(self.store.clone(), Outside::new(outside).expect("options"), open, self.hint.clone(), options)
    }

    /// The delivery of an event, when it is as it should be.
    async fn until(&self, webhook: &str, id: &str, is: impl Fn(&Delivery) -> bool) -> Delivery {
        let began = Instant::now();
        loop {
            let all = self.store.deliveries(webhook, &Page::first(200)).await.expect("deliveries").items;
            let found = all.into_iter().find(|delivery| delivery.event_id == id);
            match found {
                Some(found) if is(&found) => return found,
                found => assert!(began.elapsed() < PATIENCE, "{found:?}"),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn over(delivery: &Delivery) -> bool {
    delivery.state != DeliveryState::Pending
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_arrives_signed_at_those_that_want_it() {
    let (shop, all, some, none) =
        (Shop::new().await, Merchant::new(&["200 OK"]), Merchant::new(&["204 Done"]), Merchant::new(&["200 OK"]));
    let webhook = shop.webhook(&all.url(), &[]).await;
    shop.webhook(&some.url(), &["breaker.opened", "install.changed"]).await;
    shop.webhook(&none.url(), &["backtest.done"]).await;
    let _worker = shop.worker(true);
    assert_eq!(shop.event("install.changed", "evt-1").await, 2);
    shop.hint.notify_one();
    for merchant in [&all, &some] {
        let Arrived { id, body, by } = merchant.next();
        assert_eq!((id.as_str(), by), ("evt-1", vec![SECRET]));
        assert_eq!((&body["type"], &body["data"]), (&json!("install.changed"), &json!({"number": 7})));
        assert!(body["timestamp"].as_str().is_some_and(|at| at.starts_with("20") && at.ends_with('Z')), "{body}");
    }
    let delivery = shop.until(&webhook, "evt-1", over).await;
    assert_eq!((delivery.state, delivery.status, delivery.attempts), (DeliveryState::Delivered, Some(200), 1));
    assert!(none.inbox.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_rotation_both_secrets_sign() {
    let (shop, merchant) = (Shop::new().await, Merchant::new(&["200 OK"]));
    let webhook = shop.webhook(&merchant.url(), &[]).await;
    // The new one is `OLD` here: what matters is that both are in it.
    shop.store.rotate_webhook(&Actor::new("test"), "demo", &webhook, OLD.as_bytes(), 1000).await.expect("rotated");
    let _worker = shop.worker(true);
    shop.event("install.changed", "evt-1").await;
    assert_eq!(merchant.next().by, [SECRET, OLD]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_is_tried_again_with_the_same_id_until_it_arrives() {
    let answers =
        ["500 Oops", "302 Found\r\nlocation: http://127.0.0.1:1/", "hang", "429 Slow\r\nretry-after: 1", "299 Endless"];
    let (shop, merchant) = (Shop::new().await, Merchant::new(&answers));
    let webhook = shop.webhook(&merchant.url(), &[]).await;
    let _worker = shop.worker(true);
    shop.event("install.changed", "evt-1").await;
    let first = merchant.next();
    for _ in 1..answers.len() {
        let again = merchant.next();
        assert_eq!((again.id.as_str(), &again.body), ("evt-1", &first.body), "the same to the byte");
    }
    let delivery = shop.until(&webhook, "evt-1", over).await;
    assert_eq!((delivery.state, delivery.status), (DeliveryState::Delivered, Some(299)));
    assert!(delivery.attempts >= 5, "{delivery:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_failure_says_what_it_was() {
    for (answer, status, words) in [
        ("500 Oops", Some(500), "the receiver answered 500"),
        ("301 Moved", Some(301), "redirects are not followed"),
        ("hang", None, "did not answer in full within 500ms"),
        ("nonsense", None, "could not be asked"),
    ] {
        let (shop, merchant) = (Shop::new().await, Merchant::new(&[answer]));
        let webhook = shop.webhook(&merchant.url(), &[]).await;
        let _worker = shop.worker(true);
        shop.event("install.changed", "evt-1").await;
        let told = |delivery: &Delivery| delivery.error.as_ref().is_some_and(|error| error.contains(words));
        let delivery = shop.until(&webhook, "evt-1", told).await;
        assert_eq!((delivery.state, delivery.status), (DeliveryState::Pending, status), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_gone_for_good_is_asked_no_more() {
    let (shop, merchant) = (Shop::new().await, Merchant::new(&["410 Gone"]));
    let webhook = shop.webhook(&merchant.url(), &[]).await;
    let _worker = shop.worker(true);
    shop.event("install.changed", "evt-1").await;
    let delivery = shop.until(&webhook, "evt-1", over).await;
    assert_eq!((delivery.state, delivery.status), (DeliveryState::Failed, Some(410)));
    assert!(shop.store.webhook("demo", &webhook).await.expect("still there").disabled.is_some());
    assert_eq!(shop.event("install.changed", "evt-2").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receiver_that_is_down_and_comes_back_gets_what_it_missed() {
    let shop = Shop::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let webhook = shop.webhook(&format!("http://{address}/events"), &[]).await;
    let _worker = shop.worker(true);
    for number in 0..20 {
        shop.event("install.changed", &format!("evt-{number}")).await;
    }
    shop.until(&webhook, "evt-0", |delivery| delivery.error.is_some()).await;
    let merchant = Merchant::on(TcpListener::bind(address).expect("the same port"), &["200 OK"]);
    for number in 0..20 {
        let delivery = shop.until(&webhook, &format!("evt-{number}"), over).await;
        assert_eq!(delivery.state, DeliveryState::Delivered);
    }
    let mut arrived: Vec<_> = merchant.inbox.try_iter().map(|event| event.id).collect();
    arrived.sort();
    arrived.dedup();
    assert_eq!(arrived.len(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_to_private_addresses() {
    let (shop, merchant) = (Shop::new().await, Merchant::new(&["200 OK"]));
    let direct = shop.webhook(&merchant.url(), &[]).await;
    let named = shop.webhook(&merchant.url().replace("127.0.0.1", "localhost"), &[]).await;
    let _worker = shop.worker(false);
    shop.event("install.changed", "evt-1").await;
    for webhook in [direct, named] {
        // Between two tries the receiver rests, and the delivery says so.
        let refused =
            |delivery: &Delivery| delivery.error.as_ref().is_some_and(|it| it.contains("not a public address"));
        let delivery = shop.until(&webhook, "evt-1", refused).await;
        assert_eq!(delivery.state, DeliveryState::Pending);
    }
    assert!(merchant.inbox.try_recv().is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_hangs_does_not_hold_up_the_others() {
    let (shop, stuck, quick) = (Shop::new().await, Merchant::new(&["hang"]), Merchant::new(&["200 OK"]));
    shop.webhook(&stuck.url(), &["breaker.opened"]).await;
    shop.webhook(&quick.url(), &["install.changed"]).await;
    for number in 0..300 {
        shop.event("breaker.opened", &format!("stuck-{number}")).await;
    }
    shop.event("install.changed", "evt-1").await;
    let _worker = shop.worker(true);
    assert_eq!(quick.next().id, "evt-1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_send_an_event_once() {
    let (shop, merchant) = (Shop::new().await, Merchant::new(&["200 OK"]));
    let webhook = shop.webhook(&merchant.url(), &[]).await;
    let _workers = [shop.worker(true), shop.worker(true)];
    for number in 0..100 {
        shop.event("install.changed", &format!("evt-{number}")).await;
    }
    for number in 0..100 {
        shop.until(&webhook, &format!("evt-{number}"), over).await;
    }
    let mut arrived: Vec<_> = merchant.inbox.try_iter().map(|event| event.id).collect();
    assert_eq!(arrived.len(), 100);
    arrived.sort();
    arrived.dedup();
    assert_eq!(arrived.len(), 100);
}
