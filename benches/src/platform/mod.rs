//! What a platform with thousands of merchants costs: whole servers as processes, a real PostgreSQL and a real NATS.

pub mod activation;
pub mod backtest;
pub mod installs;
pub mod neighbour;
pub mod recording;
mod store;

use cartwright_platform_tests::Server;
use std::net::SocketAddr;

fn address(server: &Server) -> SocketAddr {
    let address = server.address.strip_prefix("http://").and_then(|address| address.parse().ok());
    address.unwrap_or_else(|| panic!("no address: {}", server.address))
}
