//! The service over MongoDB: what only a store beyond the own process can do, and how it can fail.

mod proxy;
pub(crate) mod server;
