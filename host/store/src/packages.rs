//! Authors, packages, and the components' bytes by digest.

use crate::Result;
use crate::db::{Lock, Store};
use crate::error::StoreError;
use crate::ids::check_text;
use crate::model::{Actor, Author, ChangeKind, Listed, Made, NewPackageVersion, Package, PackageVersion, Page};
use crate::row::{Get as _, each};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

const AUTHOR: &str = "author";
const VERSION: &str = "package version";

impl Store {
    /// Begins to believe an author. The same again gives what is there; one who was revoked stays revoked.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name stands for another key, or was revoked.
    pub async fn create_author(&self, actor: &Actor, name: &str, public_key: &str) -> Result<Made<Author>> {
        check_text("name", name, 1, 100)?;
        check_text("publicKey", public_key, 1, 1000)?;
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            if let Some(there) = find_author(tx.db(), name).await? {
                if there.revoked.is_some() {
                    let why = "was revoked, and versions still carry the name: take another name for the new key";
                    return Err(StoreError::conflict(AUTHOR, name, why));
                }
                if there.public_key != public_key {
                    let why = format!("has the key {} already", there.public_key);
                    return Err(StoreError::conflict(AUTHOR, name, why));
                }
                return Ok(Made { it: there, created: false });
            }
            let author =
                Author { name: name.to_owned(), public_key: public_key.to_owned(), created: tx.at(), revoked: None };
            sqlx::query("INSERT INTO authors (name, public_key, created) VALUES ($1, $2, $3)")
                .bind(name)
                .bind(public_key)
                .bind(author.created)
                .execute(tx.db())
                .await?;
            tx.audit(actor, "author.created", None, name, json!({ "publicKey": public_key })).await?;
            tx.change(ChangeKind::Author, None, Some(name)).await?;
            tx.commit().await?;
            Ok(Made { it: author, created: true })
        })
        .await
    }

    /// Ends to believe an author. Versions that carry the signature stay.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn revoke_author(&self, actor: &Actor, name: &str) -> Result<Author> {
        self.bounded(async {
            let mut tx = self.begin(Lock::Changes).await?;
            let mut author = find_author(tx.db(), name).await?.ok_or_else(|| StoreError::not_found(AUTHOR, name))?;
            if author.revoked.is_some() {
                return Ok(author);
            }
            author.revoked = Some(tx.at());
            sqlx::query("UPDATE authors SET revoked = $2 WHERE name = $1")
                .bind(name)
                .bind(author.revoked)
                .execute(tx.db())
                .await?;
            tx.audit(actor, "author.revoked", None, name, json!({})).await?;
            tx.change(ChangeKind::Author, None, Some(name)).await?;
            tx.commit().await?;
            Ok(author)
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn author(&self, name: &str) -> Result<Author> {
        self.bounded(async {
            find_author(&mut *self.reader().await?, name).await?.ok_or_else(|| StoreError::not_found(AUTHOR, name))
        })
        .await
    }

    /// By name, with those that were revoked.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn authors(&self, page: &Page) -> Result<Listed<Author>> {
        let (limit, after) = page.by_text()?;
        self.bounded(async {
            let rows = sqlx::query("SELECT * FROM authors WHERE name > $1 ORDER BY name LIMIT $2")
                .bind(after)
                .bind(limit + 1)
                .fetch_all(&mut *self.reader().await?)
                .await?;
            Ok(Listed::of(each(&rows, author)?, limit, |author| author.name.clone()))
        })
        .await
    }

    /// Publishes a version. Digest and signature were checked by the caller. The same bytes again are `created: false`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] naming the digest there is when the version has other bytes, or an author that is not believed.
    pub async fn publish(
        &self,
        actor: &Actor,
        new: &NewPackageVersion,
        component: &[u8],
    ) -> Result<Made<PackageVersion>> {
        check_text("package", &new.package, 1, 200)?;
        check_text("version", &new.version, 1, 100)?;
        check_text("digest", &new.digest, 1, 200)?;
        // Megabytes may be on their way.
        self.bounded_long(async {
            let mut tx = self.begin(Lock::Changes).await?;
            if let Some(there) = find_version(tx.db(), &new.package, &new.version).await? {
                if there.digest == new.digest {
                    return Ok(Made { it: there, created: false });
                }
                let id = format!("{} {}", new.package, new.version);
                let why = format!("was published with {} and never changes: publish under another version", there.digest);
                return Err(StoreError::conflict(VERSION, id, why));
            }
            if let Some(name) = &new.author {
                let author = find_author(tx.db(), name).await?.ok_or_else(|| StoreError::not_found(AUTHOR, name))?;
                if author.revoked.is_some() {
                    return Err(StoreError::conflict(AUTHOR, name, "was revoked: sign with a key that is believed"));
                }
            }
            sqlx::query("INSERT INTO components (digest, bytes) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING")
                .bind(&new.digest)
                .bind(component)
                .execute(tx.db())
                .await?;
            let version = PackageVersion {
                package: new.package.clone(),
                version: new.version.clone(),
                digest: new.digest.clone(),
                size: i64::try_from(component.len()).unwrap_or(i64::MAX),
                hooks: new.hooks.clone(),
                manifest: new.manifest.clone(),
                schema: new.schema.clone(),
                author: new.author.clone(),
                signature: new.signature.clone(),
                published: tx.at(),
            };
            sqlx::query(
                "INSERT INTO packages (package, version, digest, size, hooks, manifest, settings_schema, author, signature, \
                 published) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(&version.package)
            .bind(&version.version)
            .bind(&version.digest)
            .bind(version.size)
            .bind(json!(version.hooks).to_string())
            .bind(version.manifest.to_string())
            .bind(version.schema.as_ref().map(ToString::to_string))
            .bind(&version.author)
            .bind(&version.signature)
            .bind(version.published)
            .execute(tx.db())
            .await?;
            let subject = format!("{}@{}", version.package, version.version);
            let detail = json!({ "digest": version.digest, "size": version.size, "author": version.author });
            tx.audit(actor, "package.published", None, &subject, detail).await?;
            tx.change(ChangeKind::Package, None, Some(&subject)).await?;
            tx.commit().await?;
            Ok(Made { it: version, created: true })
        })
        .await
    }

    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn package_version(&self, package: &str, version: &str) -> Result<PackageVersion> {
        self.bounded(async {
            find_version(&mut *self.reader().await?, package, version)
                .await?
                .ok_or_else(|| StoreError::not_found(VERSION, format!("{package} {version}")))
        })
        .await
    }

    /// By name.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a page out of range.
    pub async fn packages(&self, page: &Page) -> Result<Listed<Package>> {
        let (limit, after) = page.by_text()?;
        self.bounded(async {
            let rows = sqlx::query(
                "SELECT p.package, p.version, p.published, n.versions FROM packages p \
                 JOIN (SELECT max(seq) AS seq, count(*) AS versions FROM packages WHERE package > $1 \
                       GROUP BY package ORDER BY package LIMIT $2) n ON n.seq = p.seq ORDER BY p.package",
            )
            .bind(after)
            .bind(limit + 1)
            .fetch_all(&mut *self.reader().await?)
            .await?;
            let packages = each(&rows, |row| {
                Ok(Package {
                    package: row.text("package")?,
                    versions: row.int("versions")?,
                    newest: row.text("version")?,
                    published: row.int("published")?,
                })
            })?;
            Ok(Listed::of(packages, limit, |package| package.package.clone()))
        })
        .await
    }

    /// A package's versions; what was published last comes first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none.
    pub async fn package_versions(&self, package: &str, page: &Page) -> Result<Listed<PackageVersion>> {
        let (limit, before) = page.by_number(i64::MAX)?;
        self.bounded(async {
            let rows = sqlx::query("SELECT * FROM packages WHERE package = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3")
                .bind(package)
                .bind(before)
                .bind(limit + 1)
                .fetch_all(&mut *self.reader().await?)
                .await?;
            if rows.is_empty() && page.after.is_none() {
                return Err(StoreError::not_found("package", package));
            }
            let with_seq = each(&rows, |row| Ok((row.int("seq")?, version(row)?)))?;
            let listed = Listed::of(with_seq, limit, |(seq, _)| seq.to_string());
            Ok(Listed { items: listed.items.into_iter().map(|(_, version)| version).collect(), next: listed.next })
        })
        .await
    }

    /// The bytes of a component.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]. Whether they are of this digest is for the caller to check, who has the hash.
    pub async fn component(&self, digest: &str) -> Result<Vec<u8>> {
        self.bounded_long(async {
            sqlx::query("SELECT bytes FROM components WHERE digest = $1")
                .bind(digest)
                .fetch_optional(&mut *self.reader().await?)
                .await?
                .ok_or_else(|| StoreError::not_found("component", digest))?
                .bytes("bytes")
        })
        .await
    }
}

pub(crate) async fn find_version(
    db: &mut AnyConnection,
    package: &str,
    of_version: &str,
) -> Result<Option<PackageVersion>> {
    sqlx::query("SELECT * FROM packages WHERE package = $1 AND version = $2")
        .bind(package)
        .bind(of_version)
        .fetch_optional(db)
        .await?
        .as_ref()
        .map(version)
        .transpose()
}

async fn find_author(db: &mut AnyConnection, name: &str) -> Result<Option<Author>> {
    let row = sqlx::query("SELECT * FROM authors WHERE name = $1").bind(name).fetch_optional(db).await?;
    row.as_ref().map(author).transpose()
}

fn author(row: &AnyRow) -> Result<Author> {
    Ok(Author {
        name: row.text("name")?,
        public_key: row.text("public_key")?,
        created: row.int("created")?,
        revoked: row.int_or_none("revoked")?,
    })
}

fn version(row: &AnyRow) -> Result<PackageVersion> {
    Ok(PackageVersion {
        package: row.text("package")?,
        version: row.text("version")?,
        digest: row.text("digest")?,
        size: row.int("size")?,
        hooks: row.json("hooks")?,
        manifest: row.json("manifest")?,
        schema: row.json_or_none("settings_schema")?,
        author: row.text_or_none("author")?,
        signature: row.text_or_none("signature")?,
        published: row.int("published")?,
    })
}
