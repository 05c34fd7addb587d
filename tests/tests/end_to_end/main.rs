//! End-to-end tests in one binary: linking wasmtime once is dear enough.

mod hostile;
mod install;
