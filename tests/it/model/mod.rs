//! Rules 1 to 10 as a property: whatever is done in whatever order, the service answers as a small model does.

mod ops;
mod world;

use super::bench::{Bench, rounds};
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use ops::{ACCOUNTS, DOCUMENTS, Ids, Op, Step, steps};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use uuid::Uuid;
use world::{Answer, NOBODY, World};

const EVERYTHING: &str = "{ holders(filter: {state: ANY}, first: 100) { nodes {
    id document name externalId contact { mobilePhone } metadata version deletedAt
    aliasAccounts(filter: {state: ANY}, first: 100) { totalCount nodes {
        id accountId bankingDetails { branch } link { status } version deletedAt relatedParties { id document name }
    } }
} totalCount totalCountExact } }";

/// What is selected of each payload.
fn fields(mutation: &str) -> &'static str {
    match mutation {
        "createHolder" | "updateHolder" | "restoreHolder" => "holder { id version }",
        "deleteHolder" | "deleteAliasAccount" => "deletedId",
        "onboardHolder" => "holder { id version } aliasAccounts { id version }",
        "addRelatedParty" | "updateRelatedParty" => "relatedParty { id name } aliasAccount { id version }",
        "removeRelatedParty" => "removedId aliasAccount { id version }",
        _ => "aliasAccount { id version link { status } }",
    }
}

/// A request that carried a key, and the ids that its first answer named.
struct Keyed {
    key: u8,
    mutation: &'static str,
    input: Value,
    outcome: Vec<String>,
}

/// One sequence, in an organization of its own.
struct Run<'a> {
    bench: &'a Bench,
    organization: OrganizationId,
    ledger: LedgerId,
    accounts: Vec<AccountId>,
    ids: Ids,
    world: World,
    keyed: Vec<Keyed>,
}

impl<'a> Run<'a> {
    fn new(bench: &'a Bench) -> Self {
        let ledger = LedgerId(Uuid::now_v7());
        let accounts: Vec<_> = (0..ACCOUNTS).map(|_| AccountId(Uuid::now_v7())).collect();
        let ids =
            Ids { ledger: ledger.to_string(), accounts: accounts.iter().map(ToString::to_string).collect() };
        let organization = OrganizationId(Uuid::now_v7());
        Self { bench, organization, ledger, accounts, ids, world: World::default(), keyed: Vec::new() }
    }

    async fn step(&mut self, step: &Step) {
        // Records of one millisecond are sorted by ids, which rise all the same; times must move for updates.
        self.bench.pass(1);
        match step {
            Step::Do(Op::Ledger { account, blocked }, _) => self.change_ledger(*account, *blocked),
            Step::Do(op, key) => self.run(op, *key).await,
            Step::Again(index) => self.again(*index).await,
        }
        self.compare().await;
    }

    fn change_ledger(&mut self, account: usize, blocked: Option<bool>) {
        let id = self.accounts[account];
        match blocked {
            Some(blocked) => {
                self.bench
                    .ledger
                    .set(self.organization, self.ledger, id, |account| account.blocked = blocked);
                self.world.blocked.insert(account, blocked);
            }
            None => {
                self.bench.ledger.remove(self.organization, self.ledger, id);
                self.world.blocked.remove(&account);
            }
        }
    }

    async fn run(&mut self, op: &Op, key: Option<u8>) {
        let (mutation, mut input) = op.request(&self.world, &self.ids);
        let key = key.filter(|_| mutation != "verifyAliasAccount");
        if let Some(key) = key {
            input["idempotencyKey"] = json!(format!("key {key}"));
            if let Some(first) = self.keyed.iter().find(|keyed| keyed.key == key) {
                let same = (first.mutation, &first.input) == (mutation, &input);
                return if same { self.again_of(key).await } else { self.reused(op, mutation, input).await };
            }
        }
        let payload = self.bench.mutate(self.organization, mutation, fields(mutation), input.clone()).await;
        let expected = self.world.apply(op);
        let outcome = self.judge(&expected, &payload, op);
        if let (Some(key), Some(outcome)) = (key, outcome) {
            self.keyed.push(Keyed { key, mutation, input, outcome });
        }
    }

