//! The trail over a store in memory.

mod chaining;
mod exporting;
mod known_answers;
pub(crate) mod memory;
mod proving;
mod recording;
mod removing;

use super::key::TrailKey;
use super::sequencer::Sequencer;
use super::stream::Stream;
use super::verify::{Anchor, Finding, Looked, Verify, Witness};
use crate::domain::ids::{HolderId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::registry::mint::Clock;
use crate::registry::ports::audit::{
    Actor, AuditEntry, AuditStore, AuditedRecord, EntryKind, EntryOutcome, Recorded, TrailHead,
};
use memory::Memory;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use uuid::Uuid;

pub(super) const KEY: &str = "c1f0a86e52d94b7730e8d65a19bc4f2287ad630ef1954cb83d7e20d91b46fa05";

/// When these tests begin.
pub(super) const NOW: Timestamp = Timestamp(1_800_000_000_000);

pub(super) fn key() -> Arc<TrailKey> {
    Arc::new(TrailKey::parse(KEY).unwrap())
}

/// A clock that a test moves.
#[derive(Clone)]
pub(super) struct Hand(Arc<AtomicI64>);

impl Hand {
    pub(super) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NOW.0)))
    }

    pub(super) fn go(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(super) fn clock(&self) -> Clock {
        let hand = self.0.clone();
        Arc::new(move || Timestamp(hand.load(Ordering::SeqCst)))
    }
}

pub(super) fn organization(number: u8) -> OrganizationId {
    OrganizationId(Uuid::from_bytes([number; 16]))
}

/// The entry with this number: of a read, one second after the one before.
pub(super) fn entry(number: u32) -> AuditEntry {
    AuditEntry {
        id: Uuid::from_u128(u128::from(number)),
        at: NOW.plus(i64::from(number) * 1_000 - 1_000_000),
        actor: Actor::Person,
        subject: "acme/maria".to_owned(),
        kind: EntryKind::Read,
        operation: "holder".to_owned(),
        records: vec![AuditedRecord::Holder(HolderId(Uuid::from_u128(7)))],
        record_count: 1,
        fields: vec!["Holder.name".to_owned()],
        outcome: EntryOutcome::Done,
        codes: Vec::new(),
        request_id: format!("request-{number}"),
        client_address: None,
    }
}

pub(super) fn recorded(organization: OrganizationId, numbers: std::ops::Range<u32>) -> Vec<Recorded> {
    numbers.map(|number| Recorded { organization, entry: entry(number) }).collect()
}

pub(super) fn sequencer(store: &Arc<Memory>, hand: &Hand) -> Sequencer {
    Sequencer::new(store.clone(), key(), hand.clock(), Uuid::new_v4(), Stream::off())
}

/// Moves all that waits.
pub(super) async fn settle(sequencer: &mut Sequencer) {
    while sequencer.turn().await.unwrap() {}
}

/// A store whose organizations 1 and 2 have chains of this length.
pub(super) async fn chained(links: u32) -> Arc<Memory> {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    for number in [1, 2] {
        store.keep_entries(recorded(organization(number), 0..links)).await.unwrap();
    }
    settle(&mut sequencer(&store, &hand)).await;
    store
}

/// What a walk told.
#[derive(Default)]
pub(super) struct Told {
    pub(super) findings: Vec<Finding>,
    pub(super) passed: Vec<Anchor>,
    pub(super) heads: Vec<(OrganizationId, TrailHead)>,
    pub(super) looked: Looked,
}

impl Told {
    /// Organization (by its first byte), number, and the beginning of what is wrong.
    pub(super) fn wrong(&self) -> Vec<(u8, Option<u64>, &str)> {
        self.findings
            .iter()
            .map(|finding| (finding.organization.as_bytes()[0], finding.number, finding.what.as_str()))
            .collect()
    }
}

impl Witness for Told {
    fn looked(&mut self, _: u64) {}

    fn found(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn passed(&mut self, anchor: &Anchor) {
        self.passed.push(*anchor);
    }

    fn proven(&mut self, organization: OrganizationId, head: &TrailHead) {
        self.heads.push((organization, *head));
    }
}

pub(super) async fn verified(store: &Arc<Memory>, anchors: &[Anchor]) -> Told {
    let (key, mut told) = (key(), Told::default());
    let verify = Verify {
        store: &**store,
        key: &key,
        anchors,
        only: None,
        lag: Duration::from_secs(60),
        now: NOW.plus(1_000),
    };
    let looked = verify.run(&mut told).await.unwrap();
    told.looked = looked;
    told
}
