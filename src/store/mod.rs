//! Where records live: the adapters of the store port, and the suite that each of them passes.

pub mod sqlite;

#[cfg(test)]
mod conformance;
