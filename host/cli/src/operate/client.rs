//! Asks a server over HTTP: one request at a time, tried again where that can do no harm.
//!
//! What this module must not know: what stands in a document; the commands read those.

pub use super::ask::Ask;
use super::ask::Content;
use super::problem::Problem;
use crate::complaint::{Complaint, Exit};
use crate::table::plain;
use crate::terminal::status;
use crate::words;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io::{self, Read, Write};
use std::time::Duration;
use ureq::http::{HeaderMap, Request, Response, Uri, header};
use ureq::{Agent, Body, Error};

/// The most that a document may have, in bytes: a component comes as base64 nowhere, so this is ample.
const LARGEST_DOCUMENT: u64 = 64 << 20;
/// How often a request is made at most.
const ATTEMPTS: u32 = 5;
/// How long all waiting between these may take together.
const PATIENCE: Duration = Duration::from_secs(30);
/// As many as the server gives at once.
const PAGE: usize = 200;

/// A server, and who asks.
pub struct Client {
    agent: Agent,
    /// Without a slash at the end.
    base: String,
    token: Option<String>,
    /// Waits between two attempts; in tests it only counts.
    pause: fn(Duration),
}

/// What was answered.
pub struct Answer {
    status: u16,
    pub headers: HeaderMap,
    /// Null when the answer has no body.
    pub document: Value,
}

impl Answer {
    /// The document's version, as `If-Match` takes it.
    pub fn etag(&self) -> Option<&str> {
        self.headers.get(header::ETAG)?.to_str().ok()
    }

    /// Whether it is there since now.
    pub fn created(&self) -> bool {
        self.status == 201
    }

    /// The document as the command knows it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Complaint> {
        read(&self.document)
    }
}

/// A document as a command knows it.
pub fn read<T: DeserializeOwned>(document: &Value) -> Result<T, Complaint> {
    serde_path_to_error::deserialize(document).map_err(|error| {
        let place = error.path().to_string();
        Complaint::failed(format!("the server's document cannot be read: at `{place}`, {}", error.into_inner()))
            .hint("take a `cartwright` of the server's version; --json prints documents as they come")
    })
}

impl Client {
    /// `base` is the server's address, as [`address`] checked it.
    pub fn new(base: &str, token: Option<String>, agent: Agent) -> Self {
        Self { agent, base: base.to_owned(), token, pause: std::thread::sleep }
    }

    /// How requests are made: statuses are read here, and a token is sent to nobody else.
    pub fn config() -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
        Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("cartwright/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(10)))
            // Installing compiles a plugin, which takes seconds, on a busy machine tens of them.
            .timeout_recv_response(Some(Duration::from_mins(2)))
    }

    #[cfg(test)]
    pub fn for_tests(base: &str, token: Option<&str>, pause: fn(Duration)) -> Self {
        let agent = Self::config().build().into();
        Self { agent, base: base.to_owned(), token: token.map(str::to_owned), pause }
    }

    /// Asks, and reads the answer as a JSON document.
    ///
    /// # Errors
    /// When the server cannot be reached, refuses, or answers what is no JSON.
    pub fn send(&self, ask: &Ask<'_>) -> Result<Answer, Complaint> {
        let response = self.attempt(ask)?;
        let response = self.judged(ask, response)?;
        self.document(ask, response)
    }

