//! Packages: taken whole, signed by somebody who is known, and the same for ever.

use cartwright_platform_tests::{Answer, Api, Platform, component};
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

/// As RFC 9530 writes a file's digest.
pub fn content_digest(file: &Path) -> String {
    let said = Command::new("sha256sum").arg(file).output().expect("coreutils");
    let hex = String::from_utf8(said.stdout).expect("text");
    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal");
    format!("sha-256=:{}:", base64(&(0..32).map(byte).collect::<Vec<_>>()))
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * at) & 63) as usize];
            text.push(if at > chunk.len() { '=' } else { char::from(sign) });
        }
    }
    text
}

/// The same component with a section that means nothing: other bytes, the same name and version.
fn changed(component: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(component).expect("a component");
    bytes.extend([0, 5, 4, b'n', b'o', b't', b'e']);
    bytes
}

fn versions(api: &Api) -> usize {
    api.get("/v1/packages/hostile").json()["items"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_package_is_taken_whole_signed_by_a_known_author_and_never_changes() {
    let platform = Platform::sqlite().signed_only();
    let server = platform.serve("one");
    let api = server.api(&platform.token);
    let there = component("hostile");
    std::fs::copy(&there, platform.path("plugin.wasm")).expect("copied");
    platform.file("changed.wasm", changed(&there));
    for key in ["acme.key", "stranger.key"] {
        platform.local(&["keygen", "--key", key]).done();
    }
    platform.cli(&server, &["author", "add", "acme", "--key", "acme.pub"]).done();

    let publish = |arguments: &[&str]| platform.cli(&server, &[&["publish"], arguments].concat());
    publish(&["plugin.wasm"]).ended(3).says("cartwright sign");
    publish(&["plugin.wasm", "--key", "stranger.key"]).ended(3);

    // What the command line would not even send.
    let place = "/v1/packages/hostile/versions/0.1.0";
    let send = |file: &str, digest: &str, signature: Option<&str>| -> Answer {
        let bytes = std::fs::read(platform.path(file)).expect("a file");
        let mut headers = vec![("content-type", "application/wasm"), ("content-digest", digest)];
        headers.extend(signature.map(|signature| ("cartwright-signature", signature)));
        api.ask("PUT", place, &headers, Some(&bytes)).expect("an answer")
    };
    platform.local(&["sign", "plugin.wasm", "--key", "acme.key"]).done();
    let signature = base64(&std::fs::read(platform.path("plugin.wasm.minisig")).expect("a signature"));
    let (right, other) =
        (content_digest(&platform.path("plugin.wasm")), content_digest(&platform.path("changed.wasm")));
    send("plugin.wasm", &other, Some(&signature)).refused(422, "CONTENT_DIGEST");
    send("changed.wasm", &other, Some(&signature)).refused(422, "CARTWRIGHT_SIGNATURE");
    send("plugin.wasm", &right, Some("bm9uc2Vuc2U=")).refused(422, "CARTWRIGHT_SIGNATURE");
    let elsewhere =
        [("content-type", "application/wasm"), ("content-digest", &*right), ("cartwright-signature", &*signature)];
    let bytes = std::fs::read(platform.path("plugin.wasm")).expect("a file");
    let as_newer = api.ask("PUT", "/v1/packages/hostile/versions/9.0.0", &elsewhere, Some(&bytes)).expect("an answer");
    as_newer.refused(422, "CARTWRIGHT_SIGNATURE");
    assert_eq!(versions(&api), 0, "nothing of that was kept");

    // Half of it, and the connection is gone.
    let host = server.address.trim_start_matches("http://");
    let mut cut = TcpStream::connect(host).expect("the server");
    let head = format!(
        "PUT {place} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\ncontent-type: application/wasm\r\n\
         content-digest: {right}\r\ncartwright-signature: {signature}\r\ncontent-length: {}\r\n\r\n",
        platform.token,
        bytes.len()
    );
    cut.write_all(head.as_bytes()).and_then(|()| cut.write_all(&bytes[..bytes.len() / 2])).expect("half is sent");
    drop(cut);
    assert_eq!(versions(&api), 0);

    assert_eq!(send("plugin.wasm", &right, Some(&signature)).status, 201);
    assert_eq!(send("plugin.wasm", &right, Some(&signature)).status, 200, "the same again is fine");
    publish(&["plugin.wasm", "--key", "acme.key"]).done().says("Unchanged");
    let refused = publish(&["changed.wasm", "--key", "acme.key"]).ended(3);
    let digest = api.get(place).ok()["digest"].as_str().expect("a digest").to_owned();
    refused.says(&digest);
    let kept = api.get(&format!("{place}/component"));
    assert!(kept.body == bytes, "the component is the bytes that were signed");
    assert_eq!(kept.headers.get("content-digest"), Some(&right));

    // An author who is believed no more publishes nothing more; what is there stays.
    platform.cli(&server, &["author", "remove", "acme"]).done();
    assert_eq!(send("plugin.wasm", &right, Some(&signature)).status, 422);
    assert_eq!(versions(&api), 1);
    let audit = api.list("/v1/audit");
    let of = |action: &str| audit.iter().filter(|entry| entry["action"] == action).count();
    assert_eq!((of("package.published"), of("author.created"), of("author.revoked")), (1, 1, 1), "{audit:?}");
}
