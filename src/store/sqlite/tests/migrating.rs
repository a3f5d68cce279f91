//! A store of an earlier layout is the same store after the server has opened it.

use super::super::columns::Json;
use super::super::{Role, SqliteStore, schema};
use super::Sqlite;
use crate::domain::alias_account::{AliasAccount, RelatedPartyRole};
use crate::domain::holder::{Holder, HolderType};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::domain::time::Timestamp;
use crate::registry::ports::audit::{AuditEntry, AuditStore};
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::link_walk::{LinkWalks, Walk, WalkKind};
use crate::registry::ports::list::{Filter, State};
use crate::registry::ports::record::{Deletion, NewAliasAccount, NewHolder, Protected, Token};
use crate::registry::ports::store::{Commit, Store};
use crate::registry::ports::terms;
use crate::registry::ports::transfer::Outlet;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{
    NOW, alias_account, banking, holder, operation, organization, page, party, wrote,
};
use rusqlite::{Connection, params};
use std::collections::BTreeSet;
use std::fs;

/// Two holders and two alias accounts of the first; one of each kind is deleted.
struct Records {
    holders: [NewHolder; 2],
    alias_accounts: [NewAliasAccount; 2],
}

fn metadata() -> Metadata {
    let entries = [
        ("tier", MetadataValue::Text("gold".to_owned())),
        ("a/b~c", MetadataValue::Text("ü".repeat(129))),
        ("s:/s:", MetadataValue::Text("x".repeat(256))),
        (&"k".repeat(100), MetadataValue::Text("/".repeat(2_000))),
        ("n", MetadataValue::Number(17.into())),
        (&"ö".repeat(100), MetadataValue::Boolean(true)),
    ];
    Metadata(entries.map(|(key, value)| (key.to_owned(), value)).into())
}

fn records() -> Records {
    let organization = organization();
    let mut holders = [holder(organization), holder(organization)];
    holders[0].clear.metadata = metadata();
    holders[0].clear.updated_at = NOW.plus(7);
    holders[1].clear.holder_type = HolderType::LegalPerson;
    holders[1].clear.external_id = None;
    let mut alias_accounts = [alias_account(&holders[0]), alias_account(&holders[0])];
    let roles = [
        RelatedPartyRole::PrimaryHolder,
        RelatedPartyRole::PrimaryHolder,
        RelatedPartyRole::ResponsibleParty,
    ];
    alias_accounts[0].clear.parties = roles.map(|role| party(role, None)).into();
    alias_accounts[0].clear.metadata = metadata();
    alias_accounts[1].clear.banking =
        Some(crate::domain::alias_account::BankingDetails { branch: None, ..banking() });
    alias_accounts[1].clear.parties.clear();
    Records { holders, alias_accounts }
}

/// The tokens that the first layout had: those of metadata entries were made with the others, a long text in full.
fn tokens_1(protected: &Protected, metadata: &Metadata) -> Vec<String> {
    let entries = metadata.0.iter().map(|(key, value)| {
        let key = key.replace('~', "~0").replace('/', "~1");
        match value {
            MetadataValue::Boolean(value) => format!("meta/{key}/b:{value}"),
            MetadataValue::Number(value) => format!("meta/{key}/n:{value}"),
            MetadataValue::Text(value) => format!("meta/{key}/s:{value}"),
        }
    });
    protected.tokens.iter().map(|token| token.0.clone()).chain(entries).collect()
}

