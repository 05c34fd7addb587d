//! Being told of order events.

use crate::local::Tail;
use crate::model::Told;
use tokio::sync::mpsc;

/// The order events, in order, for one replica. Ends when it is dropped.
pub struct Events(pub(crate) Source);

pub(crate) enum Source {
    Local(Tail),
    Nats(mpsc::Receiver<Told>),
}

impl Events {
    /// The next event; waits for it, also while NATS is away: after that it goes on where it was. None once the bus is closed. May
    /// be cancelled: nothing is lost by it.
    pub async fn next(&mut self) -> Option<Told> {
        match &mut self.0 {
            Source::Local(tail) => tail.next().await,
            Source::Nats(receiver) => receiver.recv().await,
        }
    }
}
