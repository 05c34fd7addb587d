//! End-to-end tests in one binary: linking wasmtime once is dear enough.

mod bad_carts;
mod command_line;
mod composition;
mod determinism;
mod embedding;
mod estimates;
mod hooks;
mod hostile;
mod http;
mod install;
mod operating;
mod outside;
mod wasi;
