//! Who calls and may they: reading tokens, and the client of Access Manager.
//!
//! Without configured keys a token is only decoded: Access Manager, which gets it with each question, proves it.
//! Checking signatures here belongs into `token`. Around [`Client`] stands [`Decisions`], which asks each question once.

mod client;
mod decisions;
mod identity;
mod open;
mod own_token;
#[cfg(test)]
mod tests;
mod token;

pub use client::{Client, Settings};
pub use decisions::{Clock, Decisions, Settings as DecisionSettings};
pub use open::Open;
pub use own_token::{ClientCredentials, Credentials};
