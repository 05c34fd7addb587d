//! A request's body, as far as this server takes one.
//!
//! What this module must not know: what stands in it.

use crate::options::ClientLimits;
use crate::problem::{Kind, Problem};
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use std::future::Future;
use std::time::Duration;

/// How much more than the limit is read and thrown away, in multiples of the limit. A client that is still sending would see a broken
/// connection instead of the answer that says why.
const PATIENCE: usize = 8;

/// The bytes of a JSON body.
///
/// # Errors
/// When it is not declared as JSON, too large, too slow, or cut.
pub async fn read(headers: &HeaderMap, body: Body, limits: &ClientLimits) -> Result<Bytes, Problem> {
    media_type(headers)?;
    within(limits.upload, collect(headers, body, limits.body, PATIENCE)).await
}

/// The bytes of a component, whose media type the caller has looked at.
///
/// # Errors
/// When it is too large, too slow, or cut.
pub async fn read_component(headers: &HeaderMap, body: Body, limit: usize, upload: Duration) -> Result<Bytes, Problem> {
    // Twice the limit is many megabytes already.
    within(upload, collect(headers, body, limit, 2)).await
}

async fn within(limit: Duration, read: impl Future<Output = Result<Bytes, Problem>>) -> Result<Bytes, Problem> {
    tokio::time::timeout(limit, read).await.unwrap_or_else(|_| {
        let detail = format!("the body was not complete after {limit:?}; send it faster or less of it");
        Err(Problem::new(Kind::BodyTimeout, detail))
    })
}

fn media_type(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
    let refused = |detail: String| Err(Problem::new(Kind::UnsupportedMediaType, detail));
    if let Some(encoding) = text(header::CONTENT_ENCODING).filter(|encoding| encoding != "identity") {
        return refused(format!("the body's content-encoding is {encoding:?}; send it as it is"));
    }
    let Some(declared) = text(header::CONTENT_TYPE) else {
        return refused("the body has no content-type; give `application/json`".into());
    };
    let essence = declared.split(';').next().unwrap_or_default().trim();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    refused(format!("the body's content-type is {declared:?}; give `application/json`"))
}

async fn collect(headers: &HeaderMap, mut body: Body, limit: usize, patience: usize) -> Result<Bytes, Problem> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let too_large = || {
        let size = declared.map_or_else(|| "more".into(), |size| format!("{size} bytes, more"));
        Problem::new(Kind::BodyTooLarge, format!("the body is {size} than the limit of {limit} bytes; shorten it"))
    };
    // A client that asks first gets its answer before it has sent anything.
    let hopeless = declared.is_some_and(|size| size > limit.saturating_mul(patience));
    if hopeless || (declared.is_some_and(|size| size > limit) && headers.contains_key(header::EXPECT)) {
        return Err(too_large());
    }
    let mut kept = Vec::with_capacity(declared.unwrap_or(0).min(limit));
    let mut size = 0usize;
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Problem::new(Kind::BodyCut, "the connection ended inside the body; send it whole"))?;
        let Ok(data) = frame.into_data() else { continue };
        size = size.saturating_add(data.len());
        if size > limit.saturating_mul(patience) {
            break;
        }
        if size <= limit {
            kept.extend_from_slice(&data);
        }
    }
    if size > limit { Err(too_large()) } else { Ok(kept.into()) }
}
