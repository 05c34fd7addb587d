//! Jobs over NATS: one durable consumer for each kind, shared by all its workers.

use super::changes::PAUSE;
use super::{Shared, dead, streams, text};
use crate::error::Result;
use crate::job::{Handle, Job};
use crate::options::silent;
use async_nats::jetstream::AckKind;
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull};
use async_nats::jetstream::publish::PublishAck;
use async_nats::{HeaderMap, Subject, header};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// The header with a job's id as it was submitted.
pub(super) const ID: &str = "Cartwright-Job";

/// How long the server keeps a worker's question open; asked again after that.
const OPEN: Duration = Duration::from_secs(5);

pub(super) async fn submit(
    shared: &Shared,
    kind: &str,
    id: &str,
    unique: &str,
    payload: Vec<u8>,
) -> Result<PublishAck> {
    let mut headers = HeaderMap::new();
    headers.insert(header::NATS_MESSAGE_ID, unique);
    headers.insert(ID, id);
    shared.publish("submit a job", format!("{}.{kind}", streams::JOBS_SUBJECT), headers, payload).await
}

pub(super) async fn unfinished(shared: &Shared, kind: &str) -> Result<u64> {
    const WHAT: &str = "count jobs";
    let session = shared.session(WHAT)?;
    // Made when it is not there, so that there is one to ask.
    let asking = session.streams.create_consumer_on_stream(config(shared, kind), streams::JOBS);
    let consumer =
        shared.bounded(WHAT, async { asking.await.map_err(|error| shared.no_consumer(&session, &error)) }).await?;
    let info = consumer.cached_info();
    Ok(info.num_pending + info.num_ack_pending as u64)
}

/// One who takes jobs of a kind. Asks for one job when it is wanted, not before: a job that waits in a worker's hands ages.
pub(crate) struct Worker {
    shared: Arc<Shared>,
    demand: mpsc::Sender<()>,
    jobs: mpsc::Receiver<Job>,
    /// A job was asked for and has not come.
    asked: bool,
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>, kind: &str) -> Worker {
        let (demand, asks) = mpsc::channel(1);
        let (sender, jobs) = mpsc::channel(1);
        let kind = kind.to_owned();
        let bus = shared.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = serve(&bus, &kind, asks, &sender) => {}
                () = sender.closed() => {}
                () = bus.until_closed() => {}
            }
        });
        Worker { shared, demand, jobs, asked: false }
    }

    pub(crate) async fn next(&mut self) -> Option<Job> {
        if self.shared.is_closed() {
            return None;
        }
        if !self.asked {
            self.demand.send(()).await.ok()?;
            self.asked = true;
        }
        let job = self.jobs.recv().await;
        self.asked = false;
        job
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs.close();
        let Ok(job) = self.jobs.try_recv() else { return };
        // It came and nobody took it. Without a runtime it is another's after the ack wait.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { job.retry_after(Duration::ZERO, "its worker went before it began").await });
        }
    }
}

async fn serve(shared: &Arc<Shared>, kind: &str, mut asks: mpsc::Receiver<()>, sender: &mpsc::Sender<Job>) {
    let mut consumer = None;
    while asks.recv().await.is_some() {
        let Some(job) = fetch(shared, kind, &mut consumer).await else { return };
        if sender.send(job).await.is_err() {
            return;
        }
    }
}

