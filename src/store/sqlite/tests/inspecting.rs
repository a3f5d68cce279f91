//! What is astray is found: each kind of it, in a file that is broken by hand.

use super::super::{Role, SqliteStore};
use super::Sqlite;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::HolderId;
use crate::registry::ports::audit::{AuditStore, AuditedRecord};
use crate::registry::ports::inspection::{Inspection, Stray};
use crate::registry::ports::record::{NewAliasAccount, NewHolder};
use crate::registry::ports::store::Commit;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{alias_account, organization};
use crate::store::conformance::trail_entries::{entry, links};
use rusqlite::Connection;
use uuid::Uuid;

/// A live holder with a live and a deleted alias account, and a deleted holder.
struct Broken {
    stores: Sqlite,
    owner: NewHolder,
    account: NewAliasAccount,
    dead: NewHolder,
    dead_account: NewAliasAccount,
}

/// A store in which only that is wrong.
async fn broken(how: &str) -> Broken {
    let stores = Sqlite::new();
    let organization = organization();
    let store = &**stores.sqlite();
    let owner = Holder::stored(store, organization).await;
    let dead = Holder::stored(store, organization).await;
    dead.clear.bury(store).await;
    let (account, dead_account) = (alias_account(&owner), alias_account(&owner));
    for account in [&account, &dead_account] {
        assert_eq!(AliasAccount::insert(store, account.clone(), None).await, Commit::Stored);
    }
    dead_account.clear.bury(store).await;
    assert_eq!(store.strays(10).await.unwrap(), []);
    let broken = Broken { owner, account, dead, dead_account, stores };
    broken
        .stores
        .beside()
        .execute_batch(&format!("PRAGMA foreign_keys = OFF; {}", broken.named(how)))
        .unwrap();
    broken
}

impl Broken {
    /// A statement with the ids of records in the place of their names.
    fn named(&self, statement: &str) -> String {
        let quoted = |id: Uuid| format!("x'{}'", id.simple());
        statement
            .replace("$organization", &quoted(self.owner.clear.organization.0))
            .replace("$owner", &quoted(self.owner.clear.id.0))
            .replace("$dead_account", &quoted(self.dead_account.clear.id.0))
            .replace("$account", &quoted(self.account.clear.id.0))
            .replace("$dead", &quoted(self.dead.clear.id.0))
    }

    async fn strays(&self) -> Vec<Stray> {
        self.stores.sqlite().strays(100).await.unwrap()
    }

    /// That this one record is astray, for this reason.
    async fn tells(&self, record: Uuid, what: &str) {
        let organization = Some(self.owner.clear.organization);
        let expected = Stray { organization, record: Some(record), what: what.to_owned() };
        assert_eq!(self.strays().await, [expected]);
    }
}

#[tokio::test]
async fn tokens_and_claims_without_their_record() {
    let nobody = Uuid::from_u128(7);
    let id = "x'00000000000000000000000000000007'";
    for kind in [1, 2] {
        let how = format!("INSERT INTO tokens VALUES ($organization, {kind}, 'a', 1, 5, {id}, 5)");
        broken(&how).await.tells(nobody, "tokens without their record").await;
        let claim = if kind == 1 { "document.1/1/a" } else { "account/a/b" };
        let how = format!("INSERT INTO claims VALUES ($organization, '{claim}', {kind}, {id})");
        broken(&how).await.tells(nobody, "a claim without its record").await;
    }
}

#[tokio::test]
async fn tokens_that_tell_something_else_than_their_record() {
    for change in ["live = 0", "created_at = 1", "updated_at = 1"] {
        let what = "tokens that tell another state or time than their record";
        let how =
            format!("UPDATE tokens SET {change} WHERE kind = 1 AND id = $owner AND token LIKE 'type/%'");
        let broken_store = broken(&how).await;
        broken_store.tells(broken_store.owner.clear.id.0, what).await;
        let how = format!("UPDATE tokens SET {change} WHERE kind = 2 AND id = $account AND token = ''");
        let broken_store = broken(&how).await;
        broken_store.tells(broken_store.account.clear.id.0, what).await;
    }
}

#[tokio::test]
async fn records_that_are_not_in_the_list_of_all() {
    let what = "a record that is not in the list of all";
    let broken_store = broken("DELETE FROM tokens WHERE id = $dead AND token = ''").await;
    broken_store.tells(broken_store.dead.clear.id.0, what).await;
    let broken_store = broken("DELETE FROM tokens WHERE id = $account AND token = ''").await;
    broken_store.tells(broken_store.account.clear.id.0, what).await;
}

#[tokio::test]
async fn links_of_the_audit_trail_that_the_list_of_a_record_does_not_have() {
    for (how, what) in [
        (
            "DELETE FROM trail_records WHERE record = $owner",
            "a link of the audit trail that is missing in the list of its record",
        ),
        (
            "DELETE FROM trail_links WHERE number = 2",
            "a place in the audit trail's list of a record without its link",
        ),
    ] {
        let broken_store = broken("").await;
        let (store, owner) = (&**broken_store.stores.sqlite(), &broken_store.owner.clear);
        let others = entry(1).about((0..9).map(|_| AuditedRecord::Holder(HolderId(Uuid::now_v7()))));
        let mut of_owner = entry(2);
        of_owner.records = vec![AuditedRecord::Holder(owner.id)];
        let mut of_nobody = entry(3);
        of_nobody.records.clear();
        let links = links(1, &[others, of_owner, of_nobody]);
        assert!(store.append_links(owner.organization, links).await.unwrap());
        assert_eq!(broken_store.strays().await, []);
        broken_store.stores.beside().execute_batch(&broken_store.named(how)).unwrap();
        broken_store.tells(owner.id.0, what).await;
    }
}

