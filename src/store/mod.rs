//! Where records live: the adapters of the store port, and the suite that each of them passes.

mod measure;
pub mod mongo;
pub mod sqlite;

#[cfg(test)]
mod conformance;
