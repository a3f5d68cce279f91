//! Rule 4: what is deleted for good is gone, from queries, from searches and from all that is stored.

use super::{assert_refused, ids};
use crate::app::{App, code};
use crate::calls::text;
use crate::inside;
use serde_json::{Value, json};

/// Values that the store has of a record and that must go with it.
fn kept(app: &App, collection: &'static str, id: &str) -> Vec<Vec<u8>> {
    inside::erasable(app.dir(), collection, id)
}

/// Whether the store has one of these anywhere.
fn are_stored(app: &App, values: &[Vec<u8>]) -> bool {
    values.iter().any(|value| inside::has(app.dir(), value))
}

#[tokio::test]
async fn a_live_record_and_a_deleted_one_are_erased_alike() {
    let app = App::sandbox();
    for deleted in [false, true] {
        let account = app.open_account().await;
        let (holder, alias) = app.linked("DOC-1", &account).await;
        if deleted {
            app.archive("deleteAliasAccount", &alias).await;
        }
        for (mutation, id, table) in
            [("deleteAliasAccount", &alias, "alias_accounts"), ("deleteHolder", &holder, "holders")]
        {
            if deleted && mutation == "deleteHolder" {
                app.archive(mutation, id).await;
            }
            let kept = kept(&app, table, id);
            assert!(!kept.is_empty() && are_stored(&app, &kept), "the search must find what is there");
            let payload = app.mutate(mutation, "deletedId", &json!({"id": id, "mode": "HARD"})).await;
            assert_eq!(payload, json!({"deletedId": id, "userErrors": []}));
            assert!(!are_stored(&app, &kept), "{mutation}, deleted {deleted}");
            let again = app.mutate(mutation, "deletedId", &json!({"id": id, "mode": "HARD"})).await;
            assert_eq!(again["userErrors"][0]["field"], json!(["input", "id"]), "{again}");
        }
        let read = "query($holder: ID!, $alias: ID!) { holder(id: $holder, state: ANY) { id }
            aliasAccount(id: $alias, state: ANY) { id } holders(filter: {state: ANY}) { totalCount }
            aliasAccounts(filter: {state: ANY}) { totalCount } }";
        let read = app.data(read, json!({"holder": holder, "alias": alias})).await;
        let nothing = json!({"totalCount": 0});
        assert_eq!(
            read,
            json!({"holder": null, "aliasAccount": null, "holders": nothing, "aliasAccounts": nothing})
        );
        let restored = app.mutate("restoreHolder", "holder { id }", &json!({"id": holder})).await;
        assert_refused(&restored, "HOLDER_NOT_FOUND", "id");
        let restored = app.mutate("restoreAliasAccount", "aliasAccount { id }", &json!({"id": alias})).await;
        assert_refused(&restored, "ALIAS_ACCOUNT_NOT_FOUND", "id");
    }
    assert_eq!(app.stored(), (0, 0));
    app.check();
}

#[tokio::test]
async fn a_holders_deleted_alias_accounts_go_with_it_and_nobody_elses() {
    let app = App::sandbox();
    let (holder, _) = app.linked("DOC-1", &app.account(0)).await;
    let parties =
        json!([{"document": "PARTY-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"}]);
    let mut input = app.link_input(&holder, &app.account(1));
    input["bankingDetails"] = json!({"account": "12345-6", "iban": "GB82 WEST", "branch": "0001"});
    input["relatedParties"] = parties;
    let alias = app.mutate("createAliasAccount", "aliasAccount { id }", &input).await;
    let alias = text(&alias, "/aliasAccount/id").to_owned();
    let (other, stays) = app.linked("DOC-2", &app.account(2)).await;
    app.archive("deleteAliasAccount", &stays).await;
    let page = app
        .data("query($id: ID!) { holder(id: $id) { aliasAccounts { nodes { id } } } }", json!({"id": holder}))
        .await;
    for id in ids(&page["holder"]["aliasAccounts"]) {
        app.archive("deleteAliasAccount", id).await;
    }
    let (of_alias, of_stays) = (kept(&app, "alias_accounts", &alias), kept(&app, "alias_accounts", &stays));
    assert_eq!(of_alias.len(), 5, "its sealed part, and tokens of account, iban, party, and party with role");
    let payload = app.mutate("deleteHolder", "deletedId", &json!({"id": holder, "mode": "HARD"})).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert!(!are_stored(&app, &of_alias));
    assert!(are_stored(&app, &of_stays));
    let filters = [
        json!({"bankingDetailsAccount": "123456"}),
        json!({"relatedParty": {"document": "party1"}}),
        json!({"document": "doc1"}),
        json!({"holderId": holder}),
    ];
    for mut filter in filters {
        filter["state"] = json!("ANY");
        let list = "query($filter: AliasAccountFilter) { aliasAccounts(filter: $filter) { totalCount } }";
        let found = app.data(list, json!({"filter": filter})).await;
        assert_eq!(found["aliasAccounts"]["totalCount"], json!(0), "{filter}");
    }
    assert_eq!(app.stored(), (1, 1));
    let left = app
        .data(
            "query($id: ID!) { aliasAccount(id: $id, state: DELETED) { holder { id } } }",
            json!({"id": stays}),
        )
        .await;
    assert_eq!(left["aliasAccount"]["holder"]["id"], json!(other));
    app.check();
}

#[tokio::test]
async fn erasing_is_another_right_than_archiving() {
    let app = App::sandbox();
    let (holder, alias) = app.linked("DOC-1", &app.account(0)).await;
    for (mutation, id) in [("deleteAliasAccount", &alias), ("deleteHolder", &holder)] {
        let query = format!(
            "mutation($id: ID!, $mode: DeletionMode!) {{ {mutation}(input: {{id: $id, mode: $mode}}) {{ deletedId userErrors {{ code }} }} }}"
        );
        for token in ["contributor", "viewer", "nobody"] {
            for mode in ["SOFT", "HARD"] {
                let answer = app.ask_as(token, &query, json!({"id": id, "mode": mode})).await;
                assert_eq!(
                    (code(&answer), &answer["data"][mutation]),
                    ("FORBIDDEN", &Value::Null),
                    "{token}"
                );
            }
        }
        let answer = app.ask_as("editor", &query, json!({"id": id, "mode": "HARD"})).await;
        assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
        // Also of what it may archive, and of what is archived.
        let answer = app.ask_as("editor", &query, json!({"id": id, "mode": "SOFT"})).await;
        assert_eq!(answer["data"][mutation]["deletedId"], json!(id), "{answer}");
        let answer = app.ask_as("editor", &query, json!({"id": id, "mode": "HARD"})).await;
        assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
        assert_eq!(app.stored(), (1, 1));
    }
    let answer = app.mutate("deleteHolder", "deletedId", &json!({"id": holder, "mode": "HARD"})).await;
    assert_eq!(answer["deletedId"], json!(holder));
    assert_eq!(app.stored(), (0, 0));
}
