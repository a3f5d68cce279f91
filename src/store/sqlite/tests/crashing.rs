//! A server that is killed while it writes.

use super::super::{Role, SqliteStore};
use crate::domain::ids::{AliasAccountId, OrganizationId};
use crate::registry::ports::audit::{AuditStore, AuditedRecord};
use crate::registry::ports::list::State;
use crate::registry::ports::operation::Outcome;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::{Commit, Store};
use crate::store::conformance::records::{alias_account, concluding, holder, operation, organization};
use crate::store::conformance::trail_entries::links;
use rusqlite::Connection;
use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

const DIR: &str = "HOLDERGRAPH_TEST_DATA_DIR";

/// The child's line for some entries that it has moved to the trail.
const MOVED: &str = "moved";

#[tokio::test]
async fn what_a_killed_server_answered_is_there_and_nothing_by_halves() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "store::sqlite::tests::crashing::child_that_writes_until_it_is_killed"])
        .args(["--ignored", "--nocapture"])
        .env(DIR, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let (mut answered, mut moved) = (vec![], false);
    while answered.len() < 300 || !moved {
        let line = lines.next().expect("the child ended by itself");
        moved |= line == MOVED;
        answered.extend(told(&line));
    }
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    answered.extend(lines.filter_map(|line| told(&line)));

    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    let entries = entries(dir.path());
    for (organization, account, entry) in &answered {
        assert!(entries.contains(entry), "an acknowledged change without its entry");
        let found =
            store.alias_accounts(*organization, &[*account], State::Live, Detail::Clear).await.unwrap();
        assert_eq!(found.len(), 1);
    }
    whole(dir.path());
}

/// A line of the child: which organization, which alias account it was told of as stored, and the id of its entry for
/// the audit trail.
fn told(line: &str) -> Option<(OrganizationId, AliasAccountId, String)> {
    let (organization, rest) = line.strip_prefix("stored ")?.split_once(' ')?;
    let (account, entry) = rest.split_once(' ')?;
    Some((OrganizationId::parse(organization)?, AliasAccountId::parse(account)?, entry.to_owned()))
}

/// The ids of all entries that wait or are in the trail.
fn entries(dir: &Path) -> HashSet<String> {
    let db = Connection::open(dir.join("holdergraph.db")).unwrap();
    let mut select = db.prepare(ENTRIES).unwrap();
    select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Each once: one may stand in the trail and still wait to be settled.
const ENTRIES: &str = "SELECT entry ->> 'id' FROM audit_outbox UNION SELECT entry ->> 'id' FROM trail_links";

/// Each record has its claim, its tokens and its operation, and each of these its record.
fn whole(dir: &Path) {
    let db = Connection::open(dir.join("holdergraph.db")).unwrap();
    let count = |table: &str| -> i64 {
        db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
    };
    let records = count("holders") + count("alias_accounts");
    // The empty one, two of its own, and the terms of its clear part: 3 of a holder, 7 of an alias account.
    let tokens = 6 * count("holders") + 10 * count("alias_accounts");
    assert_eq!((count("claims"), count("tokens")), (records, tokens));
    // Also of what was stored and not answered any more.
    assert_eq!(count(&format!("({ENTRIES})")), records);
    let gaps = "(SELECT 1 FROM trail_links GROUP BY organization HAVING count(*) <> max(number))";
    assert_eq!(count(gaps), 0);
    // Each link of an alias account, with the row that it is found by.
    let of_records = "(SELECT 1 FROM trail_links JOIN trail_records USING (organization, at, number))";
    assert_eq!(count("trail_records"), count(of_records));
    assert_eq!(count("trail_records"), count("trail_links WHERE length(records) > 0"));
    assert_eq!(count("operations"), count("alias_accounts"));
    assert_eq!(count("pragma_foreign_key_check"), 0);
    let check: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "child: what_a_killed_server_answered_is_there_and_nothing_by_halves runs it as a process of its own"]
async fn child_that_writes_until_it_is_killed() {
    let store = SqliteStore::open(Path::new(&std::env::var(DIR).unwrap()), Role::Server).unwrap();
    let store = Arc::new(store);
    let mut writers: Vec<_> = (0..8).map(|_| tokio::spawn(write(Arc::clone(&store)))).collect();
    writers.push(tokio::spawn(move_to_the_trail(store)));
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn write(store: Arc<SqliteStore>) {
    loop {
        let organization = organization();
        let owner = holder(organization);
        assert_eq!(store.create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
        for key in 0..50 {
            let mut account = alias_account(&owner);
            let entry = account.audit.remove(0).about([AuditedRecord::AliasAccount(account.clear.id)]);
            let entry_id = entry.id;
            account.audit.push(entry);
            let (id, operation) = (account.clear.id, operation(organization, key));
            assert_eq!(
                store.link(account, concluding(&operation, Outcome::default())).await.unwrap(),
                Commit::Stored
            );
            println!("stored {organization} {id} {entry_id}");
        }
    }
}

/// Moves what waits to the trail, a few entries at a time.
async fn move_to_the_trail(store: Arc<SqliteStore>) {
    loop {
        for organization in store.organizations_waiting(100).await.unwrap() {
            let waiting = store.waiting_entries(organization, 10).await.unwrap();
            let entries: Vec<_> = waiting.iter().map(|waiting| waiting.entry.clone()).collect();
            let first = store.trail_head(organization).await.unwrap().number + 1;
            assert!(store.append_links(organization, links(first, &entries)).await.unwrap());
            let places = waiting.into_iter().map(|waiting| waiting.place).collect();
            store.settle_entries(organization, places).await.unwrap();
            println!("{MOVED}");
        }
        tokio::task::yield_now().await;
    }
}
