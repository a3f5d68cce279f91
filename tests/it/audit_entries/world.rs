//! A service over a trail of three dozen entries, some at the same moment and sealed in another order than they happened.

use super::trail::Trail;
use crate::bench::Bench;
use async_trait::async_trait;
use holdergraph::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use holdergraph::domain::time::Timestamp;
use holdergraph::registry::ports::access::{
    AccessManager, Action, Decision, Identity, NoDecision, Resource, Unidentified,
};
use holdergraph::registry::ports::audit::{
    Actor, AuditEntry, AuditedRecord, EntryKind, EntryOutcome, FoundBy,
};
use holdergraph::registry::ports::call::Call;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

pub(super) const ENTRIES: usize = 36;

/// Grants what it is told to and writes down what it was asked.
pub(super) struct Grants {
    allowed: &'static [Resource],
    pub(super) asked: Mutex<Vec<(Resource, Action)>>,
}

#[async_trait]
impl AccessManager for Grants {
    async fn identify(&self, _: Option<&str>) -> Result<Identity, Unidentified> {
        Err(Unidentified::Unavailable)
    }

    async fn decide(&self, _: &Call, resource: Resource, action: Action) -> Result<Decision, NoDecision> {
        self.asked.lock().unwrap().push((resource, action));
        let allowed = self.allowed.contains(&resource) && action == Action::Get;
        Ok(if allowed { Decision::Allowed } else { Decision::Denied })
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

pub(super) struct World {
    pub(super) bench: Bench,
    pub(super) grants: Arc<Grants>,
    pub(super) trail: Arc<Trail>,
    pub(super) organization: OrganizationId,
    /// With their numbers, in the order of the chain.
    pub(super) entries: Vec<(u64, AuditEntry)>,
}

impl World {
    /// Of a trail that looks at so many entries at once.
    pub(super) fn new(look_max: usize) -> Self {
        Self::granting(look_max, &[Resource::Audit])
    }

    pub(super) fn granting(look_max: usize, allowed: &'static [Resource]) -> Self {
        let (trail, organization) = (Arc::new(Trail::new(look_max)), OrganizationId(Uuid::now_v7()));
        let grants = Arc::new(Grants { allowed, asked: Mutex::default() });
        let entries: Vec<_> = (0..ENTRIES).map(|index| (index as u64 + 1, entry(index))).collect();
        for (_, entry) in &entries {
            trail.append(organization, entry);
        }
        trail.append(OrganizationId(Uuid::now_v7()), &entry(7));
        let bench = Bench::with_trail(trail.clone(), grants.clone());
        Self { bench, grants, trail, organization, entries }
    }

    /// The answer with these arguments, selecting this of each node.
    pub(super) async fn answer(&self, arguments: Value, node: &str) -> Value {
        let query = format!(
            "query($filter: AuditEntryFilter = {{}}, $direction: SortDirection = DESC, $first: Int, $after: String,
                   $last: Int, $before: String) {{
                auditEntries(filter: $filter, direction: $direction, first: $first, after: $after, last: $last,
                             before: $before) {{
                    edges {{ cursor node {{ {node} }} }}
                    nodes {{ number }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
                }} }}"
        );
        self.bench.answer(self.organization, &query, arguments).await
    }

    /// One page that is answered without errors.
    pub(super) async fn page(&self, arguments: Value) -> Value {
        let answer = self.answer(arguments, "number").await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"]["auditEntries"].clone()
    }
}

pub(super) fn moment(index: usize) -> Timestamp {
    // Four entries a moment; every sixth was sealed later than those after it.
    let late = if index.is_multiple_of(6) { 5_000 } else { 0 };
    Timestamp(1_800_000_000_000 + (index as i64 / 4) * 1_000 - late)
}

pub(super) fn subject(index: usize) -> String {
    ["owner/ana", "owner/bob", "crm-import"][index % 3].to_owned()
}

pub(super) fn record(index: usize) -> Uuid {
    Uuid::from_u128(0x0190_a3b4_7c2d_7e1f_8a9b_0000_0000_0000 + index as u128 % 5)
}

pub(super) fn entry(index: usize) -> AuditEntry {
    let person = index % 3 != 2;
    let records = [
        AuditedRecord::Holder(HolderId(record(index))),
        AuditedRecord::AliasAccount(AliasAccountId(record(index + 1))),
    ];
    AuditEntry {
        id: Uuid::from_u128(index as u128 + 1),
        at: moment(index),
        actor: if person { Actor::Person } else { Actor::Application },
        subject: subject(index),
        kind: if index.is_multiple_of(2) { EntryKind::Change } else { EntryKind::Refusal },
        operation: ["createHolder", "holder,holders"][index % 2].to_owned(),
        records: records[..index % 3].to_vec(),
        record_count: index as u64 % 3,
        fields: vec!["document".to_owned(), "name".to_owned()],
        outcome: if index.is_multiple_of(2) { EntryOutcome::Done } else { EntryOutcome::Refused },
        codes: if index.is_multiple_of(2) { vec![] } else { vec!["FORBIDDEN".to_owned()] },
        request_id: format!("request-{index}"),
        client_address: person.then(|| "192.0.2.7".parse().unwrap()),
    }
}

/// The numbers on a page.
pub(super) fn numbers(page: &Value) -> Vec<u64> {
    let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{page}"));
    let edges = page["edges"].as_array().unwrap();
    let of = |node: &Value| node["number"].as_str().unwrap().parse().unwrap();
    let numbers: Vec<u64> = nodes.iter().map(of).collect();
    assert_eq!(numbers, edges.iter().map(|edge| of(&edge["node"])).collect::<Vec<_>>());
    numbers
}

/// What an entry is found by.
pub(super) fn found_by(entry: &AuditEntry) -> FoundBy {
    FoundBy::of(entry)
}

/// Filters, each in words of the schema and as the port has it.
pub(super) fn filters() -> Vec<(Value, holdergraph::registry::ports::audit::TrailFilter)> {
    use holdergraph::registry::ports::audit::TrailFilter;
    let none = TrailFilter::default;
    let (from, to) = (moment(9), moment(21));
    vec![
        (json!({}), none()),
        (json!({"subject": "owner/bob"}), TrailFilter { subject: Some("owner/bob".to_owned()), ..none() }),
        (json!({"recordId": record(2)}), TrailFilter { record: Some(record(2)), ..none() }),
        (
            json!({"operation": "holder,holders"}),
            TrailFilter { operation: Some("holder,holders".to_owned()), ..none() },
        ),
        (json!({"from": from.to_string()}), TrailFilter { from: Some(from), ..none() }),
        (json!({"to": to.to_string()}), TrailFilter { to: Some(to), ..none() }),
        (
            json!({"from": from.to_string(), "to": to.to_string(), "subject": "owner/ana"}),
            TrailFilter { from: Some(from), to: Some(to), subject: Some("owner/ana".to_owned()), ..none() },
        ),
        (json!({"subject": "owner"}), TrailFilter { subject: Some("owner".to_owned()), ..none() }),
    ]
}
