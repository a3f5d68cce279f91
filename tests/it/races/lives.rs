//! Rule 3: never an alias account without its holder, whoever deletes, restores and links at the same time.

use super::super::app::App;
use super::super::bench::rounds;
use super::super::mutations::{Service, holder, with};
use super::super::seeded::Seeded;
use super::{CLIENTS, Call, done, of, race, tally};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The holder as it is stored, whatever its state, with all of its alias accounts.
async fn stored(app: &App, holder: &str) -> Value {
    let query = "query($id: ID!) { holder(id: $id, state: ANY) { version deletedAt name
        aliasAccounts(filter: {state: ANY}, first: 100) { nodes { id version deletedAt } } } }";
    let answer = app.ask(query, json!({"id": holder})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["holder"].clone()
}

#[tokio::test]
async fn a_holder_is_deleted_or_linked_and_never_both() {
    let app = App::raced();
    let mut seeded = Seeded(3);
    for round in 0..rounds(200) {
        let holder = holder(&app).await;
        let mut accounts = Vec::new();
        for _ in 0..3 {
            accounts.push(app.new_account().await);
        }
        let mode = if round % 2 == 0 { "SOFT" } else { "HARD" };
        // Few deletions, anywhere among the links: sometimes they come first, sometimes they do not.
        let deletions = 1 + seeded.below(3);
        let delete = || ("deleteHolder", "deletedId", json!({"id": holder, "mode": mode}));
        let link = |index: usize| {
            let input = with(accounts[index % 3].clone(), "holderId", holder.as_str());
            ("createAliasAccount", "aliasAccount { id }", input)
        };
        let mut calls: Vec<Call> = (0..deletions).map(|_| delete()).collect();
        calls.extend((deletions..CLIENTS).map(link));
        seeded.shuffle(&mut calls);

        let payloads = race(&app, &calls).await;
        let told_deleters = tally(of("deleteHolder", &calls, &payloads));
        let told_linkers = tally(of("createAliasAccount", &calls, &payloads));
        let now = stored(&app, &holder).await;
        let kept = now["aliasAccounts"]["nodes"].as_array().map_or(0, Vec::len);
        if done("deleteHolder", &calls, &payloads) == 0 {
            assert_eq!(told_deleters, BTreeMap::from([("HOLDER_HAS_ALIAS_ACCOUNTS", deletions)]));
            let refused = CLIENTS - deletions - 3;
            assert_eq!(told_linkers, BTreeMap::from([("", 3), ("ACCOUNT_IN_USE", refused)]));
            assert_eq!((&now["deletedAt"], kept), (&Value::Null, 3));
        } else {
            assert_eq!(told_deleters.get(""), Some(&1), "{told_deleters:?}");
            let late = told_deleters.get("HOLDER_NOT_FOUND").copied().unwrap_or(0);
            assert_eq!(late, deletions - 1, "{told_deleters:?}");
            assert_eq!(told_linkers, BTreeMap::from([("HOLDER_NOT_FOUND", CLIENTS - deletions)]));
            assert_eq!((now.is_null(), kept), (mode == "HARD", 0));
            assert!(now.is_null() || now["deletedAt"].is_string(), "{now}");
        }
    }
    app.check();
}

#[tokio::test]
async fn whatever_is_done_to_one_holder_at_once_each_acknowledged_change_is_one_version() {
    let app = App::raced();
    let mut seeded = Seeded(7);
    for _ in 0..rounds(200) {
        let holder = holder(&app).await;
        let account = app.new_account().await;
        let input = with(account.clone(), "holderId", holder.as_str());
        let alias = app.mutate("createAliasAccount", "aliasAccount { id }", &input).await;
        let alias = alias["aliasAccount"]["id"].clone();
        let of_holder = |mutation| (mutation, "userErrors { message }", json!({"id": holder}));
        let of_alias = |mutation| (mutation, "userErrors { message }", json!({"id": alias}));
        let mut calls: Vec<Call> = Vec::new();
        for index in 0..CLIENTS / 8 {
            let name = json!({"id": holder, "name": format!("Name {index}")});
            calls.extend([
                of_holder("deleteHolder"),
                of_holder("restoreHolder"),
                of_alias("deleteAliasAccount"),
                of_alias("deleteAliasAccount"),
                of_alias("restoreAliasAccount"),
                of_alias("restoreAliasAccount"),
                ("updateHolder", "userErrors { message }", name),
                ("createAliasAccount", "userErrors { message }", input.clone()),
            ]);
        }
        seeded.shuffle(&mut calls);
        let payloads = race(&app, &calls).await;
        let did = |mutation| done(mutation, &calls, &payloads);
        let now = stored(&app, &holder).await;
        let (deleted, restored) = (did("deleteHolder"), did("restoreHolder"));
        assert_eq!(now["version"], json!(1 + deleted + restored + did("updateHolder")), "{now}");
        assert_eq!(now["deletedAt"].is_string(), deleted == restored + 1, "{now}");

        let aliases = now["aliasAccounts"]["nodes"].as_array().unwrap();
        let first = aliases.iter().find(|one| one["id"] == alias).unwrap();
        let (deleted, restored) = (did("deleteAliasAccount"), did("restoreAliasAccount"));
        assert_eq!(first["version"], json!(1 + deleted + restored), "{now}");
        assert_eq!(first["deletedAt"].is_string(), deleted == restored + 1, "{now}");
        assert_eq!(aliases.len(), 1 + did("createAliasAccount"), "{now}");
        let live = aliases.iter().filter(|one| one["deletedAt"].is_null()).count();
        assert!(live <= 1 && (live == 0 || now["deletedAt"].is_null()), "{now}");
    }
    app.check();
}
