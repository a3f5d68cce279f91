//! What a writer knows of its records: their state as it was acknowledged last.

use super::super::app::App;
use super::super::calls::text;
use serde_json::{Value, json};

/// A holder with all of its alias accounts, live or soft-deleted. An id that is not known yet is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) id: String,
    pub(super) document: String,
    pub(super) name: String,
    pub(super) version: i64,
    pub(super) deleted: bool,
    pub(super) alias_accounts: Vec<AliasAccount>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AliasAccount {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) branch: Option<String>,
    pub(super) version: i64,
    pub(super) deleted: bool,
    pub(super) parties: Vec<Party>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Party {
    pub(super) id: String,
    pub(super) document: String,
    pub(super) name: String,
}

/// Most alias accounts that a holder has, and most holders that are read at once: a document may not ask for more.
pub(super) const ALIAS_ACCOUNTS_MAX: usize = 10;
pub(super) const READ_MAX: usize = 8;

const READ: &str = "query($filter: HolderFilter!) { holders(filter: $filter, first: 8) { nodes {
    id document name version deletedAt
    aliasAccounts(filter: {state: ANY}, first: 10) { nodes {
        id accountId version deletedAt bankingDetails { branch } relatedParties { id document name } } }
} } }";

/// The stored holders that a filter lets through.
pub(super) async fn read(app: &App, filter: Value) -> Vec<Holder> {
    let answer = app.ask(READ, json!({"filter": filter})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["holders"]["nodes"].as_array().unwrap().iter().map(Holder::of).collect()
}

impl Holder {
    fn of(node: &Value) -> Self {
        let alias_accounts = node["aliasAccounts"]["nodes"].as_array().unwrap();
        Self {
            id: owned(node, "/id"),
            document: owned(node, "/document"),
            name: owned(node, "/name"),
            version: node["version"].as_i64().unwrap(),
            deleted: node["deletedAt"].is_string(),
            alias_accounts: alias_accounts.iter().map(AliasAccount::of).collect(),
        }
    }

    /// Learns the ids that it does not know from what is stored.
    pub(super) fn learn(&mut self, stored: &Self) {
        fill(&mut self.id, &stored.id);
        for (known, stored) in self.alias_accounts.iter_mut().zip(&stored.alias_accounts) {
            fill(&mut known.id, &stored.id);
            for (known, stored) in known.parties.iter_mut().zip(&stored.parties) {
                fill(&mut known.id, &stored.id);
            }
        }
    }
}

impl AliasAccount {
    fn of(node: &Value) -> Self {
        let party = |party: &Value| Party {
            id: owned(party, "/id"),
            document: owned(party, "/document"),
            name: owned(party, "/name"),
        };
        Self {
            id: owned(node, "/id"),
            account: owned(node, "/accountId"),
            branch: node["bankingDetails"]["branch"].as_str().map(str::to_owned),
            version: node["version"].as_i64().unwrap(),
            deleted: node["deletedAt"].is_string(),
            parties: node["relatedParties"].as_array().unwrap().iter().map(party).collect(),
        }
    }
}

fn owned(node: &Value, path: &str) -> String {
    text(node, path).to_owned()
}

fn fill(known: &mut String, stored: &str) {
    if known.is_empty() {
        stored.clone_into(known);
    }
}