/// Writes a store as the release of the first layout did.
fn write_layout_1(db: &Connection, records: &Records) {
    db.execute_batch(include_str!("../layout_1.sql")).unwrap();
    db.execute_batch("PRAGMA user_version = 1").unwrap();
    for (place, holder) in records.holders.iter().enumerate() {
        let deleted_at = (place == 1).then_some(NOW.plus(99));
        let clear = &holder.clear;
        db.execute(
            "INSERT INTO holders (organization, id, type, external_id, metadata, created_at, updated_at, deleted_at,
                 version, revision, generations, operation, audit, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, 1, ?9, NULL, ?10, ?11)",
            params![
                clear.organization,
                clear.id,
                clear.holder_type,
                clear.external_id,
                Json(&clear.metadata),
                clear.created_at,
                deleted_at.unwrap_or(clear.updated_at),
                deleted_at,
                Json(&holder.protected.generations),
                Json(&holder.audit),
                holder.protected.sealed.0,
            ],
        )
        .unwrap();
        write_index(db, clear, &holder.protected, &clear.metadata, deleted_at.is_none());
    }
    for (place, account) in records.alias_accounts.iter().enumerate() {
        let deleted_at = (place == 1).then_some(NOW.plus(98));
        let clear = &account.clear;
        let banking = clear.banking.clone().unwrap_or_default();
        db.execute(
            "INSERT INTO alias_accounts (organization, id, holder_id, type, ledger_id, account_id, banking, branch,
                 banking_type, opening_date, closing_date, country_code, bank_id, link_status, link_checked_at,
                 link_detail, parties, metadata, created_at, updated_at, deleted_at, version, revision, generations,
                 operation, audit, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                 1, 1, ?22, NULL, ?23, ?24)",
            params![
                clear.organization,
                clear.id,
                clear.holder_id,
                clear.holder_type,
                clear.ledger_id,
                clear.account_id,
                clear.banking.is_some(),
                banking.branch,
                banking.kind,
                banking.opening_date,
                banking.closing_date,
                banking.country_code,
                banking.bank_id,
                clear.link.status,
                clear.link.checked_at,
                clear.link.detail,
                Json(&clear.parties),
                Json(&clear.metadata),
                clear.created_at,
                deleted_at.unwrap_or(clear.updated_at),
                deleted_at,
                Json(&account.protected.generations),
                Json(&account.audit),
                account.protected.sealed.0,
            ],
        )
        .unwrap();
        write_index(db, clear, &account.protected, &clear.metadata, deleted_at.is_none());
    }
    let operation = operation(records.holders[0].clear.organization, 1);
    db.execute(
        "INSERT INTO operations (organization, key, mutation, fingerprint, outcome, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            operation.organization,
            operation.key.0,
            operation.mutation,
            operation.fingerprint.0,
            Json(&wrote(&records.holders[0])),
            operation.expires_at,
        ],
    )
    .unwrap();
}

fn write_index<C: Record>(
    db: &Connection,
    clear: &C,
    protected: &Protected,
    metadata: &Metadata,
    live: bool,
) {
    let kind = if C::taken() == Holder::taken() { 1 } else { 2 };
    let (organization, id) = (clear.organization(), *clear.uuid().as_bytes());
    for claim in protected.claims.iter().filter(|_| live) {
        let insert = "INSERT INTO claims (organization, claim, kind, id) VALUES (?1, ?2, ?3, ?4)";
        db.execute(insert, params![organization, claim.0, kind, id]).unwrap();
    }
    for token in tokens_1(protected, metadata) {
        db.execute(
            "INSERT INTO tokens (organization, kind, token, created_at, id) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING",
            params![organization, kind, token, NOW, id],
        )
        .unwrap();
    }
}

/// The same records, written by this release.
async fn write_now(store: &dyn Store, records: &Records) {
    let [live, dead] = &records.holders;
    for holder in [live, dead] {
        assert_eq!(Holder::insert(store, holder.clone(), None).await, Commit::Stored);
    }
    for account in &records.alias_accounts {
        assert_eq!(AliasAccount::insert(store, account.clone(), None).await, Commit::Stored);
    }
    let (organization, audit) = (dead.clear.organization, vec![]);
    let id = dead.clear.id;
    let deletion =
        Deletion { organization, id, at: NOW.plus(99), version: 1, revision: 1, audit: audit.clone() };
    assert_eq!(Holder::delete(store, deletion, None).await, Commit::Stored);
    let id = records.alias_accounts[1].clear.id;
    let deletion = Deletion { organization, id, at: NOW.plus(98), version: 1, revision: 1, audit };
    assert_eq!(AliasAccount::delete(store, deletion, None).await, Commit::Stored);
}

