//! `auditEntries`: the whole schema and registry over a trail of the test's own.

mod refused;
mod trail;
mod walks;
mod world;

use holdergraph::registry::ports::access::{Action, Resource};
use holdergraph::registry::ports::audit::AuditEntry;
use serde_json::{Value, json};
use world::{World, entry, found_by, numbers};

const ALL: &str =
    "id number at sealedAt actor subject kind operation records { id type } recordCount fields outcome
    codes requestId clientAddress hmac";

#[tokio::test]
async fn an_entry_says_who_did_what_to_which_records_and_how_it_ended() {
    let world = World::new(100);
    let answer = world.answer(json!({"first": 100, "direction": "ASC"}), ALL).await;
    assert_eq!(answer["errors"], Value::Null);
    let edges = answer["data"]["auditEntries"]["edges"].as_array().unwrap();
    let of = |number: &str| edges.iter().find(|edge| edge["node"]["number"] == json!(number)).unwrap();
    assert_eq!(
        of("2")["node"],
        json!({
            "id": "00000000-0000-0000-0000-000000000002",
            "number": "2",
            "at": "2027-01-15T08:00:00.000Z",
            "sealedAt": "2027-01-15T08:00:01.000Z",
            "actor": "PERSON",
            "subject": "owner/bob",
            "kind": "REFUSAL",
            "operation": "holder,holders",
            "records": [{"id": world::record(1), "type": "HOLDER"}],
            "recordCount": 1,
            "fields": ["document", "name"],
            "outcome": "REFUSED",
            "codes": ["FORBIDDEN"],
            "requestId": "request-1",
            "clientAddress": "192.0.2.7",
            "hmac": "02".repeat(32),
        })
    );
    let third = &of("3")["node"];
    assert_eq!((&third["actor"], &third["clientAddress"]), (&json!("APPLICATION"), &Value::Null));
    assert_eq!(third["records"][1]["type"], json!("ALIAS_ACCOUNT"));
    assert_eq!(
        (&third["kind"], &third["outcome"], &third["codes"]),
        (&json!("CHANGE"), &json!("DONE"), &json!([]))
    );
}

#[tokio::test]
async fn the_newest_comes_first_and_twenty_are_a_page_where_nobody_says_otherwise() {
    let world = World::new(100);
    let query = "{ auditEntries { nodes { number } edges { node { number } } pageInfo { hasNextPage } } }";
    let page = world.bench.ask(world.organization, query, json!({})).await["auditEntries"].clone();
    let mut expected: Vec<&(u64, AuditEntry)> = world.entries.iter().collect();
    expected.sort_by_key(|(number, entry)| std::cmp::Reverse((entry.at, *number)));
    let expected: Vec<u64> = expected.iter().map(|(number, _)| *number).take(20).collect();
    assert_eq!(numbers(&page), expected);
    assert_eq!(page["pageInfo"]["hasNextPage"], json!(true));
}

#[tokio::test]
async fn the_trail_needs_its_own_permission_and_no_other() {
    let world = World::granting(100, &[Resource::Audit]);
    world.page(json!({})).await;
    assert_eq!(*world.grants.asked.lock().unwrap(), [(Resource::Audit, Action::Get)]);
    let world = World::granting(100, &[Resource::Holders, Resource::Aliases, Resource::PersonalData]);
    // Who may not read is not told what is wrong with the arguments.
    for arguments in
        [json!({}), json!({"first": 0}), json!({"filter": {"subject": " "}}), json!({"after": "x"})]
    {
        let answer = world.answer(arguments, "number").await;
        assert_eq!(answer["data"]["auditEntries"], Value::Null);
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1));
        let error = &answer["errors"][0];
        assert_eq!(error["extensions"]["code"], json!("FORBIDDEN"));
        assert_eq!(error["path"], json!(["auditEntries"]));
        assert!(error["message"].as_str().unwrap().contains("may not get the audit trail"), "{error}");
    }
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_told_by_its_number_and_spoils_no_other() {
    let world = World::new(100);
    let mut spoilt = entry(0);
    spoilt.at = world::moment(35).plus(60_000);
    let text = json!({"subject": "913.150.260-15"}).to_string();
    world.trail.append_text(world.organization, found_by(&spoilt), text);
    let answer = world.answer(json!({"first": 3}), "number").await;
    assert_eq!(numbers(&answer["data"]["auditEntries"]).len(), 2);
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], json!("UNREADABLE"));
    assert!(error["message"].as_str().unwrap().contains("number 37"), "{error}");
    assert!(!answer.to_string().contains("913.150"), "{answer}");
    let page = world
        .page(json!({"first": 2, "after": answer["data"]["auditEntries"]["pageInfo"]["endCursor"]}))
        .await;
    assert_eq!(numbers(&page).len(), 2, "the list goes on behind it");
}
