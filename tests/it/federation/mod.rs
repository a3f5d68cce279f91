//! What a gateway asks beside the API, over HTTP.

mod allowed;
mod found;
mod refused;
mod served;

use super::app::App;
use serde_json::{Value, json};

const FEDERATED: [(&str, &str); 1] = [("FEDERATION_ENABLED", "true")];

/// An id that no record has.
const UNKNOWN: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

/// What gateways send.
const ENTITIES: &str = "query Entities($representations: [_Any!]!) {
    _entities(representations: $representations) {
        __typename
        ... on Holder { id name }
        ... on AliasAccount { id accountId document holder { name } }
    }
}";

fn representations(of: impl Into<Value>) -> Value {
    json!({"representations": of.into()})
}

fn holder(id: &str) -> Value {
    json!({"__typename": "Holder", "id": id})
}

fn alias_account(id: &str) -> Value {
    json!({"__typename": "AliasAccount", "id": id})
}

fn ledger_account(ledger: &str, account: &str) -> Value {
    json!({"__typename": "AliasAccount", "ledgerId": ledger, "accountId": account})
}

/// The places and codes of an answer's errors, by place.
fn told(answer: &Value) -> Vec<(Value, &str)> {
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{answer}"));
    let mut told: Vec<(Value, &str)> = errors
        .iter()
        .map(|error| (error["path"].clone(), error["extensions"]["code"].as_str().unwrap_or("")))
        .collect();
    told.sort_by_key(|(path, _)| path[1].as_u64());
    told
}

/// A holder with one alias account, and what a gateway is told of them.
struct Linked {
    holder: String,
    alias_account: String,
    account: String,
    document: String,
}

impl Linked {
    async fn new(app: &App, index: usize) -> Self {
        let (document, account) = (format!("DOC-{index}"), app.account(index));
        let (holder, alias_account) = app.linked(&document, &account).await;
        Self { holder, alias_account, account, document }
    }

    fn as_holder(&self) -> Value {
        json!({"__typename": "Holder", "id": self.holder, "name": "Maria Souza"})
    }

    fn as_alias_account(&self) -> Value {
        json!({"__typename": "AliasAccount", "id": self.alias_account, "accountId": self.account,
            "document": self.document, "holder": {"name": "Maria Souza"}})
    }
}
