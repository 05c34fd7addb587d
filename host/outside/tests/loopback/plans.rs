//! A plan as a whole.

use crate::server::*;
use cartwright_contract::outside::{HttpFailure, HttpRequest, Method};
use cartwright_outside::{Blocking, BreakerPosition, Outside, OutsideOptions, PlanError, Scope, Source};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn replies_come_in_the_order_of_the_plan_and_requests_go_out_together() {
    let server = Server::start().await;
    let outside = outside();
    let plan = [get("slow", &server.url("/gate")), get("quick", &server.url("/ok")), get("gone", "nonsense")];
    let scope = scope(&server);
    let (fetched, ()) = tokio::join!(outside.fetch(&scope, &plan), async {
        // Both are there before either is answered in full: neither waits for the other.
        server.arrived.acquire_many(2).await.unwrap().forget();
        server.gate.add_permits(1);
    });
    let fetched = fetched.unwrap();
    let ids: Vec<_> = fetched.responses.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["slow", "quick", "gone"]);
    let slow = fetched.responses[0].outcome.as_ref().unwrap();
    assert_eq!((slow.status, slow.body.as_slice()), (200, b"through".as_slice()));
    let quick = fetched.responses[1].outcome.as_ref().unwrap();
    assert_eq!(quick.body, b"hello");
    assert_eq!(quick.headers, [field("x-rate", "7"), field("content-length", "5")]);
    assert_eq!(fetched.responses[2].outcome, Err(HttpFailure::NotAllowed));
    let sources: Vec<_> = fetched.accounts.iter().map(|a| a.source).collect();
    assert_eq!(sources, [Source::Host, Source::Host, Source::Nowhere]);
}

#[tokio::test]
async fn a_post_carries_its_body_and_headers() {
    let server = Server::start().await;
    let request = HttpRequest {
        method: Method::Post,
        headers: vec![field("Content-Type", "application/json"), field("user-agent", "checker/2")],
        body: br#"{"zip":"97209"}"#.to_vec(),
        ..get("a", &server.url("/echo?x=1#part"))
    };
    ask(&outside(), &scope(&server), &request).await.unwrap();
    let seen = &server.seen()[0];
    assert!(seen.starts_with("POST /echo?x=1 HTTP/1.1\r\n"), "{seen}");
    assert!(seen.ends_with("\r\n\r\n{\"zip\":\"97209\"}"), "{seen}");
    for line in
        ["content-type: application/json", "user-agent: checker/2", "accept-encoding: identity", "content-length: 15"]
    {
        assert!(seen.contains(&format!("\r\n{line}\r\n")), "{line}: {seen}");
    }
}

#[tokio::test]
async fn a_plan_against_the_contract_asks_nobody() {
    let server = Server::start().await;
    let outside = outside();
    let plan: Vec<_> = (0..9).map(|i| get(&i.to_string(), &server.url("/ok"))).collect();
    let scope = scope(&server);
    assert_eq!(outside.fetch(&scope, &plan).await, Err(PlanError::TooManyRequests { found: 9, limit: 8 }));
    let twice = [get("a", &server.url("/ok")), get("b", &server.url("/ok")), get("a", &server.url("/ok"))];
    assert_eq!(
        outside.fetch(&scope, &twice).await,
        Err(PlanError::DuplicateId { id: "a".into(), first: 0, second: 2 })
    );
    assert_eq!(
        outside.fetch(&scope, &[get("", &server.url("/ok"))]).await,
        Err(PlanError::BadId { index: 0, length: 0, limit: 255 })
    );
    assert_eq!(server.count(), 0);
    assert_eq!(outside.fetch(&scope, &[]).await.unwrap().responses, []);
}

#[tokio::test]
async fn the_deadline_of_the_plan_ends_every_request() {
    let server = Server::start().await;
    let scope = Scope { deadline: Duration::from_millis(50), ..scope(&server) };
    let plan = [get("a", &server.url("/never")), get("b", &server.url("/ok"))];
    let fetched = outside().fetch(&scope, &plan).await.unwrap();
    assert_eq!(fetched.responses[0].outcome, Err(HttpFailure::TimedOut));
    assert!(fetched.responses[1].outcome.is_ok(), "what was in time stays");
}

#[tokio::test]
async fn a_shop_with_all_its_places_taken_waits_and_no_other_does() {
    let server = Server::start().await;
    let outside = Outside::new(OutsideOptions { concurrent_per_shop: 1, ..options().0 }).unwrap();
    let first = scope(&server);
    let other = Scope { shop: "other".into(), ..first.clone() };
    let slow = get("a", &server.url("/gate"));
    let ((), through) = tokio::join!(
        async {
            server.arrived.acquire().await.unwrap().forget();
            let impatient = HttpRequest { timeout: 30, ..get("a", &server.url("/ok")) };
            assert_eq!(code(&outside, &first, &impatient).await, "NO_PLACE");
            assert!(ask(&outside, &other, &get("a", &server.url("/ok"))).await.is_ok());
            server.gate.add_permits(1);
        },
        ask(&outside, &first, &slow)
    );
    assert!(through.is_ok());
    assert_eq!(outside.breakers(), [], "having no place says nothing about the host");
}

