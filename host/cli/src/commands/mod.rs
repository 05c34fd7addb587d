//! One file a command: its flags, its help, what it does.

pub mod bench;
pub mod build;
pub mod completions;
pub mod inspect;
pub mod new;
pub mod run;
pub mod serve;
