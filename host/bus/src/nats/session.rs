//! One connection, from its beginning to its end.

use super::{silence, streams, text};
use crate::error::{BusError, Result};
use crate::options::{BusOptions, invalid};
use async_nats::jetstream::context::ContextBuilder;
use async_nats::jetstream::{self};
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event, ServerAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc};

/// The oldest server that has all that is asked of it.
const OLDEST: (u32, u32) = (2, 10);

const WHAT: &str = "connect";

/// The library's own time-outs come after ours, which say more.
const SLACK: Duration = Duration::from_millis(500);

/// A connection on which everything is as it has to be.
#[derive(Clone)]
pub(super) struct Session {
    /// Tells it from those before it; from 1.
    pub(super) times: u64,
    pub(super) client: Client,
    pub(super) streams: jetstream::Context,
    /// Only the keeper listens.
    events: Arc<Mutex<mpsc::UnboundedReceiver<Event>>>,
}

impl Session {
    /// Connects, looks whether this is a server that will do, and makes the streams that are not there.
    pub(super) async fn open(options: &BusOptions, times: u64) -> Result<Session> {
        let servers = servers(&options.url)?;
        let place = servers.iter().map(|server| format!("{}:{}", server.host(), server.port()));
        let place = place.collect::<Vec<_>>().join(", ");
        let (sender, events) = mpsc::unbounded_channel();
        let tries = servers.len();
        let mut connect = ConnectOptions::new()
            .name(&options.name)
            .connection_timeout(options.patience)
            .request_timeout(Some(options.patience + SLACK))
            .ping_interval(options.probe)
            // Once each: a lost connection is not taken up again, the keeper makes a new one.
            .max_reconnects(tries)
            .event_callback(move |event| {
                // Nobody listens to a connection that was given up.
                let _ = sender.send(event);
                async {}
            });
        // The library reads them from a URL and does not send them.
        if let Some(server) = servers.iter().find(|server| server.has_user_pass()) {
            let user = decoded(server.username().unwrap_or_default());
            connect = match server.password() {
                Some(password) => connect.user_and_password(user, decoded(password)),
                None => connect.token(user),
            };
        }
        if let Some(credentials) = &options.credentials {
            connect = connect.credentials(credentials).map_err(|error| {
                invalid("credentials", "(not shown)", format!("not a NATS credentials file: {error}"))
            })?;
        }
        if let Some(authority) = &options.authority {
            // Looked at here, since a missing file would later read as a server that is not there.
            std::fs::metadata(authority)
                .map_err(|error| invalid("authority", authority.display().to_string(), error.to_string()))?;
            connect = connect.add_root_certificates(authority.clone());
        }
        let unavailable = |why: String| BusError::Unavailable { what: WHAT, why: format!("NATS at {place}: {why}") };
        let connecting = tokio::time::timeout(options.patience, connect.connect(without_secrets(servers)));
        let client = match connecting.await {
            Err(_) => return Err(unavailable(silence(options.patience))),
            Ok(Err(error)) => {
                return Err(match error.kind() {
                    ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Authentication => {
                        BusError::Misconfigured(format!(
                            "NATS at {place} does not let `{}` in: {}; check the user, password, token or credentials",
                            options.name,
                            text(&error)
                        ))
                    }
                    _ => unavailable(text(&error)),
                });
            }
            Ok(Ok(client)) => client,
        };
        check_version(&client.server_info().version, &place)?;
        let streams = ContextBuilder::new()
            .timeout(options.patience + SLACK)
            .ack_timeout(options.patience + SLACK)
            .build(client.clone());
        let session = Session { times, client, streams, events: Arc::new(Mutex::new(events)) };
        // Each of its requests is bounded.
        streams::ensure(&session, options.replicas, &place).await?;
        Ok(session)
    }

    /// Returns when the connection is lost, with what is known of why.
    pub(super) async fn lost(&self) -> String {
        let mut events = self.events.lock().await;
        while let Some(event) = events.recv().await {
            match event {
                Event::Disconnected | Event::Closed => break,
                Event::LameDuckMode => return "the server is about to stop".into(),
                Event::SlowConsumer(_) => tracing::warn!(%event, "the bus is read too slowly"),
                _ => tracing::debug!(%event, "bus"),
            }
        }
        "the connection to NATS was lost".into()
    }
}

fn servers(url: &str) -> Result<Vec<ServerAddr>> {
    let parts = url.split(',').map(str::trim).filter(|part| !part.is_empty());
    // Without the URL itself: it may hold a password.
    let wrong = |why: String| {
        invalid(
            "url",
            "(not shown)",
            format!("{why}; it looks like nats://host:4222, several with commas between them"),
        )
    };
    let servers: Vec<ServerAddr> = parts
        .map(|part| part.parse().map_err(|error: std::io::Error| wrong(error.to_string())))
        .collect::<Result<_>>()?;
    if servers.is_empty() { Err(wrong("it is empty".into())) } else { Ok(servers) }
}

/// Without users and passwords, since the library writes the addresses into its log.
fn without_secrets(servers: Vec<ServerAddr>) -> Vec<ServerAddr> {
    let without = |server: ServerAddr| {
        let mut url = server.clone().into_inner();
        // A URL that can have no user has none.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        ServerAddr::from_url(url).unwrap_or(server)
    };
    servers.into_iter().map(without).collect()
}

/// A part of a URL, with its `%40` as `@`.
fn decoded(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let escaped = code.and_then(|code| u8::from_str_radix(code, 16).ok()).filter(|_| *first == b'%');
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn check_version(version: &str, place: &str) -> Result<()> {
    let mut numbers = version.split(['.', '-']).map(|number| number.parse::<u32>().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found >= OLDEST {
        return Ok(());
    }
    Err(BusError::Misconfigured(format!(
        "NATS at {place} is version {version}; {}.{} or newer is needed (Debian 12 packages an older one: take NATS's own)",
        OLDEST.0, OLDEST.1
    )))
}
