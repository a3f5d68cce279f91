//! Every operation once, with a mark in every sealed field and in every key.

use super::marks::{MARK, value};
use crate::app::{App, send};
use crate::bench::mutation_document;
use crate::calls::text;
use crate::docs::assert_listed;
use crate::shape::{leaves, whole};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// What was done, and what failures said of it.
#[derive(Default)]
pub(super) struct Run {
    /// Operations that were answered without a failure.
    pub(super) done: BTreeSet<String>,
    /// Codes of failures, of both kinds.
    pub(super) codes: BTreeSet<String>,
    /// Their messages and all else that was said of them.
    pub(super) told: Vec<String>,
    /// A holder and its alias account that are left in the store.
    pub(super) left: Option<(String, String)>,
    keys: usize,
}

/// An input with a value in every field; `turn` gives others.
pub(super) fn full(input: &str, turn: usize) -> Value {
    let mut full = json!({});
    for leaf in leaves(input) {
        if leaf.kind.inner_named_type() == "ID"
            || ["expectedVersion", "idempotencyKey"].contains(&leaf.name())
        {
            continue;
        }
        if leaf.kind.inner_named_type() == "UUID" || leaf.kind.is_list() {
            continue;
        }
        let (last, objects) = leaf.way.split_last().unwrap();
        let at = objects.iter().fold(&mut full, |at, name| {
            let fields = at.as_object_mut().unwrap();
            fields.entry(name).or_insert_with(|| Value::Object(Map::new()))
        });
        at[last] = value(leaf.kind.inner_named_type(), &leaf.path(), turn);
    }
    full
}

