//! Rule 5: a restoration puts a record back as it was, if nothing speaks against it by now.

use super::{assert_refused, ids};
use crate::app::{App, CREATE_HOLDER, code, new_holder};
use crate::calls::text;
use serde_json::{Value, json};

const WHOLE: &str = "holder { id name document metadata version createdAt updatedAt deletedAt }";

#[tokio::test]
async fn a_restored_holder_is_as_it_was_and_found_by_everything_again() {
    let app = App::sandbox();
    let mut input = new_holder();
    input["metadata"] = json!({"tier": "gold"});
    input["externalId"] = json!("crm-1");
    let before = app.mutate("createHolder", WHOLE, &input).await["holder"].clone();
    let id = text(&before, "/id");
    app.archive("deleteHolder", id).await;
    let after =
        app.mutate("restoreHolder", WHOLE, &json!({"id": id, "expectedVersion": 2})).await["holder"].clone();
    assert!(text(&after, "/updatedAt") >= text(&before, "/updatedAt"));
    let mut expected = before.clone();
    (expected["version"], expected["updatedAt"]) = (json!(3), after["updatedAt"].clone());
    assert_eq!(after, expected);
    let document = input["document"].as_str().unwrap().to_lowercase();
    let read = "query($document: String!, $id: ID!) { holderByDocument(document: $document) { id } node(id: $id) { id }
        holders(filter: {document: $document, externalId: \"crm-1\", metadata: [{key: \"tier\", string: \"gold\"}]}) { nodes { id } }
        deleted: holders(filter: {state: DELETED}) { nodes { id } } }";
    let found = app.data(read, json!({"document": document, "id": id})).await;
    assert_eq!((&found["holderByDocument"]["id"], &found["node"]["id"]), (&json!(id), &json!(id)));
    assert_eq!((ids(&found["holders"]), ids(&found["deleted"])), (vec![id], vec![]));
    // It holds its document again.
    assert_refused(&app.mutate("createHolder", "holder { id }", &input).await, "DOCUMENT_IN_USE", "document");
    app.check();
}

#[tokio::test]
async fn a_holder_is_not_restored_where_its_document_is_taken_or_it_is_live_or_not_there() {
    let app = App::sandbox();
    let input = new_holder();
    let created = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    let id = text(&created, "/data/createHolder/holder/id");
    let restore = async |input: Value| app.mutate("restoreHolder", "holder { id }", &input).await;
    assert_refused(&restore(json!({"id": id})).await, "NOT_DELETED", "id");
    app.archive("deleteHolder", id).await;
    assert_refused(
        &restore(json!({"id": id, "expectedVersion": 1})).await,
        "VERSION_CONFLICT",
        "expectedVersion",
    );
    let other = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    assert_refused(&restore(json!({"id": id})).await, "DOCUMENT_IN_USE", "id");
    assert_refused(
        &restore(json!({"id": "01900000-0000-7000-8000-000000000000"})).await,
        "HOLDER_NOT_FOUND",
        "id",
    );
    assert_refused(&restore(json!({"id": "x"})).await, "INVALID_VALUE", "id");
    app.archive("deleteHolder", text(&other, "/data/createHolder/holder/id")).await;
    assert_eq!(restore(json!({"id": id})).await, json!({"holder": {"id": id}, "userErrors": []}));
}

#[tokio::test]
async fn a_restored_alias_account_is_as_it_was_with_a_link_checked_anew() {
    let app = App::sandbox();
    let holder = app.holder().await;
    let mut input = app.link_input(&holder, &app.account(0));
    input["bankingDetails"] = json!({"account": "12345-6", "iban": "GB82 WEST", "branch": "0001"});
    input["relatedParties"] =
        json!([{"document": "P-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"}]);
    let whole = "aliasAccount { id document bankingDetails { account iban branch } relatedParties { id document name }
        link { status checkedAt detail } version createdAt updatedAt deletedAt }";
    let before = app.mutate("createAliasAccount", whole, &input).await["aliasAccount"].clone();
    let id = text(&before, "/id");
    app.archive("deleteAliasAccount", id).await;
    // Meanwhile the ledger names a holder that is unknown here.
    app.ledger_says(&app.account(0), json!({"holderId": "01900000-0000-7000-8000-000000000000"})).await;
    let after = app.mutate("restoreAliasAccount", whole, &json!({"id": id})).await["aliasAccount"].clone();
    assert_eq!(after["link"]["status"], json!("VERIFIED"));
    assert!(
        after["link"]["detail"].is_string()
            && text(&after, "/link/checkedAt") >= text(&before, "/link/checkedAt")
    );
    let mut expected = before.clone();
    for name in ["link", "updatedAt"] {
        expected[name] = after[name].clone();
    }
    expected["version"] = json!(3);
    assert_eq!(after, expected);
    let filter = json!({"bankingDetailsAccount": "123456", "bankingDetailsIban": "gb82west", "bankingDetailsBranch": "0001",
        "relatedParty": {"document": "p1", "role": "PRIMARY_HOLDER"}, "holderId": holder, "linkStatus": "VERIFIED"});
    let list = "query($filter: AliasAccountFilter) { aliasAccounts(filter: $filter) { nodes { id } } }";
    assert_eq!(ids(&app.data(list, json!({"filter": filter})).await["aliasAccounts"]), [id]);
    app.check();
}

