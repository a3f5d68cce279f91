//! holdergraph: an internal GraphQL API over the people behind a ledger's accounts.
//!
//! Dependencies point inwards: [`http`] and [`graphql`] speak with clients, [`registry`] holds the use cases and
//! the ports that they need, [`domain`] the rules. [`store`], [`seal`], [`access`], [`audit`] and [`ledger`] implement the
//! ports; [`tls`] is what connections of both directions need, [`reload`] what comes from files that change; [`commands`] puts all of it together from the settings in [`config`].

pub mod access;
pub mod audit;
pub mod commands;
pub mod config;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod ledger;
pub mod registry;
pub mod reload;
pub mod sandbox;
pub mod seal;
pub mod store;
pub mod telemetry;
pub mod tls;
pub mod upstream;
