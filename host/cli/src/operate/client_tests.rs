//! The client against a server that says line by line what the test wrote down.

use super::{ATTEMPTS, Answer, Ask, Client, address, is_readable_on_its_way};
use crate::complaint::Exit;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A request as it arrived.
struct Asked {
    /// `GET /v1/shops`.
    line: String,
    headers: Vec<String>,
    body: String,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Answers as many requests as it has answers, then closes; gives what it was asked.
fn server(answers: Vec<String>) -> (String, JoinHandle<Vec<Asked>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || {
        answers
            .into_iter()
            .map(|answer| {
                let (mut stream, _) = listener.accept().unwrap();
                let asked = read(&stream);
                stream.write_all(answer.as_bytes()).unwrap();
                asked
            })
            .collect()
    };
    (base, std::thread::spawn(serve))
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let line = |reader: &mut BufReader<&TcpStream>| {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let first = line(&mut reader).trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers = Vec::new();
    loop {
        match line(&mut reader) {
            end if end.is_empty() => break,
            header => headers.push(header),
        }
    }
    let mut asked = Asked { line: first, headers, body: String::new() };
    let length = asked.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    asked.body = String::from_utf8(body).unwrap();
    asked
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn ok(body: &str) -> String {
    answer("200 OK", "etag: \"7\"\r\n", body)
}

/// Nobody waits in tests.
fn at_once(_: Duration) {}

fn asked(answers: Vec<String>, ask: &Ask<'_>) -> (Result<Answer, String>, Vec<Asked>) {
    let (base, server) = server(answers);
    let answered = Client::for_tests(&base, Some("cw_admin_1_x"), at_once).send(ask);
    (answered.map_err(|complaint| complaint.to_string()), server.join().unwrap())
}

#[test]
fn a_request_carries_the_token_the_version_and_a_key_and_names_are_encoded() {
    let ask = Ask::post(&["shops", "a/b ä", "installs"], &json!({ "note": "n" })).if_match(Some("\"3\""));
    let (answered, asked) =
        asked(vec![ok("{\"id\":1}")], &ask.query("since", Some("2 3&")).query("until", None::<i64>));
    let answered = answered.unwrap();
    assert_eq!(
        (answered.document, answered.headers.get("etag").unwrap().to_str().unwrap()),
        (json!({ "id": 1 }), "\"7\"")
    );
    assert_eq!(asked[0].line, "POST /v1/shops/a%2Fb%20%C3%A4/installs?since=2%203%26");
    assert_eq!(asked[0].header("authorization"), Some("Bearer cw_admin_1_x"));
    assert_eq!(asked[0].header("if-match"), Some("\"3\""));
    assert_eq!(asked[0].header("content-type"), Some("application/json"));
    assert_eq!(asked[0].header("idempotency-key").map(str::len), Some(36));
}

#[test]
fn settings_go_out_byte_for_byte() {
    let settings = "{ \"b\": 1.10,\n \"a\": 12345678901234567890 }";
    for (body, start) in [(json!({}), "{"), (json!({ "note": "n" }), "{\"note\":\"n\",")] {
        let (_, asked) = asked(vec![ok("{}")], &Ask::post(&["x"], &body).member("settings", settings));
        assert_eq!(asked[0].body, format!("{start}\"settings\":{settings}}}"));
    }
}

#[test]
fn a_busy_server_is_asked_again_under_the_same_key_after_the_time_it_wants() {
    static WAITED: AtomicU64 = AtomicU64::new(0);
    let busy = [answer("429 Too Many Requests", "retry-after: 2\r\n", ""), answer("503 Service Unavailable", "", "")];
    let (base, server) = server([busy.to_vec(), vec![ok("{}")]].concat());
    let pause = |wait: Duration| {
        WAITED.fetch_add(u64::try_from(wait.as_millis()).unwrap(), Ordering::Relaxed);
    };
    Client::for_tests(&base, None, pause).send(&Ask::post(&["shops"], &json!({}))).unwrap();
    let asked = server.join().unwrap();
    assert_eq!(WAITED.load(Ordering::Relaxed), 2000 + 400);
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|one| one.header("idempotency-key") == asked[0].header("idempotency-key")));
    assert_eq!(asked[0].header("authorization"), None);
}

#[test]
fn a_server_that_stays_busy_is_given_up_and_says_what_to_do() {
    let problem = r#"{"detail":"the store does not answer","code":"UNAVAILABLE","instance":"r9"}"#;
    let (base, server) = server(vec![answer("503 Service Unavailable", "", problem); ATTEMPTS as usize]);
    let complaint = Client::for_tests(&base, None, at_once).send(&Ask::get(&["shops"])).err().unwrap();
    assert_eq!(complaint.to_string(), "the store does not answer (request r9)");
    assert_eq!(complaint.exit(), Exit::Unanswered);
    assert_eq!(server.join().unwrap().len(), ATTEMPTS as usize);
}

#[test]
fn nobody_waits_for_hours_because_a_server_says_so() {
    let (answered, asked) =
        asked(vec![answer("503 Service Unavailable", "retry-after: 3600\r\n", "")], &Ask::get(&["shops"]));
    assert_eq!(asked.len(), 1);
    assert!(answered.is_err_and(|told| told.contains("status 503")));
}

#[test]
fn a_connection_that_breaks_is_made_anew_and_one_that_nobody_takes_is_told() {
    let (answered, asked) = asked(vec![String::new(), ok("{}")], &Ask::get(&["shops"]));
    assert!(answered.is_ok() && asked.len() == 2);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let complaint =
        Client::for_tests(&format!("http://{free}"), None, at_once).send(&Ask::get(&["shops"])).err().unwrap();
    assert_eq!(complaint.to_string(), format!("`http://{free}` cannot be asked: nobody listens there"));
    assert_eq!(complaint.exit(), Exit::Unanswered);
}

#[test]
fn what_a_server_refuses_is_not_asked_again() {
    for (status, exit) in [("401 Unauthorized", Exit::Refused), ("412 Precondition Failed", Exit::Refused)] {
        let problem = r#"{"detail":"no","code":"X","instance":"r1"}"#;
        let (base, server) = server(vec![answer(status, "", problem)]);
        let complaint = Client::for_tests(&base, None, at_once).send(&Ask::delete(&["shops", "a"])).err().unwrap();
        assert_eq!((complaint.to_string().as_str(), complaint.exit()), ("no (request r1)", exit));
        assert_eq!(server.join().unwrap().len(), 1);
    }
}

#[test]
fn a_token_is_not_carried_elsewhere() {
    let (answered, asked) =
        asked(vec![answer("307 Temporary Redirect", "location: https://evil.example/\r\n", "")], &Ask::get(&["shops"]));
    assert_eq!(asked.len(), 1);
    assert!(answered.is_err_and(|told| told.contains("elsewhere, to `https://evil.example/`")));
}

#[test]
fn what_is_no_json_or_ends_early_is_told() {
    let (answered, _) = asked(vec![ok("<html>")], &Ask::get(&["shops"]));
    assert!(answered.is_err_and(|told| told.starts_with("the answer to GET /v1/shops is no JSON")));
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\"".to_owned();
    let (answered, _) = asked(vec![cut], &Ask::get(&["shops"]));
    assert!(answered.is_err_and(|told| told.contains("ended early")));
}

fn listed(answers: Vec<String>, most: Option<usize>) -> (Result<Vec<Value>, String>, Vec<String>) {
    let (base, server) = server(answers);
    let listed = Client::for_tests(&base, None, at_once).list(|| Ask::get(&["shops"]), most);
    let lines = server.join().unwrap().into_iter().map(|asked| asked.line).collect();
    (listed.map_err(|complaint| complaint.to_string()), lines)
}

#[test]
fn a_list_is_read_over_its_pages_and_no_further_than_wanted() {
    let pages = || vec![ok(r#"{"items":[1,2],"next":"c 2"}"#), ok(r#"{"items":[3]}"#)];
    let (items, lines) = listed(pages(), None);
    assert_eq!(items.unwrap(), [json!(1), json!(2), json!(3)]);
    assert_eq!(lines, ["GET /v1/shops?limit=200", "GET /v1/shops?limit=200&after=c%202"]);
    let (items, lines) = listed(pages()[..1].to_vec(), Some(2));
    assert_eq!((items.unwrap().len(), lines), (2, vec!["GET /v1/shops?limit=2".to_owned()]));
}

#[test]
fn a_page_may_be_empty_and_a_cursor_that_stands_still_ends_the_list() {
    let (items, _) = listed(vec![ok(r#"{"items":[],"next":"a"}"#), ok(r#"{"items":[1]}"#)], None);
    assert_eq!(items.unwrap().len(), 1);
    let (items, lines) = listed(vec![ok(r#"{"items":[1],"next":"a"}"#), ok(r#"{"items":[1],"next":"a"}"#)], None);
    assert_eq!((items.unwrap().len(), lines.len()), (2, 2));
    let (items, _) = listed(vec![ok("{}")], None);
    assert!(items.is_err_and(|told| told.contains("is no list")));
}

#[test]
fn a_server_is_named_by_scheme_and_host_and_nothing_that_is_secret() {
    assert_eq!(address("https://c.example/"), Ok("https://c.example".into()));
    assert_eq!(address("http://127.0.0.1:8080/behind/"), Ok("http://127.0.0.1:8080/behind".into()));
    for wrong in
        ["", "c.example", "ftp://c.example", "https://", "https://u:p@c.example", "https://c.example/?a", "http://c/#a"]
    {
        assert!(address(wrong).is_err(), "{wrong}");
    }
    assert!(is_readable_on_its_way("http://c.example"));
    for fine in ["https://c.example", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"] {
        assert!(!is_readable_on_its_way(fine), "{fine}");
    }
}
