//! Rule 4: a record that is removed for good is in no file any more.

use super::super::{Role, SqliteStore};
use super::Sqlite;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, OrganizationId};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::registry::ports::audit::{AuditEntry, AuditStore, AuditedRecord, TrailFilter, WaitingEntry};
use crate::registry::ports::record::{Claim, NewAliasAccount, NewHolder, Token};
use crate::registry::ports::store::{Commit, Store};
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{self, NOW, claim, organization};
use crate::store::conformance::trail_entries::links;
use crate::store::conformance::writes::{change, purge};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use uuid::Uuid;

/// What only the victim's records hold, in every part of them.
const MARKS: [&str; 7] = [
    "mark-of-the-blob",
    "mark-of-an-earlier-blob",
    "mark-of-a-claim",
    "mark-of-a-token",
    "mark-of-metadata",
    "mark-of-the-external-id",
    "mark-of-a-link",
];

/// All files of a directory as one text; what is no text in them is replaced.
fn text(dir: &Path) -> String {
    let files = fs::read_dir(dir).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

/// Which marks stand in any file of the directory.
fn left(dir: &Path) -> Vec<&'static str> {
    let text = text(dir);
    MARKS.into_iter().filter(|mark| text.contains(mark)).collect()
}

/// An id that is the same in every run, so that the rows stand on the same pages in every run: when SQLite splits a
/// page, it does not write over the copies of the rows that it moves away from there.
fn id(number: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(number).unwrap())
}

fn holder(number: usize) -> NewHolder {
    let mut holder = records::holder(OrganizationId(id(1)));
    holder.clear.id = HolderId(id(number));
    holder.protected.claims = vec![claim(&number.to_string())];
    holder.protected.tokens = vec![Token(format!("document.1/1/{number}"))];
    holder
}

/// An alias account with marks, whose blob is so many times its mark.
fn marked_account(holder: &NewHolder, number: usize, blob: usize) -> NewAliasAccount {
    let mut account = records::alias_account(holder);
    account.clear.id = AliasAccountId(id(number));
    (account.clear.ledger_id, account.clear.account_id) = (LedgerId(id(7)), AccountId(id(number)));
    account.clear.link.detail = Some(MARKS[6].to_owned());
    account.protected.claims = vec![Claim(format!("account/{}", MARKS[2]))];
    account.protected.sealed.0 = MARKS[0].repeat(blob).into_bytes();
    account.protected.tokens = vec![Token(MARKS[3].to_owned())];
    account
}

/// A record with a mark wherever something is kept, whose blob is so many times its mark.
fn marked(number: usize, blob: usize) -> NewHolder {
    let mut holder = holder(number);
    let long = MARKS[4].repeat(30);
    holder.clear.metadata = Metadata([(MARKS[4].to_owned(), MetadataValue::Text(long))].into());
    holder.clear.external_id = Some(MARKS[5].to_owned());
    holder.protected.claims = vec![claim(MARKS[2])];
    holder.protected.tokens = vec![Token(MARKS[3].to_owned())];
    holder.protected.sealed.0 = MARKS[1].repeat(blob).into_bytes();
    holder
}

/// Writes the victim among others: twice, so that an earlier blob was there, with alias accounts that are deleted.
async fn write(store: &dyn Store, blob: usize) -> NewHolder {
    let mut victim = marked(1_020, blob);
    for number in 1_000..1_060 {
        let mut other = holder(number);
        other.protected.sealed.0 = vec![7; 40 * (number - 1_000)];
        let new = if number == 1_020 { victim.clone() } else { other };
        assert_eq!(Holder::insert(store, new, None).await, Commit::Stored);
        if [1_030, 1_050].contains(&number) {
            let account = marked_account(&victim, number, blob);
            assert_eq!(AliasAccount::insert(store, account.clone(), None).await, Commit::Stored);
            account.clear.bury(store).await;
        }
    }
    victim.protected.sealed.0 = MARKS[0].repeat(blob).into_bytes();
    let read = victim.clear.now(store).await;
    assert_eq!(Holder::update(store, change(&read, &victim.protected), None).await, Commit::Stored);
    victim
}

#[tokio::test]
async fn no_byte_of_a_purged_record_stays_in_any_file() {
    // In its row, on a few overflow pages, on many.
    for blob in [1, 400, 20_000] {
        let stores = Sqlite::new();
        let store = &**stores.sqlite();
        let victim = write(store, blob).await;
        assert_eq!(left(stores.dir.path()), MARKS, "what is looked for must be there before");
        let read = victim.clear.now(store).await;
        assert_eq!(Holder::purge(store, purge(&read), None).await, Commit::Stored);
        assert_eq!(left(stores.dir.path()), [""; 0], "a blob of {blob}");
    }
}

