//! The service over MongoDB: what only a store beyond the own process can do, and how it can fail.

mod attempt;
mod copy;
mod faults;
mod links;
mod migrate;
mod own_server;
mod proxy;
mod replicas;
pub(crate) mod rest;
mod rotation;
mod security;
pub(crate) mod server;
mod settings;
mod steps;
