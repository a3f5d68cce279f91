//! A few records, some of one and the same millisecond, and the three lists that have them.

use crate::bench::Bench;
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use serde_json::{Value, json};
use uuid::Uuid;

pub(super) const SORTS: [&str; 2] = ["CREATED_AT", "UPDATED_AT"];
pub(super) const DIRECTIONS: [&str; 2] = ["ASC", "DESC"];

/// The three lists of the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Holders,
    AliasAccounts,
    /// Of the first holder.
    Own,
}

pub(super) const LISTS: [List; 3] = [List::Holders, List::AliasAccounts, List::Own];

/// A record that lists are sorted by.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub(super) id: String,
    created_at: String,
    updated_at: String,
}

pub(super) struct World {
    pub(super) bench: Bench,
    pub(super) organization: OrganizationId,
    pub(super) holders: Vec<Record>,
    pub(super) aliases: Vec<Record>,
    /// How many of the alias accounts, from the first on, are the first holder's.
    own: usize,
    pub(super) ledger: LedgerId,
}

impl World {
    /// So many holders, and as many alias accounts of the first of them, and some of the second.
    pub(super) async fn new(many: usize) -> Self {
        let (bench, organization) = (Bench::new(), OrganizationId(Uuid::now_v7()));
        let ledger = LedgerId(Uuid::now_v7());
        let mut world =
            Self { bench, organization, holders: Vec::new(), aliases: Vec::new(), own: many, ledger };
        let mut holders = Vec::new();
        for index in 0..many {
            world.bench.pass([0, 0, 1, 0, 5][index % 5]);
            holders.push(world.holder().await);
        }
        let mut aliases = Vec::new();
        for index in 0..many + 3 {
            world.bench.pass([0, 2, 0, 0, 1][index % 5]);
            aliases.push(world.alias(&holders[usize::from(index >= many)]).await);
        }
        // The times of the last change go in another order than those of creation.
        for index in (0..many).rev().filter(|index| index % 3 != 1) {
            world.bench.pass(index as i64 % 2);
            let input = json!({"id": holders[index], "metadata": {"turn": index}});
            world.bench.mutate(organization, "updateHolder", "holder { id }", input).await;
            let input = json!({"id": aliases[index], "metadata": {"turn": index}});
            world.bench.mutate(organization, "updateAliasAccount", "aliasAccount { id }", input).await;
        }
        world.holders = world.read(&holders).await;
        world.aliases = world.read(&aliases).await;
        world
    }

    pub(super) async fn holder(&self) -> String {
        let input = json!({"type": "LEGAL_PERSON", "name": "A", "document": Uuid::now_v7().to_string()});
        let made = self.bench.mutate(self.organization, "createHolder", "holder { id }", input).await;
        made["holder"]["id"].as_str().unwrap().to_owned()
    }

    async fn alias(&self, holder: &str) -> String {
        let account = AccountId(Uuid::now_v7());
        self.bench.ledger.set(self.organization, self.ledger, account, |_| {});
        let input = json!({"holderId": holder, "ledgerId": self.ledger.to_string(), "accountId": account.to_string()});
        let made =
            self.bench.mutate(self.organization, "createAliasAccount", "aliasAccount { id }", input).await;
        made["aliasAccount"]["id"].as_str().unwrap().to_owned()
    }

    async fn read(&self, ids: &[String]) -> Vec<Record> {
        let query = "query($ids: [ID!]!) { nodes(ids: $ids) {
            ... on Holder { id createdAt updatedAt } ... on AliasAccount { id createdAt updatedAt } } }";
        let read = self.bench.ask(self.organization, query, json!({"ids": ids})).await;
        let text = |node: &Value, name: &str| node[name].as_str().unwrap().to_owned();
        let record = |node: &Value| Record {
            id: text(node, "id"),
            created_at: text(node, "createdAt"),
            updated_at: text(node, "updatedAt"),
        };
        read["nodes"].as_array().unwrap().iter().map(record).collect()
    }

    /// The ids of a list in its order.
    pub(super) fn sorted(&self, list: List, sort: &str, direction: &str) -> Vec<String> {
        let mut records: Vec<&Record> = match list {
            List::Holders => self.holders.iter().collect(),
            List::AliasAccounts => self.aliases.iter().collect(),
            List::Own => self.aliases.iter().take(self.own).collect(),
        };
        let time = |record: &Record| {
            if sort == "CREATED_AT" { record.created_at.clone() } else { record.updated_at.clone() }
        };
        records.sort_by_key(|record| (time(record), record.id.clone()));
        if direction == "DESC" {
            records.reverse();
        }
        records.into_iter().map(|record| record.id.clone()).collect()
    }

    /// A page, or the whole answer where it has errors. `arguments` may have any of the list's.
    pub(super) async fn page(&self, list: List, arguments: &Value) -> Result<Value, Value> {
        self.page_of(self.organization, list, &self.holders[0].id, arguments).await
    }

    pub(super) async fn page_of(
        &self,
        organization: OrganizationId,
        list: List,
        holder: &str,
        arguments: &Value,
    ) -> Result<Value, Value> {
        let (kind, filter) = match list {
            List::Holders => ("Holder", "HolderFilter"),
            List::AliasAccounts | List::Own => ("AliasAccount", "AliasAccountFilter"),
        };
        let types = [
            ("filter", filter.to_owned()),
            ("sort", format!("{kind}Sort!")),
            ("direction", "SortDirection!".to_owned()),
            ("first", "Int".to_owned()),
            ("after", "String".to_owned()),
            ("last", "Int".to_owned()),
            ("before", "String".to_owned()),
        ];
        let given = types.iter().filter(|(name, _)| arguments.get(name).is_some());
        let variables: String = given.clone().map(|(name, kind)| format!("${name}: {kind} ")).collect();
        let passed: String = given.map(|(name, _)| format!("{name}: ${name} ")).collect();
        let passed = if passed.is_empty() { passed } else { format!("({passed})") };
        let fields = "{ edges { cursor node { id } } nodes { id }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";
        let (field, path) = match list {
            List::Holders => (format!("holders{passed} {fields}"), "/data/holders"),
            List::AliasAccounts => (format!("aliasAccounts{passed} {fields}"), "/data/aliasAccounts"),
            List::Own => (
                format!("holder(id: $holder) {{ aliasAccounts{passed} {fields} }}"),
                "/data/holder/aliasAccounts",
            ),
        };
        let holder_variable = if list == List::Own { "$holder: ID! " } else { "" };
        let variables = format!("{holder_variable}{variables}");
        let head = if variables.is_empty() { String::new() } else { format!("query({variables})") };
        let mut values = arguments.clone();
        values["holder"] = json!(holder);
        let answer = self.bench.answer(organization, &format!("{head} {{ {field} }}"), values).await;
        let page = answer.pointer(path).filter(|_| answer["errors"].is_null());
        page.cloned().ok_or(answer)
    }
}

/// The ids of a page.
pub(super) fn ids(page: &Value) -> Vec<String> {
    page["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}
