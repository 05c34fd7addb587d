//! What authors publish: components under a name and a version, addressed by digest. A version once published never changes.
//!
//! What this module must not know: how a component is run.

use super::access::Access;
use super::answers::Answer;
use super::given::{Named, refused};
use super::query::{Paging, Query};
use super::upload::{self, Uploaded};
use super::{ChangeRefusal, Refusal};
use crate::edge;
use crate::problem::{Kind, Problem};
use axum::Json;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Uri, header};
use axum::response::Response;
use cartwright_package::{Author, Digest, Trust, check_name, check_version};
use cartwright_runtime::component::{self, ComponentFacts};
use cartwright_store::{Listed, NewPackageVersion, Package, PackageVersion, Page};
use serde_json::Value;

/// All packages, by name. For any token.
#[utoipa::path(get, path = "/v1/packages", tag = "packages", params(Paging),
    responses((status = 200, description = "A page of packages", body = Listed<Package>), Refusal))]
pub async fn list_packages(access: Access, uri: Uri) -> Result<Json<Listed<Package>>, Problem> {
    let (_, page) = Query::of_a_list(&uri, &[])?;
    Ok(Json(access.store().packages(&page).await?))
}

/// A package's versions, the newest first. For any token.
#[utoipa::path(get, path = "/v1/packages/{package}", tag = "packages",
    params(("package" = String, Path, description = "The package's name"), Paging),
    responses((status = 200, description = "A page of versions", body = Listed<PackageVersion>), Refusal))]
pub async fn list_versions(
    access: Access,
    Named(package): Named<String>,
    uri: Uri,
) -> Result<Json<Listed<PackageVersion>>, Problem> {
    let (_, page) = Query::of_a_list(&uri, &[])?;
    let versions = access.store().package_versions(&package, &page).await?;
    if versions.items.is_empty() && page.after.is_none() {
        let package = super::query::shortened(&package);
        return Err(Problem::new(Kind::NotFound, format!("there is no package {package:?}; /v1/packages lists them")));
    }
    Ok(Json(versions))
}

/// A published version: digest, hooks, manifest, settings schema. For any token.
#[utoipa::path(get, path = "/v1/packages/{package}/versions/{version}", tag = "packages",
    params(("package" = String, Path, description = "The package's name"), ("version" = String, Path, description = "Its version")),
    responses((status = 200, description = "The version", body = PackageVersion), Refusal))]
pub async fn version(
    access: Access,
    Named((package, version)): Named<(String, String)>,
) -> Result<Json<PackageVersion>, Problem> {
    Ok(Json(access.store().package_version(&package, &version).await?))
}

/// The component of a published version, with its digest and signature in headers. For any token.
#[utoipa::path(get, path = "/v1/packages/{package}/versions/{version}/component", tag = "packages",
    params(("package" = String, Path, description = "The package's name"), ("version" = String, Path, description = "Its version")),
    responses((status = 200, description = "The component", body = Vec<u8>, content_type = "application/wasm", headers(
        ("content-digest" = String, description = "As RFC 9530 says it"),
        ("cartwright-signature" = String, description = "Base64 of the minisign signature, when there is one"),
    )), Refusal))]
pub async fn component(
    access: Access,
    Named((package, version)): Named<(String, String)>,
) -> Result<Response, Problem> {
    let version = access.store().package_version(&package, &version).await?;
    let component = access.store().component(&version.digest).await?;
    let digest: Digest = version.digest.parse().map_err(|_| edge::internal())?;
    let mut response = Response::new(Body::from(component));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/wasm"));
    if let Ok(digest) = HeaderValue::try_from(digest.to_header()) {
        headers.insert(HeaderName::from_static("content-digest"), digest);
    }
    let signature = version.signature.and_then(|text| cartwright_package::Signature::parse(&text).ok());
    if let Some(signature) = signature.and_then(|signature| HeaderValue::try_from(signature.to_header()).ok()) {
        headers.insert(HeaderName::from_static("cartwright-signature"), signature);
    }
    Ok(response)
}

/// Publishes a version. For the platform. The same bytes again are fine; other bytes under a version that is there never are.
///
/// Digest and signature are checked before anything is kept. Name and version must be those of the component's manifest.
#[utoipa::path(put, path = "/v1/packages/{package}/versions/{version}", tag = "packages",
    params(
        ("package" = String, Path, description = "The package's name"), ("version" = String, Path, description = "Its version"),
        ("content-digest" = String, Header, description = "Of the component, as RFC 9530 says it: `sha-256=:…:`"),
        ("cartwright-signature" = Option<String>, Header, description = "Base64 of the minisign signature's text"),
    ),
    request_body(content = Vec<u8>, content_type = "application/wasm"),
    responses(
        (status = 200, description = "It was there already", body = PackageVersion),
        (status = 201, description = "It is published", body = PackageVersion),
        ChangeRefusal,
    ))]
