//! One file a command: its flags, its help, what it does.

pub mod bench;
pub mod build;
pub mod completions;
pub mod inspect;
pub mod keygen;
pub mod new;
pub mod pull;
pub mod push;
pub mod run;
pub mod serve;
pub mod sign;
pub mod verify;
