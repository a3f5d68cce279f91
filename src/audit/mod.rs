//! The audit trail: from the outbox into a chain per organization, and what is proven and read of that.
//!
//! ```text
//!  a change   ──▶ outbox, in the write of the change itself ──┐
//!  a read,    ──▶ Recorder ──▶ outbox, in batches ────────────┤
//!  a refusal                                                  ▼
//!                              Sequencer: one organization at a time, one leader each
//!                                                             ▼
//!            link 1 ◀── link 2 ◀── link 3 ◀── …   each with an HMAC over the one before and its entry
//! ```
//!
//! | file | what |
//! | --- | --- |
//! | `key.rs` | the audit key, and every HMAC that is made with it |
//! | `proof.rs` | whether links follow each other as they must |
//! | `recorder.rs` | entries that tell of no change, on their way to the outbox |
//! | `sequencer/` | from the outbox into the chains; the heads in the log |
//! | `retention.rs` | the removal of old links, behind a checkpoint |
//! | `verify/` | every chain of a store, proven |
//! | `ecs.rs`, `stream.rs` | links as JSON lines for a SIEM |
//! | `report.rs` | who did what to which record, counted |
//! | `walk.rs` | links of a period, page by page |

pub mod ecs;
pub mod key;
pub mod proof;
pub mod recorder;
pub mod report;
pub mod retention;
pub mod sequencer;
pub mod stream;
pub mod verify;
pub mod walk;

#[cfg(test)]
mod tests;
