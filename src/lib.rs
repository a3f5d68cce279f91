//! holdergraph: an internal GraphQL API over the people behind a ledger's accounts.

pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod registry;
pub mod telemetry;
