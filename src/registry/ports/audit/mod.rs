//! The audit trail: what an entry says, and what a store has to do for it.
//!
//! An entry waits in an outbox that is written with the change that it tells of. A sequencer moves waiting entries, one
//! organization at a time, into that organization's chain: numbered links from 1, each with an HMAC over the one before.

mod chain;
mod entry;
mod store;

pub use chain::{
    Checkpoint, FoundBy, TRAIL_LOOK_MAX, TrailFilter, TrailHead, TrailLink, TrailMac, TrailPage, TrailPlace,
};
pub use entry::{Actor, AuditEntry, AuditedRecord, EntryKind, EntryOutcome, NAMED_MAX, Recorded, derived_id};
pub use store::{AuditLog, AuditStore, WaitingEntry, WaitingPlace};