/// The next job, however long it takes.
async fn fetch(shared: &Arc<Shared>, kind: &str, consumer: &mut Option<(u64, PullConsumer)>) -> Option<Job> {
    loop {
        let session = shared.when_up().await?;
        if consumer.as_ref().is_none_or(|(of, _)| *of != session.times) {
            let made = session.streams.create_consumer_on_stream(config(shared, kind), streams::JOBS).await;
            match made {
                Ok(made) => *consumer = Some((session.times, made)),
                Err(error) => {
                    tracing::warn!(kind, error = shared.no_consumer(&session, &error), "no consumer for jobs");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            }
        }
        let Some((_, found)) = consumer.as_ref() else { continue };
        let asked = tokio::select! {
            asked = ask(shared, found) => asked,
            () = shared.until_gone(&session) => Ok(None),
        };
        match asked {
            Ok(Some(message)) => {
                if let Some(job) = open(shared, kind, message).await {
                    return Some(job);
                }
            }
            Ok(None) => {}
            Err(why) => {
                // The consumer or its stream was removed: made anew.
                tracing::warn!(kind, why, "asking for jobs begins anew");
                *consumer = None;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

fn config(shared: &Shared, kind: &str) -> pull::Config {
    pull::Config {
        durable_name: Some(format!("cartwright-{kind}")),
        description: Some("Cartwright: those who work on these jobs".into()),
        deliver_policy: DeliverPolicy::All,
        ack_policy: AckPolicy::Explicit,
        ack_wait: shared.options.jobs.ack_wait,
        // The worker that is given a job once too often makes it a dead letter. Were this the server's task, the job would only be told
        // of in an advisory, which is lost when nobody listens.
        max_deliver: -1,
        filter_subject: format!("{}.{kind}", streams::JOBS_SUBJECT),
        max_ack_pending: 10_000,
        ..pull::Config::default()
    }
}

async fn ask(shared: &Shared, consumer: &PullConsumer) -> Result<Option<async_nats::jetstream::Message>, String> {
    let asking =
        tokio::time::timeout(shared.options.patience, consumer.batch().max_messages(1).expires(OPEN).messages());
    let mut batch = asking.await.map_err(|error| text(&error))?.map_err(|error| text(&error))?;
    batch.next().await.transpose().map_err(|error| error.to_string())
}

/// The job in a message; none when it was handed out too often, or is not one.
async fn open(shared: &Arc<Shared>, kind: &str, message: async_nats::jetstream::Message) -> Option<Job> {
    let reply = message.reply.clone()?;
    let (unique, delivered) = {
        let info = message.info().ok()?;
        let at = info.published.unix_timestamp_nanos() / 1_000_000;
        (format!("{}/{at}", info.stream_sequence), u32::try_from(info.delivered).unwrap_or(u32::MAX))
    };
    let id = message.headers.as_ref().and_then(|headers| headers.get(ID));
    let id = id.map_or_else(|| format!("unnamed-{}", unique.replace('/', "-")), |id| id.as_str().to_owned());
    let held = Held { shared: shared.clone(), reply, unique };
    let payload = message.payload.to_vec();
    let job = Job { kind: kind.to_owned(), id, payload, attempt: delivered, handle: Handle::Nats(held) };
    let most = shared.options.jobs.max_deliver;
    if delivered <= most {
        return Some(job);
    }
    let Handle::Nats(held) = &job.handle else { return None };
    if let Err(error) = held.bury(&job, &silent(most), most).await {
        // It comes back after the ack wait.
        tracing::warn!(kind, id = job.id, %error, "a job could not be made a dead letter");
    }
    None
}

/// A job in a worker's hands.
pub(crate) struct Held {
    shared: Arc<Shared>,
    /// Where to say how it went; holds over connections.
    reply: Subject,
    /// Tells the job from all others.
    unique: String,
}

impl Held {
    pub(crate) async fn progress(&self) -> Result<()> {
        self.say("say that a job goes on", AckKind::Progress).await
    }

    pub(crate) async fn done(&self) -> Result<()> {
        self.say("say that a job is done", AckKind::Ack).await
    }

    pub(crate) async fn retry(&self, job: &Job, pause: Option<Duration>, why: &str) -> Result<()> {
        let options = &self.shared.options.jobs;
        if job.attempt >= options.max_deliver {
            return self.bury(job, why, job.attempt).await;
        }
        let pause = pause.unwrap_or_else(|| options.pause_after(job.attempt));
        tracing::info!(kind = job.kind, id = job.id, attempt = job.attempt, why, ?pause, "job is tried again");
        self.say("give a job back", AckKind::Nak((!pause.is_zero()).then_some(pause))).await
    }

    pub(crate) async fn give_up(&self, job: &Job, why: &str) -> Result<()> {
        self.bury(job, why, job.attempt).await
    }

    /// First where it goes to, then away from where it was: in between it is in both, never in neither.
    async fn bury(&self, job: &Job, why: &str, attempts: u32) -> Result<()> {
        tracing::warn!(kind = job.kind, id = job.id, attempts, why, "job becomes a dead letter");
        dead::put(&self.shared, job, &self.unique, why, attempts).await?;
        self.say("take a dead job away", AckKind::Ack).await
    }

    async fn say(&self, what: &'static str, kind: AckKind) -> Result<()> {
        let session = self.shared.session(what)?;
        let saying = session.client.request(self.reply.clone(), kind.into());
        self.shared.bounded(what, async { saying.await.map(drop).map_err(|error| text(&error)) }).await
    }
}
