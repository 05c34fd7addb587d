//! A recorded decision asked again: with the revisions of then it gives the same bytes; with another it shows what would differ.
//!
//! What this module must not know: how it is asked.

use super::ChangeRefusal;
use super::access::Access;
use super::given::{Named, read_or_default, refused};
use super::query::shortened;
use crate::platform::replay::{Instead, Recorded, ReplayError, Replayed};
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::extract::Request;
use cartwright_store::StoreError;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is exchanged. Nothing, when it is left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ReplayRecord {
    /// A revision's number, in the place of the one that decided.
    #[schema(minimum = 1)]
    revision: Option<i64>,
    /// Whose revision it is: an install's id or name. Where one plugin alone decided, it is that one.
    install: Option<String>,
}

/// Asks a recorded decision again. Nobody is told the answer, nothing is recorded, and what was fetched then is not fetched again.
#[utoipa::path(post, path = "/v1/shops/{shop}/records/{record}/replay", tag = "records",
    request_body(content = Option<ReplayRecord>),
    params(("shop" = String, Path, description = "The shop's id"), ("record" = String, Path, description = "The record's id, as the header `cartwright-record` of the decision")),
    responses((status = 200, description = "Both answers, and what differs", body = Replayed), ChangeRefusal))]
pub async fn replay_record(
    access: Access,
    Named((shop, record)): Named<(String, String)>,
    request: Request,
) -> Result<Json<Replayed>, Problem> {
    access.shop(&shop).await?;
    let (parts, body) = request.into_parts();
    let ReplayRecord { revision, install } =
        read_or_default::<ReplayRecord>(&access.app, &parts.headers, body).await?.body;
    if install.is_some() && revision.is_none() {
        return Err(refused("/revision", "with `install` alone nothing is exchanged; give `revision` too"));
    }
    let instead = match revision {
        None => None,
        Some(revision) => {
            let recorded =
                access.platform.record(&shop, &record).await.map_err(|error| unreplayable(&record, error))?;
            let install = installed(&access, &shop, install.as_deref(), &recorded).await?;
            known(&access, &install, revision).await?;
            Some(Instead { install, revision })
        }
    };
    let replayed = access.platform.replay(&shop, &record, instead).await;
    replayed.map(Json).map_err(|error| unreplayable(&record, error))
}

/// The id of the install whose revision is exchanged.
async fn installed(access: &Access, shop: &str, named: Option<&str>, recorded: &Recorded) -> Result<String, Problem> {
    if let Some(named) = named {
        return match access.store().install_of(shop, named).await {
            Err(StoreError::NotFound { .. }) => {
                Err(refused("/install", format!("there is no install {:?} in this shop", shortened(named))))
            }
            install => Ok(install?.id),
        };
    }
    match recorded.plugins.as_slice() {
        [one] => Ok(one.install.clone()),
        several => {
            let installs: Vec<_> = several.iter().map(|plugin| plugin.install.as_str()).collect();
            Err(refused(
                "/install",
                format!("several plugins decided; say whose revision is meant: {}", installs.join(", ")),
            ))
        }
    }
}

async fn known(access: &Access, install: &str, revision: i64) -> Result<(), Problem> {
    match access.store().revision(install, revision).await {
        Err(StoreError::NotFound { .. }) => {
            Err(refused("/revision", format!("the install has no revision {revision}")))
        }
        found => Ok(found.map(drop)?),
    }
}

/// Why a decision cannot be asked again.
fn unreplayable(record: &str, error: ReplayError) -> Problem {
    let conflict = |error: ReplayError, code: &str| Problem::new(Kind::Conflict, error.to_string()).code(code);
    match error {
        ReplayError::Store(StoreError::NotFound { what: "record", .. }) | ReplayError::Id(_) => {
            let shown = shortened(record);
            let detail = format!(
                "there is no record {shown:?}; records come some moments after their decision, and go with their time"
            );
            Problem::new(Kind::NotFound, detail)
        }
        // The record is there; a revision of it is not.
        error @ ReplayError::Store(StoreError::NotFound { .. }) => conflict(error, "REVISION_GONE"),
        ReplayError::Store(error) => error.into(),
        error @ ReplayError::Gone(_) => conflict(error, "PERSONAL_GONE"),
        error @ ReplayError::Install(..) => refused("/install", error.to_string()),
        error @ ReplayError::Refused(_) => conflict(error, "NOT_REPLAYABLE"),
        error @ (ReplayError::Key(_) | ReplayError::Open(_)) => {
            tracing::error!(record, %error, "a record cannot be opened");
            Problem::new(Kind::Internal, "the record cannot be opened; the server's log says why")
        }
    }
}
