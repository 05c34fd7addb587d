//! Hearing of changes over NATS.

use super::{Shared, streams, text};
use crate::model::{Change, Hint};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How many hints may wait for the replica; the rest waits in the stream.
const WAITING: usize = 256;

/// The pause after something went wrong on a connection that stands.
pub(super) const PAUSE: Duration = Duration::from_millis(200);

pub(super) fn subscribe(shared: Arc<Shared>) -> mpsc::Receiver<Hint> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        tokio::select! {
            () = listen(&shared, &sender) => {}
            () = sender.closed() => {}
            () = shared.until_closed() => {}
        }
    });
    receiver
}

/// A consumer that lives as long as its connection, and a little longer.
pub(super) fn reader(from: DeliverPolicy, name: &str) -> pull::Config {
    pull::Config {
        description: Some(name.to_owned()),
        deliver_policy: from,
        ack_policy: AckPolicy::None,
        inactive_threshold: Duration::from_mins(1),
        num_replicas: 1,
        memory_storage: true,
        ..pull::Config::default()
    }
}

/// The messages of such a consumer. Heartbeats tell that it is still there.
pub(super) async fn messages(
    shared: &Shared,
    consumer: &async_nats::jetstream::consumer::PullConsumer,
) -> Result<pull::Stream, String> {
    let beat = shared.options.probe;
    let stream = consumer.stream().max_messages_per_batch(WAITING).expires(beat * 6).heartbeat(beat);
    stream.messages().await.map_err(|error| text(&error))
}

async fn listen(shared: &Shared, sender: &mpsc::Sender<Hint>) {
    while let Some(session) = shared.when_up().await {
        let config = reader(DeliverPolicy::New, &shared.options.name);
        let follow = async {
            let consumer = session.streams.create_consumer_on_stream(config, streams::CHANGES).await;
            let consumer = consumer.map_err(|error| shared.no_consumer(&session, &error))?;
            let mut messages = messages(shared, &consumer).await?;
            // The consumer stands: what comes from now on will be heard.
            let _ = sender.send(Hint::Resync).await;
            while let Some(message) = messages.next().await {
                let message = message.map_err(|error| text(&error))?;
                match serde_json::from_slice::<Change>(&message.payload) {
                    Ok(change) => {
                        let _ = sender.send(Hint::Changed(change)).await;
                    }
                    // Of a newer version, or of somebody else: that something changed it does say.
                    Err(error) => {
                        tracing::warn!(subject = %message.subject, %error, "a hint that cannot be read");
                        let _ = sender.send(Hint::Resync).await;
                    }
                }
            }
            Ok::<(), String>(())
        };
        tokio::select! {
            ended = follow => {
                tracing::warn!(?ended, "hearing of changes begins anew");
                tokio::time::sleep(PAUSE).await;
            }
            () = shared.until_gone(&session) => {}
        }
    }
}
