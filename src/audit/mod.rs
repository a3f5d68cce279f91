//! The audit trail: from the outbox into a chain per organization, and what is proven and read of that.

pub mod recorder;
