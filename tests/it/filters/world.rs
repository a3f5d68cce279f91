//! Sixty holders and over a hundred alias accounts with values that meet in every combination, deleted ones among
//! them, and what the test itself knows of each.

use super::values::writings;
use crate::bench::Bench;
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use serde_json::{Value, json};
use uuid::Uuid;

/// A holder, by what was written.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) document: usize,
    pub(super) external_id: Option<String>,
    pub(super) metadata: Value,
    pub(super) created_at: String,
    pub(super) deleted: bool,
}

/// An alias account, by what was written.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    pub(super) id: String,
    pub(super) holder: String,
    pub(super) ledger: String,
    pub(super) account: String,
    pub(super) document: usize,
    pub(super) branch: Option<&'static str>,
    pub(super) bank_account: Option<usize>,
    pub(super) iban: Option<usize>,
    pub(super) participant: Option<usize>,
    pub(super) parties: Vec<(&'static str, usize)>,
    pub(super) link: &'static str,
    pub(super) metadata: Value,
    pub(super) created_at: String,
    pub(super) deleted: bool,
}

pub(super) struct World {
    pub(super) bench: Bench,
    pub(super) organization: OrganizationId,
    /// Another tenant, which has holders and alias accounts with the same values.
    pub(super) other: OrganizationId,
    pub(super) holders: Vec<Holder>,
    pub(super) aliases: Vec<Alias>,
    /// Ids of the other tenant's holders and alias accounts.
    pub(super) foreign: Vec<String>,
    ledgers: [LedgerId; 3],
    accounts: Vec<AccountId>,
}

const HOLDERS: usize = 60;
const ALIASES: usize = 126;
const ROLES: [&str; 3] = ["PRIMARY_HOLDER", "LEGAL_REPRESENTATIVE", "RESPONSIBLE_PARTY"];

impl World {
    pub(super) async fn new() -> Self {
        let id = Uuid::now_v7;
        let mut world = Self {
            bench: Bench::new(),
            organization: OrganizationId(id()),
            other: OrganizationId(id()),
            holders: Vec::new(),
            aliases: Vec::new(),
            foreign: Vec::new(),
            ledgers: [LedgerId(id()), LedgerId(id()), LedgerId(id())],
            accounts: (0..ALIASES).map(|_| AccountId(id())).collect(),
        };
        for index in 0..HOLDERS {
            // The first twelve documents are those of deleted holders, so they are free for the last twelve.
            if index == HOLDERS - 12 {
                world.delete_first_holders().await;
            }
            let holder = world.create_holder(world.organization, index).await;
            world.holders.push(holder);
        }
        for index in 0..ALIASES {
            let holder = world.holders[20 + index % 13].clone();
            world.create_alias(world.organization, &holder, index).await;
        }
        world.check_links().await;
        for index in 0..5 {
            let holder = world.create_holder(world.other, index + 20).await;
            world.foreign.push(holder.id.clone());
            let alias = world.linked(world.other, &holder, index).await;
            world.foreign.push(alias.id);
        }
        world
    }

    async fn delete_first_holders(&mut self) {
        for index in 0..12 {
            let holder = self.holders[index].clone();
            if index % 3 == 0 {
                // A deleted holder with deleted alias accounts, whose ledger accounts others will have.
                self.create_alias(self.organization, &holder, index).await;
                let last = self.aliases.len() - 1;
                self.delete("deleteAliasAccount", &self.aliases[last].id.clone()).await;
                self.aliases[last].deleted = true;
            }
            self.delete("deleteHolder", &holder.id).await;
            self.holders[index].deleted = true;
        }
    }

    async fn delete(&self, mutation: &str, id: &str) {
        let payload = self.bench.mutate(self.organization, mutation, "deletedId", json!({"id": id})).await;
        assert_eq!(payload["deletedId"], json!(id), "{payload}");
    }

    async fn create_holder(&self, organization: OrganizationId, index: usize) -> Holder {
        self.bench.pass(index as i64 % 3);
        let document = index % (HOLDERS - 12);
        let kind = if index % 3 == 1 { "LEGAL_PERSON" } else { "NATURAL_PERSON" };
        let external_id = match index % 5 {
            0 => None,
            4 => Some(format!("CRM-{}", index % 4)),
            _ => Some(format!("crm-{}", index % 4)),
        };
        let metadata = metadata(index);
        let input = json!({"type": kind, "name": "Maria Souza", "document": writings(document)[index % 3],
            "externalId": external_id, "metadata": metadata});
        let fields = "holder { id createdAt }";
        let payload = self.bench.mutate(organization, "createHolder", fields, input).await;
        let (id, created_at) = (text(&payload["holder"]["id"]), text(&payload["holder"]["createdAt"]));
        Holder { id, kind, document, external_id, metadata, created_at, deleted: false }
    }

    /// An alias account, of which every seventh is deleted and linked anew.
    async fn create_alias(&mut self, organization: OrganizationId, holder: &Holder, index: usize) {
        let mut alias = self.linked(organization, holder, index).await;
        if index % 7 == 6 {
            self.delete("deleteAliasAccount", &alias.id).await;
            alias.deleted = true;
            self.aliases.push(alias);
            alias = self.linked(organization, holder, index).await;
        }
        self.aliases.push(alias);
    }

