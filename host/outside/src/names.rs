//! From a host's name to addresses that may be dialled.
//!
//! The connection goes to exactly the addresses that were checked here; the name is not looked up a second time, so an answer that changes
//! in between (DNS rebinding) changes nothing.

use crate::addresses::Networks;
use futures_util::future::BoxFuture;
use hyper_util::client::legacy::connect::dns::Name;
use std::fmt::Debug;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_service::Service;

/// Looks names up. The operator's own resolver can take the system's place.
pub trait Names: Debug + Send + Sync {
    fn addresses(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver: the hosts file, DNS, whatever the machine is set up for.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNames;

impl Names for SystemNames {
    fn addresses(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|socket| socket.ip()).collect()) })
    }
}

/// All addresses of a name are refused; this one is the first of them.
#[derive(Debug, thiserror::Error)]
#[error("the address {0} is not allowed")]
pub(crate) struct AddressRefused(pub IpAddr);

/// Looks a name up and keeps the addresses that may be dialled.
#[derive(Debug, Clone)]
pub(crate) struct GuardedNames {
    pub names: Arc<dyn Names>,
    pub networks: Arc<Networks>,
}

impl Service<Name> for GuardedNames {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let networks = Arc::clone(&self.networks);
        let found = self.names.addresses(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await?;
            let allowed: Vec<_> =
                found.iter().filter(|a| networks.allow(**a)).map(|a| SocketAddr::new(*a, 0)).collect();
            match found.first() {
                Some(first) if allowed.is_empty() => Err(AddressRefused(*first).into()),
                Some(_) => Ok(allowed.into_iter()),
                None => Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address").into()),
            }
        })
    }
}
