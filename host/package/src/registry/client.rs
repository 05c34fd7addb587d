//! Push and pull, over `oci-client`.

use super::download::download;
use super::layout::{self, Artifact, Config, MAX_CONFIG, other};
use super::trouble::{Trouble, last_cause};
use super::{Auth, Facts, Pulled, Pushed, Reference, RegistryError, RegistryOptions};
use crate::{Digest, Package};
use oci_client::client::{Client, ClientConfig, ClientProtocol};
use oci_client::manifest::{OCI_IMAGE_INDEX_MEDIA_TYPE, OCI_IMAGE_MEDIA_TYPE, OciImageManifest};
use oci_client::secrets::RegistryAuth;
use oci_client::{Reference as OciReference, RegistryOperation};
use std::sync::Once;

/// What registries take at least, and what the distribution specification recommends as the limit, in bytes.
const MAX_MANIFEST: usize = 4 << 20;

/// Puts a package into a registry; without a tag, under its version.
///
/// Nothing of it can be seen before all of it is there: the manifest goes last. Pushed again after a failure, it sends what is missing.
/// The registry has no means to keep two pushes of one version at the same moment apart; the last of them would win.
///
/// # Errors
/// Each with its own name in [`RegistryError`]; [`RegistryError::may_be_tried_again`] tells those that may pass.
pub async fn push(
    reference: &Reference,
    package: &Package,
    facts: &Facts,
    options: &RegistryOptions,
) -> Result<Pushed, RegistryError> {
    let reference = reference.clone().or_version(package.version());
    if reference.digest().is_some() {
        return Err(RegistryError::PushByDigest { reference: reference.to_string() });
    }
    let size = package.component().len();
    if size > options.max_component {
        return Err(RegistryError::TooLarge { size, limit: options.max_component });
    }
    in_time(&reference, options, async {
        let session = Session::open(&reference, options, RegistryOperation::Push).await?;
        if let Some(there) = session.already_there(package).await? {
            return Ok(Pushed { reference: reference.clone().with_digest(there), created: false });
        }
        let config = serde_json::to_vec(&Config::new(package, facts)).map_err(|error| session.unexpected(&error))?;
        let manifest = layout::manifest(package, facts, &config);
        session.upload(package.digest(), || package.component().to_vec()).await?;
        session.upload(Digest::of(&config), || config.clone()).await?;
        let manifest = serde_json::to_vec(&manifest).map_err(|error| session.unexpected(&error))?;
        let digest = Digest::of(&manifest);
        let media_type = OCI_IMAGE_MEDIA_TYPE.parse().expect("a media type is a header's value");
        session
            .client
            .push_manifest_raw(&session.oci, manifest, media_type)
            .await
            .map_err(|error| session.trouble.of(error))?;
        Ok(Pushed { reference: reference.clone().with_digest(digest), created: true })
    })
    .await
}

/// Fetches a package from a registry. A reference without tag and digest is refused: what is meant should not depend on the day.
///
/// # Errors
/// As for [`push`].
pub async fn pull(reference: &Reference, options: &RegistryOptions) -> Result<Pulled, RegistryError> {
    if reference.tag().is_none() && reference.digest().is_none() {
        return Err(RegistryError::NoVersion { reference: reference.to_string() });
    }
    in_time(reference, options, async {
        let session = Session::open(reference, options, RegistryOperation::Pull).await?;
        let (manifest, manifest_digest) = session.manifest().await?;
        let artifact = Artifact::read(&manifest, reference.repository(), reference.tag())?;
        if let Some(expected) = options.expected.filter(|expected| *expected != artifact.layer) {
            return Err(RegistryError::Moved { reference: reference.to_string(), expected, found: artifact.layer });
        }
        if artifact.size > options.max_component {
            return Err(RegistryError::TooLarge { size: artifact.size, limit: options.max_component });
        }
        let config_size = usize::try_from(manifest.config.size).unwrap_or(MAX_CONFIG).min(MAX_CONFIG);
        let config = download(&session, "the configuration", artifact.config, config_size).await?;
        Config::check(&config, artifact.layer)?;
        let component = download(&session, "the component", artifact.layer, artifact.size).await?;
        let mut package = Package::new(artifact.name, artifact.version, component)?;
        if let Some(signature) = artifact.signature {
            package = package.with_signature(signature);
        }
        Ok(Pulled { package, reference: reference.clone().with_digest(manifest_digest) })
    })
    .await
}

async fn in_time<T>(
    reference: &Reference,
    options: &RegistryOptions,
    work: impl Future<Output = Result<T, RegistryError>>,
) -> Result<T, RegistryError> {
    let deadline = options.deadline;
    let late = |_| RegistryError::TooSlow { registry: reference.registry().into(), deadline };
    tokio::time::timeout(deadline, work).await.map_err(late)?
}

/// One push or pull.
pub struct Session {
    pub client: Client,
    pub oci: OciReference,
    pub trouble: Trouble,
}

