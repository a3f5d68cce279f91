//! Conditions of every kind, such that hold for some records and such that hold for none.

use super::values::writings;
use super::world::World;
use holdergraph::domain::time::Timestamp;
use serde_json::{Value, json};

/// A field of the filter and a value for it.
pub(super) type Condition = (&'static str, Value);

const NOBODY: &str = "01900000-0000-7000-8000-000000000000";

/// Every condition of HolderFilter.
pub(super) fn of_holders(world: &World) -> Vec<Condition> {
    let holders = &world.holders;
    let ids: Vec<&str> = holders.iter().map(|holder| holder.id.as_str()).collect();
    let moments: Vec<&str> = holders.iter().map(|holder| holder.created_at.as_str()).collect();
    let mut conditions = vec![
        ("type", json!("NATURAL_PERSON")),
        ("type", json!("LEGAL_PERSON")),
        ("externalId", json!("crm-1")),
        ("externalId", json!("crm-2")),
        ("externalId", json!("CRM-1")),
        ("externalId", json!("crm-")),
        ("externalId", json!("%")),
    ];
    // Of a live one, of a deleted one, of a live one and a deleted one together; the last belongs to nobody.
    for document in [22, 29, 30, 4, 1, 63] {
        conditions.extend(writings(document).map(|writing| ("document", json!(writing))));
    }
    conditions.extend(of_all(world, &ids, &moments));
    conditions
}

/// Every condition of AliasAccountFilter.
pub(super) fn of_aliases(world: &World) -> Vec<Condition> {
    let aliases = &world.aliases;
    let ids: Vec<&str> = aliases.iter().map(|alias| alias.id.as_str()).collect();
    let moments: Vec<&str> = aliases.iter().map(|alias| alias.created_at.as_str()).collect();
    let one = &aliases[41];
    let mut conditions: Vec<Condition> = vec![
        ("holderId", json!(one.holder)),
        ("holderId", json!(aliases[3].holder)),
        ("holderId", json!(world.foreign[0])),
        ("holderId", json!(aliases[60].holder.to_uppercase())),
        ("ledgerId", json!(one.ledger)),
        ("ledgerId", json!(aliases[60].ledger.to_uppercase())),
        ("ledgerId", json!(NOBODY)),
        ("accountId", json!(one.account)),
        ("accountId", json!(aliases[62].account.to_uppercase())),
        ("accountId", json!(NOBODY)),
        ("bankingDetailsBranch", json!("0001")),
        ("bankingDetailsBranch", json!("0001 A")),
        ("bankingDetailsBranch", json!("0001 a")),
        ("bankingDetailsBranch", json!("1")),
    ];
    let written = |field, values: &[usize], writing: usize| {
        values.iter().map(move |value| (field, json!(writings(*value)[writing]))).collect::<Vec<Condition>>()
    };
    conditions.extend(written("document", &[one.document, 28, 31, 0], 3));
    conditions.extend(written("bankingDetailsAccount", &[0, 1, 3, 40], 3));
    conditions.extend(written("bankingDetailsIban", &[0, 2, 5, 41], 1));
    conditions.extend(written("participantDocument", &[0, 3, 8, 42], 2));
    for status in ["VERIFIED", "BLOCKED", "NOT_FOUND", "MISMATCH", "UNVERIFIED"] {
        conditions.push(("linkStatus", json!(status)));
    }
    for document in [10, 11, 12, 13, 43] {
        let document = &writings(document)[1];
        conditions.push(("relatedParty", json!({"document": document})));
        for role in ["PRIMARY_HOLDER", "LEGAL_REPRESENTATIVE"] {
            conditions.push(("relatedParty", json!({"document": document, "role": role})));
        }
    }
    for role in ["PRIMARY_HOLDER", "LEGAL_REPRESENTATIVE", "RESPONSIBLE_PARTY"] {
        conditions.push(("relatedParty", json!({"role": role})));
    }
    conditions.extend(of_all(world, &ids, &moments));
    conditions
}

/// The conditions that both filters have.
fn of_all(world: &World, ids: &[&str], moments: &[&str]) -> Vec<Condition> {
    let foreign = world.foreign.iter().map(String::as_str).chain([NOBODY]);
    let hundred: Vec<&str> = ids[10..50].iter().copied().chain(foreign.cycle()).take(100).collect();
    let middle = Timestamp::parse(moments[moments.len() / 2]).unwrap();
    let (earlier, later) = (middle.plus(-1).to_string(), middle.plus(1).to_string());
    let elsewhere = middle.to_string().replace('Z', "+00:00");
    let (first, exact, last) = (moments[0], middle.to_string(), moments[moments.len() - 1]);
    let mut conditions = vec![
        ("ids", json!([])),
        ("ids", json!(hundred)),
        ("ids", json!([ids[3].to_uppercase(), ids[21], ids[22], ids[22], ids[45], ids[52]])),
        ("ids", json!([world.foreign[0], world.foreign[1], NOBODY])),
        ("createdAt", json!({"from": exact})),
        ("createdAt", json!({"to": elsewhere})),
        ("createdAt", json!({"from": exact, "to": later})),
        ("createdAt", json!({"from": earlier, "to": exact})),
        ("createdAt", json!({"from": exact, "to": exact})),
        ("createdAt", json!({"from": first, "to": last})),
        ("createdAt", json!({"from": later, "to": earlier})),
        ("createdAt", json!({"to": first})),
    ];
    let entries = [
        json!([{"key": "tier", "string": "gold"}]),
        json!([{"key": "tier", "boolean": true}]),
        json!([{"key": "score", "number": 1}]),
        json!([{"key": "score", "number": 1.0}]),
        json!([{"key": "score", "number": 0.1}]),
        json!([{"key": "score", "number": 9007199254740991.0}]),
        json!([{"key": "score", "string": "1"}]),
        json!([{"key": "vip", "boolean": true}]),
        json!([{"key": "vip", "boolean": false}]),
        json!([{"key": "vip", "string": "true"}]),
        json!([{"key": "tier", "string": "gold"}, {"key": "vip", "boolean": true}, {"key": "score", "number": 1}]),
        json!([{"key": "tier", "string": "gold"}, {"key": "tier", "string": "silver"}]),
        json!([{"key": "note", "string": "tier=gold"}]),
        json!([{"key": "Tier", "string": "gold"}]),
    ];
    conditions.extend(entries.map(|entries| ("metadata", entries)));
    conditions.extend(["LIVE", "DELETED", "ANY"].map(|state| ("state", json!(state))));
    conditions
}
