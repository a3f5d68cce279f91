//! Who calls and may they: reading and proving tokens, and the client of Access Manager.
//!
//! Without configured keys a token is only decoded: Access Manager, which gets it with each question, proves it.
//! Around [`Client`] stands [`Decisions`], which asks each question once.

mod algorithm;
mod client;
mod decisions;
mod identity;
mod jwk;
mod key_server;
mod key_set;
mod key_source;
mod open;
mod own_token;
mod pem;
mod public_key;
#[cfg(test)]
mod signer;
#[cfg(test)]
mod tests;
mod token;
mod verifier;

pub use client::{Client, Settings};
pub use decisions::{Clock, Decisions, Settings as DecisionSettings};
pub use open::Open;
pub use own_token::{ClientCredentials, Credentials};
pub use pem::{PemFault, PublicKeys};
pub use verifier::{ExpectedClaims, Verifier};