/// All rows of a table, as SQLite writes them down, in the order of their columns.
fn rows(db: &Connection, table: &str, but: &str) -> Vec<String> {
    let columns: Vec<String> = db
        .prepare("SELECT name FROM pragma_table_info(?1) WHERE name NOT IN ('revision', ?2)")
        .unwrap()
        .query_map([table, but], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let quoted = columns.iter().map(|name| format!("quote({name})")).collect::<Vec<_>>().join(" || ' ' || ");
    let mut select = db.prepare(&format!("SELECT {quoted} FROM {table} ORDER BY 1")).unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test]
async fn the_first_layout_becomes_what_this_release_would_have_written() {
    let records = records();
    let dir = tempfile::tempdir().unwrap();
    write_layout_1(&Connection::open(dir.path().join("holdergraph.db")).unwrap(), &records);
    let migrated = SqliteStore::open(dir.path(), Role::Server).unwrap();
    let stores = Sqlite::new();
    write_now(&**stores.sqlite(), &records).await;

    let (before, now) = (Connection::open(dir.path().join("holdergraph.db")).unwrap(), stores.beside());
    assert_eq!(schema::layout(&before).unwrap(), schema::KNOWN);
    for (table, but) in
        [("holders", ""), ("alias_accounts", ""), ("claims", ""), ("tokens", ""), ("audit_outbox", "seq")]
    {
        let (before, now) = (rows(&before, table, but), rows(&now, table, but));
        assert!(!before.is_empty());
        assert!(before == now, "{table}:\n{before:#?}\n{now:#?}");
    }
    assert_eq!(migrated.strays(10).await.unwrap(), []);
}

#[tokio::test]
async fn every_record_of_the_first_layout_is_found_by_each_of_its_tokens() {
    let records = records();
    let dir = tempfile::tempdir().unwrap();
    write_layout_1(&Connection::open(dir.path().join("holdergraph.db")).unwrap(), &records);
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    let organization = records.holders[0].clear.organization;
    let by = |tokens, state| Filter { state, tokens, ..Filter::default() };
    for (place, state) in [(0, State::Live), (1, State::Deleted)] {
        let holder = &records.holders[place];
        let mut tokens: Vec<Vec<Token>> =
            terms::of_holder(&holder.clear).into_iter().map(|t| vec![t]).collect();
        tokens.push(holder.protected.tokens.clone());
        // Each by itself, none, and all of them together.
        let filters = tokens.iter().map(|one| vec![one.clone()]).chain([vec![], tokens.clone()]);
        for filter in filters.map(|tokens| by(tokens, state)) {
            let found = Holder::list(&store, organization, &filter, page(9, None)).await;
            assert_eq!(found.records.iter().map(|r| r.clear.id).collect::<Vec<_>>(), [holder.clear.id]);
        }
        let account = &records.alias_accounts[place];
        for token in terms::of_alias_account(&account.clear) {
            let found =
                AliasAccount::list(&store, organization, &by(vec![vec![token]], state), page(9, None)).await;
            assert_eq!(found.records.iter().map(|r| r.clear.id).collect::<Vec<_>>(), [account.clear.id]);
        }
    }
    let begun = store.begin(&operation(organization, 1)).await.unwrap();
    let outcome = wrote(&records.holders[0]);
    assert_eq!(begun, crate::registry::ports::operation::Begun::Repeated(outcome));
}

#[test]
fn a_migration_that_fails_leaves_the_file_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("holdergraph.db");
    let db = Connection::open(&file).unwrap();
    write_layout_1(&db, &records());
    db.execute_batch("UPDATE alias_accounts SET parties = 'no list'").unwrap();
    drop(db);
    SqliteStore::open(dir.path(), Role::Server).unwrap_err();
    let db = Connection::open(&file).unwrap();
    assert_eq!(schema::layout(&db).unwrap(), 1);
    assert_eq!(db.query_row("SELECT count(audit) FROM holders", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    assert!(fs::metadata(&file).unwrap().len() > 0);
}

#[tokio::test]
async fn the_second_layout_gets_a_table_for_walks_and_keeps_all_that_it_has() {
    let stores = Sqlite::new();
    write_now(&**stores.sqlite(), &records()).await;
    let tables = ["holders", "alias_accounts", "claims", "tokens", "audit_outbox"];
    let kept = |db: &Connection| tables.map(|table| rows(db, table, ""));
    let before = kept(&stores.beside());
    let Sqlite { store, dir } = stores;
    drop(store);
    // As the release of the second layout left it.
    let db = Connection::open(dir.path().join("holdergraph.db")).unwrap();
    db.execute_batch(BACK_TO_3).unwrap();
    db.execute_batch("DROP TABLE link_walks; PRAGMA user_version = 2").unwrap();
    drop(db);
    let steps = ["make layout 3", "make layout 4"];
    assert_eq!(SqliteStore::outstanding(dir.path()).unwrap().steps, steps);
    assert!(matches!(
        SqliteStore::open(dir.path(), Role::Operator),
        Err(super::super::OpenError::OlderLayout { found: 2, known: 4, .. })
    ));
    assert_eq!(SqliteStore::migrate(dir.path()).unwrap(), steps);
    let store = SqliteStore::open(dir.path(), Role::Operator).unwrap();
    assert!(store.note_walk(WalkKind::Command, 0, &Walk::default()).await.unwrap());
    assert_eq!(kept(&Connection::open(dir.path().join("holdergraph.db")).unwrap()), before);
    assert_eq!(store.strays(10).await.unwrap(), []);
}

/// Makes the third layout of the fourth, where no entry waits that tells of no record.
const BACK_TO_3: &str = "
    ALTER TABLE audit_outbox RENAME TO audit_outbox_4;
    CREATE TABLE audit_outbox (
        seq          INTEGER PRIMARY KEY AUTOINCREMENT,
        organization BLOB NOT NULL CHECK (length(organization) = 16),
        record       BLOB NOT NULL CHECK (length(record) = 16),
        entry        TEXT NOT NULL
    ) STRICT;
    INSERT INTO audit_outbox SELECT seq, organization, record, entry FROM audit_outbox_4;
    DROP TABLE audit_outbox_4;
    DROP TABLE trail_links;
    DROP TABLE trail_records;
    DROP TABLE trail_leads;
    DROP TABLE trail_checkpoints;
    PRAGMA user_version = 3;
";

#[tokio::test]
async fn what_waits_in_the_third_layout_waits_in_the_fourth_under_an_id_that_stays() {
    let stores = Sqlite::new();
    let records = records();
    let organization = records.holders[0].clear.organization;
    write_now(&**stores.sqlite(), &records).await;
    let db = stores.beside();
    // As the release of the third layout wrote it.
    let entry = r#"{"at":17,"subject":"acme/ana","operation":"createHolder","request_id":"req-9"}"#;
    db.execute("UPDATE audit_outbox SET entry = ?1", [entry]).unwrap();
    db.execute_batch(BACK_TO_3).unwrap();
    let before = rows(&db, "audit_outbox", "");
    let Sqlite { store, dir } = stores;
    drop((store, db));
    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    let db = Connection::open(dir.path().join("holdergraph.db")).unwrap();
    assert_eq!(rows(&db, "audit_outbox", ""), before);

    let waiting = store.waiting_entries(organization, 9).await.unwrap();
    assert_eq!(waiting.len(), before.len());
    let told = |id| AuditEntry { id, ..serde_json::from_str(entry).unwrap() };
    assert!(waiting.iter().all(|waiting| waiting.entry == told(waiting.entry.id)));
    assert_eq!((waiting[0].entry.at, waiting[0].entry.request_id.as_str()), (Timestamp(17), "req-9"));
    let ids: BTreeSet<_> = waiting.iter().map(|waiting| waiting.entry.id).collect();
    assert_eq!(ids.len(), before.len());
    assert!(ids.iter().all(|id| id.get_version_num() == 8));
    // A copy into another store takes the same ids with it.
    let (kept, _) = store.entries_after(None, 9).await.unwrap();
    assert_eq!(kept.iter().map(|kept| kept.entry.id).collect::<BTreeSet<_>>(), ids);

    // The numbers of rows go on where they were.
    store
        .settle_entries(organization, waiting.into_iter().map(|waiting| waiting.place).collect())
        .await
        .unwrap();
    assert_eq!(Holder::insert(&store, holder(organization), None).await, Commit::Stored);
    let seq: i64 = db.query_row("SELECT seq FROM audit_outbox", [], |row| row.get(0)).unwrap();
    assert_eq!(usize::try_from(seq).unwrap(), before.len() + 1);
}