pub(super) fn with(mut input: Value, more: Value) -> Value {
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

impl Run {
    /// Notes what failed in an answer.
    pub(super) fn note(&mut self, answer: &Value) {
        for error in answer["errors"].as_array().into_iter().flatten() {
            self.codes.extend(error["extensions"]["code"].as_str().map(str::to_owned));
            self.told.push(error.to_string());
        }
        for payload in answer["data"].as_object().into_iter().flat_map(Map::values) {
            for error in payload["userErrors"].as_array().into_iter().flatten() {
                self.codes.insert(text(error, "/code").to_owned());
                self.told.push(error.to_string());
            }
        }
    }

    /// One mutation with a key of its own; its payload.
    pub(super) async fn mutate(&mut self, app: &App, mutation: &str, fields: &str, input: Value) -> Value {
        self.keys += 1;
        let key = json!({"idempotencyKey": format!("{MARK}-key-{}", self.keys)});
        let input = if mutation == "verifyAliasAccount" { input } else { with(input, key) };
        let document = mutation_document(mutation, fields);
        let answer = app.ask(&document, json!({"input": input})).await;
        self.note(&answer);
        let payload = &answer["data"][mutation];
        assert_listed(mutation, payload);
        if payload["userErrors"] == json!([]) {
            self.done.insert(mutation.to_owned());
            // A repeat goes another way.
            let again = app.ask(&document, json!({"input": input})).await;
            assert_eq!(again["data"][mutation]["userErrors"], json!([]), "{mutation}: {again}");
        }
        payload.clone()
    }

    /// A query; its data.
    pub(super) async fn query(&mut self, app: &App, query: &str, variables: Value) -> Value {
        let answer = send(app.request(query, variables)).await.body;
        self.note(&answer);
        let found = answer["data"].as_object().cloned().unwrap_or_default();
        self.done.extend(found.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.clone()));
        answer["data"].clone()
    }

    pub(super) async fn every_operation(&mut self, app: &App) {
        let (holder_fields, alias_fields) =
            (format!("holder {}", whole("Holder")), format!("aliasAccount {}", whole("AliasAccount")));
        let party = full("RelatedPartyInput", 0);
        let account = async || json!({"ledgerId": app.ledger_id(), "accountId": app.open_account().await});
        let link = with(full("OnboardAliasAccountInput", 0), json!({"relatedParties": [party, party]}));

        let created = self.mutate(app, "createHolder", &holder_fields, full("CreateHolderInput", 0)).await;
        let holder = text(&created, "/holder/id").to_owned();
        let of_holder = with(with(link.clone(), account().await), json!({"holderId": holder}));
        let linked = self.mutate(app, "createAliasAccount", &alias_fields, of_holder).await;
        let alias = text(&linked, "/aliasAccount/id").to_owned();
        let onboarding = json!({"holder": with(full("CreateHolderInput", 1), json!({"document": format!("{MARK} two")})),
            "aliasAccounts": [with(link.clone(), account().await), with(link, account().await)]});
        let fields = format!("{holder_fields} aliasAccounts {}", whole("AliasAccount"));
        let onboarded = self.mutate(app, "onboardHolder", &fields, onboarding).await;
        self.left = Some((
            text(&onboarded, "/holder/id").to_owned(),
            text(&onboarded, "/aliasAccounts/0/id").to_owned(),
        ));

        let update = with(full("UpdateHolderInput", 1), json!({"id": holder, "expectedVersion": 1}));
        self.mutate(app, "updateHolder", &holder_fields, update).await;
        let update = with(full("UpdateAliasAccountInput", 1), json!({"id": alias}));
        self.mutate(app, "updateAliasAccount", &alias_fields, update).await;
        let add = json!({"aliasAccountId": alias, "relatedParty": full("RelatedPartyInput", 1)});
        let added = self.mutate(app, "addRelatedParty", "relatedParty { id document name }", add).await;
        let party = json!({"aliasAccountId": alias, "id": added["relatedParty"]["id"]});
        let update = with(full("UpdateRelatedPartyInput", 2), party.clone());
        self.mutate(app, "updateRelatedParty", "relatedParty { document name }", update).await;
        self.mutate(app, "removeRelatedParty", "removedId", party).await;
        self.mutate(app, "verifyAliasAccount", &alias_fields, json!({"id": alias})).await;
        self.queries(app, &holder, &alias, &linked["aliasAccount"]).await;

        let (of_alias, of_holder) = (json!({"id": alias}), json!({"id": holder}));
        self.mutate(app, "deleteAliasAccount", "deletedId", of_alias.clone()).await;
        self.mutate(app, "deleteHolder", "deletedId", of_holder.clone()).await;
        self.mutate(app, "restoreHolder", &holder_fields, of_holder.clone()).await;
        self.mutate(app, "restoreAliasAccount", &alias_fields, of_alias.clone()).await;
        for (mutation, of) in [("deleteAliasAccount", of_alias), ("deleteHolder", of_holder)] {
            let payload = self.mutate(app, mutation, "deletedId", with(of, json!({"mode": "HARD"}))).await;
            assert_eq!(payload["userErrors"], json!([]));
        }
    }

    async fn queries(&mut self, app: &App, holder: &str, alias: &str, linked: &Value) {
        let (of_holder, of_alias) = (whole("Holder"), whole("AliasAccount"));
        let of_entry = whole("AuditEntry");
        let query = format!(
            "query($holder: ID!, $alias: ID!, $document: String!, $ledger: UUID!, $account: UUID!, $one: HolderFilter!, $two: AliasAccountFilter!) {{
                node(id: $holder) {{ id ... on Holder {of_holder} }} nodes(ids: [$alias]) {{ id ... on AliasAccount {of_alias} }}
                holder(id: $holder) {of_holder} holderByDocument(document: $document) {of_holder}
                aliasAccount(id: $alias) {of_alias}
                aliasAccountByLedgerAccount(ledgerId: $ledger, accountId: $account) {of_alias}
                aliasAccountsByLedgerAccounts(ledgerId: $ledger, accountIds: [$account]) {of_alias}
                holders(filter: $one) {{ totalCount nodes {of_holder} edges {{ cursor }} }}
                aliasAccounts(filter: $two) {{ totalCount nodes {of_alias} edges {{ cursor }} }}
                auditEntries(filter: {{recordId: $holder}}) {{ nodes {of_entry} edges {{ cursor }} }} }}"
        );
        let sealed = full("UpdateAliasAccountInput", 1);
        let variables = json!({
            "holder": holder, "alias": alias, "document": linked["document"], "ledger": linked["ledgerId"],
            "account": linked["accountId"], "one": {"document": linked["document"]},
            "two": {"document": linked["document"], "bankingDetailsAccount": sealed["bankingDetails"]["account"],
                "bankingDetailsIban": sealed["bankingDetails"]["iban"],
                "participantDocument": sealed["regulatoryFields"]["participantDocument"],
                "relatedParty": {"role": "PRIMARY_HOLDER", "document": linked["relatedParties"][0]["document"]}},
        });
        let found = self.query(app, &query, variables).await;
        assert_eq!(
            (&found["holders"]["totalCount"], &found["aliasAccounts"]["totalCount"]),
            (&json!(1), &json!(1))
        );
        assert!(found.to_string().contains(MARK), "{found}");
    }
}
