//! One request over HTTP/1.1: connect, send, read within limits.
//!
//! Redirects are not followed: a 3xx is the reply, and a plugin that wants the other place names its host in the manifest. Proxies
//! from the environment are not used, cookies not kept, bodies not unpacked. HTTP/1.1 only: every service speaks it, and what a reply
//! may cost is simple to bound.

use crate::addresses::Networks;
use crate::error::{OptionsError, Problem};
use crate::names::{AddressRefused, GuardedNames};
use crate::options::OutsideOptions;
use crate::request::Prepared;
use crate::secrets::redact;
use cartwright_contract::outside::{Field, HttpReply, Method};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::{HeaderMap, Request, Response};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Headers of a reply that speak of the connection, and cookies: nobody here would send them back, and they would be recorded in the
/// clear.
const NOT_HANDED_ON: [&str; 11] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "set-cookie",
    "set-cookie2",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

#[derive(Debug, Clone)]
pub(crate) struct HttpClient {
    client: Client<HttpsConnector<HttpConnector<GuardedNames>>, Full<Bytes>>,
    reply_bytes: usize,
    reply_header_bytes: usize,
}

impl HttpClient {
    pub fn new(options: &OutsideOptions, networks: Arc<Networks>) -> Result<Self, OptionsError> {
        let mut connector =
            HttpConnector::new_with_resolver(GuardedNames { names: Arc::clone(&options.names), networks });
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls(options)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(8)
            .http1_max_headers(options.reply_headers)
            .http1_max_buf_size(options.reply_header_bytes)
            .build(connector);
        Ok(Self { client, reply_bytes: options.reply_bytes, reply_header_bytes: options.reply_header_bytes })
    }

    pub async fn send(&self, prepared: &Prepared<'_>) -> Result<HttpReply, Problem> {
        let (parts, body) = self.ask(prepared).await?.into_parts();
        let mut body = self.body(prepared, Response::new(body)).await?;
        redact(&mut body, &prepared.used);
        Ok(HttpReply { status: parts.status.as_u16(), headers: headers(&parts.headers, &prepared.used), body })
    }

    /// The head of a reply. Its body is not read; where there is one, the connection is not used again.
    pub async fn head(&self, prepared: &Prepared<'_>) -> Result<hyper::http::response::Parts, Problem> {
        Ok(self.ask(prepared).await?.into_parts().0)
    }

    async fn ask(&self, prepared: &Prepared<'_>) -> Result<Response<Incoming>, Problem> {
        let mut request = Request::new(Full::new(Bytes::from(prepared.request.body.clone())));
        *request.method_mut() = match prepared.request.method {
            Method::Get => hyper::Method::GET,
            Method::Post => hyper::Method::POST,
        };
        *request.uri_mut() = prepared.uri.clone();
        *request.headers_mut() = prepared.headers.clone();
        self.client.request(request).await.map_err(|e| self.problem(prepared, &e))
    }

    async fn body(&self, prepared: &Prepared<'_>, response: Response<Incoming>) -> Result<Vec<u8>, Problem> {
        let host = || prepared.target.to_string();
        let too_large = || Problem::ReplyTooLarge { host: host(), what: "body", limit: self.reply_bytes };
        let mut body = response.into_body();
        // What the head announces is refused before a byte of it is read.
        let announced = body.size_hint().lower();
        if usize::try_from(announced).is_ok_and(|announced| announced > self.reply_bytes) {
            return Err(too_large());
        }
        let mut whole = Vec::with_capacity(announced as usize);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|e| Problem::Unreachable { host: host(), message: chain(&e) })?;
            if let Some(data) = frame.data_ref() {
                if whole.len() + data.len() > self.reply_bytes {
                    return Err(too_large());
                }
                whole.extend_from_slice(data);
            }
        }
        Ok(whole)
    }

    fn problem(&self, prepared: &Prepared<'_>, error: &Error) -> Problem {
        let host = prepared.target.to_string();
        if let Some(AddressRefused(address)) = find::<AddressRefused>(error) {
            return Problem::AddressNotAllowed { host, address: address.to_string() };
        }
        if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse_too_large) {
            return Problem::ReplyTooLarge { host, what: "head", limit: self.reply_header_bytes };
        }
        Problem::Unreachable { host, message: chain(error) }
    }
}

/// The public authorities are compiled in, so that the same build trusts the same in an empty container as on a laptop; the operator's
/// own authorities come on top.
fn tls(options: &OutsideOptions) -> Result<ClientConfig, OptionsError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for (index, root) in options.extra_roots.iter().enumerate() {
        roots.add(root.clone().into()).map_err(|e| OptionsError::Root { index: index + 1, message: e.to_string() })?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| OptionsError::Tls(e.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn headers(all: &HeaderMap, used: &BTreeMap<&str, &str>) -> Vec<Field> {
    all.iter()
        .filter(|(name, _)| !NOT_HANDED_ON.contains(&name.as_str()))
        .map(|(name, value)| {
            let mut bytes = value.as_bytes().to_vec();
            redact(&mut bytes, used);
            // Old servers write Latin-1, whose bytes are code points.
            let value =
                String::from_utf8(bytes).unwrap_or_else(|e| e.into_bytes().into_iter().map(char::from).collect());
            Field { name: name.as_str().to_owned(), value }
        })
        .collect()
}

/// Looks for an error among another's causes. An `io::Error` leaves the error that it wraps out of its own causes.
fn find<'e, E: std::error::Error + 'static>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    None
}

/// An error with its causes. They speak of connections, certificates and framing, never of what was sent.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text = text + ": " + &cause_text;
        }
        next = cause.source();
    }
    text
}
