//! A connection that is kept, and asks one question after the other.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

pub struct Connection(BufReader<TcpStream>);

/// A request that is written once and asked often.
#[derive(Clone)]
pub struct Question(Vec<u8>);

impl Question {
    /// A POST of a JSON document, as whoever has this token.
    pub fn post(path: &str, token: Option<&str>, body: &str) -> Self {
        let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let length = body.len();
        let text = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\n{authorization}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        Self(text.into_bytes())
    }
}

impl Connection {
    pub fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a TCP socket");
        Self(BufReader::new(stream))
    }

    /// Status and body of the answer, which must have a length.
    pub fn ask(&mut self, question: &Question) -> (u16, Vec<u8>) {
        self.0.get_mut().write_all(&question.0).expect("the server reads");
        let mut line = String::new();
        self.0.read_line(&mut line).expect("the server answers");
        let status = line.get(9..12).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status: {line}"));
        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line).expect("the server answers");
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a number");
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).expect("the whole body");
        (status, body)
    }

    /// The same of an answer that must be one.
    pub fn answer(&mut self, question: &Question) -> Vec<u8> {
        let (status, body) = self.ask(question);
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
        body
    }
}