#[tokio::test]
async fn a_purged_alias_account_leaves_no_byte_either() {
    let stores = Sqlite::new();
    let store = &**stores.sqlite();
    let owner = holder(1_000);
    assert_eq!(Holder::insert(store, owner.clone(), None).await, Commit::Stored);
    let account = marked_account(&owner, 1_001, 300);
    assert_eq!(AliasAccount::insert(store, account.clone(), None).await, Commit::Stored);
    let read = account.clear.now(store).await;
    assert_eq!(AliasAccount::purge(store, purge(&read), None).await, Commit::Stored);
    assert_eq!(left(stores.dir.path()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reader_keeps_in_the_log_goes_with_the_next_write_after_it() {
    let stores = Sqlite::new();
    let store = &**stores.sqlite();
    let victim = write(store, 400).await;
    let reader = stores.beside();
    reader.execute_batch("BEGIN; SELECT * FROM holders LIMIT 1").unwrap();
    let read = victim.clear.now(store).await;
    assert_eq!(Holder::purge(store, purge(&read), None).await, Commit::Stored);
    assert!(!left(stores.dir.path()).is_empty());
    reader.execute_batch("COMMIT").unwrap();
    // The writer tries again between two groups.
    store.ready().await.unwrap();
    store.ready().await.unwrap();
    assert_eq!(left(stores.dir.path()), [""; 0]);
}

#[tokio::test]
async fn what_a_killed_server_left_in_the_log_goes_at_the_next_start() {
    let stores = Sqlite::new();
    let store = &**stores.sqlite();
    let victim = write(store, 400).await;
    // As if it had been killed between the commit of a purge and the end of its checkpoint.
    let db = stores.beside();
    db.execute_batch("PRAGMA secure_delete = ON").unwrap();
    for table in ["tokens", "claims", "alias_accounts", "holders"] {
        let of = if table == "alias_accounts" { "holder_id" } else { "id" };
        db.execute(&format!("DELETE FROM {table} WHERE {of} = ?1"), [victim.clear.id]).unwrap();
    }
    db.execute_batch("DELETE FROM tokens WHERE token = 'mark-of-a-token' OR kind = 2").unwrap();
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(stores.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    assert!(!left(copy.path()).is_empty());
    let store = SqliteStore::open(copy.path(), Role::Server).unwrap();
    assert_eq!(left(copy.path()), [""; 0]);
    store.ready().await.unwrap();
}

#[tokio::test]
async fn only_the_audit_entry_tells_of_a_purge() {
    let stores = Sqlite::new();
    let store = &**stores.sqlite();
    let owner = Holder::stored(store, organization()).await;
    let mut removal = purge(&owner.clear.now(store).await);
    removal.audit = owner.audit.clone();
    assert_eq!(removal.audit[0].at, NOW);
    assert_eq!(Holder::purge(store, removal, None).await, Commit::Stored);
    for table in ["holders", "alias_accounts", "claims", "tokens"] {
        assert_eq!(stores.count(table), 0, "{table}");
    }
    assert_eq!(stores.count("audit_outbox"), 2);
    let db: Connection = stores.beside();
    let records: i64 =
        db.query_row("SELECT count(DISTINCT record) FROM audit_outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(records, 1);
}

#[tokio::test]
async fn the_trail_of_a_purged_record_keeps_names_and_no_value() {
    let stores = Sqlite::new();
    let store = &**stores.sqlite();
    let victim = write(store, 400).await;
    let organization = victim.clear.organization;
    let of_victim = [AuditedRecord::Holder(victim.clear.id)];
    let mut removal = purge(&victim.clear.now(store).await);
    let mut entry = records::audit("purgeHolder").about(of_victim);
    entry.fields = vec!["document".to_owned()];
    removal.audit = vec![entry];
    assert_eq!(Holder::purge(store, removal, None).await, Commit::Stored);
    let waiting = store.waiting_entries(organization, 1_000).await.unwrap();
    let (mut entries, mut places) = (vec![], vec![]);
    for WaitingEntry { place, entry } in waiting {
        places.push(place);
        if entries.iter().all(|other: &AuditEntry| other.id != entry.id) {
            entries.push(entry);
        }
    }
    assert!(store.append_links(organization, links(1, &entries)).await.unwrap());
    store.settle_entries(organization, places).await.unwrap();
    assert_eq!(left(stores.dir.path()), [""; 0]);
    assert!(text(stores.dir.path()).contains("purgeHolder"));
    let filter = TrailFilter { record: Some(victim.clear.id.0), ..TrailFilter::default() };
    let found = store.find_links(organization, &filter, None, true, 9).await.unwrap();
    assert_eq!(found.links.len(), 1);
}