    /// As [`Client::send`]; nothing when the answer has this status, for which the command has a use.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn send_unless(&self, status: u16, ask: &Ask<'_>) -> Result<Option<Answer>, Complaint> {
        let response = self.attempt(ask)?;
        if response.status().as_u16() == status {
            return Ok(None);
        }
        let response = self.judged(ask, response)?;
        self.document(ask, response).map(Some)
    }

    fn document(&self, ask: &Ask<'_>, mut response: Response<Body>) -> Result<Answer, Complaint> {
        let body = response.body_mut().with_config().limit(LARGEST_DOCUMENT).read_to_vec();
        let body = body.map_err(|error| self.cut(ask, &error.into_io()))?;
        let document = if body.is_empty() { Value::Null } else { self.parse(ask, &body)? };
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), document })
    }

    /// Asks, and writes the answer's body; gives its length.
    ///
    /// # Errors
    /// As [`Client::send`], and when it cannot be written.
    pub fn download(&self, ask: &Ask<'_>, into: &mut impl Write) -> anyhow::Result<u64> {
        let response = self.attempt(ask)?;
        let response = self.judged(ask, response)?;
        let mut reader = response.into_body().into_with_config().limit(u64::MAX).reader();
        let mut buffer = vec![0; 64 << 10];
        let mut total = 0;
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => return Ok(total),
                Ok(read) => {
                    into.write_all(&buffer[..read])?;
                    total += read as u64;
                }
                Err(error) => return Err(self.cut(ask, &error).into()),
            }
        }
    }

    /// All items of a list, or as many as are wanted, over as many pages as it takes.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn list(&self, ask: impl Fn() -> Ask<'static>, most: Option<usize>) -> Result<Vec<Value>, Complaint> {
        let (mut items, mut after) = (Vec::new(), None::<String>);
        let most = most.unwrap_or(usize::MAX);
        while items.len() < most {
            let page = (most - items.len()).min(PAGE);
            let ask = ask().query("limit", Some(page)).query("after", after.as_ref());
            let document = self.send(&ask)?.document;
            let Some(Value::Array(found)) = document.get("items") else {
                let message = format!("the server's answer to {} is no list", ask.name());
                return Err(Complaint::failed(message).hint("take a `cartwright` of the server's version"));
            };
            items.extend(found.iter().take(page).cloned());
            let next = document.get("next").and_then(Value::as_str).map(str::to_owned);
            // A cursor that stands still would be followed for ever.
            if next.is_none() || next == after {
                break;
            }
            after = next;
        }
        Ok(items)
    }

    /// One page, and the cursor behind it.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn page(&self, ask: &Ask<'_>) -> Result<(Vec<Value>, Option<String>), Complaint> {
        let document = self.send(ask)?.document;
        let items = document.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        Ok((items, document.get("next").and_then(Value::as_str).map(str::to_owned)))
    }

    fn parse(&self, ask: &Ask<'_>, body: &[u8]) -> Result<Value, Complaint> {
        serde_json::from_slice(body).map_err(|error| {
            Complaint::failed(format!("the answer to {} is no JSON: {error}", ask.name()))
                .hint(format!("is `{}` a Cartwright server?", self.base))
        })
    }

    fn attempt(&self, ask: &Ask<'_>) -> Result<Response<Body>, Complaint> {
        let mut waited = Duration::ZERO;
        for attempt in 1.. {
            let made = self.once(ask);
            // A status says that nothing was done; a connection that broke says nothing, but everything here may be asked twice.
            let (why, wait) = match &made {
                Ok(response) if is_busy(response) => (response.status().to_string(), wait(response.headers(), attempt)),
                Err(error) if may_pass(error) => (in_words(error), backoff(attempt)),
                _ => (String::new(), None),
            };
            match wait {
                Some(wait) if attempt < ATTEMPTS && waited + wait <= PATIENCE => {
                    status("Waiting", format!("{} for {}: {why}", words::time(wait), self.base));
                    (self.pause)(wait);
                    waited += wait;
                }
                _ => return made.map_err(|error| self.unreachable(&error)),
            }
        }
        unreachable!("the attempts end by their number")
    }

    fn once(&self, ask: &Ask<'_>) -> Result<Response<Body>, Error> {
        let mut request = Request::builder().method(&ask.method).uri(format!("{}{}", self.base, ask.path));
        request = request.header(header::ACCEPT, "application/json, application/problem+json, */*;q=0.1");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        match &ask.body {
            Content::None => self.agent.run(request.body(()).map_err(Error::Http)?),
            Content::Json(bytes) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                self.agent.run(request.body(&bytes[..]).map_err(Error::Http)?)
            }
            Content::Bytes(media_type, bytes) => {
                let request = request.header(header::CONTENT_TYPE, *media_type);
                self.agent.run(request.body(*bytes).map_err(Error::Http)?)
            }
        }
    }

    fn judged(&self, ask: &Ask<'_>, mut response: Response<Body>) -> Result<Response<Body>, Complaint> {
        let code = response.status();
        if code.is_success() {
            return Ok(response);
        }
        if code.is_redirection() {
            let to = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or("nowhere");
            let message = format!("`{}` sends {} elsewhere, to `{}`", self.base, ask.name(), plain(to));
            return Err(Complaint::failed(message).hint("give that server's own address with --server"));
        }
        let body = response.body_mut().with_config().limit(1 << 20).read_to_vec().unwrap_or_default();
        Err(Problem::read(&body).complaint(code.as_u16(), &ask.name(), ask.origin))
    }

    fn unreachable(&self, error: &Error) -> Complaint {
        let message = format!("`{}` cannot be asked: {}", self.base, in_words(error));
        let hint = match error {
            Error::Timeout(_) => "it is slow or not there; what was asked may have been done, look before asking again",
            Error::Rustls(_) | Error::Tls(_) | Error::Pem(_) => {
                "give the certificate that signed the server's with --ca FILE, if it is your own"
            }
            _ => "is the server running, and is --server, CARTWRIGHT_SERVER or the context right?",
        };
        Complaint::new(Exit::Unanswered, message).hint(hint)
    }

    fn cut(&self, ask: &Ask<'_>, error: &io::Error) -> Complaint {
        let message = format!("the answer of `{}` to {} ended early: {error}", self.base, ask.name());
        Complaint::new(Exit::Unanswered, message).hint("try again; what was asked may be asked twice")
    }
}

