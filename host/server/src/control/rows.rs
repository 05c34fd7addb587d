//! Rows of a backtest on their way to a client: written as fast as they are read, never held as a whole.
//!
//! What this module must not know: what is in a row.

use crate::platform::backtests::rows::{self, Form};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use cartwright_store::Store;
use hyper::body::Frame;
use std::io::{self, BufWriter, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Pieces that may wait for the client, and their size.
const PIECES: usize = 4;
const PIECE: usize = 64 << 10;

/// A body that is being written.
pub struct Rows(Receiver<io::Result<Bytes>>);

impl Rows {
    /// The rows of a backtest. A client that goes away ends the writing; a store that goes away cuts the answer.
    pub fn of(store: Store, backtest: String, form: Form) -> Response {
        let (pieces, receiver) = channel(PIECES);
        let runtime = Handle::current();
        tokio::task::spawn_blocking(move || {
            let out = BufWriter::with_capacity(PIECE, Pieces(pieces.clone()));
            if let Err(error) = rows::write(&store, &runtime, &backtest, form, out)
                && !pieces.is_closed()
            {
                tracing::warn!(backtest, %error, "the rows of a backtest were cut off");
                let _ = pieces.blocking_send(Err(error));
            }
        });
        let mut response = Response::new(Body::new(Self(receiver)));
        let (kind, name) = match form {
            Form::Csv => ("text/csv; charset=utf-8; header=present", "attachment; filename=\"backtest.csv\""),
            Form::Parquet => ("application/vnd.apache.parquet", "attachment; filename=\"backtest.parquet\""),
        };
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
        response
    }
}

impl hyper::body::Body for Rows {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}

/// Where rows are written to.
struct Pieces(Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes))).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
