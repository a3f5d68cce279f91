//! The service over MongoDB: what only a store beyond the own process can do, and how it can fail.

mod attempt;
mod faults;
mod proxy;
mod replicas;
mod rest;
pub(crate) mod server;
mod steps;
