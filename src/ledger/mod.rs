//! The client of the ledger (Midaz Core, v3 and v4).

mod body;
mod client;
mod known;
mod release;
mod round;
#[cfg(test)]
mod tests;

pub use client::{Client, Settings};
