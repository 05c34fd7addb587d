//! Whole servers, from outside: by HTTP, by the command line, and by signals.

mod access;
mod crashes;
mod failing;
mod faults;
mod merchant;
mod packages;
mod replicas;