    async fn linked(&self, organization: OrganizationId, holder: &Holder, index: usize) -> Alias {
        self.bench.pass(index as i64 % 4);
        // Accounts of one number are in two ledgers.
        let (ledger, account) = (self.ledgers[index % 3], self.accounts[index / 2 * 2]);
        self.bench.ledger.set(organization, ledger, account, |_| {});
        let (bank, iban, participant) = (index % 5, index % 7, index % 11);
        let mut alias = Alias {
            id: String::new(),
            holder: holder.id.clone(),
            ledger: ledger.to_string(),
            account: account.to_string(),
            document: holder.document,
            branch: [Some("0001"), Some("0002"), None, Some("0001 A"), Some("0001 a")][index % 5],
            bank_account: (bank != 4).then_some(bank),
            iban: (iban != 6).then_some(iban),
            participant: (participant < 9).then_some(participant),
            parties: parties(index),
            link: "VERIFIED",
            metadata: metadata(index / 3),
            created_at: String::new(),
            deleted: false,
        };
        let written = |value: Option<usize>| value.map(|value| writings(value)[index % 3].clone());
        let parties = alias.parties.iter().map(|(role, document)| {
            json!({"role": role, "document": writings(*document)[index % 3], "name": "Ana", "startDate": "2024-01-01"})
        });
        let input = json!({
            "holderId": holder.id, "ledgerId": alias.ledger, "accountId": alias.account,
            "bankingDetails": {"branch": alias.branch, "account": written(alias.bank_account), "iban": written(alias.iban)},
            "regulatoryFields": {"participantDocument": written(alias.participant)},
            "relatedParties": parties.collect::<Vec<_>>(), "metadata": alias.metadata,
        });
        let fields = "aliasAccount { id createdAt }";
        let payload = self.bench.mutate(organization, "createAliasAccount", fields, input).await;
        let made = &payload["aliasAccount"];
        assert_eq!(payload["userErrors"], json!([]));
        (alias.id, alias.created_at) = (text(&made["id"]), text(&made["createdAt"]));
        alias
    }

    /// What becomes of accounts in the ledger is found by checking them.
    async fn check_links(&mut self) {
        for index in 0..self.aliases.len() {
            let found = ["VERIFIED", "BLOCKED", "NOT_FOUND", "MISMATCH", "VERIFIED", "VERIFIED"][index % 6];
            let alias = &mut self.aliases[index];
            if alias.deleted || found == "VERIFIED" {
                continue;
            }
            alias.link = found;
            let ledger = LedgerId(alias.ledger.parse().unwrap());
            let account = AccountId(alias.account.parse().unwrap());
            match alias.link {
                "NOT_FOUND" => self.bench.ledger.remove(self.organization, ledger, account),
                "BLOCKED" => {
                    self.bench.ledger.set(self.organization, ledger, account, |it| it.blocked = true)
                }
                _ => self.bench.ledger.set(self.organization, ledger, account, |it| {
                    it.account_type = "external".to_owned();
                }),
            }
            let (fields, input) = ("aliasAccount { link { status } }", json!({"id": alias.id}));
            let payload = self.bench.mutate(self.organization, "verifyAliasAccount", fields, input).await;
            assert_eq!(payload["aliasAccount"]["link"]["status"], alias.link, "{payload}");
        }
    }

    /// The ids of a whole list, page after page, with what it says of its length.
    pub(super) async fn list(&self, field: &str, filter: &Value) -> (Vec<String>, Value) {
        let kind = if field == "holders" { "HolderFilter" } else { "AliasAccountFilter" };
        let query = format!(
            "query($filter: {kind}, $after: String) {{ {field}(filter: $filter, first: 100, after: $after) {{
                nodes {{ id }} pageInfo {{ hasNextPage endCursor }} totalCount totalCountExact }} }}"
        );
        let (mut ids, mut after) = (Vec::new(), Value::Null);
        loop {
            let answer =
                self.bench.ask(self.organization, &query, json!({"filter": filter, "after": after})).await;
            let page = &answer[field];
            ids.extend(page["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                return (ids, json!([page["totalCount"], page["totalCountExact"]]));
            }
        }
    }
}

/// Parties of whom one has the role and another the document that a search may be for.
fn parties(index: usize) -> Vec<(&'static str, usize)> {
    match index % 6 {
        0 => vec![],
        1 => vec![(ROLES[0], 10)],
        2 => vec![(ROLES[0], 10), (ROLES[1], 11)],
        3 => vec![(ROLES[0], 11), (ROLES[1], 10)],
        4 => vec![(ROLES[0], 11), (ROLES[0], 12), (ROLES[1], 12)],
        _ => vec![(ROLES[1], 12), (ROLES[1], 13)],
    }
}

fn metadata(index: usize) -> Value {
    match index % 8 {
        0 => json!({}),
        1 => json!({"tier": "gold", "score": 1}),
        2 => json!({"tier": "gold", "score": 1.0, "vip": true}),
        3 => json!({"tier": "silver", "score": 2.5, "vip": false}),
        4 => json!({"tier": "Gold", "score": "1", "vip": "true"}),
        5 => json!({"score": 9007199254740991_i64, "vip": true}),
        6 => json!({"tier": true, "score": 0.1}),
        _ => json!({"vip": 1, "note": "tier=gold"}),
    }
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned()
}
