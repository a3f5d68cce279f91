//! Who calls and may they: reading and proving tokens, and the client of Access Manager.
//!
//! Without configured keys a token is only decoded: Access Manager, which gets it with each question, proves it.
//! Reusing decisions belongs around [`Client`].

mod algorithm;
mod client;
mod identity;
mod jwk;
mod key_server;
mod key_set;
mod key_source;
mod open;
mod pem;
mod public_key;
#[cfg(test)]
mod signer;
#[cfg(test)]
mod tests;
mod token;
mod verifier;

pub use client::{Client, Settings};
pub use open::Open;
pub use pem::{PemFault, PublicKeys};
pub use verifier::{ExpectedClaims, Verifier};
