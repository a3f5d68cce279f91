//! Rules 1 and 5: a document has at most one live holder, and a ledger account at most one live alias account.

use super::super::app::{App, fresh_document};
use super::super::bench::rounds;
use super::super::calls::text;
use super::super::mutations::{Service, holder, with};
use super::{CLIENTS, Call, done, of, race, tally};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One document in as many writings as are asked for.
fn writings(document: &str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |index| {
        let mark = ["-", ".", " / ", "_"][index % 4];
        let letters: Vec<String> = document.chars().map(String::from).collect();
        let (front, back) = letters.split_at(index % letters.len());
        let text = format!("{}{mark}{}", front.concat(), back.concat());
        if index % 8 < 4 { text.to_lowercase() } else { text }
    })
}

fn create(document: &str) -> Call {
    let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": document});
    ("createHolder", "holder { id }", input)
}

fn link(account: &Value, holder: &str) -> Call {
    ("createAliasAccount", "aliasAccount { id }", with(account.clone(), "holderId", holder))
}

/// Whom a document belongs to, and whom an account.
async fn owners(app: &App, document: &str, account: &Value) -> (Value, Value) {
    let query = "query($d: String!, $l: UUID!, $a: UUID!) { holderByDocument(document: $d) { id }
        aliasAccountByLedgerAccount(ledgerId: $l, accountId: $a) { id holder { id } } }";
    let variables = json!({"d": document, "l": account["ledgerId"], "a": account["accountId"]});
    let answer = app.ask(query, variables).await;
    (answer["data"]["holderByDocument"].clone(), answer["data"]["aliasAccountByLedgerAccount"].clone())
}

#[tokio::test]
async fn of_64_clients_that_create_one_document_exactly_one_does() {
    let app = App::raced();
    for _ in 0..rounds(200) {
        let document = fresh_document();
        let calls: Vec<_> = writings(&document, CLIENTS).map(|document| create(&document)).collect();
        let payloads = race(&app, &calls).await;
        assert_eq!(tally(&payloads), BTreeMap::from([("", 1), ("DOCUMENT_IN_USE", CLIENTS - 1)]));
        let winner = payloads.iter().find(|payload| payload["holder"].is_object()).unwrap();
        let account = json!({"ledgerId": app.ledger_id(), "accountId": app.account(0)});
        assert_eq!(owners(&app, &document, &account).await.0, winner["holder"]);
    }
    assert_eq!(app.stored(), (i64::try_from(rounds(200)).unwrap(), 0));
    app.check();
}

#[tokio::test]
async fn of_64_clients_that_link_one_account_exactly_one_does() {
    let app = App::raced();
    let holders = [holder(&app).await, holder(&app).await, holder(&app).await];
    for _ in 0..rounds(200) {
        let account = app.new_account().await;
        let calls: Vec<_> = (0..CLIENTS).map(|index| link(&account, &holders[index % 3])).collect();
        let payloads = race(&app, &calls).await;
        assert_eq!(tally(&payloads), BTreeMap::from([("", 1), ("ACCOUNT_IN_USE", CLIENTS - 1)]));
        let winner = payloads.iter().position(|payload| payload["aliasAccount"].is_object()).unwrap();
        let owner = owners(&app, "none", &account).await.1;
        assert_eq!(owner["id"], payloads[winner]["aliasAccount"]["id"]);
        assert_eq!(owner["holder"]["id"], json!(holders[winner % 3]));
    }
    assert_eq!(app.stored(), (3, i64::try_from(rounds(200)).unwrap()));
    app.check();
}

#[tokio::test]
async fn of_those_that_restore_and_those_that_create_one_document_exactly_one_does() {
    let app = App::raced();
    let account = json!({"ledgerId": app.ledger_id(), "accountId": app.account(0)});
    for _ in 0..rounds(200) {
        let document = fresh_document();
        // Two that had the document, one after the other.
        let mut deleted = Vec::new();
        for _ in 0..2 {
            let (mutation, fields, input) = create(&document);
            let id = text(&app.mutate(mutation, fields, &input).await, "/holder/id").to_owned();
            app.mutate("deleteHolder", "deletedId", &json!({"id": id})).await;
            deleted.push(id);
        }
        let restore = |index: usize| ("restoreHolder", "holder { id }", json!({"id": deleted[index % 2]}));
        let creations = writings(&document, CLIENTS / 2).map(|document| create(&document));
        let calls: Vec<_> =
            creations.enumerate().flat_map(|(index, create)| [create, restore(index)]).collect();
        let payloads = race(&app, &calls).await;
        let told = tally(&payloads);
        assert_eq!(told.get(""), Some(&1), "{told:?}");
        let restored = done("restoreHolder", &calls, &payloads) == 1;
        // The restored one itself is live, which its other callers are told; everybody else meets its document.
        let of_restorers = tally(of("restoreHolder", &calls, &payloads));
        assert_eq!(of_restorers.contains_key("NOT_DELETED"), restored, "{of_restorers:?}");
        let known = ["", "NOT_DELETED", "DOCUMENT_IN_USE"];
        assert!(told.keys().all(|code| known.contains(code)), "{told:?}");
        let live = owners(&app, &document, &account).await.0;
        let winner = payloads.iter().find(|payload| payload["holder"].is_object()).unwrap();
        assert_eq!(live["id"], winner["holder"]["id"]);
        assert_eq!(deleted.contains(&text(&live, "/id").to_owned()), restored);
    }
    app.check();
}

#[tokio::test]
async fn of_those_that_restore_and_those_that_link_one_account_exactly_one_does() {
    let app = App::raced();
    let holders = [holder(&app).await, holder(&app).await];
    for _ in 0..rounds(200) {
        let account = app.new_account().await;
        let mut deleted = Vec::new();
        for holder in &holders {
            let (mutation, fields, input) = link(&account, holder);
            let id = text(&app.mutate(mutation, fields, &input).await, "/aliasAccount/id").to_owned();
            app.mutate("deleteAliasAccount", "deletedId", &json!({"id": id})).await;
            deleted.push(id);
        }
        let restore =
            |index: usize| ("restoreAliasAccount", "aliasAccount { id }", json!({"id": deleted[index % 2]}));
        let calls: Vec<_> = (0..CLIENTS / 2)
            .flat_map(|index| [restore(index), link(&account, &holders[index % 2])])
            .collect();
        let payloads = race(&app, &calls).await;
        let told = tally(&payloads);
        assert_eq!(told.get(""), Some(&1), "{told:?}");
        let known = ["", "NOT_DELETED", "ACCOUNT_IN_USE"];
        assert!(told.keys().all(|code| known.contains(code)), "{told:?}");
        let live = owners(&app, "none", &account).await.1;
        let winner = payloads.iter().find(|payload| payload["aliasAccount"].is_object()).unwrap();
        assert_eq!(live["id"], winner["aliasAccount"]["id"]);
        let restored = done("restoreAliasAccount", &calls, &payloads) == 1;
        assert_eq!(deleted.contains(&text(&live, "/id").to_owned()), restored);
    }
    app.check();
}
