//! The service over MongoDB: what only a store beyond the own process can do, and how it can fail.

mod migrate;
mod own_server;
mod security;
mod settings;
