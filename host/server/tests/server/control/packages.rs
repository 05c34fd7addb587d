use super::{Control, Expect, install, tiny};
use crate::common::plugin::{ANSWERS_NOTHING, TAKES_ANYTHING, TRAPS};
use cartwright_package::{AuthorKey, Digest};
use serde_json::json;

fn component(version: &str) -> Vec<u8> {
    tiny("tiny", version, TAKES_ANYTHING, ANSWERS_NOTHING)
}

#[test]
fn a_version_is_published_once_and_never_changes() {
    let control = Control::start();
    let api = control.api();
    let bytes = component("1.0.0");
    let made = api.publish("tiny", "1.0.0", &bytes).is(201);
    assert_eq!(made.header("location"), Some("/v1/packages/tiny/versions/1.0.0"));
    let version = made.json();
    assert_eq!(version["digest"], Digest::of(&bytes).to_string());
    assert_eq!((&version["hooks"], &version["manifest"]["name"]), (&json!(["shipping-quote"]), &json!("tiny")));
    assert_eq!(version["schema"]["required"], json!(["free"]));
    assert_eq!(version["size"], bytes.len());

    assert_eq!(api.publish("tiny", "1.0.0", &bytes).is(200).json(), version, "the same bytes again are fine");
    let other = tiny("tiny", "1.0.0", TAKES_ANYTHING, TRAPS);
    let problem = api.publish("tiny", "1.0.0", &other).refused(409, "CONFLICT");
    let there = Digest::of(&bytes).to_string();
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains(&there)), "{problem}");
    assert_eq!(api.get("/v1/packages/tiny/versions/1.0.0").is(200).json(), version);

    api.publish("tiny", "1.1.0", &component("1.1.0")).is(201);
    let versions = api.all("/v1/packages/tiny", 1);
    assert_eq!(versions.iter().map(|version| &version["version"]).collect::<Vec<_>>(), ["1.1.0", "1.0.0"]);
    let packages = api.all("/v1/packages", 1);
    assert_eq!((&packages[0]["newest"], &packages[0]["versions"]), (&json!("1.1.0"), &json!(2)));
}

#[test]
fn a_component_comes_back_as_it_went_in() {
    let control = Control::start();
    control.publish("1.0.0", ANSWERS_NOTHING);
    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    let address = format!("http://{}/v1/packages/tiny/versions/1.0.0/component", control.address());
    let request = agent.get(address).header("authorization", format!("Bearer {}", control.platform));
    let mut reply = request.call().expect("the component");
    let bytes = reply.body_mut().read_to_vec().expect("bytes");
    assert_eq!(bytes, component("1.0.0"));
    let digest = reply.headers().get("content-digest").and_then(|value| value.to_str().ok()).expect("a digest");
    assert_eq!(Digest::from_header(digest), Ok(Digest::of(&bytes)));
}

#[test]
fn what_does_not_match_is_refused_before_anything_is_kept() {
    let control = Control::start();
    let api = control.api();
    let bytes = component("1.0.0");
    let address = "/v1/packages/tiny/versions/1.0.0";
    let wasm = Some("application/wasm");
    let digest = Digest::of(&bytes).to_header();

    api.send("PUT", address, wasm, &bytes).refused(422, "CONTENT_DIGEST");
    for wrong in ["sha-256=:AAAA:", "md5=:AAAA:", "nonsense", &Digest::of(b"other").to_header()] {
        api.header("content-digest", wrong).send("PUT", address, wasm, &bytes).refused(422, "CONTENT_DIGEST");
    }
    // Half a package.
    let half = &bytes[..bytes.len() / 2];
    api.header("content-digest", &digest).send("PUT", address, wasm, half).refused(422, "CONTENT_DIGEST");
    let media = |media_type| api.header("content-digest", &digest).send("PUT", address, media_type, &bytes);
    media(None).refused(415, "UNSUPPORTED_MEDIA_TYPE");
    media(Some("application/json")).refused(415, "UNSUPPORTED_MEDIA_TYPE");

    api.publish("tiny", "1.0.0", half).refused(422, "COMPONENT");
    api.publish("tiny", "1.0.0", b"").refused(422, "COMPONENT");
    api.publish("tiny", "1.0.0", b"\0asm\x01\0\0\0").refused(422, "COMPONENT");
    for (package, version, field) in [("small", "1.0.0", "/manifest/name"), ("tiny", "2.0.0", "/manifest/version")] {
        let problem = api.publish(package, version, &bytes).refused(422, "MANIFEST");
        assert_eq!(problem["field"], field);
    }
    api.publish("a%2Fb", "1.0.0", &bytes).refused(422, "INVALID");
    api.publish("tiny", "..%2F1", &bytes).refused(422, "INVALID");
    api.get("/v1/packages/tiny").refused(404, "NOT_FOUND");
    assert_eq!(api.get("/v1/packages").is(200).json()["items"], json!([]));
}

#[test]
fn only_a_trusted_authors_signature_counts() {
    let control = Control::with(false);
    let api = control.api();
    let (acme, stranger) = (AuthorKey::generate(None).expect("a key"), AuthorKey::generate(None).expect("a key"));
    let (bytes, next) = (component("1.0.0"), component("1.1.0"));
    let unsigned = api.publish("tiny", "1.0.0", &bytes).refused(422, "CARTWRIGHT_SIGNATURE");
    assert!(unsigned["detail"].as_str().is_some_and(|detail| detail.contains("cartwright sign")));

    let author = json!({"name": "acme", "publicKey": acme.public_key().to_string()});
    api.post("/v1/authors", &json!({"name": "acme", "publicKey": "no key"})).refused(422, "INVALID");
    api.post("/v1/authors", &author).is(201);
    assert_eq!(api.all("/v1/authors", 1)[0]["name"], "acme");

    api.publish_signed(&stranger, "tiny", "1.0.0", &bytes).refused(422, "CARTWRIGHT_SIGNATURE");
    api.header("cartwright-signature", "AAAA").publish("tiny", "1.0.0", &bytes).refused(422, "CARTWRIGHT_SIGNATURE");
    // The signature of another version, and of other bytes.
    let of_the_next = acme.sign(&next, "tiny", "1.1.0").expect("a signature").to_header();
    api.header("cartwright-signature", &of_the_next)
        .publish("tiny", "1.0.0", &bytes)
        .refused(422, "CARTWRIGHT_SIGNATURE");

    let made = api.publish_signed(&acme, "tiny", "1.0.0", &bytes).is(201).json();
    assert_eq!(made["author"], "acme");
    let fetched = api.get("/v1/packages/tiny/versions/1.0.0").is(200).json();
    assert!(fetched["signature"].as_str().is_some_and(|text| text.contains("trusted comment")));

    api.delete("/v1/authors/acme").is(204);
    api.publish_signed(&acme, "tiny", "1.1.0", &next).refused(422, "CARTWRIGHT_SIGNATURE");
    api.get("/v1/packages/tiny/versions/1.0.0").is(200);
}

#[test]
fn a_version_that_is_not_published_cannot_be_installed() {
    let control = Control::start();
    let admin = control.shop("tent");
    let problem = admin.post("/v1/shops/tent/installs", &install("1.0.0", &json!({}))).refused(422, "INVALID");
    assert_eq!(problem["field"], "/version");
}
