//! Whom a plugin can reach: hosts on the list, at addresses that are allowed, with certificates that are good.

use crate::server::*;
use cartwright_contract::outside::HttpFailure;
use cartwright_outside::{Hosts, Outside, OutsideOptions, Scope};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};

#[tokio::test]
async fn a_host_that_is_not_on_the_list_is_not_asked() {
    let server = Server::start().await;
    let mut scope = scope(&server);
    scope.declared = Hosts::new(["api.example.com"]).unwrap();
    assert_eq!(code(&outside(), &scope, &get("a", &server.url("/ok"))).await, "HOST_NOT_DECLARED");
    scope.declared = Hosts::new([server.address.to_string()]).unwrap();
    scope.granted = Some(Hosts::default());
    assert_eq!(code(&outside(), &scope, &get("a", &server.url("/ok"))).await, "HOST_NOT_GRANTED");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn plain_http_and_private_addresses_are_for_operators_who_say_so() {
    let server = Server::start().await;
    let scope = scope(&server);
    let strict = Outside::new(OutsideOptions::default()).unwrap();
    assert_eq!(code(&strict, &scope, &get("a", &server.url("/ok"))).await, "URL_REFUSED");
    let http = Outside::new(OutsideOptions { allow_http: true, ..OutsideOptions::default() }).unwrap();
    assert_eq!(code(&http, &scope, &get("a", &server.url("/ok"))).await, "ADDRESS_NOT_ALLOWED");
    assert_eq!(server.count(), 0);
}

fn named(answers: &[&[&str]]) -> (Arc<FakeNames>, Outside) {
    let answers = answers.iter().map(|all| all.iter().map(|a| a.parse().unwrap()).collect()).collect();
    let names = Arc::new(FakeNames { answers: std::sync::Mutex::new(answers), ..FakeNames::default() });
    let outside = Outside::new(OutsideOptions { names: names.clone(), ..options().0 }).unwrap();
    (names, outside)
}

fn by_name(server: &Server) -> (Scope, String) {
    let host = format!("api.example:{}", server.address.port());
    (Scope { declared: Hosts::new([&host]).unwrap(), ..scope(server) }, format!("http://{host}/close"))
}

#[tokio::test]
async fn a_name_on_the_list_that_leads_to_a_private_address_is_refused() {
    let server = Server::on("0.0.0.0:0").await;
    let (scope, url) = by_name(&server);
    for address in ["127.0.0.2", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.2", "fd00:ec2::254"] {
        let (_, outside) = named(&[&[address]]);
        let fetched = outside.fetch(&scope, &[get("a", &url)]).await.unwrap();
        let problem = fetched.accounts[0].problem.as_ref().unwrap();
        assert_eq!(problem.code(), "ADDRESS_NOT_ALLOWED", "{problem}");
        assert!(problem.to_string().contains(address), "{problem}");
        assert_eq!(only(fetched).outcome, Err(HttpFailure::NotAllowed));
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_dialled() {
    // The name's owner answers with a good address once, and with another ever after.
    let server = Server::on("0.0.0.0:0").await;
    let (scope, url) = by_name(&server);
    let (names, outside) = named(&[&["127.0.0.1"], &["127.0.0.2"]]);
    assert_eq!(ask(&outside, &scope, &get("a", &url)).await.unwrap().body, b"bye");
    assert_eq!(*names.asked.lock().unwrap(), ["api.example"], "looked up once");
    assert_eq!(ask(&outside, &scope, &get("a", &url)).await, Err(HttpFailure::NotAllowed));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn of_several_addresses_only_allowed_ones_are_dialled() {
    let server = Server::start().await;
    let (scope, url) = by_name(&server);
    let (_, outside) = named(&[&["10.0.0.1", "::1", "127.0.0.1"]]);
    assert!(ask(&outside, &scope, &get("a", &url)).await.is_ok());
    let (_, outside) = named(&[&[]]);
    assert_eq!(ask(&outside, &scope, &get("a", &url)).await, Err(HttpFailure::Unreachable));
}

/// A server with a certificate for `api.example`, signed by itself.
async fn tls_server() -> (u16, Vec<u8>) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["api.example".to_owned()]).unwrap();
    let root = cert.der().to_vec();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], PrivateKeyDer::Pkcs8(signing_key.serialize_der().into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that does not trust the certificate ends the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.unwrap_or(0) > 0 {}
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsealed").await.ok();
            stream.shutdown().await.ok();
        }
    });
    (port, root)
}

#[tokio::test]
async fn a_certificate_must_be_of_a_known_authority_and_for_that_name() {
    let (port, root) = tls_server().await;
    let hosts = [format!("api.example:{port}"), format!("other.example:{port}")];
    let mut scope = Scope::new("demo", Hosts::new(&hosts).unwrap());
    scope.deadline = Duration::from_secs(20);
    let url = |host: usize| format!("https://{}/", hosts[host]);
    let with = |extra_roots| {
        let names =
            FakeNames { answers: std::sync::Mutex::new(vec![vec![[127, 0, 0, 1].into()]]), ..FakeNames::default() };
        Outside::new(OutsideOptions { names: Arc::new(names), allow_http: false, extra_roots, ..options().0 })
    };
    let trusting = with(vec![root.clone()]).unwrap();
    assert_eq!(ask(&trusting, &scope, &get("a", &url(0))).await.unwrap().body, b"sealed");
    let fetched = trusting.fetch(&scope, &[get("a", &url(1))]).await.unwrap();
    assert_eq!(fetched.responses[0].outcome, Err(HttpFailure::Unreachable), "not for that name");
    let why = fetched.accounts[0].problem.as_ref().unwrap().to_string();
    assert!(why.contains("certificate"), "{why}");
    let wary = with(Vec::new()).unwrap();
    assert_eq!(ask(&wary, &scope, &get("a", &url(0))).await, Err(HttpFailure::Unreachable), "not of a known authority");
    let error = with(vec![root, b"no certificate".to_vec()]).unwrap_err().to_string();
    assert!(error.starts_with("the 2. of the extra roots is not a certificate"), "{error}");
}
