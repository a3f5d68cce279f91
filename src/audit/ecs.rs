//! Links in the Elastic Common Schema, one JSON object a line. docs/audit.md has the mapping as a table.

use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{Actor, AuditEntry, AuditedRecord, EntryKind, EntryOutcome, TrailLink};
use serde_json::{Map, Value, json};

/// The version of the schema whose fields are used.
const VERSION: &str = "8.17.0";

/// A link as a line, with its line end.
pub fn line(organization: OrganizationId, link: &TrailLink) -> String {
    let object = match serde_json::from_str::<AuditEntry>(&link.entry) {
        Ok(entry) => object(organization, link, &entry),
        Err(_) => unreadable(organization, link),
    };
    Value::Object(object).to_string() + "\n"
}

fn object(organization: OrganizationId, link: &TrailLink, entry: &AuditEntry) -> Map<String, Value> {
    let mut object = common(organization, link);
    object.insert("@timestamp".to_owned(), entry.at.to_string().into());
    object.insert("message".to_owned(), message(entry).into());
    object.insert("event".to_owned(), event(link, entry));
    object.insert("user".to_owned(), user(entry));
    object.insert("http".to_owned(), json!({"request": {"id": entry.request_id}}));
    let mut related = Map::from_iter([("user".to_owned(), json!([entry.subject]))]);
    if let Some(address) = entry.client_address {
        object.insert("client".to_owned(), json!({"ip": address}));
        related.insert("ip".to_owned(), json!([address]));
    }
    object.insert("related".to_owned(), related.into());
    let labels = json!({"actor": actor(entry.actor), "kind": kind(entry.kind)});
    object.insert("labels".to_owned(), labels);
    let records: Vec<Value> = entry.records.iter().copied().map(record).collect();
    if let Some(Value::Object(own)) = object.get_mut("holdergraph") {
        own.extend([
            ("actor".to_owned(), actor(entry.actor).into()),
            ("kind".to_owned(), kind(entry.kind).into()),
            ("outcome".to_owned(), outcome(entry.outcome).into()),
            ("records".to_owned(), records.into()),
            ("record_count".to_owned(), entry.record_count.into()),
            ("fields".to_owned(), json!(entry.fields)),
            ("codes".to_owned(), json!(entry.codes)),
        ]);
    }
    object
}

/// What is known of every link.
fn common(organization: OrganizationId, link: &TrailLink) -> Map<String, Value> {
    let object = json!({
        "ecs": {"version": VERSION},
        "organization": {"id": organization.to_string()},
        "holdergraph": {
            "number": link.number,
            "hmac": hex::encode(link.mac.0),
            "sealed_at": link.sealed_at.to_string(),
        },
    });
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// A link that a newer release has written, or that somebody has spoilt: it is shown as it is, and as a fault.
fn unreadable(organization: OrganizationId, link: &TrailLink) -> Map<String, Value> {
    let mut object = common(organization, link);
    object.insert("@timestamp".to_owned(), link.found_by.at.to_string().into());
    let event = json!({
        "id": link.found_by.id.to_string(),
        "kind": "pipeline_error",
        "module": "holdergraph",
        "dataset": "holdergraph.audit",
        "sequence": link.number,
        "original": link.entry,
    });
    object.insert("event".to_owned(), event);
    object.insert("error".to_owned(), json!({"message": "this release cannot read the entry of this link"}));
    object
}

fn event(link: &TrailLink, entry: &AuditEntry) -> Value {
    let (category, kind) = match entry.kind {
        EntryKind::Change => ("api", "change"),
        EntryKind::Purge => ("api", "deletion"),
        EntryKind::Read => ("api", "access"),
        EntryKind::Refusal => ("api", "denied"),
        EntryKind::Upkeep => ("configuration", "change"),
    };
    let outcome = match entry.outcome {
        EntryOutcome::Done | EntryOutcome::Repeated => "success",
        EntryOutcome::Refused | EntryOutcome::Failed => "failure",
    };
    let mut event = json!({
        "id": entry.id.to_string(),
        "kind": "event",
        "category": [category],
        "type": [kind],
        "action": entry.operation,
        "outcome": outcome,
        "module": "holdergraph",
        "dataset": "holdergraph.audit",
        "sequence": link.number,
    });
    if let Some(event) = event.as_object_mut()
        && !entry.codes.is_empty()
    {
        event.insert("reason".to_owned(), entry.codes.join(",").into());
    }
    event
}

/// The subject is the id; what stands behind its first slash is the name, and before it, of a person, the domain.
fn user(entry: &AuditEntry) -> Value {
    let subject = entry.subject.as_str();
    match (entry.actor, subject.split_once('/')) {
        (Actor::Person, Some((owner, sub))) => json!({"id": subject, "domain": owner, "name": sub}),
        (Actor::Operator | Actor::System, Some((_, name))) => json!({"id": subject, "name": name}),
        _ => json!({"id": subject, "name": subject}),
    }
}

fn message(entry: &AuditEntry) -> String {
    format!("{} by {}: {}", entry.operation, entry.subject, outcome(entry.outcome))
}

fn record(record: AuditedRecord) -> Value {
    json!({"type": record_type(record), "id": record.id().to_string()})
}

/// The record's type, by its name in the schema.
pub fn record_type(record: AuditedRecord) -> &'static str {
    match record {
        AuditedRecord::Holder(_) => "Holder",
        AuditedRecord::AliasAccount(_) => "AliasAccount",
    }
}

fn actor(actor: Actor) -> &'static str {
    match actor {
        Actor::Person => "person",
        Actor::Application => "application",
        Actor::Operator => "operator",
        Actor::System => "system",
        Actor::Anonymous => "anonymous",
    }
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Change => "change",
        EntryKind::Purge => "purge",
        EntryKind::Read => "read",
        EntryKind::Refusal => "refusal",
        EntryKind::Upkeep => "upkeep",
    }
}

fn outcome(outcome: EntryOutcome) -> &'static str {
    match outcome {
        EntryOutcome::Done => "done",
        EntryOutcome::Repeated => "repeated",
        EntryOutcome::Refused => "refused",
        EntryOutcome::Failed => "failed",
    }
}
