//! Who asks, and whether they may.
//!
//! What this module must not know: what they ask for.

use crate::app::App;
use crate::edge::{self, RequestId};
use crate::platform::Platform;
use crate::problem::{Kind, Problem};
use crate::tenancy::authority::Caller;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use cartwright_store::{Actor, Shop, Store};
use std::sync::Arc;

/// A request whose token is good; what it is good for is asked with [`Access::platform`] and [`Access::shop`].
#[derive(Clone)]
pub struct Access {
    pub app: Arc<App>,
    pub platform: Arc<Platform>,
    pub caller: Caller,
    request: RequestId,
}

impl FromRequestParts<Arc<App>> for Access {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let platform = platform(app)?.clone();
        let caller = platform.authority.authenticate(&parts.headers).await?;
        let request = parts.extensions.get::<RequestId>().cloned().ok_or_else(edge::internal)?;
        Ok(Self { app: app.clone(), platform, caller, request })
    }
}

/// What stands behind the control plane.
///
/// # Errors
/// When the server has no store.
pub fn platform(app: &App) -> Result<&Arc<Platform>, Problem> {
    let detail = "this server has a folder of shops and no store; start the server with --store to install over HTTP";
    app.platform.as_ref().ok_or_else(|| Problem::new(Kind::UnknownPath, detail))
}

impl Access {
    pub fn store(&self) -> &Store {
        &self.platform.store
    }

    /// Who the store notes as the one who did it.
    pub fn actor(&self) -> Actor {
        self.caller.actor(self.request.as_str())
    }

    /// # Errors
    /// When the token is not a platform's.
    pub fn of_the_platform(&self) -> Result<(), Problem> {
        self.caller.platform()
    }

    /// The shop, for whoever administrates it. Rights are looked at first, so that nobody learns which shops there are.
    ///
    /// # Errors
    /// When the token is not good for it, or there is no such shop.
    pub async fn shop(&self, id: &str) -> Result<Shop, Problem> {
        self.caller.admin_of(id)?;
        Ok(self.store().shop(id).await?)
    }
}
