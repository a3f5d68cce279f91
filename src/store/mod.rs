//! Where records live: the adapters of the store port, and the suite that each of them passes.

mod measure;
pub mod mongo;
mod outstanding;
pub mod sqlite;

#[cfg(test)]
pub(crate) mod conformance;

pub use outstanding::Outstanding;

/// Who opens the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A server: it makes the store and brings it up to date, and looks after what others left unfinished.
    Server,
    /// An operator's command, beside running servers or without one: it changes nothing but what it was asked for.
    Operator,
}
