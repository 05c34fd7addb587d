//! Registries that hold something else, lie, or break off.

use crate::answers::{Answer, Answers};
use crate::{COMPONENT, facts, package};
use cartwright_package::{Auth, Digest, Pulled, Reference, RegistryError, RegistryOptions, pull, push};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A registry with one artifact, as a test changes it.
struct Artifact {
    config: Value,
    manifest: Value,
    answers: HashMap<String, Answer>,
}

impl Artifact {
    fn good() -> Self {
        let layer = Digest::of(COMPONENT).to_string();
        let config = json!({
            "architecture": "wasm", "os": "wasip2", "layerDigests": [layer], "component": { "exports": [], "imports": [] },
        });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": { "mediaType": "application/vnd.wasm.config.v0+json", "digest": "", "size": 0 },
            "layers": [{ "mediaType": "application/wasm", "digest": layer, "size": COMPONENT.len() }],
        });
        let answers =
            HashMap::from([("/v2/".into(), Answer::ok("{}")), (blob(Digest::of(COMPONENT)), Answer::ok(COMPONENT))]);
        Self { config, manifest, answers }
    }

    fn answer(mut self, path: impl Into<String>, answer: Answer) -> Self {
        self.answers.insert(path.into(), answer);
        self
    }

    fn manifest(mut self, pointer: &str, value: Value) -> Self {
        *self.manifest.pointer_mut(pointer).unwrap() = value;
        self
    }

    fn config(mut self, pointer: &str, value: Value) -> Self {
        *self.config.pointer_mut(pointer).unwrap() = value;
        self
    }

    async fn pull(self) -> Result<Pulled, RegistryError> {
        self.pull_with(&RegistryOptions::default()).await
    }

    async fn pull_with(mut self, options: &RegistryOptions) -> Result<Pulled, RegistryError> {
        let config = self.config.to_string();
        self.manifest["config"]["digest"] = json!(Digest::of(config.as_bytes()));
        if self.manifest["config"]["size"] == 0 {
            self.manifest["config"]["size"] = json!(config.len());
        }
        self.answers.entry(blob(Digest::of(config.as_bytes()))).or_insert(Answer::ok(config));
        self.answers.entry(MANIFEST.into()).or_insert(Answer::ok(self.manifest.to_string()));
        let registry = Answers::start(self.answers);
        pull(&reference(&registry), options).await
    }
}

const MANIFEST: &str = "/v2/acme/flat-rate/manifests/1.0.0";

fn reference(registry: &Answers) -> Reference {
    format!("{}/acme/flat-rate:1.0.0", registry.address).parse().unwrap()
}

fn blob(digest: Digest) -> String {
    format!("/v2/acme/flat-rate/blobs/{digest}")
}

fn why(result: Result<Pulled, RegistryError>) -> String {
    result.unwrap_err().to_string()
}

#[tokio::test]
async fn what_another_tool_pushed_is_named_by_its_place() {
    let pulled = Artifact::good().pull().await.unwrap();
    assert_eq!(pulled.package, package(), "no annotation says it: the path's last part, and the tag");
}

