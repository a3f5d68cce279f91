//! A sandbox Access Manager and a sandbox ledger (Midaz Core) to try the service and to test it with: real HTTP,
//! on loopback only. What both know is one [`World`], kept in a file, so that ids, tokens and data survive restarts.

mod access_manager;
mod accounts;
mod bearer;
mod change;
mod claims;
mod drive;
mod grants;
mod identity;
mod ledger;
mod refusal;
mod server;
mod signing_key;
#[cfg(test)]
mod testing;
mod tokens;
mod world;
mod world_file;

pub use access_manager::{JWKS_PATH, start_access_manager};
pub use claims::{ISSUER, OWNER};
pub use identity::{Application, LedgerIdentity, Organization, Refused};
pub use ledger::start_ledger;
pub use server::Running;
pub use signing_key::KeyError;
pub use tokens::Tokens;
pub use world::World;
pub use world_file::WorldError;
