//! The counters as their host uses them: what is counted, what survives, what is let go.

mod bounds;
mod damage;
mod model;
mod orders;
mod restart;
mod windows;
