//! A store that no server has open, broken by hand.

use super::super::app::KEYS;
use super::super::bench::Bench;
use super::super::calls::{check, text};
use super::super::folder::Folder;
use super::super::mutations::{Service, Tenant, party, with};
use holdergraph::domain::ids::OrganizationId;
use holdergraph::registry::ports::store::Store;
use holdergraph::seal::{Keyring, Keys};
use holdergraph::store::Role;
use holdergraph::store::sqlite::SqliteStore;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// Values of the records, which no output may show.
pub(super) const VALUES: [&str; 10] = [
    "Canaria Namewell",
    "CANARYDOC",
    "canary-street",
    "canary@example.com",
    "CANARY-EXTERNAL",
    "canary-tier",
    "CANARY-BRANCH",
    "CANARY-ACCOUNT",
    "CANARY-PARTY",
    "Canary Party",
];

/// A live holder with a live and a soft-deleted alias account; another one with a live one; one without any; a
/// soft-deleted one.
pub(super) struct Broken {
    dir: Arc<Folder>,
    pub(super) organization: OrganizationId,
    ids: Vec<(&'static str, String)>,
}

impl Broken {
    /// A store in which only that is wrong: SQL with the records' names, such as `$owner`, in the place of ids.
    pub(super) async fn by(how: &str) -> Self {
        let bench = Bench::new();
        let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
        let mut ids = Vec::new();
        for (name, kind) in [
            ("$owner", "NATURAL_PERSON"),
            ("$second", "LEGAL_PERSON"),
            ("$lone", "LEGAL_PERSON"),
            ("$dead", "NATURAL_PERSON"),
        ] {
            let input = holder(kind, name);
            let made = tenant.call("createHolder", "holder { id }", &input).await;
            ids.push((name, text(&made, "/holder/id").to_owned()));
        }
        for (name, owner) in [("$account", 0), ("$gone", 0), ("$other", 1)] {
            let input = with(alias_account(tenant.new_account().await), "holderId", ids[owner].1.as_str());
            let made = tenant.call("createAliasAccount", "aliasAccount { id }", &input).await;
            ids.push((name, text(&made, "/aliasAccount/id").to_owned()));
        }
        tenant.call("deleteHolder", "deletedId", &json!({"id": ids[3].1})).await;
        tenant.call("deleteAliasAccount", "deletedId", &json!({"id": ids[5].1})).await;
        let organization = tenant.organization;
        let broken = Self { dir: bench.close(), organization, ids };
        bind_to_keys(broken.dir()).await;
        broken.run(how);
        broken
    }

    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(super) fn shared_dir(&self) -> Arc<Folder> {
        self.dir.clone()
    }

    /// Does something to the file.
    pub(super) fn run(&self, how: &str) {
        let db = Connection::open(self.dir().join("holdergraph.db")).unwrap();
        db.execute_batch(&format!("PRAGMA foreign_keys = OFF; {}", self.named(how))).unwrap();
    }

    fn named(&self, statement: &str) -> String {
        let quoted = |id: &str| format!("x'{}'", id.replace('-', ""));
        let statement = statement.replace("$organization", &quoted(&self.organization.to_string()));
        self.ids.iter().fold(statement, |text, (name, id)| text.replace(name, &quoted(id)))
    }

    /// The id of a record, by its name.
    pub(super) fn id(&self, name: &str) -> &str {
        &self.ids.iter().find(|(known, _)| *known == name).unwrap().1
    }

    fn name<'a>(&'a self, id: &'a Value) -> &'a str {
        let id = id.as_str().unwrap_or("-");
        self.ids.iter().find(|(_, known)| known == id).map_or(id, |(name, _)| name)
    }

    /// What the check finds, as `collection $record what`, in order. It ends with 3, tells the same as text, and no
    /// value of a record.
    pub(super) fn found(&self) -> Vec<String> {
        let (json, plain) = (check(self.dir(), &["--json"]), check(self.dir(), &[]));
        let output = String::from_utf8_lossy(&json.stdout).into_owned();
        let answer: Value = serde_json::from_str(&output)
            .unwrap_or_else(|_| panic!("{output}{}", String::from_utf8_lossy(&json.stderr)));
        assert_eq!((json.status.code(), plain.status.code()), (Some(3), Some(3)), "{answer}");
        let plain_text = String::from_utf8_lossy(&plain.stdout).into_owned();
        let findings = answer["findings"].as_array().unwrap();
        assert_eq!(answer["faults"], json!(findings.len()));
        let mut found = Vec::new();
        for finding in findings {
            let part = |name: &str| finding[name].as_str().unwrap_or("-");
            let line =
                plain_text.lines().find(|line| line.contains(part("id")) && line.ends_with(part("what")));
            assert!(
                line.is_some_and(|line| line.starts_with(part("collection"))),
                "{finding} in {plain_text}"
            );
            found.push(format!("{} {} {}", part("collection"), self.name(&finding["id"]), part("what")));
        }
        for bytes in [json.stdout, json.stderr, plain.stdout, plain.stderr] {
            let shown = String::from_utf8(bytes).unwrap().to_uppercase();
            let value = VALUES.into_iter().find(|value| shown.contains(&value.to_uppercase()));
            assert_eq!(value, None, "{shown}");
        }
        found.sort();
        found
    }
}

/// As a server does at its first start.
async fn bind_to_keys(dir: &Path) {
    let store = SqliteStore::open(dir, Role::Operator).unwrap();
    let [(_, encrypt), (_, hash), _] = KEYS;
    for check in Keys::new(Keyring::single(encrypt, hash).unwrap()).checks() {
        assert!(store.key_check(check.clone()).await.unwrap() == check);
    }
}

/// A holder whose values are all canaries.
pub(super) fn holder(kind: &str, name: &str) -> Value {
    let [person, document, street, email, external, tier, ..] = VALUES;
    let address = json!({"line1": street, "zipCode": "1", "city": "c", "state": "SP", "country": "BR"});
    json!({
        "type": kind, "name": person, "document": format!("{document}{}", &name[1..]), "externalId": external,
        "addresses": {"primary": address}, "contact": {"primaryEmail": email}, "metadata": {"tier": tier},
    })
}

fn alias_account(account: Value) -> Value {
    let [_, _, _, _, _, tier, branch, number, document, name] = VALUES;
    let account = with(account, "bankingDetails", json!({"branch": branch, "account": number}));
    let account = with(account, "metadata", json!({"tier": tier}));
    with(account, "relatedParties", json!([with(party(document), "name", name)]))
}