impl Session {
    async fn open(
        reference: &Reference,
        options: &RegistryOptions,
        operation: RegistryOperation,
    ) -> Result<Self, RegistryError> {
        let trouble = Trouble { registry: reference.registry().into(), reference: reference.to_string() };
        let auth = match &options.auth {
            Auth::Anonymous => RegistryAuth::Anonymous,
            Auth::Password { user, password } => RegistryAuth::Basic(user.clone(), password.clone()),
            Auth::Token(token) => RegistryAuth::Bearer(token.clone()),
        };
        let client = client(reference, options).map_err(|error| trouble.of(error))?;
        let oci = reference.inner();
        // By name and first: the other calls leave out a login that failed, and say only that they were not let in.
        let token = client.auth(&oci, &auth, operation).await.map_err(|error| trouble.of(error))?;
        if token.is_some_and(|token| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            // oci-client would panic over it.
            return Err(trouble.unauthorized("its token has characters that no header can carry"));
        }
        Ok(Self { client, oci, trouble })
    }

    fn unexpected(&self, error: &dyn std::error::Error) -> RegistryError {
        self.trouble.unexpected(&last_cause(error))
    }

    /// The manifest and its digest.
    async fn manifest(&self) -> Result<(OciImageManifest, Digest), RegistryError> {
        let accepted = [OCI_IMAGE_MEDIA_TYPE, OCI_IMAGE_INDEX_MEDIA_TYPE];
        // Whose login it is, `open` has said.
        let (bytes, _) = self
            .client
            .pull_manifest_raw(&self.oci, &RegistryAuth::Anonymous, &accepted)
            .await
            .map_err(|error| self.trouble.of(error))?;
        if bytes.len() > MAX_MANIFEST {
            return Err(other("its manifest is larger than 4 MiB"));
        }
        let document: serde_json::Value =
            serde_json::from_slice(&bytes).map_err(|error| other(format!("its manifest is not JSON: {error}")))?;
        if document.get("manifests").is_some() {
            return Err(other("it is an index of several images; a plugin is one for all platforms"));
        }
        let manifest =
            serde_json::from_value(document).map_err(|error| other(format!("its manifest cannot be read: {error}")))?;
        Ok((manifest, Digest::of(&bytes)))
    }

    /// The digest of the manifest under this tag, if it is as good as what would be pushed. An error, if the tag is the version
    /// and holds something else.
    async fn already_there(&self, package: &Package) -> Result<Option<Digest>, RegistryError> {
        let (manifest, digest) = match self.manifest().await {
            Ok(found) => found,
            Err(RegistryError::NotFound { .. }) => return Ok(None),
            Err(error) => return self.unless_pointer(package, error),
        };
        let reference = self.trouble.reference.clone();
        let there = match Artifact::read(&manifest, self.oci.repository(), self.oci.tag()) {
            Ok(there) => there,
            Err(error) => return self.unless_pointer(package, error),
        };
        if there.layer != package.digest() {
            return self.unless_pointer(package, RegistryError::Taken { reference, found: there.layer });
        }
        // Signing again gives another signature by the same key, which is no reason for another manifest.
        let key = |signature: Option<&crate::Signature>| signature.map(crate::Signature::key);
        let same = there.name == package.name()
            && there.version == package.version()
            && key(there.signature.as_ref()) == key(package.signature());
        Ok(same.then_some(digest))
    }

    /// What is wrong with the tag's present content does not matter where the tag may be moved.
    fn unless_pointer(&self, package: &Package, error: RegistryError) -> Result<Option<Digest>, RegistryError> {
        let reference = self.trouble.reference.clone();
        let is_content =
            matches!(error, RegistryError::Taken { .. } | RegistryError::NotAPlugin(_) | RegistryError::Signature(_));
        let is_pointer = self.oci.tag() != Some(&package.version().replace('+', "_"));
        match error {
            _ if is_content && is_pointer => Ok(None),
            RegistryError::NotAPlugin(why) => Err(RegistryError::TakenByOther { reference, why }),
            RegistryError::Signature(error) => Err(RegistryError::TakenByOther { reference, why: error.to_string() }),
            error => Err(error),
        }
    }

    async fn upload(&self, digest: Digest, bytes: impl FnOnce() -> Vec<u8>) -> Result<(), RegistryError> {
        let digest = digest.to_string();
        if !self.client.blob_exists(&self.oci, &digest).await.map_err(|error| self.trouble.of(error))? {
            self.client.push_blob(&self.oci, bytes(), &digest).await.map_err(|error| self.trouble.of(error))?;
        }
        Ok(())
    }
}

fn client(
    reference: &Reference,
    options: &RegistryOptions,
) -> Result<Client, oci_client::errors::OciDistributionError> {
    // rustls takes the process's cryptography; whoever set one before has chosen.
    static RING: Once = Once::new();
    RING.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let plain = options.plain_http || reference.is_loopback();
    Client::try_from(ClientConfig {
        protocol: if plain { ClientProtocol::Http } else { ClientProtocol::Https },
        read_timeout: Some(options.patience),
        connect_timeout: Some(options.patience),
        // An index is refused, not resolved.
        platform_resolver: None,
        user_agent: concat!("cartwright/", env!("CARGO_PKG_VERSION")),
        ..ClientConfig::default()
    })
}