fn is_busy(response: &Response<Body>) -> bool {
    matches!(response.status().as_u16(), 429 | 503)
}

/// Whether another attempt may find it otherwise.
fn may_pass(error: &Error) -> bool {
    matches!(error, Error::Io(_) | Error::ConnectionFailed | Error::Protocol(_))
}

fn in_words(error: &Error) -> String {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => "nobody listens there".into(),
        Error::Io(error) => words::of_io(error),
        Error::HostNotFound => "there is no host of this name".into(),
        Error::Timeout(_) => "it does not answer".into(),
        Error::Rustls(error) => error.to_string(),
        other => other.to_string(),
    }
}

/// What the server asks for, and at least the back-off.
fn wait(headers: &HeaderMap, attempt: u32) -> Option<Duration> {
    let asked = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse::<u32>().ok());
    match asked {
        Some(seconds) => Some(Duration::from_secs(u64::from(seconds)).max(Duration::from_millis(100))),
        None => backoff(attempt),
    }
}

/// 0.2 s, 0.4 s, 0.8 s …
#[allow(clippy::unnecessary_wraps)] // as `wait`
fn backoff(attempt: u32) -> Option<Duration> {
    Some(Duration::from_millis(100) * 2u32.saturating_pow(attempt))
}

/// A server's address as a user gives it, without a slash at the end.
pub fn address(text: &str) -> Result<String, String> {
    const EXAMPLE: &str = "give the server's address, such as https://cartwright.example or http://127.0.0.1:8080";
    let text = text.trim().trim_end_matches('/');
    let uri: Uri = text.parse().map_err(|_| EXAMPLE.to_owned())?;
    let authority = uri.authority().filter(|authority| !authority.host().is_empty()).ok_or(EXAMPLE)?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        _ => return Err(EXAMPLE.into()),
    }
    if authority.as_str().contains('@') {
        return Err("leave name and password out of the address; who asks is told by a token".into());
    }
    if uri.query().is_some() || text.contains('#') {
        return Err(format!("leave out what follows the path; {EXAMPLE}"));
    }
    // With an empty path `Uri` writes a slash.
    Ok(text.to_owned())
}

/// Whether others can read what is sent on its way there.
pub fn is_readable_on_its_way(base: &str) -> bool {
    let Ok(uri) = base.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    uri.scheme_str() == Some("http") && !loopback
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
