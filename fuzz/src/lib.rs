//! What is fuzzed, and what must hold of any input. The fuzzers in `fuzz_targets` and the tests that replay the seeds
//! share it.
//!
//! Inputs are texts where that is possible, so that a seed can be read and written by hand.

pub mod cursors;
pub mod documents;
pub mod http;
pub mod metadata;
pub mod tokens;

mod canary;
mod edits;
mod service;

/// A target: it panics where something does not hold of an input.
pub type Target = fn(&[u8]);

/// Every target, by the name that its fuzzer and its folder of seeds have.
pub const TARGETS: [(&str, Target); 5] = [
    ("documents", documents::run),
    ("http", http::run),
    ("cursors", cursors::run),
    ("metadata", metadata::run),
    ("tokens", tokens::run),
];
