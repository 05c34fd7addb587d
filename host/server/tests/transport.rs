//! How connections are protected, and what is told of requests to whoever collects traces.

#[path = "server/common/mod.rs"]
mod common;

use cartwright_server::traces::Traces;
use cartwright_server::{Server, StartError, Tls};
use common::{Folder, start};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const PATIENCE: Duration = Duration::from_secs(30);

/// A certificate for this machine, and its key, as PEM.
fn pair() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn files(folder: &Folder, (certificate, key): &(String, String)) -> Tls {
    // Beside the shops, where a name with a dot is nobody's shop.
    let certificates = folder.write(".tls/chain.pem", certificate);
    Tls { certificates, key: folder.write(".tls/key.pem", key) }
}

/// A connection of a client that trusts this certificate only.
fn greet(
    address: SocketAddr,
    certificate: &str,
    alpn: &[&[u8]],
) -> std::io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM")).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.to_vec()).collect();
    let name = ServerName::try_from("localhost").expect("a name");
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(std::io::Error::other)?;
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    Ok(StreamOwned::new(connection, stream))
}

/// One request on a connection that stays open; the status line.
fn ask(stream: &mut (impl Read + Write)) -> String {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\nok\n") {
        stream.read_exact(&mut byte).expect("an answer");
        answer.push(byte[0]);
    }
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[test]
fn with_a_certificate_it_is_served_by_tls_only_and_both_http_are_offered() {
    let (folder, pair) = (Folder::with_a_shop(), pair());
    let mut options = folder.options();
    options.tls = Some(files(&folder, &pair));
    let server = start(options);
    let mut stream = greet(server.address(), &pair.0, &[b"http/1.1"]).expect("greeted");
    assert_eq!(stream.conn.alpn_protocol(), Some(b"http/1.1".as_slice()));
    assert_eq!(ask(&mut stream), "HTTP/1.1 200 OK");
    let second = greet(server.address(), &pair.0, &[b"h2", b"http/1.1"]).expect("greeted");
    assert_eq!(second.conn.alpn_protocol(), Some(b"h2".as_slice()));
    let clear = common::raw(server.address(), b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n");
    assert!(!clear.contains("HTTP/1.1"), "{clear}");
    assert_eq!(ask(&mut stream), "HTTP/1.1 200 OK", "nobody else notices");
}

#[test]
fn who_does_not_greet_is_not_waited_for() {
    let (folder, pair) = (Folder::with_a_shop(), pair());
    let mut options = folder.options();
    options.tls = Some(files(&folder, &pair));
    options.clients.head = Duration::from_millis(300);
    let server = start(options);
    assert_eq!(common::raw(server.address(), b""), "");
    assert_eq!(common::raw(server.address(), b"\x16\x03\x01"), "", "half a greeting");
    assert_eq!(ask(&mut greet(server.address(), &pair.0, &[]).expect("greeted")), "HTTP/1.1 200 OK");
}

#[test]
fn a_renewed_certificate_is_used_without_a_connection_being_lost() {
    let (folder, old, new) = (Folder::with_a_shop(), pair(), pair());
    let mut options = folder.options();
    options.tls = Some(files(&folder, &old));
    let server = start(options);
    let mut before = greet(server.address(), &old.0, &[]).expect("greeted");
    assert_eq!(ask(&mut before), "HTTP/1.1 200 OK");
    files(&folder, &new);
    let began = Instant::now();
    let mut after = loop {
        match greet(server.address(), &new.0, &[]) {
            Ok(stream) => break stream,
            Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(ask(&mut after), "HTTP/1.1 200 OK");
    assert_eq!(ask(&mut before), "HTTP/1.1 200 OK", "who was there goes on");
}

#[test]
fn a_wrong_certificate_is_found_before_anything_is_served() {
    let folder = Folder::with_a_shop();
    let mut options = folder.options();
    options.tls = Some(files(&folder, &(pair().0, pair().1)));
    let refused = Server::prepare(options, &mut |_| {}).err().expect("another certificate's key");
    assert!(matches!(refused, StartError::Tls(_)), "{refused}");
    assert!(refused.to_string().contains("is the key the one"), "{refused}");
}

/// Takes batches of spans; each as path and body.
fn collector() -> (SocketAddr, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(&stream);
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                    break;
                }
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                    length = value.trim().parse().unwrap_or(0);
                }
                head += &line;
            }
            let mut body = vec![0; length];
            if reader.read_exact(&mut body).is_ok() {
                let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = tell.send((head.lines().next().unwrap_or_default().to_owned(), body));
            }
        }
    });
    (address, told)
}

#[test]
fn a_span_of_a_request_reaches_the_collector_as_part_of_the_clients_trace_and_tells_nothing_personal() {
    let (collector, batches) = collector();
    let traces = Traces::to(&format!("http://{collector}")).expect("an address");
    tracing_subscriber::registry().with(traces.layer()).init();
    let folder = Folder::with_a_shop();
    let server = start(folder.options());
    let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let context = format!("00-{trace}-{parent}-01");
    let headers = [
        ("content-type", "application/json"),
        ("traceparent", context.as_str()),
        ("x-request-id", "order-4711"),
        ("authorization", "Bearer not-for-collectors"),
    ];
    let reply = common::ask(server.address(), "POST", "/v1/shops/demo/quotes?email=jane", &headers, b"{}");
    assert_eq!(reply.status, 404, "{reply:?}");
    drop(server);
    drop(traces);
    let spans: Vec<_> = batches.try_iter().collect();
    assert!(spans.iter().all(|(head, _)| head == "POST /v1/traces HTTP/1.1"), "{:?}", spans.first());
    let bytes: Vec<u8> = spans.into_iter().flat_map(|(_, body)| body).collect();
    let there = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
    let unhex = |text: &str| u128::from_str_radix(text, 16).expect("hexadecimal").to_be_bytes();
    for told in ["POST /v1/shops/{shop}/quotes", "order-4711", "shipping-quote", "demo", "cartwright"] {
        assert!(there(told.as_bytes()), "{told}");
    }
    assert!(there(&unhex(trace)), "the client's trace");
    assert!(there(&unhex(parent)[8..]), "the client's span");
    for hidden in ["jane", "not-for-collectors"] {
        assert!(!there(hidden.as_bytes()), "{hidden}");
    }
}
