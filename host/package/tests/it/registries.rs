//! Against a real registry: Debian's docker-registry. Left out, with a notice, where it is not installed.

use crate::{COMPONENT, facts, package, signed_with, trust_in};
use cartwright_package::{
    AuthorKey, Digest, Package, Reference, RegistryError, RegistryOptions, SignatureError, pull, push,
};
use cartwright_test_services::{Registry, or_leave_out};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

fn options() -> RegistryOptions {
    RegistryOptions::default()
}

fn reference(registry: &Registry, rest: &str) -> Reference {
    format!("{}/{rest}", registry.address()).parse().unwrap()
}

/// The body of what the registry says to a plain GET: what other tools see.
fn get(registry: &Registry, path: &str) -> serde_json::Value {
    let mut stream = TcpStream::connect(registry.address()).unwrap();
    let accept = "application/vnd.oci.image.manifest.v1+json";
    write!(stream, "GET {path} HTTP/1.0\r\nhost: x\r\naccept: {accept}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(" 200 "), "{head}");
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn what_was_pushed_comes_back_the_same() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let key = AuthorKey::generate(None).unwrap();
    let signed = signed_with(&key);
    let pushed = push(&reference(&registry, "acme/flat-rate"), &signed, &facts(), &options()).await.unwrap();
    assert!(pushed.created);
    assert_eq!(pushed.reference.tag(), Some("1.0.0"), "without a tag, the version is it");
    // By tag, by tag and digest, by digest alone.
    let by_digest = format!("{}/acme/flat-rate@{}", registry.address(), pushed.reference.digest().unwrap());
    for reference in
        [reference(&registry, "acme/flat-rate:1.0.0"), pushed.reference.clone(), by_digest.parse().unwrap()]
    {
        let pulled = pull(&reference, &options()).await.unwrap();
        assert_eq!(pulled.package, signed, "{reference}");
        assert_eq!(pulled.reference.digest(), pushed.reference.digest());
        assert_eq!(trust_in("acme", &key).verify_package(&pulled.package).unwrap().name, "acme");
    }
}

#[tokio::test]
async fn the_artifact_has_the_layout_of_the_cncf() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let signed = signed_with(&AuthorKey::generate(None).unwrap());
    push(&reference(&registry, "acme/flat-rate"), &signed, &facts(), &options()).await.unwrap();
    let manifest = get(&registry, "/v2/acme/flat-rate/manifests/1.0.0");
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    assert_eq!(manifest["layers"][0]["digest"], signed.digest().to_string());
    assert_eq!(manifest["layers"][0]["size"], COMPONENT.len());
    let annotations = &manifest["annotations"];
    assert_eq!(annotations["org.opencontainers.image.title"], "flat-rate");
    assert_eq!(annotations["org.opencontainers.image.version"], "1.0.0");
    assert_eq!(annotations["dev.cartwright.hooks"], "shipping-quote");
    assert_eq!(annotations["dev.cartwright.signature"], signed.signature().unwrap().to_string());
    let config =
        get(&registry, &format!("/v2/acme/flat-rate/blobs/{}", manifest["config"]["digest"].as_str().unwrap()));
    assert_eq!(
        config,
        serde_json::json!({
            "created": "2023-11-14T22:13:20Z",
            "architecture": "wasm",
            "os": "wasip2",
            "layerDigests": [signed.digest().to_string()],
            "component": {
                "exports": ["cartwright:shipping/quote@1.0.0"],
                "imports": ["cartwright:host/log@1.0.0"],
            },
        })
    );
}

#[tokio::test]
async fn a_version_never_changes_and_the_same_again_is_fine() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/flat-rate:1.0.0");
    let first = push(&place, &package(), &facts(), &options()).await.unwrap();
    let again = push(&place, &package(), &facts(), &options()).await.unwrap();
    assert!(!again.created);
    assert_eq!(again.reference, first.reference);
    let other = Package::new("flat-rate", "1.0.0", b"\0asm other".to_vec()).unwrap();
    let error = push(&place, &other, &facts(), &options()).await.unwrap_err();
    assert!(matches!(&error, RegistryError::Taken { found, .. } if *found == package().digest()), "{error}");
    assert_eq!(pull(&place, &options()).await.unwrap().package, package());
}

