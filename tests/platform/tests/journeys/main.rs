//! Whole servers, from outside: by HTTP, by the command line, and by signals.

mod crashes;
mod failing;
mod merchant;
mod replicas;