#[tokio::test]
async fn what_is_not_a_plugin_is_said_to_be_what_it_is() {
    let image = "application/vnd.oci.image.config.v1+json";
    assert_eq!(
        why(Artifact::good().manifest("/config/mediaType", json!(image)).pull().await),
        format!(
            "what lies there is not a plugin: its configuration is `{image}`, that of a plugin \
             `application/vnd.wasm.config.v0+json`"
        )
    );
    let tar = Artifact::good().manifest("/layers/0/mediaType", json!("application/vnd.oci.image.layer.v1.tar"));
    assert!(why(tar.pull().await).contains("its layer is `application/vnd.oci.image.layer.v1.tar`"));
    let none = Artifact::good().manifest("/layers", json!([]));
    assert!(why(none.pull().await).contains("it has 0 layers; a plugin has one"));
    let index = Artifact::good().answer(MANIFEST, Answer::ok(r#"{"schemaVersion":2,"manifests":[]}"#));
    assert!(why(index.pull().await).contains("it is an index of several images"));
    for nonsense in ["", "<html>", "[]", "{}", r#"{"schemaVersion":2}"#] {
        let error = Artifact::good().answer(MANIFEST, Answer::ok(nonsense)).pull().await.unwrap_err();
        assert!(matches!(error, RegistryError::NotAPlugin(_)), "{nonsense}: {error}");
    }
}

#[tokio::test]
async fn the_configuration_must_speak_of_the_layer() {
    let other = Artifact::good().config("/layerDigests", json!([Digest::of(b"other")]));
    assert!(why(other.pull().await).contains("its configuration does not name its layer sha256:"));
    let module = Artifact::good().config("/component", Value::Null).config("/os", json!("wasip1"));
    assert!(why(module.pull().await).contains("for architecture `wasm`, os `wasip1`; a plugin is a component"));
}

#[tokio::test]
async fn a_download_that_is_cut_off_says_how_far_it_came() {
    let component = blob(Digest::of(COMPONENT));
    let half = || Answer::ok(&COMPONENT[..20]);
    // Once as a connection that breaks, once as a body that is just shorter.
    for answer in [half().cut(COMPONENT.len()), half()] {
        let error = Artifact::good().answer(component.clone(), answer).pull().await.unwrap_err();
        assert!(
            matches!(error, RegistryError::Cut { what: "the component", received: 20, size, .. } if size == COMPONENT.len()),
            "{error:?}"
        );
        assert!(error.may_be_tried_again());
    }
}

#[tokio::test]
async fn bytes_that_are_not_those_of_the_digest_are_refused() {
    let component = blob(Digest::of(COMPONENT));
    let mut other = COMPONENT.to_vec();
    other[9] ^= 1;
    let error = Artifact::good().answer(component.clone(), Answer::ok(other)).pull().await.unwrap_err();
    assert!(matches!(error, RegistryError::WrongDigest { what: "the component", .. }), "{error}");
    let longer = [COMPONENT, b" and more"].concat();
    let error = Artifact::good().answer(component, Answer::ok(longer)).pull().await.unwrap_err();
    assert!(why(Err(error)).contains("more than the"), "stops at the size that the manifest says");
    let lies = Artifact::good().manifest("/layers/0/size", json!(COMPONENT.len() + 1));
    assert!(matches!(lies.pull().await, Err(RegistryError::WrongDigest { .. })));
    let wrong = Answer::ok("{}").header("docker-content-digest", Digest::of(b"x").to_string());
    let error = Artifact::good().answer(MANIFEST, wrong).pull().await.unwrap_err();
    assert!(matches!(error, RegistryError::WrongDigest { what: "the manifest", .. }), "{error}");
}

#[tokio::test]
async fn what_says_that_it_is_too_large_is_not_even_begun() {
    for size in [json!((64 << 20) + 1), json!(i64::MAX), json!(-1)] {
        let large = Artifact::good().manifest("/layers/0/size", size.clone());
        assert!(matches!(large.pull().await, Err(RegistryError::TooLarge { .. })), "{size}");
    }
    let config = Artifact::good().manifest("/config/size", json!(2 << 20));
    assert!(why(config.pull().await).contains("its configuration is larger than 1 MiB"));
}

#[tokio::test]
async fn another_address_for_the_layer_is_not_asked() {
    let elsewhere = Answers::start(HashMap::from([("/component".into(), Answer::ok(COMPONENT))]));
    let mut artifact = Artifact::good();
    artifact.answers.remove(&blob(Digest::of(COMPONENT)));
    artifact.manifest["layers"][0]["urls"] = json!([format!("http://{}/component", elsewhere.address)]);
    let error = artifact.pull().await.unwrap_err();
    assert!(matches!(error, RegistryError::LayerMissing { .. }), "{error}");
}

#[tokio::test]
async fn a_registry_in_trouble_may_be_asked_again_and_a_refusal_not() {
    for (status, again) in [(500, true), (503, true), (429, true), (401, false), (403, false), (418, false)] {
        let answer = Answer::ok("{}").status(status);
        let error = Artifact::good().answer(MANIFEST, answer).pull().await.unwrap_err();
        assert_eq!(error.may_be_tried_again(), again, "{status}: {error}");
        let refused = matches!(error, RegistryError::Unauthorized { .. });
        assert_eq!(refused, status == 401 || status == 403, "{status}: {error}");
    }
    let registry = Answers::start(HashMap::new());
    let options = RegistryOptions::default();
    let error = push(&reference(&registry), &package(), &facts(), &options).await.unwrap_err();
    assert!(matches!(error, RegistryError::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn a_login_that_fails_says_so() {
    let registry = |token: Answer| {
        let tokens = Answers::start(HashMap::from([("/token".into(), token)]));
        let realm = format!("Bearer realm=\"http://{}/token\",service=\"x\"", tokens.address);
        let challenge = Answer::ok("{}").status(401).header("www-authenticate", realm);
        (tokens, Artifact::good().answer("/v2/", challenge))
    };
    let auth = Auth::Password { user: "acme".into(), password: "secret".into() };
    let options = RegistryOptions { auth, ..RegistryOptions::default() };
    let (_tokens, artifact) = registry(Answer::ok("wrong password").status(401));
    let error = artifact.pull_with(&options).await.unwrap_err();
    assert!(matches!(&error, RegistryError::Unauthorized { why, .. } if why == "wrong password"), "{error}");
    let (_tokens, artifact) = registry(Answer::ok(r#"{"token":"a\nb"}"#));
    let error = artifact.pull_with(&options).await.unwrap_err();
    assert!(matches!(error, RegistryError::Unauthorized { .. }), "{error}");
    let (_tokens, artifact) = registry(Answer::ok(r#"{"token":"abc"}"#));
    assert_eq!(artifact.pull_with(&options).await.unwrap().package, package());
    assert!(!format!("{options:?}").contains("secret"));
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_unreachable() {
    // Over TLS, as every host but the loopback.
    let reference = "registry.invalid/acme/flat-rate:1.0.0".parse().unwrap();
    let error = pull(&reference, &RegistryOptions::default()).await.unwrap_err();
    assert!(matches!(&error, RegistryError::Unreachable { registry, .. } if registry == "registry.invalid"), "{error}");
}

#[tokio::test]
async fn a_push_names_its_place_by_tag() {
    let reference = format!("127.0.0.1:1/x@{}", Digest::of(b"x")).parse().unwrap();
    let error = push(&reference, &package(), &facts(), &RegistryOptions::default()).await.unwrap_err();
    assert!(matches!(error, RegistryError::PushByDigest { .. }), "{error}");
}
