//! A folder of shops, a server over it, and a client that hides nothing.
#![allow(dead_code)] // each test file uses its part

pub mod plugin;

use cartwright_server::{Running, Server, ServerOptions, StartError};
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of shops that goes with the test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With one shop that has no plugins.
    pub fn with_a_shop() -> Self {
        let folder = Self::new();
        folder.write("demo/shop.json", r#"{"name":"Demo Outfitters"}"#);
        folder
    }

    /// Adds a shop whose plugin runs these instructions.
    pub fn shop(&self, id: &str, run: &str, backup_rates: &str) {
        self.write(&format!("{id}/plugin.wasm"), plugin::plugin(run));
        self.write(&format!("{id}/settings.json"), "{}");
        let plugins = r#"{"shipping-quote": {"component": "plugin.wasm", "settings": "settings.json"}}"#;
        let shop =
            format!(r#"{{"name": "{id}", "plugins": {plugins}, "fallbacks": {{"shipping-quote": {backup_rates}}}}}"#);
        self.write(&format!("{id}/shop.json"), shop);
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a file's path has a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path
    }

    pub fn options(&self) -> ServerOptions {
        let mut options = ServerOptions::new(self.path());
        options.listen.set_port(0);
        // Each server of a test reserves address space for its sandboxes.
        (options.clients.calls, options.clients.calls_of_a_shop) = (4, 2);
        options
    }

    /// What is wrong with the configuration, with the folder's own path cut off.
    pub fn refusal(&self) -> String {
        match Server::prepare(self.options(), &mut |_| {}).map(|_| ()) {
            Err(error @ StartError::Configuration(_)) => {
                error.to_string().replace(&format!("{}/", self.path().display()), "")
            }
            other => panic!("the configuration was not refused: {other:?}"),
        }
    }
}

pub fn start(options: ServerOptions) -> Running {
    Server::prepare(options, &mut |_| {}).expect("a sound configuration").start().expect("a free port")
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Status and code of a problem, after checking what all problems have.
    pub fn problem(&self) -> (u16, String) {
        let body = self.json();
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(body["status"], self.status, "{self:?}");
        assert_eq!(body["instance"].as_str(), self.header("x-request-id"), "{self:?}");
        for member in ["type", "title", "detail"] {
            assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {self:?}");
        }
        (self.status, body["code"].as_str().expect("a code").to_owned())
    }
}

/// One request, with `headers` and a body.
pub fn ask(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = ureq::http::Request::builder().method(method).uri(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body).expect("a request");
    let request = agent.configure_request(request).allow_non_standard_methods(true).build();
    let mut response = agent.run(request).expect("an answer");
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        body: response.body_mut().read_to_string().expect("a text"),
    }
}

pub fn get(address: SocketAddr, path: &str) -> Reply {
    ask(address, "GET", path, &[], b"")
}

/// A cart for a shop's quotes.
pub fn quotes(address: SocketAddr, shop: &str, body: impl AsRef<[u8]>) -> Reply {
    let json = [("content-type", "application/json")];
    ask(address, "POST", &format!("/v1/shops/{shop}/quotes"), &json, body.as_ref())
}

/// Sends these bytes and reads until the server closes the connection.
pub fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(bytes).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}
