//! A server asked over HTTP.

use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use ureq::Agent;
use ureq::http::Request;

/// Who asks which server.
#[derive(Clone)]
pub struct Api {
    agent: Agent,
    address: String,
    token: Option<String>,
}

/// What a server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    /// By their names in small letters.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
    /// Which request it is of, for messages.
    asked: String,
}

impl Api {
    /// As whoever has this token; as nobody without one.
    pub fn new(address: &str, token: Option<&str>) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_mins(1)));
        Self { agent: config.build().into(), address: address.to_owned(), token: token.map(str::to_owned) }
    }

    /// The same, and no answer within this time is none.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(time));
        Self { agent: config.build().into(), ..self }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Any request. Retries nothing.
    ///
    /// # Errors
    /// When no answer came, in words.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&[u8]>,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let asked = format!("{method} {path}");
        let wrong = |error: &dyn std::fmt::Display| format!("{asked}: {error}");
        let sent = match body {
            Some(body) => self.agent.run(request.body(body).map_err(|error| wrong(&error))?),
            None => self.agent.run(request.body(()).map_err(|error| wrong(&error))?),
        };
        let mut response = sent.map_err(|error| wrong(&error))?;
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec().map_err(|error| wrong(&error))?;
        Ok(Answer { status, headers, body, asked })
    }

    /// # Panics
    /// When no answer comes.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], None).expect("an answer")
    }

    /// # Panics
    /// When no answer comes.
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[], body)
    }

    /// # Panics
    /// When no answer comes.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, &[], body)
    }

    /// JSON with more headers.
    ///
    /// # Panics
    /// When no answer comes.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.try_send(method, path, headers, body).expect("an answer")
    }

    /// JSON with more headers, when a server may be gone.
    ///
    /// # Errors
    /// When no answer came, in words.
    pub fn try_send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Result<Answer, String> {
        let headers = [headers, &[("content-type", "application/json")]].concat();
        self.ask(method, path, &headers, Some(body.to_string().as_bytes()))
    }

    /// All items of a list, whatever its pages.
    ///
    /// # Panics
    /// When it is not given.
    pub fn list(&self, path: &str) -> Vec<Value> {
        let (mut items, mut after) = (Vec::new(), String::new());
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let mut page = self.get(&format!("{path}{mark}limit=200{after}")).ok();
            items.append(page["items"].as_array_mut().expect("a list"));
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return items,
            }
        }
    }
}

impl Answer {
    /// The document of an answer that says that it was done.
    ///
    /// # Panics
    /// With the whole answer, when it says otherwise.
    pub fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{self}");
        self.json()
    }

    /// The problem of an answer that refuses, which must have this status, this code, and say what to do.
    ///
    /// # Panics
    /// With the whole answer, when it says otherwise.
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{self}");
        assert_eq!(self.headers.get("content-type").map(String::as_str), Some("application/problem+json"), "{self}");
        assert_eq!(problem["status"], status, "{self}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 15), "{self}");
        problem
    }

    /// # Panics
    /// When it is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// # Panics
    /// When it has none.
    pub fn etag(&self) -> &str {
        self.headers.get("etag").unwrap_or_else(|| panic!("no etag: {self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} was answered {} {:?}\n{}", self.asked, self.status, self.headers, self.text())
    }
}
