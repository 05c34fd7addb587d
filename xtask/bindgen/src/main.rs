//! `cartwright-bindgen <module.wasm> <folder> <name>`: the JavaScript and the types around a module, as browsers import it, and the module
//! without what only wasm-bindgen reads. The same files that wasm-bindgen's command line writes for `--target web`.

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, folder, name] = arguments.as_slice() else {
        bail!("usage: cartwright-bindgen <module.wasm> <folder> <name>");
    };
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(true)
        // The library leaves it out unless told so; with it, a page finds the module beside its glue.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not bind {module}"))
}
