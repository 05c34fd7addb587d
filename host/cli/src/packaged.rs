//! A component with the name and version that it is signed, pushed and published under, and its signature in the file beside it.

use crate::complaint::Complaint;
use crate::load;
use cartwright_package::{Facts, MAX_COMPONENT, NameError, Package, Signature, SignatureError};
use cartwright_runtime::component::{self, ComponentFacts};
use clap::Args;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(Args)]
pub struct PackageFlags {
    /// The plugin; may be left out in a plugin project, which has one
    component: Option<PathBuf>,
    /// The package's name [default: the plugin's own]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The package's version [default: the plugin's own]
    #[arg(long = "as", value_name = "VERSION")]
    version: Option<String>,
    /// The signature's file [default: the component's name and `.minisig`]
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
}

/// A component as its author hands it out.
pub struct Packaged {
    /// The component's file.
    pub path: PathBuf,
    /// Where its signature lies, or would lie.
    pub signature: PathBuf,
    /// Without its signature.
    pub package: Package,
    pub facts: ComponentFacts,
}

impl PackageFlags {
    /// This component under its own name, with the signature that lies beside it.
    pub fn of(component: PathBuf) -> Self {
        Self { component: Some(component), name: None, version: None, signature: None }
    }

    /// Reads the component; its signature is read by [`Packaged::signed`].
    pub fn read(&self) -> Result<Packaged, Complaint> {
        let path = load::component_or_projects(self.component.clone())?;
        let bytes = load::bytes_of(&path)?;
        if bytes.len() > MAX_COMPONENT {
            let message =
                format!("`{}` has {} bytes; at most {MAX_COMPONENT} are carried", path.display(), bytes.len());
            return Err(Complaint::refused(message));
        }
        let facts = component::read(&bytes).map_err(|error| load::refusal(&error, &path, None))?;
        let word = |given: &Option<String>, own: &str, what: &str, flag: &str| match given {
            Some(given) => Ok(given.clone()),
            None if own.is_empty() => Err(Complaint::usage(format!("`{}` says no {what}", path.display()))
                .hint(format!("it was not built with the SDK; give {flag}"))),
            None => Ok(own.to_owned()),
        };
        let name = word(&self.name, &facts.manifest.name, "name", "--name")?;
        let version = word(&self.version, &facts.manifest.version, "version", "--as")?;
        let package = Package::new(name, version, bytes).map_err(|error| of_name(&error))?;
        let signature = self.signature.clone().unwrap_or_else(|| beside(&path));
        Ok(Packaged { path, signature, package, facts })
    }
}

fn of_name(error: &NameError) -> Complaint {
    Complaint::usage(error.to_string()).hint("--name and --as give the package another name and version")
}

/// Where a component's signature lies, as minisign names it.
pub fn beside(component: &Path) -> PathBuf {
    let mut name = component.as_os_str().to_owned();
    name.push(".minisig");
    name.into()
}

impl Packaged {
    /// With the signature that lies beside it. One that was made for something else is refused; without one, there is none.
    pub fn signed(self) -> Result<Package, Complaint> {
        let text = match fs::read_to_string(&self.signature) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self.package),
            Err(error) => return Err(Complaint::io("reading the signature", &self.signature, &error)),
        };
        let refused = |error: &SignatureError| {
            Complaint::refused(format!("`{}`: {error}", self.signature.display()))
                .hint("`cartwright sign` makes it anew")
        };
        let signature = Signature::parse(&text).map_err(|error| refused(&error))?;
        // Who made it is the platform's question; what it was made for can be said here, before anything is sent.
        let said = signature.claim().map_err(|error| refused(&error))?;
        let package = &self.package;
        if said.digest != package.digest() {
            return Err(refused(&SignatureError::OtherBytes { signed: said.digest, found: package.digest() }));
        }
        if said.package != package.name() {
            return Err(refused(&SignatureError::OtherPackage { signed: said.package, wanted: package.name().into() }));
        }
        if said.version != package.version() {
            let (package, wanted) = (said.package, package.version().into());
            return Err(refused(&SignatureError::OtherVersion { package, signed: said.version, wanted }));
        }
        Ok(self.package.with_signature(signature))
    }

    /// What a registry's artifact says of the component. `created` in seconds UTC.
    pub fn artifact_facts(&self, created: i64) -> Facts {
        Facts {
            exports: self.facts.exports.clone(),
            imports: self.facts.imports.clone(),
            hooks: self.facts.hooks.clone(),
            description: self.facts.manifest.description.clone(),
            created,
        }
    }
}

/// `flat-rate 1.0.0 (sha256:…)`.
pub fn title(package: &Package) -> String {
    format!("{} {} ({})", package.name(), package.version(), package.digest())
}

/// Writes a file as a whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Complaint> {
    let failed = |error: io::Error| Complaint::io("writing", path, &error);
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(part);
    let written = fs::File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path));
    written.map_err(|error| {
        // What is half written is nobody's; that it could not be made is what counts.
        let _ = fs::remove_file(&part);
        failed(error)
    })
}
