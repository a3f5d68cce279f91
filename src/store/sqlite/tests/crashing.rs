//! A server that is killed while it writes.

use super::super::{Role, SqliteStore};
use crate::domain::ids::{AliasAccountId, OrganizationId};
use crate::registry::ports::list::State;
use crate::registry::ports::operation::Outcome;
use crate::registry::ports::record::Detail;
use crate::registry::ports::store::{Commit, Store};
use crate::store::conformance::records::{alias_account, concluding, holder, operation, organization};
use rusqlite::Connection;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

const DIR: &str = "HOLDERGRAPH_TEST_DATA_DIR";

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
    let mut answered: Vec<_> = lines.by_ref().filter_map(|line| told(&line)).take(300).collect();
    assert_eq!(answered.len(), 300);
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    answered.extend(lines.filter_map(|line| told(&line)));

    let store = SqliteStore::open(dir.path(), Role::Server).unwrap();
    for (organization, account) in &answered {
        let found =
            store.alias_accounts(*organization, &[*account], State::Live, Detail::Clear).await.unwrap();
        assert_eq!(found.len(), 1);
    }
    whole(dir.path());
}

/// A line of the child: which organization, and which alias account it was told of as stored.
fn told(line: &str) -> Option<(OrganizationId, AliasAccountId)> {
    let (organization, account) = line.strip_prefix("stored ")?.split_once(' ')?;
    Some((OrganizationId::parse(organization)?, AliasAccountId::parse(account)?))
}

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
    assert_eq!(count("audit_outbox"), records);
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
    let writers: Vec<_> = (0..8).map(|_| tokio::spawn(write(Arc::clone(&store)))).collect();
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
            let account = alias_account(&owner);
            let (id, operation) = (account.clear.id, operation(organization, key));
            assert_eq!(
                store.link(account, concluding(&operation, Outcome::default())).await.unwrap(),
                Commit::Stored
            );
            println!("stored {organization} {id}");
        }
    }
}