    /// Compares a payload with what the model says, learns new ids from it, and answers the ids of its outcome.
    fn judge(&mut self, expected: &Answer, payload: &Value, op: &Op) -> Option<Vec<String>> {
        let told = || format!("{op:?}\nexpected {expected:?}\npayload {payload}\nworld {:#?}", self.world);
        let id = |path: &str| {
            payload.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{}", told())).to_owned()
        };
        if let Answer::Refused(code) = expected {
            assert_eq!(payload["userErrors"][0]["code"], *code, "{}", told());
            return None;
        }
        assert_eq!(payload["userErrors"], json!([]), "{}", told());
        let (holders, aliases) = (self.world.holders.len(), self.world.aliases.len());
        Some(match expected {
            Answer::Refused(_) => return None,
            Answer::NewHolder => {
                let new = id("/holder/id");
                self.world.holders[holders - 1].id.clone_from(&new);
                vec![new]
            }
            Answer::NewAlias => {
                let new = id("/aliasAccount/id");
                self.world.aliases[aliases - 1].id.clone_from(&new);
                vec![new]
            }
            Answer::Onboarded(count) => {
                let holder = id("/holder/id");
                let new: Vec<String> = (0..*count).map(|i| id(&format!("/aliasAccounts/{i}/id"))).collect();
                self.world.holders[holders - 1].id.clone_from(&holder);
                for (alias, new) in self.world.aliases[aliases - count..].iter_mut().zip(&new) {
                    (alias.id, alias.holder) = (new.clone(), holder.clone());
                }
                [vec![holder], new].concat()
            }
            Answer::NewParty(alias) => {
                let new = id("/relatedParty/id");
                assert_eq!(id("/aliasAccount/id"), *alias);
                let alias = self.world.aliases.iter_mut().find(|one| one.id == *alias).unwrap();
                alias.parties.last_mut().unwrap().id.clone_from(&new);
                vec![alias.id.clone(), new]
            }
            Answer::Holder(holder) => vec![same(id("/holder/id"), holder)],
            Answer::Alias(alias) => vec![same(id("/aliasAccount/id"), alias)],
            Answer::Deleted(gone) => vec![same(id("/deletedId"), gone)],
            Answer::Party(alias, party) => {
                vec![same(id("/aliasAccount/id"), alias), same(id("/relatedParty/id"), party)]
            }
            Answer::Removed(alias, party) => {
                vec![same(id("/aliasAccount/id"), alias), same(id("/removedId"), party)]
            }
        })
    }

    /// Input rules are told before the key is looked at.
    async fn reused(&mut self, op: &Op, mutation: &'static str, input: Value) {
        let code = if op.names_an_account_twice() { "ACCOUNT_IN_USE" } else { "IDEMPOTENCY_KEY_REUSED" };
        let payload = self.bench.mutate(self.organization, mutation, fields(mutation), input).await;
        assert_eq!(payload["userErrors"][0]["code"], code, "{payload}");
    }

    async fn again(&mut self, index: usize) {
        if let Some(keyed) = index.checked_rem(self.keyed.len()).map(|index| self.keyed[index].key) {
            self.again_of(keyed).await;
        }
    }

    /// Rule 9: the same record ids, no userErrors, and null or left out what is purged.
    async fn again_of(&mut self, key: u8) {
        let Keyed { mutation, input, outcome, .. } =
            self.keyed.iter().find(|keyed| keyed.key == key).unwrap();
        let payload = self.bench.mutate(self.organization, mutation, fields(mutation), input.clone()).await;
        assert_eq!(payload["userErrors"], json!([]), "{mutation} {input}: {payload}");
        let holder = |id: &String| self.world.holders.iter().any(|one| one.id == *id).then(|| id.clone());
        let alias = |id: &String| self.world.aliases.iter().any(|one| one.id == *id).then(|| id.clone());
        let party = |id: &String| {
            let mut parties = self.world.aliases.iter().flat_map(|alias| &alias.parties);
            parties.any(|one| one.id == *id).then(|| id.clone())
        };
        let expected = match *mutation {
            "createHolder" | "updateHolder" | "restoreHolder" => vec![("/holder/id", holder(&outcome[0]))],
            "deleteHolder" | "deleteAliasAccount" => vec![("/deletedId", Some(outcome[0].clone()))],
            "addRelatedParty" | "updateRelatedParty" => {
                vec![("/aliasAccount/id", alias(&outcome[0])), ("/relatedParty/id", party(&outcome[1]))]
            }
            "removeRelatedParty" => {
                vec![("/aliasAccount/id", alias(&outcome[0])), ("/removedId", Some(outcome[1].clone()))]
            }
            "onboardHolder" => {
                let left: Vec<String> = outcome[1..].iter().filter_map(alias).collect();
                let shown: Vec<&str> = payload["aliasAccounts"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["id"].as_str().unwrap())
                    .collect();
                assert_eq!(shown, left, "{payload}");
                vec![("/holder/id", holder(&outcome[0]))]
            }
            _ => vec![("/aliasAccount/id", alias(&outcome[0]))],
        };
        for (path, id) in expected {
            let shown = payload.pointer(path).and_then(Value::as_str);
            assert_eq!(shown, id.as_deref(), "{mutation} {input}: {path} of {payload}");
        }
    }