#[tokio::test]
async fn a_signature_can_be_added_later() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/flat-rate:1.0.0");
    let key = AuthorKey::generate(None).unwrap();
    push(&place, &package(), &facts(), &options()).await.unwrap();
    assert!(push(&place, &signed_with(&key), &facts(), &options()).await.unwrap().created);
    let pulled = pull(&place, &options()).await.unwrap().package;
    assert!(trust_in("acme", &key).verify_package(&pulled).is_ok());
    // Signing again gives other bytes by the same key: nothing that anybody needs to fetch.
    assert!(!push(&place, &signed_with(&key), &facts(), &options()).await.unwrap().created);
}

#[tokio::test]
async fn a_tag_that_moved_is_noticed() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/flat-rate:stable");
    let pinned = push(&place, &package(), &facts(), &options()).await.unwrap().reference;
    let next = Package::new("flat-rate", "1.1.0", b"\0asm next".to_vec()).unwrap();
    assert!(push(&place, &next, &facts(), &options()).await.unwrap().created, "a tag that is no version may move");
    assert_eq!(pull(&place, &options()).await.unwrap().package, next);
    assert_eq!(pull(&pinned, &options()).await.unwrap().package, package(), "the digest still leads to the old one");
    let expecting = RegistryOptions { expected: Some(package().digest()), ..options() };
    let error = pull(&place, &expecting).await.unwrap_err();
    assert!(
        matches!(error, RegistryError::Moved { expected, found, .. } if (expected, found) == (package().digest(), next.digest())),
        "{error}"
    );
}

#[tokio::test]
async fn the_signature_goes_for_the_name_it_was_made_for() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let key = AuthorKey::generate(None).unwrap();
    let signature = signed_with(&key).signature().unwrap().clone();
    // Somebody who may push, but has no key, gives a signed component a higher version.
    let passed_off = Package::new("flat-rate", "9.0.0", COMPONENT).unwrap().with_signature(signature);
    let place = reference(&registry, "acme/flat-rate:9.0.0");
    push(&place, &passed_off, &facts(), &options()).await.unwrap();
    let pulled = pull(&place, &options()).await.unwrap().package;
    let error = trust_in("acme", &key).verify_package(&pulled).unwrap_err();
    assert!(matches!(error, SignatureError::OtherVersion { .. }), "{error}");
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    push(&reference(&registry, "acme/flat-rate"), &package(), &facts(), &options()).await.unwrap();
    let nothing = Digest::of(b"nothing");
    for rest in ["acme/flat-rate:2.0.0".into(), "nobody/nothing:1".into(), format!("acme/flat-rate@{nothing}")] {
        let error = pull(&reference(&registry, &rest), &options()).await.unwrap_err();
        assert!(matches!(error, RegistryError::NotFound { .. }), "{rest}: {error}");
    }
    let error = pull(&reference(&registry, "acme/flat-rate"), &options()).await.unwrap_err();
    assert!(matches!(error, RegistryError::NoVersion { .. }), "{error}");
}

#[tokio::test]
async fn a_layer_that_the_registry_lost_is_named() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/flat-rate:1.0.0");
    push(&place, &package(), &facts(), &options()).await.unwrap();
    let blob = blob_file(&registry, package().digest());
    std::fs::remove_file(&blob).unwrap();
    registry.stop();
    registry.start_again();
    let error = pull(&place, &options()).await.unwrap_err();
    assert!(
        matches!(&error, RegistryError::LayerMissing { what: "the component", digest, .. } if *digest == package().digest()),
        "{error}"
    );
}

