//! What the clients of Access Manager and of the ledger share: one bounded attempt at a call, and how it ended.

#[cfg(test)]
pub(crate) mod alone;
mod answer;
mod client;
mod failure;
mod measure;
mod object;
mod set_up;
#[cfg(test)]
pub(crate) mod stand_in;
#[cfg(test)]
mod tests;

pub(crate) use answer::Answer;
pub(crate) use client::{Upstream, authorization};
pub(crate) use failure::Failure;
pub(crate) use object::read_object;
pub(crate) use set_up::Settings;
pub use set_up::{DEFAULT_ATTEMPT_TIMEOUT, DEFAULT_CONNECT_TIMEOUT, SetUpError};
