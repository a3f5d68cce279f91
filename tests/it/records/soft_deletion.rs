//! Rules 3 and 4: a soft-deleted record leaves every query that does not ask for it, and frees what it held.

use super::{assert_refused, ids};
use crate::app::App;
use crate::calls::text;
use serde_json::{Value, json};

const HOLDER: &str = "query($id: ID!, $document: String!) {
    one: holder(id: $id) { id } live: holder(id: $id, state: LIVE) { id }
    deleted: holder(id: $id, state: DELETED) { id version deletedAt } any: holder(id: $id, state: ANY) { id }
    byDocument: holderByDocument(document: $document) { id } node(id: $id) { id } nodes(ids: [$id]) { id }
    all: holders { nodes { id } totalCount } byFilter: holders(filter: {document: $document}) { nodes { id } totalCount }
    byId: holders(filter: {ids: [$id]}) { nodes { id } totalCount }
    listDeleted: holders(filter: {state: DELETED}) { nodes { id } totalCount }
    listAny: holders(filter: {state: ANY, document: $document}) { nodes { id } totalCount } }";

#[tokio::test]
async fn a_soft_deleted_holder_leaves_every_query_that_does_not_ask_for_it() {
    let app = App::sandbox();
    let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": "913.150.260-15"});
    let created = app.mutate("createHolder", "holder { id updatedAt }", &input).await;
    let id = text(&created, "/holder/id");
    let variables = json!({"id": id, "document": "91315026015"});
    let live = app.data(HOLDER, variables.clone()).await;
    app.archive("deleteHolder", id).await;
    let gone = app.data(HOLDER, variables).await;
    let there = json!({"id": id});
    for name in ["one", "live", "byDocument", "node"] {
        assert_eq!((&live[name], &gone[name]), (&there, &Value::Null), "{name}");
    }
    assert_eq!((&live["nodes"], &gone["nodes"]), (&json!([there]), &json!([null])));
    for name in ["all", "byFilter", "byId"] {
        assert_eq!((ids(&live[name]), &live[name]["totalCount"]), (vec![id], &json!(1)), "{name}");
        assert_eq!((ids(&gone[name]), &gone[name]["totalCount"]), (vec![], &json!(0)), "{name}");
    }
    assert_eq!((&live["deleted"], ids(&live["listDeleted"])), (&Value::Null, vec![]));
    assert_eq!(gone["deleted"]["version"], json!(2));
    assert!(text(&gone, "/deleted/deletedAt") >= text(&created, "/holder/updatedAt"));
    assert_eq!((&live["any"], &gone["any"]), (&there, &there));
    assert_eq!(ids(&gone["listDeleted"]), [id]);
    assert_eq!((ids(&live["listAny"]), ids(&gone["listAny"])), (vec![id], vec![id]));
}

const ALIAS: &str = "query($id: ID!, $holder: ID!, $ledger: UUID!, $account: UUID!) {
    one: aliasAccount(id: $id) { id } deleted: aliasAccount(id: $id, state: DELETED) { id deletedAt version }
    any: aliasAccount(id: $id, state: ANY) { id }
    byAccount: aliasAccountByLedgerAccount(ledgerId: $ledger, accountId: $account) { id }
    byAccounts: aliasAccountsByLedgerAccounts(ledgerId: $ledger, accountIds: [$account, $account]) { id }
    node(id: $id) { id } nodes(ids: [$id]) { id }
    all: aliasAccounts { nodes { id } totalCount }
    byFilter: aliasAccounts(filter: {accountId: $account}) { nodes { id } totalCount }
    listDeleted: aliasAccounts(filter: {state: DELETED}) { nodes { id } totalCount }
    holder(id: $holder) { version aliasAccounts { nodes { id } totalCount }
        listAny: aliasAccounts(filter: {state: ANY}) { nodes { id } totalCount } } }";