#[tokio::test]
async fn a_layer_that_was_changed_in_the_registry_is_refused() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/flat-rate:1.0.0");
    push(&place, &package(), &facts(), &options()).await.unwrap();
    let mut bytes = COMPONENT.to_vec();
    bytes[20] ^= 1;
    std::fs::write(blob_file(&registry, package().digest()), bytes).unwrap();
    let error = pull(&place, &options()).await.unwrap_err();
    assert!(matches!(error, RegistryError::WrongDigest { what: "the component", .. }), "{error}");
}

/// Where docker-registry keeps a blob.
fn blob_file(registry: &Registry, digest: Digest) -> std::path::PathBuf {
    let hex = digest.to_string().split_off("sha256:".len());
    let blobs = registry.folder().join("blobs/docker/registry/v2/blobs/sha256");
    blobs.join(&hex[..2]).join(&hex).join("data")
}

#[tokio::test]
async fn a_registry_that_is_down_or_hangs_is_unreachable_and_can_be_asked_again() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/flat-rate:1.0.0");
    push(&place, &package(), &facts(), &options()).await.unwrap();
    registry.stop();
    let error = pull(&place, &options()).await.unwrap_err();
    assert!(matches!(&error, RegistryError::Unreachable { why, .. } if why.contains("refused")), "{error}");
    assert!(error.may_be_tried_again());
    let error = push(&place, &package(), &facts(), &options()).await.unwrap_err();
    assert!(matches!(error, RegistryError::Unreachable { .. }), "{error}");
    registry.start_again();
    registry.pause();
    let impatient = RegistryOptions { patience: Duration::from_millis(300), ..options() };
    let error = pull(&place, &impatient).await.unwrap_err();
    assert!(matches!(&error, RegistryError::Unreachable { why, .. } if why == "it does not answer"), "{error}");
    let hurried = RegistryOptions { deadline: Duration::from_millis(300), ..options() };
    let error = pull(&place, &hurried).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooSlow { .. }), "{error}");
    registry.resume();
    assert_eq!(pull(&place, &options()).await.unwrap().package, package());
}

#[tokio::test]
async fn a_push_that_broke_off_is_finished_by_the_next() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/large:1.0.0");
    // Twenty megabytes in chunks of four: killed in the midst of them, at whatever point that is.
    let large = Package::new("large", "1.0.0", vec![7; 20 << 20]).unwrap();
    let pushing = tokio::spawn({
        let (place, large) = (place.clone(), large.clone());
        async move { push(&place, &large, &facts(), &options()).await }
    });
    while !has_upload(&registry) && !pushing.is_finished() {
        tokio::task::yield_now().await;
    }
    registry.kill();
    let broken = pushing.await.unwrap();
    registry.start_again();
    if let Err(error) = broken {
        assert!(error.may_be_tried_again(), "{error}");
        let error = pull(&place, &options()).await.unwrap_err();
        assert!(matches!(error, RegistryError::NotFound { .. }), "half a package was there: {error}");
    }
    push(&place, &large, &facts(), &options()).await.unwrap();
    assert_eq!(pull(&place, &options()).await.unwrap().package, large);
}

/// Whether an upload has begun.
fn has_upload(registry: &Registry) -> bool {
    let uploads = registry.folder().join("blobs/docker/registry/v2/repositories/acme/large/_uploads");
    std::fs::read_dir(uploads).is_ok_and(|mut entries| entries.next().is_some())
}

#[tokio::test]
async fn what_is_too_large_is_neither_pushed_nor_pulled() {
    let Some(registry) = or_leave_out(Registry::start()) else { return };
    let place = reference(&registry, "acme/flat-rate:1.0.0");
    let small = RegistryOptions { max_component: COMPONENT.len() - 1, ..options() };
    let error = push(&place, &package(), &facts(), &small).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { .. }), "{error}");
    push(&place, &package(), &facts(), &options()).await.unwrap();
    let error = pull(&place, &small).await.unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { size, limit } if size == limit + 1), "{error}");
}
