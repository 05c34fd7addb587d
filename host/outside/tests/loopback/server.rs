//! A real HTTP server on loopback that does, by path, whatever a bad service does; and the outside world that may ask it.

use cartwright_contract::outside::{Field, HttpFailure, HttpReply, HttpRequest, HttpResponse};
use cartwright_outside::{Fetched, Hosts, ManualClock, Names, Outside, OutsideOptions, Scope};
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Long enough that only a hang reaches it.
pub const PATIENT: u32 = 20_000;

pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
    /// What `/gate` waits for.
    pub gate: Arc<Semaphore>,
    /// A permit for each request that has arrived.
    pub arrived: Arc<Semaphore>,
}

impl Server {
    pub async fn start() -> Self {
        Self::on("127.0.0.1:0").await
    }

    pub async fn on(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            gate: Arc::new(Semaphore::new(0)),
            arrived: Arc::new(Semaphore::new(0)),
        };
        let (seen, gate, arrived) = (server.seen.clone(), server.gate.clone(), server.arrived.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, gate, arrived) = (seen.clone(), gate.clone(), arrived.clone());
                // A client that goes away is what these tests are about.
                tokio::spawn(async move { serve(stream, &seen, &gate, &arrived).await.ok() });
            }
        });
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Heads and bodies of the requests so far.
    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

async fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<String>>,
    gate: &Semaphore,
    arrived: &Semaphore,
) -> io::Result<()> {
    loop {
        let Some(request) = read(&mut stream).await? else { return Ok(()) };
        seen.lock().unwrap().push(request.clone());
        arrived.add_permits(1);
        let path = request.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
        if !answer(&mut stream, &path, &request, gate).await? {
            return Ok(());
        }
    }
}

async fn read(stream: &mut TcpStream) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length = text.split("content-length: ").nth(1).and_then(|t| t.split("\r\n").next()?.parse().ok()).unwrap_or(0);
    while bytes.len() < head + length {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Whether the connection goes on.
async fn answer(stream: &mut TcpStream, path: &str, request: &str, gate: &Semaphore) -> io::Result<bool> {
    let whole = |status: &str, headers: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
        [head.as_bytes(), body].concat()
    };
    match path {
        "/ok" => stream.write_all(&whole("200 OK", "X-Rate: 7\r\n", b"hello")).await?,
        "/echo" => stream.write_all(&whole("200 OK", &repeated(request), request.as_bytes())).await?,
        "/500" => stream.write_all(&whole("500 Internal Server Error", "", b"sorry")).await?,
        "/404" => stream.write_all(&whole("404 Not Found", "", b"")).await?,
        "/redirect" => stream.write_all(&whole("302 Found", "location: /ok\r\n", b"")).await?,
        "/bytes" => stream.write_all(&whole("200 OK", "x-name: Zo\u{eb}\r\n", &[0xff, 0, 0xfe])).await?,
        "/cookie" => stream.write_all(&whole("200 OK", "set-cookie: session=1\r\n", b"")).await?,
        "/latin" => stream.write_all(b"HTTP/1.1 200 OK\r\nx-name: Zo\xeb\r\ncontent-length: 0\r\n\r\n").await?,
        "/close" => {
            stream.write_all(&whole("200 OK", "connection: close\r\n", b"bye")).await?;
            return Ok(false);
        }
        "/gate" => {
            gate.acquire().await.unwrap().forget();
            stream.write_all(&whole("200 OK", "", b"through")).await?;
        }
        "/never" => std::future::pending().await,
        "/drip" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n").await?;
            // Until the client has had enough and the write fails.
            loop {
                stream.write_all(b".").await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        "/malformed" => {
            stream.write_all(b"SMTP ready when you are\r\n\r\n").await?;
            return Ok(false);
        }
        "/short" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfive!").await?;
            return Ok(false);
        }
        "/two-lengths" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello").await?;
            return Ok(false);
        }
        "/reset" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfive!").await?;
            // Closing with data unread resets the connection.
            #[allow(deprecated)]
            stream.set_linger(Some(Duration::ZERO))?;
            return Ok(false);
        }
        "/hang-up" => return Ok(false),
        "/announced" => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await?,
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            let chunk = [b"1000\r\n".as_slice(), &[b'x'; 0x1000], b"\r\n"].concat();
            loop {
                stream.write_all(&chunk).await?;
            }
        }
        "/endless-headers" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                stream.write_all(b"x-more: and more\r\n").await?;
            }
        }
        "/endless-header" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nx-more: ").await?;
            loop {
                stream.write_all(&[b'x'; 1024]).await?;
            }
        }
        "/many-headers" => {
            let headers = "x-more: 1\r\n".repeat(200);
            stream.write_all(&whole("200 OK", &headers, b"")).await?;
        }
        other => panic!("no such path: {other}"),
    }
    Ok(true)
}

/// The key that came in, sent back in a header.
fn repeated(request: &str) -> String {
    let key = request.lines().find_map(|line| line.strip_prefix("x-api-key: "));
    key.map(|key| format!("x-echo: {key}\r\n")).unwrap_or_default()
}

/// Names that stand for what the test says.
#[derive(Debug, Default)]
pub struct FakeNames {
    /// One answer for each look-up, the last one for all further.
    pub answers: Mutex<Vec<Vec<IpAddr>>>,
    pub asked: Mutex<Vec<String>>,
}

impl Names for FakeNames {
    fn addresses(&self, name: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        self.asked.lock().unwrap().push(name);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(async move { Ok(answer) })
    }
}

/// Options that let tests ask loopback without TLS.
pub fn options() -> (OutsideOptions, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::new());
    let options = OutsideOptions {
        allow_http: true,
        allow_networks: vec!["127.0.0.1/32".parse().unwrap()],
        timeout: Duration::from_secs(20),
        clock: clock.clone(),
        ..OutsideOptions::default()
    };
    (options, clock)
}

pub fn outside() -> Outside {
    Outside::new(options().0).unwrap()
}

pub fn scope(server: &Server) -> Scope {
    let mut scope = Scope::new("demo", Hosts::new([server.address.to_string()]).unwrap());
    scope.deadline = Duration::from_secs(20);
    scope
}

pub fn get(id: &str, url: &str) -> HttpRequest {
    HttpRequest { id: id.into(), url: url.into(), timeout: PATIENT, ..HttpRequest::default() }
}

pub fn field(name: &str, value: &str) -> Field {
    Field { name: name.into(), value: value.into() }
}

/// The outcome of a plan of one.
pub async fn ask(outside: &Outside, scope: &Scope, request: &HttpRequest) -> Result<HttpReply, HttpFailure> {
    only(outside.fetch(scope, std::slice::from_ref(request)).await.unwrap()).outcome
}

/// The code of what was wrong with a plan of one; empty when nothing was.
pub async fn code(outside: &Outside, scope: &Scope, request: &HttpRequest) -> &'static str {
    let fetched = outside.fetch(scope, std::slice::from_ref(request)).await.unwrap();
    fetched.accounts[0].problem.as_ref().map_or("", |problem| problem.code())
}

pub fn only(fetched: Fetched) -> HttpResponse {
    let [response] = <[_; 1]>::try_from(fetched.responses).unwrap();
    response
}
