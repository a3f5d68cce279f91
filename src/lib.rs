//! Throw-away: the store alone.
pub mod domain;
pub mod registry;
pub mod store;
