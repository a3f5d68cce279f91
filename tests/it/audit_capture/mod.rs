//! What the audit trail is told: every mutation, every refusal to somebody known, every answer in clear; never a value.

mod coordinates;
mod door;
mod mutations;
mod refused;

pub(crate) mod collected;

use super::bench::Bench;
use holdergraph::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use holdergraph::registry::ports::audit::{AuditEntry, AuditedRecord};
use serde_json::Value;
use std::collections::HashSet;
use uuid::Uuid;

fn holder(id: &str) -> AuditedRecord {
    AuditedRecord::Holder(HolderId(Uuid::parse_str(id).unwrap()))
}

fn alias_account(id: &str) -> AuditedRecord {
    AuditedRecord::AliasAccount(AliasAccountId(Uuid::parse_str(id).unwrap()))
}

/// Sees what is told of one organization, be it with a change or beside it.
struct Watch<'a> {
    bench: &'a Bench,
    organization: OrganizationId,
    seen: HashSet<Uuid>,
}

impl<'a> Watch<'a> {
    fn new(bench: &'a Bench, organization: OrganizationId) -> Self {
        Self { bench, organization, seen: HashSet::new() }
    }

    /// What was told since it was last looked, each entry once, however many records carry it.
    async fn new_entries(&mut self) -> Vec<AuditEntry> {
        let waiting = self.bench.waiting(self.organization).await;
        let mut all: Vec<AuditEntry> = waiting.into_iter().chain(self.bench.trail.take()).collect();
        all.retain(|entry| self.seen.insert(entry.id));
        all
    }

    /// The one that was.
    async fn new_entry(&mut self) -> AuditEntry {
        let entries = self.new_entries().await;
        assert_eq!(entries.len(), 1, "{entries:#?}");
        entries.into_iter().next().unwrap()
    }
}

/// An entry's words, without what is random in it.
fn words(entry: &AuditEntry) -> String {
    let mut entry = serde_json::to_value(entry).unwrap();
    let fields = entry.as_object_mut().unwrap();
    for random in ["id", "at", "requestId"] {
        fields.remove(random);
    }
    for record in fields.get_mut("records").and_then(Value::as_array_mut).into_iter().flatten() {
        record["id"] = Value::Null;
    }
    entry.to_string()
}

/// All texts that are values of an input, but ids and names of the schema.
fn values(input: &Value) -> Vec<String> {
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    match input {
        Value::String(text) if Uuid::parse_str(text).is_err() && !is_name(text) => vec![text.clone()],
        Value::Array(entries) => entries.iter().flat_map(values).collect(),
        Value::Object(fields) => fields.values().flat_map(values).collect(),
        _ => Vec::new(),
    }
}