#[tokio::test]
async fn an_alias_account_is_not_restored_where_its_account_is_taken_its_holder_gone_or_it_is_live() {
    let app = App::sandbox();
    let (holder, id) = app.linked("DOC-1", &app.account(0)).await;
    let restore = async |input: Value| app.mutate("restoreAliasAccount", "aliasAccount { id }", &input).await;
    assert_refused(&restore(json!({"id": id})).await, "NOT_DELETED", "id");
    app.archive("deleteAliasAccount", &id).await;
    assert_refused(
        &restore(json!({"id": id, "expectedVersion": 1})).await,
        "VERSION_CONFLICT",
        "expectedVersion",
    );
    let other = app.holder().await;
    let taker = app.link(&other, &app.account(0)).await;
    assert_refused(&restore(json!({"id": id})).await, "ACCOUNT_IN_USE", "id");
    app.archive("deleteAliasAccount", &taker).await;
    app.archive("deleteHolder", &holder).await;
    assert_refused(&restore(json!({"id": id})).await, "HOLDER_NOT_FOUND", "id");
    let unknown = json!({"id": "01900000-0000-7000-8000-000000000000"});
    assert_refused(&restore(unknown).await, "ALIAS_ACCOUNT_NOT_FOUND", "id");
    app.mutate("restoreHolder", "holder { id }", &json!({"id": holder})).await;
    assert_eq!(restore(json!({"id": id})).await, json!({"aliasAccount": {"id": id}, "userErrors": []}));
    app.check();
}

#[tokio::test]
async fn an_alias_account_is_not_restored_where_the_ledger_speaks_against_it() {
    let app = App::sandbox();
    let (account, other) = (app.account(0), app.holder().await);
    let (_, id) = app.linked("DOC-1", &account).await;
    app.archive("deleteAliasAccount", &id).await;
    let plain = json!({"blocked": false, "type": "deposit", "deletedAt": null, "holderId": null});
    for (change, code) in [
        (json!({"blocked": true}), "LEDGER_ACCOUNT_BLOCKED"),
        (json!({"type": "external"}), "LEDGER_ACCOUNT_EXTERNAL"),
        (json!({"deletedAt": "2026-01-01T00:00:00Z"}), "LEDGER_ACCOUNT_NOT_FOUND"),
        (json!({"holderId": other}), "LEDGER_ACCOUNT_HOLDER_MISMATCH"),
    ] {
        app.ledger_says(&account, plain.clone()).await;
        app.ledger_says(&account, change).await;
        let payload = app.mutate("restoreAliasAccount", "aliasAccount { id }", &json!({"id": id})).await;
        assert_refused(&payload, code, "id");
        let read = app
            .data(
                "query($id: ID!) { aliasAccount(id: $id, state: ANY) { deletedAt version } }",
                json!({"id": id}),
            )
            .await;
        assert!(read["aliasAccount"]["deletedAt"].is_string() && read["aliasAccount"]["version"] == json!(2));
    }
    app.ledger_says(&account, plain).await;
    let payload = app.mutate("restoreAliasAccount", "aliasAccount { id }", &json!({"id": id})).await;
    assert_eq!(payload["userErrors"], json!([]));
}

#[tokio::test]
async fn an_alias_account_is_not_restored_while_the_ledger_gives_no_answer() {
    let upstreams = App::upstreams();
    let app = App::serve(&upstreams, &[]);
    let (_, id) = app.linked("DOC-1", &app.account(0)).await;
    app.archive("deleteAliasAccount", &id).await;
    let app = App::serve_in(app.stop(), &upstreams, &[("MIDAZ_LEDGER_URL", "http://127.0.0.1:9")]);
    let restore = "mutation($id: ID!) { restoreAliasAccount(input: {id: $id}) { aliasAccount { id } userErrors { code } } }";
    let answer = app.ask(restore, json!({"id": id})).await;
    assert_eq!((code(&answer), &answer["data"]["restoreAliasAccount"]), ("LEDGER_UNAVAILABLE", &Value::Null));
    let read = app
        .data("query($id: ID!) { aliasAccount(id: $id, state: DELETED) { version } }", json!({"id": id}))
        .await;
    assert_eq!(read["aliasAccount"]["version"], json!(2));
}