    /// Everything that can be read, against the model.
    async fn compare(&self) {
        let read = self.bench.ask(self.organization, EVERYTHING, json!({})).await;
        let holders = &read["holders"];
        assert_eq!(holders["totalCount"], json!(self.world.holders.len()));
        assert_eq!(holders["totalCountExact"], json!(true));
        let shown: Vec<Value> =
            holders["nodes"].as_array().unwrap().iter().map(|holder| self.shown(holder)).collect();
        assert_eq!(json!(shown), self.world.shown());
        self.compare_owners().await;
    }

    fn shown(&self, holder: &Value) -> Value {
        let aliases = holder["aliasAccounts"]["nodes"].as_array().unwrap();
        assert_eq!(holder["aliasAccounts"]["totalCount"], json!(aliases.len()));
        let aliases: Vec<Value> = aliases
            .iter()
            .map(|alias| {
                let account = alias["accountId"].as_str().unwrap();
                let parties: Vec<Value> = alias["relatedParties"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|party| json!([party["id"], party["document"], party["name"]]))
                    .collect();
                json!({
                    "id": alias["id"], "account": self.ids.accounts.iter().position(|id| id == account),
                    "banking": !alias["bankingDetails"].is_null(),
                    "branch": alias["bankingDetails"]["branch"], "link": alias["link"]["status"],
                    "version": alias["version"], "deleted": !alias["deletedAt"].is_null(), "parties": parties,
                })
            })
            .collect();
        json!({
            "id": holder["id"], "document": holder["document"], "name": holder["name"],
            "externalId": holder["externalId"],
            "contact": !holder["contact"].is_null(), "phone": holder["contact"]["mobilePhone"],
            "tier": holder["metadata"].get("tier"), "version": holder["version"],
            "deleted": !holder["deletedAt"].is_null(), "aliases": aliases,
        })
    }

    /// Who has a document, and whose an account is.
    async fn compare_owners(&self) {
        let documents: String = (0..DOCUMENTS.len())
            .map(|i| format!("d{i}: holderByDocument(document: {}) {{ id }} ", json!(DOCUMENTS[i][1])))
            .collect();
        let query = format!(
            "query($ledger: UUID!, $accounts: [UUID!]!) {{ {documents} owners: aliasAccountsByLedgerAccounts(ledgerId: $ledger, accountIds: $accounts) {{ id }} }}"
        );
        let variables = json!({"ledger": self.ids.ledger, "accounts": self.ids.accounts});
        let read = self.bench.ask(self.organization, &query, variables).await;
        for document in 0..DOCUMENTS.len() {
            let owner = self.world.holders.iter().find(|one| !one.deleted && one.document == document);
            assert_eq!(read[format!("d{document}")]["id"].as_str(), owner.map(|one| one.id.as_str()));
        }
        for account in 0..ACCOUNTS {
            let owner = self.world.aliases.iter().find(|one| !one.deleted && one.account == account);
            assert_eq!(read["owners"][account]["id"].as_str(), owner.map(|one| one.id.as_str()));
        }
        assert!(self.world.holders.iter().all(|one| one.id != NOBODY));
    }
}

fn same(shown: String, expected: &str) -> String {
    assert_eq!(shown, expected);
    shown
}

#[test]
fn any_sequence_of_operations_is_answered_as_the_model_answers() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let bench = runtime.block_on(async { Bench::new() });
    let cases = u32::try_from(rounds(1_000)).unwrap();
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let ran = TestRunner::new(config).run(&steps(), |steps| {
        let mut run = Run::new(&bench);
        runtime.block_on(async {
            for step in &steps {
                run.step(step).await;
            }
        });
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
}
