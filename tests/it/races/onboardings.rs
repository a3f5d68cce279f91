//! Onboardings that want some of the same accounts at once: each is there as a whole or not at all.

use super::super::app::{App, fresh_document};
use super::super::bench::rounds;
use super::super::calls::refusal;
use super::super::mutations::Service;
use super::super::seeded::Seeded;
use super::{CLIENTS, Call, race};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// So many accounts are there for all.
const ACCOUNTS: usize = 8;

struct Wish {
    document: String,
    accounts: Vec<usize>,
}

impl Wish {
    /// One of four documents (or one of its own) and two or three of the accounts.
    fn new(seeded: &mut Seeded, documents: &[String]) -> Self {
        let shared = seeded.one_of(documents).cloned();
        let document = shared.filter(|_| seeded.below(2) == 0).unwrap_or_else(fresh_document);
        let mut accounts: Vec<usize> = (0..ACCOUNTS).collect();
        seeded.shuffle(&mut accounts);
        accounts.truncate(2 + seeded.below(2));
        Self { document, accounts }
    }

    fn call(&self, accounts: &[Value]) -> Call {
        let holder = json!({"type": "LEGAL_PERSON", "name": "A", "document": self.document});
        let wanted: Vec<&Value> = self.accounts.iter().map(|index| &accounts[*index]).collect();
        let fields = "holder { id aliasAccounts { nodes { id } } } aliasAccounts { id accountId }";
        ("onboardHolder", fields, json!({"holder": holder, "aliasAccounts": wanted}))
    }
}

#[tokio::test]
async fn of_64_onboardings_with_overlapping_accounts_each_is_made_whole_or_not_at_all() {
    let app = App::raced();
    let mut seeded = Seeded(13);
    let (mut holders, mut alias_accounts) = (0, 0);
    for _ in 0..rounds(200) {
        let documents: Vec<String> = (0..4).map(|_| fresh_document()).collect();
        let mut accounts = Vec::new();
        for _ in 0..ACCOUNTS {
            accounts.push(app.new_account().await);
        }
        let wishes: Vec<Wish> = (0..CLIENTS).map(|_| Wish::new(&mut seeded, &documents)).collect();
        let calls: Vec<Call> = wishes.iter().map(|wish| wish.call(&accounts)).collect();
        let payloads = race(&app, &calls).await;

        let (mut held, mut owned) = (BTreeSet::new(), BTreeSet::new());
        for (wish, payload) in wishes.iter().zip(&payloads).filter(|(_, payload)| refusal(payload).is_empty())
        {
            assert!(owned.insert(&wish.document), "a document twice");
            assert!(wish.accounts.iter().all(|account| held.insert(*account)), "an account twice");
            let told = payload["aliasAccounts"].as_array().unwrap();
            let told: Vec<&Value> = told.iter().map(|alias| &alias["accountId"]).collect();
            let wanted: Vec<&Value> =
                wish.accounts.iter().map(|index| &accounts[*index]["accountId"]).collect();
            assert_eq!(told, wanted);
            let nested = payload["holder"]["aliasAccounts"]["nodes"].as_array().unwrap();
            assert_eq!(nested.len(), wanted.len());
        }
        for (wish, payload) in
            wishes.iter().zip(&payloads).filter(|(_, payload)| !refusal(payload).is_empty())
        {
            judge_refused(wish, payload, &held, &owned);
        }
        holders += i64::try_from(owned.len()).unwrap();
        alias_accounts += i64::try_from(held.len()).unwrap();
        assert_eq!(app.stored(), (holders, alias_accounts), "those that were refused left nothing");
    }
    app.check();
}

/// Each fault stands at a field whose document or account a winner has, and there is one at least.
fn judge_refused(wish: &Wish, payload: &Value, held: &BTreeSet<usize>, owned: &BTreeSet<&String>) {
    assert!(payload["holder"].is_null() && payload["aliasAccounts"] == json!([]), "{payload}");
    for error in payload["userErrors"].as_array().unwrap() {
        let field: Vec<&str> =
            error["field"].as_array().unwrap().iter().map(|step| step.as_str().unwrap()).collect();
        match (error["code"].as_str().unwrap(), field.as_slice()) {
            ("DOCUMENT_IN_USE", ["input", "holder", "document"]) => assert!(owned.contains(&wish.document)),
            ("ACCOUNT_IN_USE", ["input", "aliasAccounts", index, "accountId"]) => {
                assert!(held.contains(&wish.accounts[index.parse::<usize>().unwrap()]));
            }
            other => panic!("{other:?}"),
        }
    }
}
