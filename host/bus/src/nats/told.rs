//! Being told of order events over NATS.

use super::changes::{PAUSE, messages, reader};
use super::session::Session;
use super::{Shared, streams, text};
use crate::model::{Event, Told};
use async_nats::datetime::DateTime;
use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::context::GetStreamErrorKind;
use futures_util::StreamExt;
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many events may wait for the replica; the rest waits in the stream.
const WAITING: usize = 1024;

pub(super) fn subscribe(shared: Arc<Shared>, after: u64) -> mpsc::Receiver<Told> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        tokio::select! {
            () = listen(&shared, after, &sender) => {}
            () = sender.closed() => {}
            () = shared.until_closed() => {}
        }
    });
    receiver
}

async fn listen(shared: &Shared, mut after: u64, sender: &mpsc::Sender<Told>) {
    let mut created = None;
    while let Some(session) = shared.when_up().await {
        tokio::select! {
            ended = follow(shared, &session, (&mut after, &mut created), sender) => {
                tracing::warn!(?ended, "being told of events begins anew");
                tokio::time::sleep(PAUSE).await;
            }
            () = shared.until_gone(&session) => {}
        }
    }
}

/// Goes on after that place in the stream that was created then, and moves it.
async fn follow(
    shared: &Shared,
    session: &Session,
    (after, created): (&mut u64, &mut Option<DateTime>),
    sender: &mpsc::Sender<Told>,
) -> Result<(), String> {
    let stream = session.streams.get_stream(streams::EVENTS).await.map_err(|error| {
        let missing = matches!(error.kind(), GetStreamErrorKind::JetStream(found) if found.error_code() == ErrorCode::STREAM_NOT_FOUND);
        if missing {
            shared.doubt.send_replace(session.times);
        }
        text(&error)
    })?;
    let info = stream.cached_info();
    let state = &info.state;
    let another = created.replace(info.created).is_some_and(|before| before != info.created);
    let first = state.first_sequence.max(1);
    // From the beginning means what there is; from a place means that nothing between is missing.
    if another || *after > state.last_sequence || (*after > 0 && *after + 1 < first) {
        *after = first - 1;
        let _ = sender.send(Told::Gap).await;
    }
    let from = DeliverPolicy::ByStartSequence { start_sequence: (*after + 1).max(first) };
    let consumer = stream.create_consumer(reader(from, &shared.options.name)).await;
    let consumer = consumer.map_err(|error| shared.no_consumer(session, &error))?;
    let mut messages = messages(shared, &consumer).await?;
    while let Some(message) = messages.next().await {
        let message = message.map_err(|error| text(&error))?;
        let info = message.info().map_err(|error| error.to_string())?;
        let at_millis = i64::try_from(info.published.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX);
        let seq = info.stream_sequence;
        // Reserved first: a place is passed only with its event.
        let Ok(room) = sender.reserve().await else { return Ok(()) };
        room.send(Told::Event(Event { seq, at_millis, payload: message.payload.to_vec() }));
        *after = seq;
    }
    Ok(())
}
