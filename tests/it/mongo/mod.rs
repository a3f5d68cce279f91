//! The service over MongoDB: what only a store beyond the own process can do, and how it can fail.

mod proxy;
mod replicas;
mod rest;
pub(crate) mod server;
