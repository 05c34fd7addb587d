//! The bus over NATS JetStream.
//!
//! Each connection is a new one ([`session`]): what was half-sent over the old one is not sent after all when the new one stands, so that
//! an error that somebody was given stays true. [`keeper`] makes them, one after the other, for ever.

mod changes;
mod dead;
mod jobs;
mod keeper;
mod session;
mod streams;
mod told;

pub(crate) use jobs::{Held, Worker};

use crate::error::{BusError, Result};
use crate::model::{Change, DeadLetter, Hint, Link, Told};
use crate::options::BusOptions;
use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::publish::PublishAck;
use async_nats::jetstream::stream::{ConsumerError, ConsumerErrorKind};
use async_nats::{HeaderMap, header};
use session::Session;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// The bus; closed when it is dropped.
pub(crate) struct Nats {
    shared: Arc<Shared>,
}

/// What the tasks behind the bus share.
struct Shared {
    options: BusOptions,
    session: Mutex<Option<Session>>,
    link: watch::Sender<Link>,
    closed: watch::Sender<bool>,
    /// The connection on which a stream was not there: somebody removed it, and it has to be made anew.
    doubt: watch::Sender<u64>,
}

impl Nats {
    pub(crate) async fn connect(options: BusOptions) -> Result<Arc<Nats>> {
        let first = Session::open(&options, 1).await;
        let session = match first {
            Ok(session) => Ok(session),
            Err(error) if error.may_be_tried_again() => {
                tracing::warn!(%error, "the bus is not there yet");
                Err(error)
            }
            Err(error) => return Err(error),
        };
        let shared = Arc::new(Shared {
            options,
            session: Mutex::new(None),
            link: watch::channel(Link { up: false, why: "it is connecting".into(), times: 0 }).0,
            closed: watch::channel(false).0,
            doubt: watch::channel(0).0,
        });
        let keeper = keeper::begin(&shared, session);
        tokio::spawn(keeper);
        Ok(Arc::new(Nats { shared }))
    }

    pub(crate) fn link(&self) -> watch::Receiver<Link> {
        self.shared.link.subscribe()
    }

    pub(crate) async fn announce(&self, change: &Change) -> Result<()> {
        let payload = serde_json::to_vec(change).expect("text and a number are JSON");
        let subject = format!("{}.{}", streams::CHANGES_SUBJECT, change.shop);
        self.shared.publish("announce a change", subject, HeaderMap::new(), payload).await.map(drop)
    }

    pub(crate) fn changes(&self) -> mpsc::Receiver<Hint> {
        changes::subscribe(self.shared.clone())
    }

    pub(crate) async fn submit(&self, kind: &str, id: &str, payload: Vec<u8>) -> Result<bool> {
        let ack = jobs::submit(&self.shared, kind, id, &format!("{kind}/{id}"), payload).await?;
        Ok(!ack.duplicate)
    }

    pub(crate) fn worker(&self, kind: &str) -> Worker {
        Worker::new(self.shared.clone(), kind)
    }

    pub(crate) async fn unfinished(&self, kind: &str) -> Result<u64> {
        jobs::unfinished(&self.shared, kind).await
    }

    pub(crate) async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>> {
        dead::list(&self.shared, limit).await
    }

    pub(crate) async fn retry_dead(&self, number: u64) -> Result<()> {
        dead::retry(&self.shared, number).await
    }

    pub(crate) async fn tell(&self, id: &str, payload: Vec<u8>) -> Result<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(header::NATS_MESSAGE_ID, id);
        let subject = streams::EVENTS_SUBJECT.to_owned();
        Ok(self.shared.publish("tell of an event", subject, headers, payload).await?.sequence)
    }

    pub(crate) fn told(&self, after: u64) -> mpsc::Receiver<Told> {
        told::subscribe(self.shared.clone(), after)
    }

    pub(crate) fn close(&self) {
        self.shared.closed.send_replace(true);
        self.shared.put_session(None);
        self.shared.down("it is closed");
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    /// The connection that stands now; an error at once where there is none.
    fn session(&self, what: &'static str) -> Result<Session> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner).clone();
        session.ok_or_else(|| BusError::Unavailable { what, why: self.link.borrow().why.clone() })
    }

    fn put_session(&self, session: Option<Session>) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }

    fn down(&self, why: &str) {
        self.link.send_if_modified(|link| {
            let new = link.up || link.why != why;
            link.up = false;
            why.clone_into(&mut link.why);
            new
        });
    }

    fn up(&self, session: Session) {
        let times = session.times;
        self.put_session(Some(session));
        self.link.send_modify(|link| {
            link.up = true;
            link.why.clear();
            link.times = times;
        });
    }

    fn is_closed(&self) -> bool {
        *self.closed.borrow()
    }

    /// Returns once the bus is closed.
    async fn until_closed(&self) {
        let mut closed = self.closed.subscribe();
        // The sender lives in here.
        let _ = closed.wait_for(|closed| *closed).await;
    }

    /// Waits until there is a connection, however long; None once the bus is closed.
    async fn when_up(&self) -> Option<Session> {
        let mut link = self.link.subscribe();
        loop {
            let wait = async { link.wait_for(|link| link.up).await.map(drop) };
            tokio::select! {
                () = self.until_closed() => return None,
                up = wait => {
                    up.ok()?;
                    if let Ok(session) = self.session("wait") {
                        return Some(session);
                    }
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// Returns once that connection is gone, or the bus closed.
    async fn until_gone(&self, session: &Session) {
        let mut link = self.link.subscribe();
        let _ = link.wait_for(|link| !link.up || link.times != session.times).await;
    }

    /// What to say about a consumer that could not be made; when its stream is gone, the keeper is told.
    fn no_consumer(&self, session: &Session, error: &ConsumerError) -> String {
        if matches!(error.kind(), ConsumerErrorKind::JetStream(found) if found.error_code() == ErrorCode::STREAM_NOT_FOUND)
        {
            self.doubt.send_replace(session.times);
        }
        text(error)
    }

    /// Publishes into a stream and waits until it is there.
    async fn publish(
        &self,
        what: &'static str,
        subject: String,
        headers: HeaderMap,
        payload: Vec<u8>,
    ) -> Result<PublishAck> {
        let session = self.session(what)?;
        self.bounded(what, async move {
            let sent = session.streams.publish_with_headers(subject, headers, payload.into()).await;
            let acknowledged = sent.map_err(|error| text(&error))?.await;
            acknowledged.map_err(|error| {
                if error.kind() == PublishErrorKind::StreamNotFound {
                    self.doubt.send_replace(session.times);
                }
                text(&error)
            })
        })
        .await
    }

    /// Waits no longer than the patience.
    async fn bounded<T>(&self, what: &'static str, work: impl Future<Output = Result<T, String>>) -> Result<T> {
        let patience = self.options.patience;
        let done = tokio::time::timeout(patience, work).await;
        done.unwrap_or_else(|_| Err(silence(patience))).map_err(|why| BusError::Unavailable { what, why })
    }
}

fn silence(patience: Duration) -> String {
    format!("NATS did not answer within {patience:?}")
}

/// An error with what is below it.
fn text(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(source) = below {
        let more = source.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        below = source.source();
    }
    text
}
