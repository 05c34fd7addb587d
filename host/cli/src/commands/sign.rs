//! `cartwright sign`: the author says that these bytes are this version of this package.

use crate::author::{KeyFlags, of_key};
use crate::complaint::Exit;
use crate::packaged::{self, PackageFlags, title};
use crate::terminal::status;
use clap::Args;

const AFTER_HELP: &str = "\
Examples:
  cartwright sign                          in a plugin project: the component that was built
  cartwright sign plugin.wasm              writes plugin.wasm.minisig
  cartwright sign plugin.wasm --as 1.0.1

The signature holds for the component's bytes, the package's name and its version, so that an old version cannot be passed off as a
new one. `minisign -V` checks it, too.";

/// Signs a component with the author's key
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Sign {
    #[command(flatten)]
    package: PackageFlags,
    #[command(flatten)]
    key: KeyFlags,
}

pub fn sign(arguments: &Sign) -> anyhow::Result<Exit> {
    let packaged = arguments.package.read()?;
    let key = arguments.key.read()?;
    let package = &packaged.package;
    let signature = match key.sign(package.component(), package.name(), package.version()) {
        Ok(signature) => signature,
        Err(error) => return Err(of_key(&error, &arguments.key.path()?).into()),
    };
    packaged::write(&packaged.signature, signature.to_string().as_bytes())?;
    status("Signed", format!("{} with {}: `{}`", title(package), signature.key(), packaged.signature.display()));
    Ok(Exit::Done)
}
