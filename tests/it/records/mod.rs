//! The life of a record as its users see it over HTTP: archived, erased, restored, checked again, damaged.

mod damaged;
mod erasing;
mod holder_checks;
mod onboarding;
mod reading;
mod restoring;
mod soft_deletion;
mod verifying;
mod versions;

use super::app::{App, user_errors};
use super::calls::text;
use serde_json::{Value, json};

impl App {
    /// Changes an account in the sandbox's ledger.
    pub(crate) async fn ledger_says(&self, account: &str, change: Value) {
        let url = format!(
            "{}/_sandbox/organizations/{}/ledgers/{}/accounts/{account}",
            self.info["ledger"].as_str().unwrap(),
            self.organization(),
            self.ledger_id(),
        );
        let answer = self.client.put(url).json(&change).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// A query's data, which has no errors.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask(query, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{query}: {answer}");
        answer["data"].clone()
    }

    /// Deletes a record softly.
    async fn archive(&self, mutation: &str, id: &str) {
        let payload = self.mutate(mutation, "deletedId", &json!({"id": id})).await;
        assert_eq!(text(&payload, "/deletedId"), id);
    }

    /// A holder with this document, and an alias account of this ledger account.
    pub(crate) async fn linked(&self, document: &str, account: &str) -> (String, String) {
        let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": document});
        let holder = self.mutate("createHolder", "holder { id }", &input).await;
        let holder = text(&holder, "/holder/id").to_owned();
        let alias = self.link(&holder, account).await;
        (holder, alias)
    }
}

/// A payload has this one refusal, and nothing else.
fn assert_refused(payload: &Value, code: &str, field: &str) {
    assert_eq!(user_errors(payload), [(code.to_owned(), format!("input/{field}"))], "{payload}");
    for (name, value) in payload.as_object().unwrap().iter().filter(|(name, _)| *name != "userErrors") {
        assert!(value.is_null() || *value == json!([]), "{name}: {payload}");
    }
}

/// The ids of a connection's nodes.
pub(crate) fn ids(page: &Value) -> Vec<&str> {
    page["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("{page}"))
        .iter()
        .map(|node| text(node, "/id"))
        .collect()
}
