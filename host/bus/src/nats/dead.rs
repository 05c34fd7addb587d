//! Dead letters over NATS.

use super::changes::reader;
use super::jobs::{ID, submit};
use super::{Shared, streams, text};
use crate::error::{BusError, Result};
use crate::job::Job;
use crate::model::{DeadLetter, one_line};
use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::stream::RawMessageErrorKind;
use async_nats::{HeaderMap, header};
use futures_util::StreamExt;

const REASON: &str = "Cartwright-Reason";
const ATTEMPTS: &str = "Cartwright-Attempts";

pub(super) async fn put(shared: &Shared, job: &Job, unique: &str, why: &str, attempts: u32) -> Result<()> {
    let mut headers = HeaderMap::new();
    headers.insert(header::NATS_MESSAGE_ID, format!("{}/{}", job.kind, unique));
    headers.insert(ID, job.id.as_str());
    headers.insert(REASON, one_line(why));
    headers.insert(ATTEMPTS, attempts.to_string());
    let subject = format!("{}.{}", streams::DEAD_SUBJECT, job.kind);
    shared.publish("put a dead letter away", subject, headers, job.payload.clone()).await.map(drop)
}

pub(super) async fn list(shared: &Shared, limit: usize) -> Result<Vec<DeadLetter>> {
    const WHAT: &str = "list dead letters";
    let session = shared.session(WHAT)?;
    if limit == 0 {
        return Ok(Vec::new());
    }
    let reading = async {
        let config = reader(DeliverPolicy::All, &shared.options.name);
        let consumer = session.streams.create_consumer_on_stream(config, streams::DEAD).await;
        let consumer = consumer.map_err(|error| text(&error))?;
        let batch = consumer.fetch().max_messages(limit).messages().await;
        let mut batch = batch.map_err(|error| text(&error))?;
        let mut letters = Vec::new();
        while let Some(message) = batch.next().await {
            let message = message.map_err(|error| error.to_string())?;
            let info = message.info().map_err(|error| error.to_string())?;
            let (number, at) = (info.stream_sequence, info.published.unix_timestamp());
            letters.push(letter(number, at, &message.subject, message.headers.as_ref(), &message.payload));
        }
        // It would go by itself a minute later.
        let _ = session.streams.delete_consumer_from_stream(&consumer.cached_info().name, streams::DEAD).await;
        Ok(letters)
    };
    shared.bounded(WHAT, reading).await
}

pub(super) async fn retry(shared: &Shared, number: u64) -> Result<()> {
    const WHAT: &str = "try a dead letter again";
    let session = shared.session(WHAT)?;
    let stream = session.streams.get_stream_no_info(streams::DEAD).await;
    let stream = stream.map_err(|error| BusError::Unavailable { what: WHAT, why: text(&error) })?;
    let reading = async {
        match stream.get_raw_message(number).await {
            Ok(message) => Ok(Some(message)),
            Err(error) if matches!(error.kind(), RawMessageErrorKind::NoMessageFound) => Ok(None),
            Err(error) => Err(text(&error)),
        }
    };
    let message = shared.bounded(WHAT, reading).await?.ok_or(BusError::NoDeadLetter(number))?;
    let at = message.time.unix_timestamp();
    let DeadLetter { kind, id, payload, .. } =
        letter(number, at, &message.subject, Some(&message.headers), &message.payload);
    // With an id of its own: the job's is remembered from the first time. Asked twice at once, it is submitted once.
    submit(shared, &kind, &id, &format!("{kind}/{id}/again/{number}/{at}"), payload).await?;
    let removing = async {
        match stream.delete_message(number).await {
            Ok(_) => Ok(()),
            Err(error) => Err(text(&error)),
        }
    };
    shared.bounded(WHAT, removing).await
}

fn letter(number: u64, at: i64, subject: &str, headers: Option<&HeaderMap>, payload: &[u8]) -> DeadLetter {
    let header = |name: &str| headers.and_then(|headers| headers.get(name)).map(|value| value.as_str().to_owned());
    DeadLetter {
        number,
        kind: subject.rsplit('.').next().unwrap_or_default().to_owned(),
        id: header(ID).unwrap_or_default(),
        reason: header(REASON).unwrap_or_default(),
        attempts: header(ATTEMPTS).and_then(|text| text.parse().ok()).unwrap_or(0),
        at,
        payload: payload.to_vec(),
    }
}
