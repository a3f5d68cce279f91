//! What is read of the trail: lines for a SIEM, and counts for access reviews.

use super::known_answers::ENTRIES;
use super::memory::Memory;
use super::{Hand, NOW, chained, entry, key, organization, recorded, settle};
use crate::audit::ecs;
use crate::audit::report::{By, ROWS_MAX, Report, ReportError};
use crate::audit::sequencer::Sequencer;
use crate::audit::stream::Stream;
use crate::audit::walk::each_link;
use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::ports::audit::{
    AuditEntry, AuditStore, AuditedRecord, EntryKind, EntryOutcome, TrailFilter, TrailHead, TrailLink,
};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;

fn link(entry: &AuditEntry) -> TrailLink {
    key().seal(organization(1), &TrailHead::NONE, entry, NOW).unwrap()
}

fn exported(link: &TrailLink) -> Value {
    let line = ecs::line(organization(1), link);
    assert!(line.ends_with('\n') && line.lines().count() == 1, "{line}");
    serde_json::from_str(&line).unwrap()
}

#[test]
fn a_link_is_a_line_in_ecs() {
    let first = link(&serde_json::from_str(ENTRIES[0]).unwrap());
    let expected = json!({
        "@timestamp": "2027-01-15T08:00:00.000Z",
        "ecs": {"version": "8.17.0"},
        "message": "holder by acme/josé: done",
        "event": {
            "id": "01a00000-0000-7000-8000-000000000001", "kind": "event", "category": ["api"],
            "type": ["access"], "action": "holder", "outcome": "success", "sequence": 1,
            "module": "holdergraph", "dataset": "holdergraph.audit",
        },
        "user": {"id": "acme/josé", "domain": "acme", "name": "josé"},
        "organization": {"id": organization(1).to_string()},
        "client": {"ip": "192.0.2.7"},
        "http": {"request": {"id": "req-1"}},
        "related": {"user": ["acme/josé"], "ip": ["192.0.2.7"]},
        "labels": {"actor": "person", "kind": "read"},
        "holdergraph": {
            "number": 1, "hmac": hex::encode(first.mac.0), "sealed_at": "2027-01-15T08:00:00.000Z",
            "actor": "person", "kind": "read", "outcome": "done", "record_count": 1, "codes": [],
            "records": [{"type": "Holder", "id": "01a00000-0000-7000-8000-0000000000aa"}],
            "fields": ["Holder.document", "Holder.name"],
        },
    });
    assert_eq!(exported(&first), expected);
    let refused = exported(&link(&serde_json::from_str(ENTRIES[1]).unwrap()));
    assert_eq!(refused["event"]["outcome"], "failure");
    assert_eq!(
        (&refused["event"]["type"], &refused["event"]["reason"]),
        (&json!(["denied"]), &json!("FORBIDDEN"))
    );
    assert_eq!(refused["user"], json!({"id": "billing", "name": "billing"}));
    assert!(refused.get("client").is_none() && refused["related"].get("ip").is_none());
}

#[test]
fn a_link_of_a_newer_release_is_shown_as_it_is() {
    let mut newer = link(&entry(1));
    newer.entry = newer.entry.replace(r#""kind":"read""#, r#""kind":"dream""#);
    let line = exported(&newer);
    assert_eq!(line["event"]["kind"], "pipeline_error");
    assert_eq!(line["event"]["original"], json!(newer.entry));
}

#[tokio::test]
async fn a_walk_shows_every_link_of_a_time_once_in_pages() {
    let store = chained(1_234).await;
    let mut seen = Vec::new();
    let mut see = |organization, link: &TrailLink| {
        seen.push((organization, link.number));
        Ok::<(), ()>(())
    };
    let filter =
        TrailFilter { from: Some(entry(10).at), to: Some(entry(1_210).at), ..TrailFilter::default() };
    each_link(&*store, None, &filter, &mut see).await.unwrap();
    let expected: Vec<_> = [1, 2]
        .into_iter()
        .flat_map(|of| (11..=1_210).map(move |number| (organization(of), number)))
        .collect();
    assert_eq!(seen, expected);
}

/// An entry of this subject about these records.
fn of(subject: &str, kind: EntryKind, records: &[u128], at: i64) -> AuditEntry {
    let records = records.iter().map(|id| AuditedRecord::Holder(HolderId(Uuid::from_u128(*id)))).collect();
    AuditEntry { subject: subject.to_owned(), kind, records, at: NOW.plus(at), ..entry(1) }
}

#[test]
fn a_report_counts_reads_changes_and_refusals_of_each_pair() {
    let mut report = Report::of(None);
    let mut count = |entry: AuditEntry| report.count(organization(1), &link(&entry)).unwrap();
    count(of("acme/maria", EntryKind::Read, &[1, 2], 1));
    count(AuditEntry {
        fields: vec!["Holder.document".to_owned()],
        ..of("acme/maria", EntryKind::Read, &[1], 9)
    });
    count(of("acme/maria", EntryKind::Change, &[1], 5));
    count(AuditEntry { outcome: EntryOutcome::Refused, ..of("acme/joao", EntryKind::Refusal, &[1], 3) });
    count(AuditEntry { outcome: EntryOutcome::Failed, ..of("acme/joao", EntryKind::Change, &[1], 4) });
    let rows = report.rows(By::Record);
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            let counts = &row.counts;
            let numbers = (counts.reads, counts.changes, counts.refused);
            (
                row.record.unwrap().id().as_u128(),
                row.subject.as_str(),
                numbers,
                counts.first.0 - NOW.0,
                counts.last.0 - NOW.0,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, "acme/joao", (0, 0, 2), 3, 4),
            (1, "acme/maria", (2, 1, 0), 1, 9),
            (2, "acme/maria", (1, 0, 0), 1, 1),
        ]
    );
    assert!(rows[1].counts.fields.iter().eq(["Holder.document", "Holder.name"]));
}

