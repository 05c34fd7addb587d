//! Services that are slow, wrong, down, or want to fill the memory.

use crate::server::*;
use cartwright_contract::outside::{HttpFailure, HttpRequest};

async fn impatient(path: &str) -> Result<u16, HttpFailure> {
    let server = Server::start().await;
    let request = HttpRequest { timeout: 100, ..get("a", &server.url(path)) };
    ask(&outside(), &scope(&server), &request).await.map(|reply| reply.status)
}

async fn patient(path: &str) -> Result<u16, HttpFailure> {
    let server = Server::start().await;
    ask(&outside(), &scope(&server), &get("a", &server.url(path))).await.map(|reply| reply.status)
}

#[tokio::test]
async fn a_service_that_does_not_answer_in_time_has_timed_out() {
    assert_eq!(impatient("/never").await, Err(HttpFailure::TimedOut));
}

#[tokio::test]
async fn the_time_runs_until_the_last_byte_of_the_body() {
    assert_eq!(impatient("/drip").await, Err(HttpFailure::TimedOut));
}

#[tokio::test]
async fn an_error_of_the_service_is_a_reply() {
    assert_eq!(patient("/500").await, Ok(500));
    assert_eq!(patient("/404").await, Ok(404));
}

#[tokio::test]
async fn a_redirect_is_the_reply_and_is_not_followed() {
    let server = Server::start().await;
    let reply = ask(&outside(), &scope(&server), &get("a", &server.url("/redirect"))).await.unwrap();
    assert_eq!(reply.status, 302);
    assert!(reply.headers.contains(&field("location", "/ok")));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn what_is_not_http_or_not_whole_is_as_good_as_no_connection() {
    for path in ["/malformed", "/short", "/two-lengths", "/reset", "/hang-up"] {
        assert_eq!(patient(path).await, Err(HttpFailure::Unreachable), "{path}");
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let server = Server::start().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut scope = scope(&server);
    scope.declared = cartwright_outside::Hosts::new([address.to_string()]).unwrap();
    let outcome = ask(&outside(), &scope, &get("a", &format!("http://{address}/"))).await;
    assert_eq!(outcome, Err(HttpFailure::Unreachable));
}

#[tokio::test]
async fn a_reply_is_bounded_in_every_direction() {
    for path in ["/announced", "/endless", "/endless-headers", "/endless-header", "/many-headers"] {
        assert_eq!(patient(path).await, Err(HttpFailure::TooLarge), "{path}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_arrive_as_they_are() {
    let server = Server::start().await;
    let reply = ask(&outside(), &scope(&server), &get("a", &server.url("/bytes"))).await.unwrap();
    assert_eq!(reply.body, [0xff, 0, 0xfe]);
    assert!(reply.headers.contains(&field("x-name", "Zoë")));
    let reply = ask(&outside(), &scope(&server), &get("a", &server.url("/latin"))).await.unwrap();
    assert!(reply.headers.contains(&field("x-name", "Zoë")), "Latin-1 is read as such: {:?}", reply.headers);
}

#[tokio::test]
async fn a_connection_that_was_closed_in_between_is_opened_again() {
    let server = Server::start().await;
    let (outside, scope) = (outside(), scope(&server));
    for _ in 0..3 {
        assert_eq!(ask(&outside, &scope, &get("a", &server.url("/close"))).await.unwrap().body, b"bye");
    }
}
