//! The service on the network: health, the operators' port, and leaving without a lost request.

pub mod health;
pub mod ops;
pub mod shutdown;
mod signals;
