//! A component on its way in: read into memory up to the limit, and its digest compared before anybody looks at it.
//!
//! What this module must not know: where it is kept.

use crate::body;
use crate::problem::{Kind, Problem};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, header};
use cartwright_package::{Digest, Signature};
use std::time::Duration;

const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const SIGNATURE: HeaderName = HeaderName::from_static("cartwright-signature");

/// A component that arrived whole.
#[derive(Debug)]
pub struct Uploaded {
    pub component: Bytes,
    pub digest: Digest,
    pub signature: Option<Signature>,
}

/// Reads headers first, so that what cannot be taken is not waited for.
///
/// # Errors
/// When a header is missing or wrong, the body too large, too slow or cut, or its digest another.
pub async fn component(headers: &HeaderMap, body: Body, limit: usize, within: Duration) -> Result<Uploaded, Problem> {
    let declared =
        headers.get(header::CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    if declared.as_deref().map(str::trim) != Some("application/wasm") {
        let found = declared.map_or_else(|| "missing".into(), |found| format!("{found:?}"));
        let detail = format!("the body's content-type is {found}; give `application/wasm` and the component's bytes");
        return Err(Problem::new(Kind::UnsupportedMediaType, detail));
    }
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(Problem::new(
            Kind::UnsupportedMediaType,
            "the body has a content-encoding; send the component as it is",
        ));
    }
    let promised = text(headers, &CONTENT_DIGEST)?.ok_or_else(|| {
        let detail =
            "the header `content-digest` is missing; give `sha-256=:<base64 of the component's SHA-256>:` (RFC 9530)";
        wrong(&CONTENT_DIGEST, detail)
    })?;
    let promised = Digest::from_header(promised).map_err(|error| wrong(&CONTENT_DIGEST, error.to_string()))?;
    let signature = text(headers, &SIGNATURE)?.map(Signature::from_header).transpose();
    let signature = signature.map_err(|error| signature_problem(&error))?;

    let component = body::read_component(headers, body, limit, within).await?;
    let bytes = component.clone();
    let digest = tokio::task::spawn_blocking(move || Digest::of(&bytes)).await.map_err(|_| crate::edge::internal())?;
    if digest != promised {
        let detail = format!(
            "the body's digest is {digest}, and `content-digest` promises {promised}; send it again, it was changed on its way"
        );
        return Err(wrong(&CONTENT_DIGEST, detail));
    }
    Ok(Uploaded { component, digest, signature })
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h str>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    value.to_str().map(Some).map_err(|_| wrong(name, format!("the header `{name}` is not visible ASCII")))
}

fn wrong(name: &HeaderName, detail: impl Into<String>) -> Problem {
    let code = name.as_str().replace('-', "_").to_ascii_uppercase();
    Problem::new(Kind::RequestRefused, detail.into()).code(code)
}

/// Why a signature does not count.
pub fn signature_problem(error: &cartwright_package::SignatureError) -> Problem {
    wrong(&SIGNATURE, error.to_string())
}
