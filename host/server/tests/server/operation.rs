//! What every server answers, whatever plugins it has.

use crate::common::{Folder, ask, get, raw, start};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[test]
fn it_is_alive_and_ready_and_tells_its_numbers() {
    let folder = Folder::with_a_shop();
    let server = start(folder.options());
    let address = server.address();
    assert_eq!(get(address, "/healthz").body, "ok\n");
    assert_eq!(get(address, "/readyz").body, "ready\n");
    let metrics = get(address, "/metrics");
    assert!(metrics.header("content-type").is_some_and(|kind| kind.starts_with("text/plain; version=0.0.4")));
    let counted = r#"cartwright_http_requests_total{route="/healthz",method="GET",status="200"}"#;
    assert!(metrics.body.contains(counted), "{}", metrics.body);
    assert!(metrics.body.contains("# TYPE cartwright_http_request_seconds histogram"), "{}", metrics.body);
}

#[test]
fn what_is_not_there_is_a_problem() {
    let folder = Folder::with_a_shop();
    let server = start(folder.options());
    let address = server.address();
    let code = |method, path| ask(address, method, path, &[], b"").problem();
    assert_eq!(code("GET", "/"), (404, "UNKNOWN_PATH".into()));
    assert_eq!(code("GET", "/v1/shops"), (404, "UNKNOWN_PATH".into()));
    assert_eq!(code("GET", "/v1/shops/other"), (404, "UNKNOWN_SHOP".into()));
    assert_eq!(code("GET", "/v1/shops/%ff"), (404, "UNKNOWN_SHOP".into()));
    assert_eq!(code("GET", "/v1/shops/..%2fdemo"), (404, "UNKNOWN_SHOP".into()));
    assert_eq!(code("POST", "/v1/shops/other/quotes"), (404, "UNKNOWN_SHOP".into()));
    assert_eq!(code("POST", "/v1/shops/demo/quotes"), (404, "NO_PLUGIN".into()));
    // The control plane is there with a store only.
    assert_eq!(code("DELETE", "/v1/shops/demo"), (404, "UNKNOWN_PATH".into()));
    let wrong = ask(address, "PATCH", "/v1/shops/demo", &[], b"");
    assert_eq!(wrong.problem(), (405, "METHOD_NOT_ALLOWED".into()));
    assert!(wrong.header("allow").is_some_and(|methods| methods.starts_with("GET,HEAD")), "{wrong:?}");
}

#[test]
fn a_shop_tells_its_name_and_hooks() {
    let folder = Folder::with_a_shop();
    folder.shop("quick", crate::common::plugin::ANSWERS_NOTHING, "[]");
    let server = start(folder.options());
    let demo = get(server.address(), "/v1/shops/demo").json();
    assert_eq!(demo, serde_json::json!({"id": "demo", "name": "Demo Outfitters", "hooks": []}));
    let quick = get(server.address(), "/v1/shops/quick").json();
    assert_eq!(quick["hooks"][0]["hook"], "shipping-quote");
    assert_eq!(quick["hooks"][0]["plugins"][0]["name"], "plugin");
    assert_eq!(quick["hooks"][0]["plugins"][0]["warnings"], serde_json::json!([]));
}

#[test]
fn a_sane_request_id_comes_back_and_another_is_replaced() {
    let folder = Folder::with_a_shop();
    let server = start(folder.options());
    let echo = |id: &str| {
        let reply = ask(server.address(), "GET", "/healthz", &[("x-request-id", id)], b"");
        reply.header("x-request-id").expect("every answer has an id").to_owned()
    };
    assert_eq!(echo("order-4711:retry.2"), "order-4711:retry.2");
    for refused in ["", "two words", "quote\"", &"x".repeat(129)] {
        assert_ne!(echo(refused), refused);
    }
    assert_ne!(echo(""), echo(""));
}

#[test]
fn the_openapi_document_describes_what_is_served() {
    let folder = Folder::with_a_shop();
    let server = start(folder.options());
    let served = get(server.address(), "/openapi.json");
    assert_eq!(served.header("content-type"), Some("application/json"));
    assert_eq!(served.body, cartwright_server::openapi_document());
    let document = served.json();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    for reference in references(&document) {
        let name = reference.strip_prefix("#/components/schemas/").expect("a schema's reference");
        assert!(schemas.contains_key(name), "{name} is referred to and not there");
    }
    insta::assert_snapshot!(served.body);
}

fn references(value: &serde_json::Value) -> Vec<&str> {
    match value {
        serde_json::Value::Object(members) => {
            let own = members.get("$ref").and_then(|reference| reference.as_str());
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        serde_json::Value::Array(elements) => elements.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn both_http_versions_are_spoken_without_tls() {
    let folder = Folder::with_a_shop();
    let server = start(folder.options());
    let first = raw(server.address(), b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    assert!(first.starts_with("HTTP/1.1 200 OK\r\n") && first.ends_with("ok\n"), "{first}");

    // The preface and an empty SETTINGS frame; the server's own SETTINGS frame (type 4) answers.
    let mut second = TcpStream::connect(server.address()).expect("a connection");
    second.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").expect("sent");
    let mut frame = [0; 9];
    second.read_exact(&mut frame).expect("a frame");
    assert_eq!(frame[3], 4);
}

#[test]
fn clients_that_send_nothing_or_half_a_head_are_not_waited_for() {
    let folder = Folder::with_a_shop();
    let mut options = folder.options();
    options.clients.head = Duration::from_millis(50);
    let server = start(options);
    for start in ["", "P", "PRI * HTTP/2.0\r\n", "GET /healthz HTTP/1.1\r\nhost:"] {
        let answer = raw(server.address(), start.as_bytes());
        assert!(!answer.contains("200 OK"), "{answer}");
    }
    assert_eq!(get(server.address(), "/healthz").status, 200);
}

#[test]
fn a_server_that_shuts_down_says_so_before_it_takes_no_more() {
    let folder = Folder::with_a_shop();
    let mut options = folder.options();
    options.clients.notice = Duration::from_secs(3);
    let mut server = start(options);
    server.begin_to_stop();
    let address = server.address();
    let mut reply = get(address, "/readyz");
    // The word reaches the server's thread soon, not at once.
    while reply.status == 200 {
        reply = get(address, "/readyz");
    }
    assert_eq!(reply.problem(), (503, "DRAINING".into()));
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(get(address, "/healthz").status, 200);
    drop(server);
    assert!(TcpStream::connect(address).is_err());
}
