//! A request that is sent twice is done once: `Idempotency-Key`.
//!
//! The first answer is kept for a day and given again. It may hold what is shown once, a token's secret for example, so it lies in the
//! store sealed under a key that is drawn from the caller's own token: who reads the store cannot open it, who sent the request can.
//! What this module must not know: what is done.

use super::access::Access;
use super::answers::Answer;
use crate::edge;
use crate::problem::{Kind, Problem};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use cartwright_store::Idempotency;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{Context, SHA256};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt::Write;
use std::future::Future;
use std::time::Duration;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const LONGEST: usize = 255;

/// For how many seconds an answer is kept: a day.
const KEEP: i64 = 24 * 3600;

/// What makes a request the same as another.
pub struct Attempt {
    /// Who asks.
    scope: String,
    key: String,
    /// Of address and body.
    fingerprint: String,
    seal: LessSafeKey,
}

impl Attempt {
    /// `None` when the request has no key.
    ///
    /// # Errors
    /// When the key is none.
    pub fn of(access: &Access, request: &Parts, body: &[u8]) -> Result<Option<Self>, Problem> {
        let Parts { method, uri, headers, .. } = request;
        let Some(key) = headers.get(KEY) else { return Ok(None) };
        let visible = |key: &&str| (1..=LONGEST).contains(&key.len());
        let Some(key) = key.to_str().ok().filter(visible) else {
            let detail =
                format!("the header `idempotency-key` is not 1 to {LONGEST} visible ASCII characters; give a UUID");
            return Err(Problem::new(Kind::RequestRefused, detail).code("IDEMPOTENCY_KEY"));
        };
        let bearer = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
        let fingerprint = hash(&[method.as_str().as_bytes(), uri.path().as_bytes(), body]);
        let seal = sealing_key(bearer, key).ok_or_else(edge::internal)?;
        Ok(Some(Self { scope: access.caller.token.clone(), key: key.to_owned(), fingerprint, seal }))
    }

    fn seal(&self, answer: &Answer) -> Result<Vec<u8>, Problem> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| edge::internal())?;
        let mut sealed = serde_json::to_vec(answer).map_err(|_| edge::internal())?;
        let bound = Aad::from(self.fingerprint.as_bytes());
        let whole = self.seal.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), bound, &mut sealed);
        whole.map_err(|_| edge::internal())?;
        Ok([&nonce[..], &sealed].concat())
    }

    fn open(&self, kept: &[u8]) -> Option<Answer> {
        let (nonce, sealed) = kept.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let bound = Aad::from(self.fingerprint.as_bytes());
        let plain = self.seal.open_in_place(Nonce::assume_unique_for_key(*nonce), bound, &mut sealed).ok()?;
        serde_json::from_slice(plain).ok()
    }
}

fn sealing_key(bearer: &[u8], key: &str) -> Option<LessSafeKey> {
    let salt = Salt::new(HKDF_SHA256, b"cartwright idempotency 1");
    let drawn = salt.extract(bearer);
    let info = [key.as_bytes()];
    let key: UnboundKey = drawn.expand(&info, &AES_256_GCM).ok()?.into();
    Some(LessSafeKey::new(key))
}

/// SHA-256 of the parts, each with its length before it, in hexadecimal.
fn hash(parts: &[&[u8]]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.finish().as_ref().iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Does it, or gives the answer of when it was done. `make` is told the id that what it makes shall have: when a try before this one
/// ended half way, it is that one's.
///
/// # Errors
/// What `make` says, which is not kept; that the same is being done right now; or that the key was another request's.
pub async fn once<F>(
    access: &Access,
    attempt: Option<Attempt>,
    make: impl FnOnce(Option<String>) -> F,
) -> Result<Answer, Problem>
where
    F: Future<Output = Result<Answer, Problem>> + Send + 'static,
{
    let Some(attempt) = attempt else { return make(None).await };
    let id = match access.store().idempotency(&attempt.scope, &attempt.key, &attempt.fingerprint, KEEP).await? {
        Idempotency::Do { id } => id,
        Idempotency::Done { body, .. } => {
            let detail =
                "this was done before under this key, for the token as it was before its rotation; read what is there";
            let lost = || Problem::new(Kind::Conflict, detail).code("IDEMPOTENCY_KEY_DONE");
            return attempt.open(&body).map(Answer::again).ok_or_else(lost);
        }
        Idempotency::Running => {
            let detail =
                "the first request with this idempotency-key is still being answered; ask again for its answer";
            let problem = Problem::new(Kind::Conflict, detail).code("IDEMPOTENCY_KEY_IN_USE");
            return Err(problem.after(Duration::from_secs(1)));
        }
        Idempotency::Other => {
            let detail = "this idempotency-key was used for another request; give every request a key of its own";
            return Err(Problem::new(Kind::RequestRefused, detail).code("IDEMPOTENCY_KEY_REUSED"));
        }
    };
    let (work, store) = (make(Some(id.clone())), access.store().clone());
    // A task of its own, so that a client that goes away does not leave the key in use.
    let job = async move {
        let made = work.await;
        let Attempt { scope, key, .. } = &attempt;
        let noted = match &made {
            Ok(answer) => store.idempotency_done(scope, key, &id, answer.status(), &attempt.seal(answer)?).await,
            // It may have been done all the same: the next try has the same id.
            Err(Problem { kind: Kind::Unavailable | Kind::Internal, .. }) => Ok(()),
            Err(_) => store.idempotency_forget(scope, key, &id).await,
        };
        if let Err(error) = noted {
            // What was done is done; the key is free again when its time is over, and the id keeps it from being done twice.
            tracing::warn!(%error, "the answer to an idempotency-key was not kept");
        }
        made
    };
    tokio::spawn(job).await.map_err(|_| edge::internal())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(bearer: &str, key: &str) -> Attempt {
        let seal = sealing_key(bearer.as_bytes(), key).expect("a key");
        Attempt { scope: "1".into(), key: key.into(), fingerprint: hash(&[b"{}"]), seal }
    }

    #[test]
    fn an_answer_that_is_kept_is_opened_by_who_sent_the_request_and_nobody_else() {
        let mine = attempt("Bearer cw_admin_1_secret", "key");
        let answer = Answer::ok(&"shown once").expect("JSON");
        let kept = mine.seal(&answer).expect("sealed");
        assert!(!kept.windows(10).any(|bytes| bytes == b"shown once"));
        assert_eq!(attempt("Bearer cw_admin_1_secret", "key").open(&kept), Some(answer));
        assert_eq!(attempt("Bearer cw_admin_1_other", "key").open(&kept), None);
        assert_eq!(attempt("Bearer cw_admin_1_secret", "kez").open(&kept), None);
        let mut changed = kept.clone();
        *changed.last_mut().expect("bytes") ^= 1;
        assert_eq!(mine.open(&changed), None);
        assert_eq!(mine.open(&kept[..5]), None);
    }

    #[test]
    fn parts_that_are_cut_elsewhere_are_other_parts() {
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
    }
}
