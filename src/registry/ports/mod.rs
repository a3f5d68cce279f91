//! What the use cases ask of the world: a store, an audit trail, a vault, Access Manager and the ledger.

pub mod access;
pub mod audit;
pub mod call;
pub mod condition;
pub mod inspection;
pub mod ledger;
pub mod link_walk;
pub mod list;
pub mod operation;
pub mod own_token;
pub mod record;
pub mod store;
pub mod terms;
pub mod transfer;
pub mod vault;