#[tokio::test]
async fn the_breaker_opens_and_one_good_reply_closes_it() {
    let server = Server::start().await;
    let (options, clock) = options();
    let pause = options.breaker.pause;
    let outside = Outside::new(options).unwrap();
    let scope = scope(&server);
    for _ in 0..5 {
        assert_eq!(ask(&outside, &scope, &get("a", &server.url("/500"))).await.unwrap().status, 500);
    }
    assert_eq!(ask(&outside, &scope, &get("a", &server.url("/ok"))).await, Err(HttpFailure::BreakerOpen));
    assert_eq!(server.count(), 5, "nobody was asked");
    assert_eq!(outside.breakers()[0].position, BreakerPosition::Open { again: pause });
    let other = Scope { shop: "other".into(), ..scope.clone() };
    assert!(ask(&outside, &other, &get("a", &server.url("/ok"))).await.is_ok(), "another shop has another breaker");

    clock.advance(pause);
    let probe = get("a", &server.url("/gate"));
    let (probe, ()) = tokio::join!(ask(&outside, &scope, &probe), async {
        server.arrived.acquire_many(7).await.unwrap().forget();
        assert_eq!(outside.breakers()[0].position, BreakerPosition::HalfOpen);
        assert_eq!(ask(&outside, &scope, &get("a", &server.url("/ok"))).await, Err(HttpFailure::BreakerOpen));
        server.gate.add_permits(1);
    });
    assert!(probe.is_ok());
    assert_eq!(outside.breakers(), []);
    assert!(ask(&outside, &scope, &get("a", &server.url("/ok"))).await.is_ok());
}

#[tokio::test]
async fn what_the_plugin_gets_wrong_does_not_open_the_breaker() {
    let server = Server::start().await;
    let outside = outside();
    let scope = scope(&server);
    for _ in 0..10 {
        assert_eq!(ask(&outside, &scope, &get("a", &server.url("/404"))).await.unwrap().status, 404);
        assert_eq!(ask(&outside, &scope, &get("a", &server.url("/announced"))).await, Err(HttpFailure::TooLarge));
        assert_eq!(ask(&outside, &scope, &get("a", "https://other.example/")).await, Err(HttpFailure::NotAllowed));
    }
    assert_eq!(outside.breakers(), []);
}

#[test]
fn options_that_cannot_be_are_refused_by_name() {
    let places = OutsideOptions { concurrent: 0, ..options().0 };
    let heads = OutsideOptions { reply_header_bytes: 100, ..options().0 };
    let forever = OutsideOptions { timeout: Duration::MAX, ..options().0 };
    for (options, expected) in [
        (places, "the option `concurrent` is 0; it must be 1 or more"),
        (heads, "the option `reply_header_bytes` is 100; it must be 8192 or more"),
        (forever, "the option `timeout` is 18446744073709551615.999999999s; it must be at most 600s"),
    ] {
        assert_eq!(Outside::new(options).unwrap_err().to_string(), expected);
    }
}

#[test]
fn callers_without_a_runtime_wait_for_their_plan() {
    let serving = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = serving.block_on(Server::start());
    let blocking = Arc::new(Blocking::new(options().0).unwrap());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (blocking, scope, url) = (Arc::clone(&blocking), scope(&server), server.url("/ok"));
            std::thread::spawn(move || only(blocking.fetch(&scope, &[get("a", &url)]).unwrap()).outcome)
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().unwrap().unwrap().body, b"hello");
    }
    let cached = [HttpRequest { cache_for: 60, ..get("a", &server.url("/ok")) }];
    for source in [Source::Host, Source::Cache] {
        assert_eq!(blocking.fetch(&scope(&server), &cached).unwrap().accounts[0].source, source);
    }
    let refused = blocking.fetch(&scope(&server), &[get("", "")]).unwrap_err();
    assert_eq!(refused.code(), "BAD_ID");
    // On a thread of a runtime it neither panics while it works nor when it goes.
    serving.block_on(async {
        let on = Blocking::on(Outside::new(options().0).unwrap(), serving.handle().clone());
        let url = server.url("/ok");
        let scope = scope(&server);
        let done = tokio::task::spawn_blocking(move || on.fetch(&scope, &[get("a", &url)])).await.unwrap();
        assert!(only(done.unwrap()).outcome.is_ok());
        drop(blocking);
    });
}