#[test]
fn records_that_an_entry_only_counts_stand_in_a_row_of_their_own() {
    let ids: Vec<u128> = (1..=100).collect();
    let listed = AuditEntry { record_count: 250, ..of("acme/maria", EntryKind::Read, &ids, 0) };
    let mut report = Report::of(None);
    report.count(organization(1), &link(&listed)).unwrap();
    let rows = report.rows(By::Subject);
    assert_eq!((rows.len(), rows[0].record, rows[0].counts.unnamed), (101, None, 150));
    // Asked for one record, nothing else is told.
    let mut report = Report::of(Some(Uuid::from_u128(7)));
    report.count(organization(1), &link(&listed)).unwrap();
    assert_eq!(report.rows(By::Subject).len(), 1);
}

#[test]
fn a_holder_and_an_alias_account_are_told_apart_and_too_many_pairs_are_refused() {
    let id = Uuid::from_u128(1);
    let both = AuditEntry {
        records: vec![AuditedRecord::Holder(HolderId(id)), AuditedRecord::AliasAccount(AliasAccountId(id))],
        record_count: 2,
        ..entry(1)
    };
    let mut report = Report::of(None);
    report.count(organization(1), &link(&both)).unwrap();
    assert_eq!(report.rows(By::Record).len(), 2);
    let mut report = Report::of(None);
    for from in (0..ROWS_MAX as u128).step_by(100) {
        let ids: Vec<u128> = (from..from + 100).collect();
        report.count(organization(1), &link(&of("acme/maria", EntryKind::Read, &ids, 0))).unwrap();
    }
    let one_more = link(&of("acme/maria", EntryKind::Read, &[ROWS_MAX as u128], 0));
    assert_eq!(report.count(organization(1), &one_more), Err(ReportError::TooMany));
}

/// Somebody who reads lines, or does not.
#[derive(Clone, Default)]
struct Reader(Arc<Mutex<Vec<u8>>>);

impl Write for Reader {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn each_appended_link_is_streamed_once() {
    let (store, hand, reader) = (Arc::new(Memory::default()), Hand::new(), Reader::default());
    let (stream, written) = Stream::to(reader.clone()).unwrap();
    let mut sequencer = Sequencer::new(store.clone(), key(), hand.clock(), Uuid::new_v4(), stream);
    store.keep_entries(recorded(organization(1), 0..1_200)).await.unwrap();
    settle(&mut sequencer).await;
    drop(sequencer);
    written.within(Duration::from_secs(60)).await;
    let text = String::from_utf8(reader.0.lock().unwrap().clone()).unwrap();
    let numbers: Vec<u64> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["event"]["sequence"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=1_200).collect::<Vec<_>>());
}

/// Takes nothing, for ever.
struct Stalled;

impl Write for Stalled {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        loop {
            std::thread::park();
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_takes_nothing_does_not_stop_the_trail() {
    let (store, hand) = (Arc::new(Memory::default()), Hand::new());
    let (stream, _written) = Stream::to(Stalled).unwrap();
    let mut sequencer = Sequencer::new(store.clone(), key(), hand.clock(), Uuid::new_v4(), stream);
    store.keep_entries(recorded(organization(1), 0..15_000)).await.unwrap();
    settle(&mut sequencer).await;
    assert_eq!(store.links(organization(1)).len(), 15_000);
}
