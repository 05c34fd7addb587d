//! One blob, not larger than it was said to be.

use super::RegistryError;
use super::client::Session;
use super::trouble::last_cause;
use crate::Digest;
use oci_client::errors::OciDistributionError;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::AsyncWrite;

/// What is taken before anything has come, so that a lie about the size costs no memory.
const FIRST: usize = 64 << 10;

/// Fetches `size` bytes that have this digest.
pub async fn download(
    session: &Session,
    what: &'static str,
    digest: Digest,
    size: usize,
) -> Result<Vec<u8>, RegistryError> {
    let trouble = &session.trouble;
    let (registry, reference) = (trouble.registry.clone(), trouble.reference.clone());
    let mut bytes = Bounded { bytes: Vec::with_capacity(size.min(FIRST)), size };
    // By its digest alone: other addresses that a manifest may name for it are not asked.
    let result = session.client.pull_blob(&session.oci, digest.to_string().as_str(), &mut bytes).await;
    let received = bytes.bytes.len();
    let wrong = |why: String| RegistryError::WrongDigest { reference: reference.clone(), what, why };
    match result {
        Ok(()) if received == size => Ok(bytes.bytes),
        Ok(()) => Err(wrong(format!("it has {received} bytes, and the manifest says {size}"))),
        Err(OciDistributionError::DigestError(_)) if received < size => {
            Err(RegistryError::Cut { registry, what, received, size })
        }
        Err(OciDistributionError::DigestError(error)) => Err(wrong(error.to_string())),
        Err(OciDistributionError::IoError(error)) => Err(wrong(error.to_string())),
        Err(OciDistributionError::RequestError(error)) if !error.is_connect() && !error.is_builder() => {
            // Nothing received and no answer is the registry's silence; anything else an answer that broke off.
            if received == 0 && (error.is_request() || error.is_redirect()) {
                return Err(RegistryError::Unreachable { registry, why: last_cause(&error) });
            }
            Err(RegistryError::Cut { registry, what, received, size })
        }
        Err(error) => match trouble.of(error) {
            RegistryError::NotFound { .. } => Err(RegistryError::LayerMissing { reference, what, digest }),
            error => Err(error),
        },
    }
}

/// Takes no more than `size` bytes.
struct Bounded {
    bytes: Vec<u8>,
    size: usize,
}

impl AsyncWrite for &mut Bounded {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.bytes.len() + bytes.len() > self.size {
            return Poll::Ready(Err(io::Error::other(format!(
                "more than the {} bytes came that the manifest says",
                self.size
            ))));
        }
        self.bytes.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
