//! What the clients of Access Manager and of the ledger share: bounded attempts at a call, the shield around them, and
//! how a call ended.

#[cfg(test)]
pub(crate) mod alone;
mod answer;
mod breaker;
mod budget;
mod client;
mod failure;
mod flight;
mod limits;
mod measure;
mod object;
mod seconds;
mod set_up;
mod shield;
#[cfg(test)]
pub(crate) mod stand_in;
#[cfg(test)]
mod tests;

pub(crate) use answer::Answer;
pub(crate) use client::{Upstream, authorization};
pub(crate) use failure::Failure;
pub use limits::{DEFAULT_ATTEMPT_TIMEOUT, DEFAULT_CONNECT_TIMEOUT, Limits};
pub(crate) use object::read_object;
pub use set_up::SetUpError;
pub(crate) use set_up::Settings;
