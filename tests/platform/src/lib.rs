//! Whole servers as processes, for tests of what only shows there: a merchant's way from the first package to a rollback, plugins that
//! keep failing, replicas that come and go, a store or a bus that is away, and what is there after `kill -9`.
//!
//! The `cartwright` binary and the components are those that `cargo xtask test` builds; nothing here is linked with a sandbox. Where they lie:
//! the binary beside this test's own executable (`CARTWRIGHT_BINARY` says otherwise), the components in `components` of cargo's target folder
//! (`CARTWRIGHT_COMPONENTS`). Servers listen on ports that the system chooses, and end with the value that started them.
//!
//! ```no_run
//! # use cartwright_platform_tests::Platform;
//! let platform = Platform::sqlite();
//! let server = platform.serve("one");
//! let shops = server.api(&platform.token).get("/v1/shops").ok();
//! ```
//!
//! What this crate must not know: anything of the server that does not go over HTTP, the command line or a signal.

mod api;
mod built;
mod cli;
mod load;
mod platform;
mod replicated;
mod server;
mod shop;
mod until;

pub use api::{Answer, Api};
pub use built::{binary, component, root};
pub use cli::Said;
pub use load::{Answered, Load, Seen};
pub use platform::Platform;
pub use replicated::{REPLICAS, Replicated, answers, backtest};
pub use server::Server;
pub use shop::{Merchant, cart, quoting};
pub use until::{PATIENCE, until};
