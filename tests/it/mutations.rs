//! Every mutation that takes an idempotency key, ready to be called: its records are made, its input would succeed.

use super::app::{App, new_holder};
use super::bench::Bench;
use super::calls::text;
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// All of them.
pub(crate) const MUTATIONS: [&str; 12] = [
    "createHolder",
    "updateHolder",
    "deleteHolder",
    "restoreHolder",
    "onboardHolder",
    "createAliasAccount",
    "updateAliasAccount",
    "deleteAliasAccount",
    "restoreAliasAccount",
    "addRelatedParty",
    "updateRelatedParty",
    "removeRelatedParty",
];

/// Whatever answers mutations for one organization.
pub(crate) trait Service {
    /// One mutation's payload.
    async fn call(&self, mutation: &str, fields: &str, input: &Value) -> Value;
    /// `ledgerId` and `accountId` of a new account.
    async fn new_account(&self) -> Value;
}

impl Service for App {
    async fn call(&self, mutation: &str, fields: &str, input: &Value) -> Value {
        self.mutate(mutation, fields, input).await
    }

    async fn new_account(&self) -> Value {
        json!({"ledgerId": self.ledger_id(), "accountId": self.open_account().await})
    }
}

/// A bench, for one of its organizations.
#[derive(Clone, Copy)]
pub(crate) struct Tenant<'a> {
    pub(crate) bench: &'a Bench,
    pub(crate) organization: OrganizationId,
}

impl Service for Tenant<'_> {
    async fn call(&self, mutation: &str, fields: &str, input: &Value) -> Value {
        self.bench.mutate(self.organization, mutation, fields, input.clone()).await
    }

    async fn new_account(&self) -> Value {
        let (ledger, account) = (LedgerId(Uuid::now_v7()), AccountId(Uuid::now_v7()));
        self.bench.ledger.set(self.organization, ledger, account, |_| {});
        json!({"ledgerId": ledger.to_string(), "accountId": account.to_string()})
    }
}

/// A mutation that can be made once.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    pub(crate) mutation: &'static str,
    /// What would succeed.
    pub(crate) input: Value,
    /// What would succeed as well, instead.
    pub(crate) other: Value,
    /// The id of the holder or alias account that it changes; `None` where it makes a new one.
    pub(crate) record: Option<String>,
}

/// What is selected of a payload: ids and versions.
pub(crate) fn fields(mutation: &str) -> &'static str {
    match mutation {
        "createHolder" | "updateHolder" | "restoreHolder" => "holder { id version }",
        "deleteHolder" | "deleteAliasAccount" => "deletedId",
        "onboardHolder" => "holder { id version } aliasAccounts { id version }",
        "addRelatedParty" | "updateRelatedParty" => "relatedParty { id } aliasAccount { id version }",
        "removeRelatedParty" => "removedId aliasAccount { id version }",
        _ => "aliasAccount { id version }",
    }
}

/// Makes what this mutation needs.
pub(crate) async fn ready(service: &impl Service, mutation: &'static str) -> Ready {
    let (input, other, record) = match mutation {
        "createHolder" => (new_holder(), with(new_holder(), "name", "Other"), None),
        "updateHolder" | "deleteHolder" | "restoreHolder" => {
            let id = holder(service).await;
            if mutation == "restoreHolder" {
                service.call("deleteHolder", "deletedId", &json!({"id": id})).await;
            }
            let (input, other) = of_record(mutation, &id);
            (input, other, Some(id))
        }
        "onboardHolder" => {
            let accounts = [service.new_account().await, service.new_account().await];
            let input = json!({"holder": new_holder(), "aliasAccounts": accounts});
            (input.clone(), with(input, "aliasAccounts", json!([accounts[1]])), None)
        }
        "createAliasAccount" => {
            let input = with(service.new_account().await, "holderId", holder(service).await);
            (input.clone(), with(input, "bankingDetails", json!({"branch": "0002"})), None)
        }
        _ => {
            let (id, parties) = alias_account(service).await;
            if mutation == "restoreAliasAccount" {
                service.call("deleteAliasAccount", "deletedId", &json!({"id": id})).await;
            }
            let (input, other) = match mutation {
                "addRelatedParty" | "updateRelatedParty" | "removeRelatedParty" => {
                    of_party(mutation, &id, &parties)
                }
                _ => of_record(mutation, &id),
            };
            (input, other, Some(id))
        }
    };
    Ready { mutation, input, other, record }
}

fn of_record(mutation: &str, id: &str) -> (Value, Value) {
    let input = json!({"id": id});
    match mutation {
        "updateHolder" => (with(input.clone(), "name", "New"), with(input, "externalId", "crm-7")),
        "updateAliasAccount" => (
            with(input.clone(), "bankingDetails", json!({"branch": "0001"})),
            with(input, "metadata", json!({"tier": "gold"})),
        ),
        "restoreHolder" | "restoreAliasAccount" => (input.clone(), with(input, "expectedVersion", 2)),
        _ => (input.clone(), with(input, "mode", "HARD")),
    }
}

fn of_party(mutation: &str, id: &str, parties: &[String]) -> (Value, Value) {
    let input = json!({"aliasAccountId": id});
    match mutation {
        "addRelatedParty" => {
            let new = |document: &str| with(input.clone(), "relatedParty", party(document));
            (new("NEW-1"), new("NEW-2"))
        }
        "updateRelatedParty" => {
            let input = with(input, "id", parties[0].as_str());
            (with(input.clone(), "name", "New"), with(input, "role", "RESPONSIBLE_PARTY"))
        }
        _ => (with(input.clone(), "id", parties[0].as_str()), with(input, "id", parties[1].as_str())),
    }
}

/// A new holder's id.
pub(crate) async fn holder(service: &impl Service) -> String {
    text(&service.call("createHolder", "holder { id }", &new_holder()).await, "/holder/id").to_owned()
}

/// A new alias account's id, and those of its two related parties.
pub(crate) async fn alias_account(service: &impl Service) -> (String, Vec<String>) {
    let mut input = with(service.new_account().await, "holderId", holder(service).await);
    input["relatedParties"] = json!([party("P-1"), party("P-2")]);
    let fields = "aliasAccount { id relatedParties { id } }";
    let payload = service.call("createAliasAccount", fields, &input).await;
    let made = &payload["aliasAccount"];
    let parties = made["relatedParties"].as_array().unwrap_or_else(|| panic!("{payload}"));
    (text(made, "/id").to_owned(), parties.iter().map(|party| text(party, "/id").to_owned()).collect())
}

pub(crate) fn party(document: &str) -> Value {
    json!({"document": document, "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"})
}

/// An input with one more field.
pub(crate) fn with(mut input: Value, field: &str, value: impl Into<Value>) -> Value {
    let fields: &mut Map<String, Value> = input.as_object_mut().unwrap();
    fields.insert(field.to_owned(), value.into());
    input
}

/// An input with a key.
pub(crate) fn keyed(input: &Value, key: &str) -> Value {
    with(input.clone(), "idempotencyKey", key)
}

/// The ids that a payload tells, in its order.
pub(crate) fn ids(payload: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(payload, &mut found);
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(id) if ["id", "deletedId", "removedId"].contains(&name.as_str()) => {
                        found.push(id.clone());
                    }
                    value => collect(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}
