//! Hearing of changes.

use crate::model::{Change, Hint};
use tokio::sync::{broadcast, mpsc};

/// The hints of changes, for one replica. Ends when it is dropped.
pub struct Changes(pub(crate) Source);

pub(crate) enum Source {
    Local { first: bool, receiver: broadcast::Receiver<Change> },
    Nats(mpsc::Receiver<Hint>),
}

impl Changes {
    /// The next hint; waits for it, also while NATS is away. [`Hint::Resync`] comes first. None once the bus is closed. May be
    /// cancelled: nothing is lost by it.
    pub async fn next(&mut self) -> Option<Hint> {
        match &mut self.0 {
            Source::Local { first, .. } if *first => {
                *first = false;
                Some(Hint::Resync)
            }
            Source::Local { receiver, .. } => match receiver.recv().await {
                Ok(change) => Some(Hint::Changed(change)),
                Err(broadcast::error::RecvError::Lagged(_)) => Some(Hint::Resync),
                Err(broadcast::error::RecvError::Closed) => None,
            },
            Source::Nats(receiver) => receiver.recv().await,
        }
    }
}