#[tokio::test]
async fn deleted_records_that_hold_claims() {
    let what = "a deleted record that holds claims";
    let broken_store = broken("INSERT INTO claims VALUES ($organization, 'document.1/1/a', 1, $dead)").await;
    broken_store.tells(broken_store.dead.clear.id.0, what).await;
    let broken_store =
        broken("INSERT INTO claims VALUES ($organization, 'account/a', 2, $dead_account)").await;
    broken_store.tells(broken_store.dead_account.clear.id.0, what).await;
}

#[tokio::test]
async fn live_records_that_hold_no_claim() {
    let what = "a live record that holds no claim";
    let broken_store = broken("DELETE FROM claims WHERE id = $owner").await;
    broken_store.tells(broken_store.owner.clear.id.0, what).await;
    let broken_store = broken("DELETE FROM claims WHERE id = $account").await;
    broken_store.tells(broken_store.account.clear.id.0, what).await;
}

#[tokio::test]
async fn claims_of_another_kind_than_their_record() {
    let what = "a claim of another kind than its record";
    let broken_store = broken("INSERT INTO claims VALUES ($organization, 'account/a', 1, $owner)").await;
    broken_store.tells(broken_store.owner.clear.id.0, what).await;
    let broken_store = broken("INSERT INTO claims VALUES ($organization, 'document.1/a', 2, $account)").await;
    broken_store.tells(broken_store.account.clear.id.0, what).await;
}

#[tokio::test]
async fn alias_accounts_without_their_holder() {
    let how = "DELETE FROM holders WHERE id = $owner; DELETE FROM tokens WHERE id = $owner;
        DELETE FROM claims WHERE id = $owner";
    let broken_store = broken(how).await;
    let mut orphans: Vec<_> = broken_store.strays().await;
    orphans.sort_by_key(|stray| stray.record);
    let mut expected = [broken_store.account.clear.id.0, broken_store.dead_account.clear.id.0];
    expected.sort();
    assert_eq!(orphans.iter().map(|stray| stray.record.unwrap()).collect::<Vec<_>>(), expected);
    assert!(orphans.iter().all(|stray| stray.what == "an alias account without its holder"));
    let kept = broken_store.stores.sqlite().alias_accounts_after(None, 9).await.unwrap();
    assert!(kept.len() == 2 && kept.iter().all(|kept| kept.holder.is_none()));
}

#[tokio::test]
async fn records_that_cannot_be_read_and_all_others_are_kept() {
    let what = "a record that this release cannot read";
    for change in ["type = 'ROBOT'", "metadata = '{\"k\": []}'", "generations = '1'", "version = 9999999999"]
    {
        let broken_store = broken(&format!("UPDATE holders SET {change} WHERE id = $owner")).await;
        broken_store.tells(broken_store.owner.clear.id.0, what).await;
        let store = broken_store.stores.sqlite();
        for size in [1, 9] {
            let kept = store.holders_after(None, size).await.unwrap();
            let ids: Vec<_> = kept.iter().map(|kept| kept.record.clear.id).collect();
            assert_eq!(ids, [broken_store.dead.clear.id]);
        }
        let kept = store.alias_accounts_after(None, 9).await.unwrap();
        let readable = change.starts_with("generations");
        assert!(kept.len() == 2 && kept.iter().all(|kept| kept.holder.is_some() == readable));
    }
    let broken_store = broken("UPDATE alias_accounts SET parties = '{}' WHERE id = $account").await;
    broken_store.tells(broken_store.account.clear.id.0, what).await;
    let kept = broken_store.stores.sqlite().alias_accounts_after(None, 9).await.unwrap();
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn an_index_that_lacks_an_entry() {
    // SQLite is told that the index is another one, and then that it is the old one again.
    let broken_store = broken(
        "CREATE TABLE kept AS SELECT sql FROM sqlite_schema WHERE name = 'tokens_by_update';
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = sql || ' WHERE live = 0' WHERE name = 'tokens_by_update';",
    )
    .await;
    let Broken { stores: Sqlite { store, dir }, owner, .. } = broken_store;
    drop(store);
    let db = Connection::open(dir.path().join("holdergraph.db")).unwrap();
    db.execute("DELETE FROM tokens WHERE id = ?1 AND token = 'type/NATURAL_PERSON'", [owner.clear.id])
        .unwrap();
    db.execute_batch(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = (SELECT sql FROM kept) WHERE name = 'tokens_by_update'; DROP TABLE kept",
    )
    .unwrap();
    drop(db);
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    let strays = store.strays(100).await.unwrap();
    assert!(strays.iter().any(|stray| stray.what.contains("tokens_by_update")), "{strays:?}");
    assert!(strays.iter().all(|stray| stray.record.is_none()));
    assert!(!format!("{strays:?}").contains("NATURAL_PERSON"));
}

#[tokio::test]
async fn no_more_than_so_many_are_told() {
    let broken_store = broken("DELETE FROM claims; DELETE FROM tokens WHERE token = ''").await;
    for (most, told) in [(0, 0), (1, 1), (3, 3), (100, 6)] {
        assert_eq!(broken_store.stores.sqlite().strays(most).await.unwrap().len(), told);
    }
}
