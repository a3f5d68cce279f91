//! The use cases: the only place that orders "allowed? exists in the ledger? store it".

pub mod ports;