#[tokio::test]
async fn a_soft_deleted_alias_account_leaves_every_query_that_does_not_ask_for_it() {
    let app = App::sandbox();
    let (holder, id) = app.linked("DOC-1", &app.account(0)).await;
    let variables = json!({"id": id, "holder": holder, "ledger": app.ledger_id(), "account": app.account(0)});
    let live = app.data(ALIAS, variables.clone()).await;
    app.archive("deleteAliasAccount", &id).await;
    let gone = app.data(ALIAS, variables).await;
    let there = json!({"id": id});
    for name in ["one", "byAccount", "node"] {
        assert_eq!((&live[name], &gone[name]), (&there, &Value::Null), "{name}");
    }
    assert_eq!((&live["byAccounts"], &gone["byAccounts"]), (&json!([there, there]), &json!([null, null])));
    assert_eq!((&live["nodes"], &gone["nodes"]), (&json!([there]), &json!([null])));
    for path in ["/all", "/byFilter", "/holder/aliasAccounts"] {
        let (live, gone) = (live.pointer(path).unwrap(), gone.pointer(path).unwrap());
        assert_eq!((ids(live), &live["totalCount"]), (vec![id.as_str()], &json!(1)), "{path}");
        assert_eq!((ids(gone), &gone["totalCount"]), (vec![], &json!(0)), "{path}");
    }
    assert_eq!(gone["deleted"]["version"], json!(2));
    assert!(gone["deleted"]["deletedAt"].is_string());
    assert_eq!((&live["deleted"], ids(&live["listDeleted"])), (&Value::Null, vec![]));
    assert_eq!((ids(&gone["listDeleted"]), &gone["any"]), (vec![id.as_str()], &there));
    assert_eq!(ids(&gone["holder"]["listAny"]), [&id]);
    assert_eq!((&live["holder"]["version"], &gone["holder"]["version"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn a_holder_is_shown_in_whatever_state_by_its_alias_account_and_shows_its_deleted_ones() {
    let app = App::sandbox();
    let (holder, alias) = app.linked("DOC-1", &app.account(0)).await;
    app.archive("deleteAliasAccount", &alias).await;
    let read = "query($alias: ID!, $holder: ID!) {
        aliasAccount(id: $alias, state: DELETED) { document holder { id name deletedAt } }
        holder(id: $holder, state: ANY) { aliasAccounts(filter: {state: DELETED}) { nodes { id } } } }";
    let variables = json!({"alias": alias, "holder": holder});
    let before = app.data(read, variables.clone()).await;
    assert_eq!(
        before["aliasAccount"]["holder"],
        json!({"id": holder, "name": "Maria Souza", "deletedAt": null})
    );
    app.archive("deleteHolder", &holder).await;
    let after = app.data(read, variables).await;
    assert_eq!(after["aliasAccount"]["holder"]["id"], json!(holder));
    assert!(after["aliasAccount"]["holder"]["deletedAt"].is_string(), "{after}");
    assert_eq!(ids(&after["holder"]["aliasAccounts"]), [&alias]);
}

#[tokio::test]
async fn a_deletion_frees_the_document_and_the_ledger_account() {
    let app = App::sandbox();
    let account = app.account(0);
    let (holder, alias) = app.linked("913.150.260-15", &account).await;
    let again = json!({"type": "LEGAL_PERSON", "name": "Other", "document": "91315026015"});
    let taken = app.mutate("createHolder", "holder { id }", &again).await;
    assert_refused(&taken, "DOCUMENT_IN_USE", "document");
    let other = app.holder().await;
    let taken =
        app.mutate("createAliasAccount", "aliasAccount { id }", &app.link_input(&other, &account)).await;
    assert_refused(&taken, "ACCOUNT_IN_USE", "accountId");

    app.archive("deleteAliasAccount", &alias).await;
    app.archive("deleteHolder", &holder).await;
    let new = app.mutate("createHolder", "holder { id }", &again).await;
    let linked = app.link(&other, &account).await;
    let read = "query($ledger: UUID!, $account: UUID!) { holderByDocument(document: \"91315026015\") { id }
        aliasAccountByLedgerAccount(ledgerId: $ledger, accountId: $account) { id holder { id } } }";
    let found = app.data(read, json!({"ledger": app.ledger_id(), "account": account})).await;
    assert_eq!(found["holderByDocument"], new["holder"]);
    assert_eq!(found["aliasAccountByLedgerAccount"], json!({"id": linked, "holder": {"id": other}}));
    app.check();
}

#[tokio::test]
async fn a_holder_with_live_alias_accounts_is_deleted_in_neither_way() {
    let app = App::sandbox();
    let (holder, one) = app.linked("DOC-1", &app.account(0)).await;
    let two = app.link(&holder, &app.account(1)).await;
    for mode in ["SOFT", "HARD"] {
        let payload = app.mutate("deleteHolder", "deletedId", &json!({"id": holder, "mode": mode})).await;
        assert_refused(&payload, "HOLDER_HAS_ALIAS_ACCOUNTS", "id");
    }
    app.archive("deleteAliasAccount", &one).await;
    let payload = app.mutate("deleteHolder", "deletedId", &json!({"id": holder})).await;
    assert_refused(&payload, "HOLDER_HAS_ALIAS_ACCOUNTS", "id");
    app.archive("deleteAliasAccount", &two).await;
    app.archive("deleteHolder", &holder).await;
    // Nobody links an account to a deleted holder, nor puts one of its own back.
    let link = app.link_input(&holder, &app.account(2));
    let refused = app.mutate("createAliasAccount", "aliasAccount { id }", &link).await;
    assert_refused(&refused, "HOLDER_NOT_FOUND", "holderId");
    let refused = app.mutate("restoreAliasAccount", "aliasAccount { id }", &json!({"id": one})).await;
    assert_refused(&refused, "HOLDER_NOT_FOUND", "id");
    app.check();
}

#[tokio::test]
async fn what_is_deleted_already_or_was_never_there_is_not_found() {
    let app = App::sandbox();
    let (holder, alias) = app.linked("DOC-1", &app.account(0)).await;
    app.archive("deleteAliasAccount", &alias).await;
    app.archive("deleteHolder", &holder).await;
    let unknown = "01900000-0000-7000-8000-000000000000";
    for (mutation, id, code) in [
        ("deleteHolder", &holder, "HOLDER_NOT_FOUND"),
        ("deleteAliasAccount", &alias, "ALIAS_ACCOUNT_NOT_FOUND"),
    ] {
        for input in [
            json!({"id": id}),
            json!({"id": id, "mode": "SOFT", "expectedVersion": 2}),
            json!({"id": unknown}),
            json!({"id": unknown, "mode": "HARD"}),
        ] {
            assert_refused(&app.mutate(mutation, "deletedId", &input).await, code, "id");
        }
        let payload = app.mutate(mutation, "deletedId", &json!({"id": "7"})).await;
        assert_refused(&payload, "INVALID_VALUE", "id");
    }
}
