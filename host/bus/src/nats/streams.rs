//! The streams, as they have to be.

use super::session::Session;
use super::text;
use crate::error::{BusError, Result};
use crate::options::{EVENTS_AGE, WINDOW};
use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{
    CreateStreamError, CreateStreamErrorKind, GetStreamError, GetStreamErrorKind, RequestError, RequestErrorKind,
};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy};
use std::time::Duration;

pub(super) const CHANGES: &str = "CARTWRIGHT_CHANGES";
pub(super) const CHANGES_SUBJECT: &str = "cartwright.changes";
pub(super) const JOBS: &str = "CARTWRIGHT_JOBS";
pub(super) const JOBS_SUBJECT: &str = "cartwright.jobs";
pub(super) const DEAD: &str = "CARTWRIGHT_DEAD";
pub(super) const DEAD_SUBJECT: &str = "cartwright.dead";
pub(super) const EVENTS: &str = "CARTWRIGHT_ORDERS";
pub(super) const EVENTS_SUBJECT: &str = "cartwright.orders";

const DAY: Duration = Duration::from_hours(24);

/// What each stream must be. Sizes, replicas and places are the operator's.
fn wanted() -> [Config; 4] {
    let stream = |name: &str, subject: String, description: &str| Config {
        name: name.into(),
        subjects: vec![subject],
        description: Some(description.into()),
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        discard: DiscardPolicy::Old,
        retention: RetentionPolicy::Limits,
        duplicate_window: Duration::from_mins(2),
        ..Config::default()
    };
    [
        Config {
            max_age: 7 * DAY,
            max_messages_per_subject: 1,
            ..stream(CHANGES, format!("{CHANGES_SUBJECT}.*"), "Cartwright: which shops have changed")
        },
        Config {
            retention: RetentionPolicy::WorkQueue,
            duplicate_window: WINDOW,
            ..stream(JOBS, format!("{JOBS_SUBJECT}.*"), "Cartwright: jobs, each for one worker")
        },
        Config {
            max_age: 30 * DAY,
            duplicate_window: WINDOW,
            ..stream(DEAD, format!("{DEAD_SUBJECT}.*"), "Cartwright: jobs that were given up")
        },
        Config {
            max_age: EVENTS_AGE,
            duplicate_window: WINDOW,
            ..stream(EVENTS, EVENTS_SUBJECT.into(), "Cartwright: order events, for the velocity counters")
        },
    ]
}

/// Makes the streams that are not there, and says what is wrong with those that are.
pub(super) async fn ensure(session: &Session, replicas: usize, place: &str) -> Result<()> {
    for mut config in wanted() {
        config.num_replicas = replicas;
        let found = match get(session, &config.name, place).await? {
            Some(found) => found,
            None => match session.streams.create_stream(&config).await {
                Ok(made) => made.cached_info().config.clone(),
                // Another replica was quicker, and wanted other properties that are the operator's.
                Err(error) if code(&error) == Some(ErrorCode::STREAM_NAME_EXIST) => {
                    get(session, &config.name, place).await?.unwrap_or_else(|| config.clone())
                }
                Err(error) => return Err(refused(&error, &config.name, place)),
            },
        };
        compare(&config, &found, place)?;
    }
    Ok(())
}

async fn get(session: &Session, name: &str, place: &str) -> Result<Option<Config>> {
    match session.streams.get_stream(name).await {
        Ok(stream) => Ok(Some(stream.cached_info().config.clone())),
        Err(error) => match error.kind() {
            GetStreamErrorKind::JetStream(found) if found.error_code() == ErrorCode::STREAM_NOT_FOUND => Ok(None),
            GetStreamErrorKind::JetStream(found) if is_off(found.error_code()) => Err(off(place)),
            // Nobody answers where JetStream's interface is. In a cluster that may pass: there the server knows of JetStream.
            GetStreamErrorKind::Request if nobody(&error) && !session.client.server_info().jetstream => Err(off(place)),
            _ => Err(unavailable(place, &text(&error))),
        },
    }
}

fn nobody(error: &GetStreamError) -> bool {
    let below = std::error::Error::source(error).and_then(|below| below.downcast_ref::<RequestError>());
    below.is_some_and(|error| error.kind() == RequestErrorKind::NoResponders)
}

fn is_off(code: ErrorCode) -> bool {
    [ErrorCode::JETSTREAM_NOT_ENABLED, ErrorCode::JETSTREAM_NOT_ENABLED_FOR_ACCOUNT].contains(&code)
}

fn off(place: &str) -> BusError {
    BusError::Misconfigured(format!(
        "NATS at {place} runs without JetStream, or without it for this account; start it with `nats-server -js -sd FOLDER`, or put \
         `jetstream {{ store_dir: FOLDER }}` into its configuration"
    ))
}

fn code(error: &CreateStreamError) -> Option<ErrorCode> {
    match error.kind() {
        CreateStreamErrorKind::JetStream(found) => Some(found.error_code()),
        _ => None,
    }
}

fn refused(error: &CreateStreamError, name: &str, place: &str) -> BusError {
    match error.kind() {
        CreateStreamErrorKind::JetStream(found) if is_off(found.error_code()) => off(place),
        // Below 500: what was asked for does not fit this server, and will not later.
        CreateStreamErrorKind::JetStream(found)
            if found.code() < 500 || found.error_code() == ErrorCode::STREAM_REPLICAS_NOT_SUPPORTED =>
        {
            BusError::Misconfigured(format!("NATS at {place} refuses the stream {name}: {}", text(error)))
        }
        _ => unavailable(place, &text(error)),
    }
}

fn unavailable(place: &str, why: &str) -> BusError {
    BusError::Unavailable { what: "connect", why: format!("NATS at {place}: {why}") }
}

fn compare(wanted: &Config, found: &Config, place: &str) -> Result<()> {
    let pairs = [
        ("subjects", format!("{:?}", wanted.subjects), format!("{:?}", found.subjects)),
        ("retention", format!("{:?}", wanted.retention), format!("{:?}", found.retention)),
        ("max age", format!("{:?}", wanted.max_age), format!("{:?}", found.max_age)),
        (
            "messages per subject",
            wanted.max_messages_per_subject.to_string(),
            found.max_messages_per_subject.to_string(),
        ),
        ("duplicate window", format!("{:?}", wanted.duplicate_window), format!("{:?}", found.duplicate_window)),
    ];
    let differs = |(property, wanted, found): &(&str, String, String)| {
        (wanted != found).then(|| format!("its {property} is {found} and has to be {wanted}"))
    };
    let differences: Vec<String> = pairs.iter().filter_map(differs).collect();
    if differences.is_empty() && !found.sealed {
        return Ok(());
    }
    let differences = if found.sealed { "it is sealed".to_owned() } else { differences.join("; ") };
    Err(BusError::Misconfigured(format!(
        "NATS at {place} has a stream {name} that is not Cartwright's, or another version's: {differences}. Change it with `nats \
         stream edit {name}`, or remove it with `nats stream rm {name}` and let it be made anew, if nothing in it is needed",
        name = wanted.name,
    )))
}
