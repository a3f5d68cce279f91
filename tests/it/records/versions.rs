//! Rule 8: what counts as a change of a record, and what does not.

use super::assert_refused;
use crate::app::App;
use crate::calls::text;
use serde_json::{Value, json};

async fn versions(app: &App, holder: &str, alias: &str) -> (i64, i64) {
    let read = "query($holder: ID!, $alias: ID!) {
        holder(id: $holder, state: ANY) { version } aliasAccount(id: $alias, state: ANY) { version } }";
    let found = app.data(read, json!({"holder": holder, "alias": alias})).await;
    (found["holder"]["version"].as_i64().unwrap(), found["aliasAccount"]["version"].as_i64().unwrap())
}

#[tokio::test]
async fn updates_deletions_and_restorations_raise_the_version_and_nothing_else_does() {
    let app = App::sandbox();
    let (holder, alias) = app.linked("DOC-1", &app.account(0)).await;
    let party =
        json!({"document": "P-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"});
    let add = json!({"aliasAccountId": alias, "relatedParty": party});
    let added = app.mutate("addRelatedParty", "relatedParty { id }", &add).await;
    let party = text(&added, "/relatedParty/id");
    let link = app.link_input(&holder, &app.account(1));
    let of_party = |more: Value| {
        let mut input = json!({"aliasAccountId": alias, "id": party});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        input
    };
    // What is called, and how much it raises the versions of holder and alias account.
    for (mutation, input, holder_by, alias_by) in [
        ("createAliasAccount", link, 0, 0),
        ("verifyAliasAccount", json!({"id": alias}), 0, 0),
        ("updateHolder", json!({"id": holder, "name": "Maria Lima"}), 1, 0),
        ("updateHolder", json!({"id": holder, "name": "Maria Lima"}), 0, 0),
        ("updateHolder", json!({"id": holder}), 0, 0),
        ("updateAliasAccount", json!({"id": alias, "bankingDetails": {"branch": "0001"}}), 0, 1),
        ("updateAliasAccount", json!({"id": alias, "bankingDetails": {"branch": "0001"}}), 0, 0),
        ("updateRelatedParty", of_party(json!({"name": "Ana Lima"})), 0, 1),
        ("updateRelatedParty", of_party(json!({"name": "Ana Lima"})), 0, 0),
        ("removeRelatedParty", of_party(json!({})), 0, 1),
        ("deleteAliasAccount", json!({"id": alias}), 0, 1),
        ("restoreAliasAccount", json!({"id": alias}), 0, 1),
    ] {
        let before = versions(&app, &holder, &alias).await;
        let payload = app.mutate(mutation, "__typename", &input).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation} {input}");
        let expected = (before.0 + holder_by, before.1 + alias_by);
        assert_eq!(versions(&app, &holder, &alias).await, expected, "{mutation} {input}");
    }
}

#[tokio::test]
async fn every_change_with_another_version_than_expected_is_a_conflict_and_changes_nothing() {
    let app = App::sandbox();
    let (holder, alias) = app.linked("DOC-1", &app.account(0)).await;
    let party =
        json!({"document": "P-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"});
    let add = json!({"aliasAccountId": alias, "relatedParty": party});
    let added = app.mutate("addRelatedParty", "relatedParty { id }", &add).await;
    let party = text(&added, "/relatedParty/id").to_owned();
    let (lonely, of_alias) = (app.holder().await, json!({"aliasAccountId": alias, "id": party}));
    for (mutation, input) in [
        ("updateHolder", json!({"id": holder, "name": "B"})),
        ("deleteHolder", json!({"id": lonely})),
        ("deleteHolder", json!({"id": lonely, "mode": "HARD"})),
        ("updateAliasAccount", json!({"id": alias, "metadata": {"k": 1}})),
        ("deleteAliasAccount", json!({"id": alias})),
        ("deleteAliasAccount", json!({"id": alias, "mode": "HARD"})),
        ("addRelatedParty", add),
        ("updateRelatedParty", of_alias.clone()),
        ("removeRelatedParty", of_alias),
    ] {
        let before = versions(&app, &holder, &alias).await;
        for version in [0, 7] {
            let mut input = input.clone();
            input["expectedVersion"] = json!(version);
            let payload = app.mutate(mutation, "__typename", &input).await;
            assert_eq!(payload["userErrors"].as_array().unwrap().len(), 1, "{mutation} {input}");
            assert_eq!(payload["userErrors"][0]["code"], json!("VERSION_CONFLICT"), "{mutation} {input}");
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "expectedVersion"]));
        }
        assert_eq!(versions(&app, &holder, &alias).await, before, "{mutation}");
    }
    // A conflict is told after "not found", and a record in the wrong state before it.
    let gone = json!({"id": "01900000-0000-7000-8000-000000000000", "expectedVersion": 7});
    assert_refused(&app.mutate("updateHolder", "holder { id }", &gone).await, "HOLDER_NOT_FOUND", "id");
    let live = json!({"id": holder, "expectedVersion": 7});
    assert_refused(&app.mutate("restoreHolder", "holder { id }", &live).await, "NOT_DELETED", "id");
    assert_eq!(app.stored(), (2, 1));
}