pub async fn publish(
    access: Access,
    Named((package, version)): Named<(String, String)>,
    request: Request,
) -> Result<Answer, Problem> {
    access.of_the_platform()?;
    check_name(&package).map_err(|error| refused("/package", error.to_string()))?;
    check_version(&version).map_err(|error| refused("/version", error.to_string()))?;
    let (parts, body) = request.into_parts();
    let (limit, within) = (access.platform.catalog.engine().limits().component, access.app.clients.control);
    let uploaded = upload::component(&parts.headers, body, limit, within).await?;
    let trust = trust(&access).await?;
    let unsigned = access.platform.unsigned;

    let address = format!("/v1/packages/{package}/versions/{version}");
    let component = uploaded.component.clone();
    // Parsing and hashing megabytes is no work for a thread that serves connections.
    let check = move || examine(uploaded, package, version, &trust, unsigned);
    let new = tokio::task::spawn_blocking(check).await.map_err(|_| edge::internal())??;
    let made = access.store().publish(&access.actor(), &new, &component).await?;
    if made.created { Answer::created(address, &made.it) } else { Answer::ok(&made.it) }
}

/// The authors who are believed now.
async fn trust(access: &Access) -> Result<Trust, Problem> {
    let (mut authors, mut page) = (Vec::new(), Page::first(Page::MOST));
    loop {
        let listed = access.store().authors(&page).await?;
        let believed = listed.items.into_iter().filter(|author| author.revoked.is_none());
        // A key that cannot be read was never taken; there is nothing to believe.
        authors.extend(
            believed.filter_map(|author| Some(Author { key: author.public_key.parse().ok()?, name: author.name })),
        );
        match listed.next {
            Some(next) => page.after = Some(next),
            None => return Ok(Trust::new(authors)),
        }
    }
}

fn examine(
    uploaded: Uploaded,
    package: String,
    version: String,
    trust: &Trust,
    unsigned: bool,
) -> Result<NewPackageVersion, Problem> {
    let Uploaded { component, digest, signature } = uploaded;
    let author = match &signature {
        Some(signature) => {
            let author = trust.verify(&component, signature, &package, &version);
            Some(author.map_err(|error| upload::signature_problem(&error))?.name.clone())
        }
        None if unsigned => None,
        None => {
            let detail = "the header `cartwright-signature` is missing; sign the component with `cartwright sign`, \
                          or start the server with --unsigned while developing";
            return Err(Problem::new(Kind::RequestRefused, detail).code("CARTWRIGHT_SIGNATURE"));
        }
    };
    let facts = component::read(&component).map_err(|error| refused_component(error.to_string()))?;
    as_addressed(&facts, &package, &version)?;
    if facts.hooks.is_empty() {
        let known: Vec<_> = cartwright_runtime::hooks::ALL.iter().map(|hook| hook.name).collect();
        return Err(refused_component(format!(
            "the component serves no hook; it must export one of {}",
            known.join(", ")
        )));
    }
    let schema = facts.settings_schema.as_deref().map(serde_json::from_str::<Value>).transpose();
    let schema = schema.map_err(|error| {
        refused_component(format!("its section `{}` is not JSON: {error}; build it again", component::SCHEMA_SECTION))
    })?;
    if let Some(error) = schema.as_ref().and_then(|schema| jsonschema::validator_for(schema).err()) {
        let section = component::SCHEMA_SECTION;
        return Err(refused_component(format!(
            "its section `{section}` is not a JSON Schema: {error}; build it again"
        )));
    }
    Ok(NewPackageVersion {
        package,
        version,
        digest: digest.to_string(),
        hooks: facts.hooks,
        manifest: serde_json::to_value(&facts.manifest).map_err(|_| edge::internal())?,
        schema,
        author,
        signature: signature.map(|signature| signature.to_string()),
    })
}

/// Whether the component calls itself what the address calls it. One without a manifest (it was not built with the SDK) says nothing.
fn as_addressed(facts: &ComponentFacts, package: &str, version: &str) -> Result<(), Problem> {
    let fields = [("name", &facts.manifest.name, package), ("version", &facts.manifest.version, version)];
    for (field, found, addressed) in fields {
        if !found.is_empty() && found != addressed {
            let detail = format!(
                "the component's manifest says {field} {found:?}, and the address says {addressed:?}; \
                 publish it under its own {field}, or change it in Cargo.toml and build again"
            );
            return Err(Problem::new(Kind::RequestRefused, detail)
                .code("MANIFEST")
                .field(format!("/manifest/{field}")));
        }
    }
    Ok(())
}

fn refused_component(detail: String) -> Problem {
    Problem::new(Kind::RequestRefused, detail).code("COMPONENT")
}
