//! Every operation once, with a mark in every sealed field and in every key.

use super::given::{self, Given};
use super::marks::{DIGITS, MARK, OPEN, value};
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
    /// Cursors that were answered.
    pub(super) cursors: BTreeSet<String>,
    /// What was given to operations that were answered without a failure.
    pub(super) given: Given,
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
    /// Notes what failed in an answer, and its cursors.
    pub(super) fn note(&mut self, answer: &Value) {
        cursors(&answer["data"], &mut self.cursors);
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
            given::note(&document, &json!({"input": input}), &mut self.given);
            // A repeat goes another way.
            let again = app.ask(&document, json!({"input": input})).await;
            assert_eq!(again["data"][mutation]["userErrors"], json!([]), "{mutation}: {again}");
        }
        payload.clone()
    }

    /// A query; its data.
    pub(super) async fn query(&mut self, app: &App, query: &str, variables: Value) -> Value {
        let answer = send(app.request(query, variables.clone())).await.body;
        self.note(&answer);
        if answer["errors"].is_null() {
            given::note(query, &variables, &mut self.given);
        }
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

        let update = with(full("UpdateHolderInput", 1), self.at(app, "id", "holder", &holder).await);
        self.mutate(app, "updateHolder", &holder_fields, update).await;
        let update =
            with(full("UpdateAliasAccountInput", 1), self.at(app, "id", "aliasAccount", &alias).await);
        self.mutate(app, "updateAliasAccount", &alias_fields, update).await;
        let more = json!({"relatedParty": full("RelatedPartyInput", 1)});
        let add = with(self.at(app, "aliasAccountId", "aliasAccount", &alias).await, more);
        let added = self.mutate(app, "addRelatedParty", "relatedParty { id document name }", add).await;
        let party = json!({"id": added["relatedParty"]["id"]});
        let update = with(full("UpdateRelatedPartyInput", 2), party.clone());
        let update = with(update, self.at(app, "aliasAccountId", "aliasAccount", &alias).await);
        self.mutate(app, "updateRelatedParty", "relatedParty { document name }", update).await;
        let remove = with(party, self.at(app, "aliasAccountId", "aliasAccount", &alias).await);
        self.mutate(app, "removeRelatedParty", "removedId", remove).await;
        self.mutate(app, "verifyAliasAccount", &alias_fields, json!({"id": alias})).await;
        self.queries(app, &holder, &alias, &linked["aliasAccount"]).await;
        self.lists(app, &holder, &alias, &linked["aliasAccount"]).await;
        self.trail(app, &holder).await;

        for (mutation, fields) in [
            ("deleteAliasAccount", "deletedId"),
            ("deleteHolder", "deletedId"),
            ("restoreHolder", &holder_fields),
            ("restoreAliasAccount", &alias_fields),
        ] {
            let of_alias = mutation.ends_with("AliasAccount");
            let (kind, id) = if of_alias { ("aliasAccount", &alias) } else { ("holder", &holder) };
            let input = self.at(app, "id", kind, id).await;
            self.mutate(app, mutation, fields, input).await;
        }
        for (mutation, id) in [("deleteAliasAccount", alias), ("deleteHolder", holder)] {
            let payload = self.mutate(app, mutation, "deletedId", json!({"id": id, "mode": "HARD"})).await;
            assert_eq!(payload["userErrors"], json!([]));
        }
    }

    /// An input that names a record and the version that it has.
    async fn at(&mut self, app: &App, name: &str, kind: &str, id: &str) -> Value {
        let query = format!("query($id: ID!) {{ {kind}(id: $id, state: ANY) {{ version }} }}");
        let found = self.query(app, &query, json!({"id": id})).await;
        json!({name: id, "expectedVersion": found[kind]["version"]})
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

    /// Every argument of every list, in both directions, with cursors that were answered.
    async fn lists(&mut self, app: &App, holder: &str, alias: &str, linked: &Value) {
        let metadata = json!([
            {"key": "visible", "string": OPEN},
            {"key": OPEN, "number": DIGITS.parse::<u64>().unwrap()},
            {"key": OPEN, "boolean": true},
        ]);
        let range = json!({"from": "2001-02-03T04:05:06Z", "to": "2101-02-03T04:05:06Z"});
        let sealed = full("UpdateAliasAccountInput", 1);
        let (banking, document) = (&sealed["bankingDetails"], &linked["document"]);
        let of_holders = json!({"ids": [holder], "externalId": format!("{OPEN} 1"), "document": document,
            "type": "NATURAL_PERSON", "metadata": metadata, "createdAt": range, "state": "ANY"});
        let of_aliases = json!({"ids": [alias], "holderId": holder, "ledgerId": linked["ledgerId"],
            "accountId": linked["accountId"], "document": document, "linkStatus": "VERIFIED", "metadata": metadata,
            "bankingDetailsBranch": banking["branch"], "bankingDetailsAccount": banking["account"],
            "bankingDetailsIban": banking["iban"], "createdAt": range, "state": "ANY",
            "participantDocument": sealed["regulatoryFields"]["participantDocument"],
            "relatedParty": {"role": "PRIMARY_HOLDER", "document": linked["relatedParties"][0]["document"]}});
        let some = json!({"document": document});
        for (list, kind, filter) in
            [("holders", "HolderFilter", of_holders), ("aliasAccounts", "AliasAccountFilter", of_aliases)]
        {
            let query = format!(
                "query($all: {kind}!) {{ {list}(filter: $all, sort: CREATED_AT, direction: DESC) {{ totalCount }} }}"
            );
            assert!(!self.query(app, &query, json!({"all": filter})).await[list].is_null());
            let arguments = "filter: $some, sort: UPDATED_AT, direction: ASC";
            let selection = "{ edges { cursor } pageInfo { startCursor endCursor } }";
            self.walk(app, &format!("$some: {kind}!"), list, arguments, selection, json!({"some": some}))
                .await;
        }
        // The same below a holder.
        let declared = "$id: ID!, $some: AliasAccountFilter!";
        let list = "holder(id: $id, state: LIVE) { aliasAccounts";
        let arguments = "filter: $some, sort: UPDATED_AT, direction: ASC";
        let selection = "{ edges { cursor } } }";
        self.walk(app, declared, list, arguments, selection, json!({"id": holder, "some": some})).await;
    }

    /// The first page of a list, and those before and behind its first cursor.
    pub(super) async fn walk(
        &mut self,
        app: &App,
        declared: &str,
        list: &str,
        arguments: &str,
        selection: &str,
        variables: Value,
    ) {
        let first = format!("query({declared}) {{ {list}({arguments}, first: 5) {selection} }}");
        let found = self.query(app, &first, variables.clone()).await;
        let mut answered = BTreeSet::new();
        cursors(&found, &mut answered);
        let cursor = answered.first().unwrap_or_else(|| panic!("no cursor: {first}"));
        for page in ["first: 5, after: $cursor", "last: 5, before: $cursor"] {
            let query =
                format!("query({declared}, $cursor: String!) {{ {list}({arguments}, {page}) {selection} }}");
            self.query(app, &query, with(variables.clone(), json!({"cursor": cursor}))).await;
        }
    }
}

/// All cursors of an answer.
fn cursors(data: &Value, found: &mut BTreeSet<String>) {
    match data {
        Value::Array(values) => values.iter().for_each(|value| cursors(value, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value.as_str() {
                    Some(cursor) if name.to_lowercase().ends_with("cursor") => {
                        found.insert(cursor.to_owned());
                    }
                    _ => cursors(value, found),
                }
            }
        }
        _ => {}
    }
}
