//! Replies that are used again.

use crate::server::*;
use cartwright_contract::outside::{HttpFailure, HttpRequest, Method};
use cartwright_outside::{Outside, Scope, Source};
use std::time::Duration;

fn cached(url: &str) -> HttpRequest {
    HttpRequest { cache_for: 60, ..get("a", url) }
}

#[tokio::test]
async fn a_reply_is_used_again_until_it_is_too_old() {
    let server = Server::start().await;
    let (options, clock) = options();
    let outside = Outside::new(options).unwrap();
    let scope = scope(&server);
    let request = cached(&server.url("/ok"));
    let first = ask(&outside, &scope, &request).await;
    let again = outside.fetch(&scope, std::slice::from_ref(&request)).await.unwrap();
    assert_eq!(again.accounts[0].source, Source::Cache);
    assert_eq!(only(again).outcome, first);
    assert_eq!(server.count(), 1);

    clock.advance(Duration::from_secs(59));
    assert!(ask(&outside, &scope, &request).await.is_ok());
    assert_eq!(server.count(), 1);
    clock.advance(Duration::from_secs(1));
    assert!(ask(&outside, &scope, &request).await.is_ok());
    assert_eq!(server.count(), 2);

    let fresh = HttpRequest { cache_for: 0, ..request.clone() };
    assert!(ask(&outside, &scope, &fresh).await.is_ok());
    assert_eq!(server.count(), 3, "who does not allow it gets a fresh one");
    outside.forget("demo");
    assert!(ask(&outside, &scope, &request).await.is_ok());
    assert_eq!(server.count(), 4);
}

#[tokio::test]
async fn another_shop_body_or_header_is_another_request() {
    let server = Server::start().await;
    let (outside, scope) = (outside(), scope(&server));
    let base = HttpRequest { method: Method::Post, body: b"1".to_vec(), ..cached(&server.url("/ok")) };
    let variants = [
        base.clone(),
        HttpRequest { body: b"2".to_vec(), ..base.clone() },
        HttpRequest { headers: vec![field("accept", "text/plain")], ..base.clone() },
        HttpRequest { method: Method::Get, body: Vec::new(), ..base.clone() },
        HttpRequest { url: server.url("/ok?x"), ..base.clone() },
    ];
    for _ in 0..2 {
        for variant in &variants {
            assert!(ask(&outside, &scope, variant).await.is_ok());
        }
    }
    assert_eq!(server.count(), variants.len());
    let other = Scope { shop: "other".into(), ..scope };
    assert!(ask(&outside, &other, &base).await.is_ok());
    assert_eq!(server.count(), variants.len() + 1);
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let server = Server::start().await;
    let (outside, scope) = (outside(), scope(&server));
    for expected in 1..=2 {
        assert_eq!(ask(&outside, &scope, &cached(&server.url("/500"))).await.unwrap().status, 500);
        assert_eq!(server.count(), expected);
    }
    assert_eq!(ask(&outside, &scope, &cached(&server.url("/hang-up"))).await, Err(HttpFailure::Unreachable));
    assert_eq!(ask(&outside, &scope, &cached(&server.url("/redirect"))).await.unwrap().status, 302);
}

#[tokio::test]
async fn equal_requests_at_the_same_time_are_made_once() {
    let server = Server::start().await;
    let (outside, scope) = (outside(), scope(&server));
    let plan: Vec<_> = (0..4).map(|i| HttpRequest { id: i.to_string(), ..cached(&server.url("/gate")) }).collect();
    let (fetched, ()) = tokio::join!(outside.fetch(&scope, &plan), async {
        server.arrived.acquire().await.unwrap().forget();
        server.gate.add_permits(1);
    });
    let fetched = fetched.unwrap();
    assert!(fetched.responses.iter().all(|r| r.outcome.as_ref().unwrap().body == b"through"));
    assert_eq!(server.count(), 1);
    assert_eq!(fetched.accounts.iter().filter(|a| a.source == Source::UnderWay).count(), 3);
}

#[tokio::test]
async fn who_has_more_time_than_the_one_that_asked_asks_again() {
    let server = Server::start().await;
    let (outside, scope) = (outside(), scope(&server));
    let hasty = HttpRequest { timeout: 50, ..cached(&server.url("/gate")) };
    let plan = [hasty.clone(), HttpRequest { id: "b".into(), timeout: PATIENT, ..hasty }];
    let (fetched, ()) = tokio::join!(outside.fetch(&scope, &plan), async {
        server.arrived.acquire_many(2).await.unwrap().forget();
        // One for the connection that was given up, whose server does not know.
        server.gate.add_permits(2);
    });
    let fetched = fetched.unwrap();
    assert_eq!(fetched.responses[0].outcome, Err(HttpFailure::TimedOut));
    assert_eq!(fetched.responses[1].outcome.as_ref().unwrap().body, b"through");
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_no_request_behind() {
    let server = Server::start().await;
    let (outside, scope) = (outside(), scope(&server));
    let request = [cached(&server.url("/gate"))];
    tokio::select! {
        _ = outside.fetch(&scope, &request) => panic!("the gate is shut"),
        _ = server.arrived.acquire() => {}
    }
    server.gate.add_permits(2);
    assert_eq!(only(outside.fetch(&scope, &request).await.unwrap()).outcome.unwrap().body, b"through");
    assert_eq!(outside.breakers(), [], "the host did nothing wrong");
}
