//! HTTP: the router, GraphQL over HTTP, documents, the playground, the page at `/`, health, and the way to a calm end.

pub mod documents;
pub mod endpoint;
mod forwarded;
pub mod graphiql;
pub mod handshake;
pub mod health;
pub mod landing;
mod log_levels;
pub mod ops;
pub mod peer;
mod preference;
pub mod rate_limit;
mod requests;
pub mod router;
pub mod shutdown;
mod signals;
pub mod trusted;
mod unknown;
mod weights;
