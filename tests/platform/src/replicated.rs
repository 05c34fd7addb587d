//! Three servers on one store and one bus.

use crate::api::Api;
use crate::platform::Platform;
use crate::server::Server;
use crate::shop::{Merchant, quoting};
use crate::until::until;
use cartwright_test_services::{Nats, Postgres, or_leave_out};
use serde_json::Value;
use std::time::{Duration, Instant};

/// What the servers of a [`Replicated`] are called.
pub const REPLICAS: [&str; 3] = ["one", "two", "three"];

/// A platform of its own, with services that its user may take away.
pub struct Replicated {
    pub servers: Vec<Server>,
    pub platform: Platform,
    pub database: String,
    pub nats: Nats,
    pub postgres: Postgres,
}

impl Replicated {
    /// Nothing, where the services are not installed.
    pub fn start(more: &[&str]) -> Option<Self> {
        let postgres = or_leave_out(Postgres::start())?;
        let nats = or_leave_out(Nats::start())?;
        let database = postgres.database();
        let platform = Platform::postgres(&database, &nats.url());
        let servers = REPLICAS.map(|name| platform.serve_with(name, more)).into();
        Some(Self { servers, platform, database, nats, postgres })
    }

    /// A shop whose revision 1 quotes 500, live on all replicas.
    pub fn merchant(&self) -> Merchant {
        let merchant = Merchant::open(&self.platform, &self.servers[0], "shop", &quoting(500));
        self.all_answer(&merchant, (1, 500));
        merchant
    }

    pub fn api(&self, number: usize, merchant: &Merchant) -> Api {
        self.servers[number].api(&merchant.admin)
    }

    /// Waits until each replica answers with this revision and price; tells how long that took.
    pub fn all_answer(&self, merchant: &Merchant, wanted: (i64, i64)) -> Duration {
        let start = Instant::now();
        for server in &self.servers {
            until(&format!("{} answers {wanted:?}", server.address), || answers(server, merchant, wanted));
        }
        start.elapsed()
    }

    pub fn addresses(&self) -> Vec<&str> {
        self.servers.iter().map(|server| server.address.as_str()).collect()
    }

    pub fn sql(&self, sql: &str) -> String {
        self.postgres.execute(self.database.rsplit('/').next().expect("a name"), sql)
    }
}

/// A replica that has not heard of the shop yet says 404, one without a revision 404 too.
pub fn answers(server: &Server, merchant: &Merchant, wanted: (i64, i64)) -> Option<()> {
    let answer = merchant.quote(server, "ann");
    if answer.status == 404 {
        return None;
    }
    let document = answer.ok();
    let seen = (document["plugins"][0]["revision"].as_i64()?, document["quotes"][0]["price"].as_i64()?);
    (seen == wanted).then_some(())
}

/// A backtest of the shop `shop`, when it is over.
///
/// # Panics
/// When it does not end.
pub fn backtest(api: &Api, job: &Value) -> Value {
    let place = format!("/v1/shops/shop/backtests/{}", job["id"].as_str().expect("an id"));
    until("the backtest is over", || {
        let job = api.get(&place).ok();
        (!["running", "worked"].contains(&job["state"].as_str().expect("a state"))).then_some(job)
    })
}
