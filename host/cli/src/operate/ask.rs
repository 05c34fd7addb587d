//! One request to a server, before it is sent.
//!
//! What this module must not know: which server, and who asks.

use super::problem::Origin;
use serde_json::Value;
use ureq::http::Method;
use uuid::Uuid;

/// What is asked.
#[must_use = "it is asked by `send`"]
pub struct Ask<'a> {
    pub method: Method,
    /// What follows the server's address.
    pub path: String,
    pub body: Content<'a>,
    pub headers: Vec<(&'static str, String)>,
    pub origin: Option<Origin<'a>>,
}

pub enum Content<'a> {
    None,
    Json(Vec<u8>),
    Bytes(&'static str, &'a [u8]),
}

impl<'a> Ask<'a> {
    fn new(method: Method, segments: &[&str]) -> Self {
        let mut path = String::from("/v1");
        for segment in segments {
            path.push('/');
            encode(&mut path, segment);
        }
        Self { method, path, body: Content::None, headers: Vec::new(), origin: None }
    }

    pub fn get(segments: &[&str]) -> Self {
        Self::new(Method::GET, segments)
    }

    /// A POST under a key of its own: sent twice, it is done once.
    pub fn post(segments: &[&str], body: &Value) -> Self {
        let ask = Self::new(Method::POST, segments).header("idempotency-key", Uuid::now_v7().to_string());
        Self { body: Content::Json(body.to_string().into_bytes()), ..ask }
    }

    pub fn put(segments: &[&str], body: &Value) -> Self {
        Self { body: Content::Json(body.to_string().into_bytes()), ..Self::new(Method::PUT, segments) }
    }

    /// With a member more, whose JSON goes out as it is written: settings keep their bytes.
    pub fn member(mut self, name: &str, json: &str) -> Self {
        if let Content::Json(body) = &mut self.body {
            let end = body.len() - 1;
            debug_assert_eq!(body[end], b'}', "only objects have members");
            body.truncate(end);
            if body.len() > 1 {
                body.push(b',');
            }
            body.extend(format!("\"{name}\":{json}}}").into_bytes());
        }
        self
    }

    pub fn put_bytes(segments: &[&str], media_type: &'static str, bytes: &'a [u8]) -> Self {
        Self { body: Content::Bytes(media_type, bytes), ..Self::new(Method::PUT, segments) }
    }

    pub fn delete(segments: &[&str]) -> Self {
        Self::new(Method::DELETE, segments)
    }

    /// Adds to the query, when there is a value.
    pub fn query(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let Some(value) = value {
            self.path.push(if self.path.contains('?') { '&' } else { '?' });
            self.path.push_str(name);
            self.path.push('=');
            encode(&mut self.path, &value.to_string());
        }
        self
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Done only when the document still is of this version.
    pub fn if_match(self, etag: Option<&str>) -> Self {
        match etag {
            Some(etag) => self.header("if-match", etag),
            None => self,
        }
    }

    /// Where the user wrote what stands below a field of the body.
    pub fn origin(self, pointer: &'a str, file: &'a str) -> Self {
        Self { origin: Some((pointer, file)), ..self }
    }

    /// What the user is told it was.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path.split('?').next().unwrap_or_default())
    }
}

/// RFC 3986's unreserved characters stand for themselves.
fn encode(into: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|digit| char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            into.extend(['%', high, low]);
        }
    }
}
