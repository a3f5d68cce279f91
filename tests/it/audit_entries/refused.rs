//! What can be no argument is refused by its name.

use super::world::World;
use crate::app::code;
use holdergraph::domain::ids::OrganizationId;
use holdergraph::registry::ports::access::Resource;
use serde_json::{Value, json};
use uuid::Uuid;

fn refused(answer: &Value, told: &str) {
    assert_eq!(code(answer), "BAD_USER_INPUT", "{answer}");
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(told), "{told}: {message}");
    assert_eq!(answer["data"]["auditEntries"], Value::Null);
}

#[tokio::test]
async fn a_condition_that_is_null_blank_no_id_or_no_span_of_time_is_refused_by_its_name() {
    let world = World::new(100);
    let (early, late) = ("2026-11-23T00:00:00Z", "2026-11-24T00:00:00+02:00");
    for (filter, told) in [
        (Value::Null, "filter is null"),
        (json!({"subject": null}), "leave out filter.subject"),
        (json!({"recordId": null, "operation": null}), "filter.recordId, filter.operation"),
        (json!({"from": null, "to": null}), "filter.from, filter.to"),
        (json!({"subject": ""}), "filter.subject is blank"),
        (json!({"operation": " \u{a0}"}), "filter.operation is blank"),
        (json!({"recordId": "7"}), "filter.recordId is no UUID"),
        (
            json!({"from": late, "to": early}),
            "filter.from (2026-11-23T22:00:00.000Z) is not before filter.to",
        ),
        (json!({"from": early, "to": early}), "give an earlier from, or a later to"),
    ] {
        refused(&world.answer(json!({"filter": filter}), "number").await, told);
    }
    let good = json!({"filter": {"from": early, "to": late}});
    assert_eq!(world.answer(good, "number").await["errors"], Value::Null);
}

#[tokio::test]
async fn a_size_that_can_be_none_is_refused_by_its_name() {
    let world = World::new(100);
    for (arguments, told) in [
        (json!({"first": 0}), "first must be from 1 to 100"),
        (json!({"first": 101}), "first must be from 1 to 100"),
        (json!({"last": -1}), "last must be from 1 to 100"),
        (json!({"first": 1, "last": 1}), "first and last do not go together"),
    ] {
        refused(&world.answer(arguments, "number").await, told);
    }
}

#[tokio::test]
async fn only_the_same_list_of_the_same_organization_takes_a_cursor() {
    let world = World::granting(100, &[Resource::Audit, Resource::Holders]);
    let page = world.page(json!({"first": 2, "filter": {"subject": "owner/ana"}})).await;
    let cursor = page["pageInfo"]["endCursor"].clone();
    let filter = json!({"subject": "owner/ana"});
    world.page(json!({"after": cursor, "filter": filter})).await;
    for arguments in [
        json!({"after": cursor}),
        json!({"after": cursor, "filter": {"subject": "owner/bob"}}),
        json!({"after": cursor, "filter": {"operation": "owner/ana"}}),
        json!({"after": cursor, "filter": {"subject": "owner/ana", "to": "2030-01-01T00:00:00Z"}}),
        json!({"after": cursor, "filter": filter, "direction": "ASC"}),
        json!({"after": "", "filter": filter}),
        json!({"after": "AAAA", "filter": filter}),
    ] {
        refused(&world.answer(arguments, "number").await, "after is no cursor of this list");
    }
    let query = "query($cursor: String, $filter: AuditEntryFilter) {
        auditEntries(after: $cursor, filter: $filter) { nodes { id } } }";
    let elsewhere = OrganizationId(Uuid::now_v7());
    let answer = world.bench.answer(elsewhere, query, json!({"cursor": cursor, "filter": filter})).await;
    refused(&answer, "after is no cursor of this list");
    let holders = "query($cursor: String) { holders(after: $cursor) { nodes { id } } }";
    let answer = world.bench.answer(world.organization, holders, json!({"cursor": cursor})).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT");
}

#[tokio::test]
async fn another_organizations_entries_are_never_answered() {
    let world = World::new(100);
    let query = "{ auditEntries { nodes { id } } }";
    let answer = world.bench.ask(OrganizationId(Uuid::now_v7()), query, json!({})).await;
    assert_eq!(answer["auditEntries"]["nodes"], json!([]));
}
