//! Messages that a shop wants sent to an address of its own choosing: webhooks.
//!
//! The same rules as for plans (`https:`, public addresses dialled as checked, no redirects, bounded time), and the answer is its status:
//! of its body nothing is read. Breakers and the cache have no part in it; whoever sends decides when to try again.

use crate::error::Problem;
use crate::fetch::Outside;
use crate::hosts::Hosts;
use crate::request::prepare;
use crate::scope::Scope;
use cartwright_contract::outside::{Field, HttpRequest, Method};
use hyper::HeaderMap;
use hyper::header::RETRY_AFTER;
use std::time::Duration;
use tokio::time::timeout;
use url::Url;

/// What is sent, by POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    pub url: &'a str,
    pub headers: Vec<(&'a str, String)>,
    pub body: Vec<u8>,
    /// From the connection to the answer's head.
    pub timeout: Duration,
}

/// That it arrived, and what was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    pub status: u16,
    /// When the receiver wants to be asked again, where it says so in seconds.
    pub retry_after: Option<Duration>,
}

impl Outside {
    /// Whether messages may go to this URL, as far as that can be said without looking its name up.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn deliverable(&self, url: &str) -> Result<(), Problem> {
        let request = HttpRequest { url: url.into(), method: Method::Post, ..HttpRequest::default() };
        let scope = scope_of(url)?;
        let (options, networks) = self.rules();
        prepare(&scope, &request, options, networks).map(drop)
    }

    /// Sends a message and waits for the head of the answer.
    ///
    /// # Errors
    /// What kept it from arriving.
    pub async fn deliver(&self, message: Message<'_>) -> Result<Delivered, Problem> {
        let Message { url, headers, body, timeout: limit } = message;
        let headers = headers.into_iter().map(|(name, value)| Field { name: name.into(), value }).collect();
        let request = HttpRequest { url: url.into(), method: Method::Post, headers, body, ..HttpRequest::default() };
        let scope = scope_of(url)?;
        let (options, networks) = self.rules();
        let prepared = prepare(&scope, &request, options, networks)?;
        let host = || prepared.target.to_string();
        let head = timeout(limit, self.client().head(&prepared)).await;
        let head = head.map_err(|_| Problem::TimedOut { host: host(), limit })??;
        Ok(Delivered { status: head.status.as_u16(), retry_after: retry_after(&head.headers) })
    }
}

/// The message's own host and no other.
fn scope_of(url: &str) -> Result<Scope, Problem> {
    let parsed = Url::parse(url)
        .map_err(|error| Problem::Url(format!("{error}; write one such as https://shop.example/hooks")))?;
    let host = parsed.host_str().ok_or_else(|| Problem::Url("it names no host".into()))?;
    let host = parsed.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let hosts = Hosts::new([host]).map_err(|error| Problem::Url(error.to_string()))?;
    Ok(Scope::new("", hosts))
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OutsideOptions;

    fn refusal(options: OutsideOptions, url: &str) -> &'static str {
        Outside::new(options).unwrap().deliverable(url).err().map_or("", |problem| problem.code())
    }

    #[test]
    fn a_message_goes_to_public_encrypted_addresses_only() {
        for (url, code) in [
            ("https://hooks.example/cartwright?shop=1", ""),
            ("https://hooks.example:8443/", ""),
            ("https://[2606:4700::1111]/", ""),
            ("http://hooks.example/", "URL_REFUSED"),
            ("ftp://hooks.example/", "URL_REFUSED"),
            ("hooks.example", "URL_REFUSED"),
            ("https://user:pass@hooks.example/", "URL_REFUSED"),
            ("https://hooks.example/\nx", "URL_REFUSED"),
            ("https://127.0.0.1/", "ADDRESS_NOT_ALLOWED"),
            ("https://0x7f.1/", "ADDRESS_NOT_ALLOWED"),
            ("https://[::ffff:10.0.0.1]/", "ADDRESS_NOT_ALLOWED"),
            ("https://169.254.169.254/latest", "ADDRESS_NOT_ALLOWED"),
        ] {
            assert_eq!(refusal(OutsideOptions::default(), url), code, "{url}");
        }
    }

    #[test]
    fn the_operator_may_allow_what_is_near() {
        let near = OutsideOptions {
            allow_http: true,
            allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
            ..OutsideOptions::default()
        };
        assert_eq!(refusal(near, "http://127.0.0.1:8080/hook"), "");
    }
}
