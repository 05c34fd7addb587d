//! Packages as authors, platforms and registries see them.

mod answers;
mod bad_registries;
mod keys;
mod minisign_tool;
mod registries;
mod signatures;

use cartwright_package::{Author, AuthorKey, Facts, Package, Trust};

pub const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0 as good as any: nothing here reads a component";

pub fn package() -> Package {
    Package::new("flat-rate", "1.0.0", COMPONENT).unwrap()
}

pub fn signed_with(key: &AuthorKey) -> Package {
    let package = package();
    let signature = key.sign(package.component(), package.name(), package.version()).unwrap();
    package.with_signature(signature)
}

pub fn trust_in(name: &str, key: &AuthorKey) -> Trust {
    Trust::new([Author { name: name.into(), key: key.public_key() }])
}

pub fn facts() -> Facts {
    Facts {
        exports: vec!["cartwright:shipping/quote@1.0.0".into()],
        imports: vec!["cartwright:host/log@1.0.0".into()],
        hooks: vec!["shipping-quote".into()],
        description: "One price for everything".into(),
        created: 1_700_000_000,
    }
}
