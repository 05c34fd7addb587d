//! Keeps a connection, for ever.

use super::Shared;
use super::session::Session;
use crate::error::Result;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// The pause before another attempt: from this, doubled each time, to that.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Takes the first connection, or why there is none, into use; what it returns has to be run.
pub(super) fn begin(shared: &Arc<Shared>, first: Result<Session>) -> impl Future<Output = ()> + Send + use<> {
    let session = match first {
        Ok(session) => {
            shared.up(session.clone());
            Some(session)
        }
        Err(error) => {
            shared.down(&error.to_string());
            None
        }
    };
    keep(Arc::downgrade(shared), session)
}

async fn keep(shared: Weak<Shared>, mut session: Option<Session>) {
    let mut pause = PAUSE.0;
    let mut times = 1;
    loop {
        // What waits here holds the bus: until it is closed, at the latest when the last of its users is gone.
        let Some(shared) = shared.upgrade() else { return };
        if shared.is_closed() {
            return;
        }
        if let Some(session) = session.take() {
            let mut doubt = shared.doubt.subscribe();
            let why = tokio::select! {
                why = session.lost() => why,
                Ok(_) = doubt.wait_for(|doubted| *doubted == session.times) => "a stream was removed".into(),
                () = shared.until_closed() => return,
            };
            tracing::warn!(why, "the bus is gone");
            shared.put_session(None);
            shared.down(&why);
            pause = PAUSE.0;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = shared.until_closed() => return,
        }
        pause = (pause * 2).min(PAUSE.1);
        times += 1;
        let opened = tokio::select! {
            opened = Session::open(&shared.options, times) => opened,
            () = shared.until_closed() => return,
        };
        match opened {
            Ok(found) => {
                tracing::info!("the bus is there");
                shared.up(found.clone());
                session = Some(found);
            }
            Err(error) => {
                if !error.may_be_tried_again() {
                    tracing::error!(%error, "the bus cannot be used");
                }
                shared.down(&error.to_string());
            }
        }
    }
}
