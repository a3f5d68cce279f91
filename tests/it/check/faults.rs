//! Each kind of fault, made by hand: `holdergraph check` names the record and says what is wrong, and nothing else.

use super::super::bench::Bench;
use super::super::calls::{refusal, text};
use super::super::mutations::{Service, Tenant};
use super::broken::{Broken, holder};
use rusqlite::{Connection, params};
use std::fs::File;
use std::os::unix::fs::FileExt;

const NO_CLAIM: &str = "a claim of its document or ledger account is missing";
const NONE_AT_ALL: &str = "a live record that holds no claim";
const FOREIGN_CLAIM: &str = "it holds a claim that it must not hold";
const NO_TOKEN: &str = "a search token is missing: a search would not find it";
const STALE_TOKEN: &str = "it has a stale search token: a search would find it by a value it has not";
const OTHER_TOKEN: &str = "tokens that tell another state or time than their record";
const CLOSED: &str = "its sealed part does not open with these keys";
const OTHER_TYPE: &str = "its type is not its holder's";
const HALVES: &str =
    "its halves do not fit each other, or it names a key generation that is not in the keyring";
const NUMBERS: &str = "its version or revision was never written so";

/// What is done to the store, and all that is found: where, of which record, what.
type Case = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

async fn each_is_found(cases: &[Case]) {
    for (how, expected) in cases {
        let mut expected: Vec<String> =
            expected.iter().map(|(place, record, what)| format!("{place} {record} {what}")).collect();
        expected.sort();
        assert_eq!(Broken::by(how).await.found(), expected, "{how}");
    }
}

#[tokio::test]
async fn claims_that_are_missing_foreign_or_exchanged() {
    each_is_found(&[
        (
            "DELETE FROM claims WHERE id = $owner",
            &[("holders", "$owner", NO_CLAIM), ("store", "$owner", NONE_AT_ALL)],
        ),
        (
            "DELETE FROM claims WHERE id = $other",
            &[("alias_accounts", "$other", NO_CLAIM), ("store", "$other", NONE_AT_ALL)],
        ),
        (
            "INSERT INTO claims VALUES ($organization, 'document.1/1/foreign', 1, $lone)",
            &[("holders", "$lone", FOREIGN_CLAIM)],
        ),
        (
            "UPDATE claims SET id = CASE id WHEN $owner THEN $lone ELSE $owner END WHERE id IN ($owner, $lone)",
            &[
                ("holders", "$owner", NO_CLAIM),
                ("holders", "$owner", FOREIGN_CLAIM),
                ("holders", "$lone", NO_CLAIM),
                ("holders", "$lone", FOREIGN_CLAIM),
            ],
        ),
        (
            "UPDATE claims SET id = $gone WHERE id = $account",
            &[
                ("alias_accounts", "$account", NO_CLAIM),
                ("alias_accounts", "$gone", FOREIGN_CLAIM),
                ("store", "$account", NONE_AT_ALL),
                ("store", "$gone", "a deleted record that holds claims"),
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn tokens_that_are_missing_or_stale() {
    const STALE: &str =
        "INSERT INTO tokens SELECT organization, kind, 'document.1/1/stale', live, created_at,
        id, updated_at FROM tokens WHERE id = $account AND token = ''";
    each_is_found(&[
        (
            "DELETE FROM tokens WHERE id = $owner AND token GLOB 'document*'",
            &[("holders", "$owner", NO_TOKEN)],
        ),
        (
            "DELETE FROM tokens WHERE id = $account AND token GLOB 'party*'",
            &[("alias_accounts", "$account", NO_TOKEN)],
        ),
        ("DELETE FROM tokens WHERE id = $dead AND token GLOB 'meta*'", &[("holders", "$dead", NO_TOKEN)]),
        (STALE, &[("alias_accounts", "$account", STALE_TOKEN)]),
        ("UPDATE holders SET metadata = '{}' WHERE id = $owner", &[("holders", "$owner", STALE_TOKEN)]),
        (
            "UPDATE holders SET external_id = 'else' WHERE id = $owner",
            &[("holders", "$owner", NO_TOKEN), ("holders", "$owner", STALE_TOKEN)],
        ),
        (
            "UPDATE alias_accounts SET link_status = 'BLOCKED' WHERE id = $account",
            &[("alias_accounts", "$account", NO_TOKEN), ("alias_accounts", "$account", STALE_TOKEN)],
        ),
        (
            "UPDATE tokens SET live = 0 WHERE id = $lone AND token GLOB 'document*'",
            &[("store", "$lone", OTHER_TOKEN)],
        ),
        (
            "DELETE FROM tokens WHERE id = $lone AND token = ''",
            &[("store", "$lone", "a record that is not in the list of all")],
        ),
    ])
    .await;
}

#[tokio::test]
async fn sealed_parts_that_are_exchanged_moved_or_gone() {
    const EXCHANGED: &str = "CREATE TEMP TABLE b AS SELECT id, sealed FROM holders;
        UPDATE holders SET sealed = (SELECT sealed FROM b WHERE b.id =
            CASE holders.id WHEN $owner THEN $lone ELSE $owner END) WHERE id IN ($owner, $lone)";
    const MOVED: &str = "UPDATE holders SET organization = zeroblob(16) WHERE id = $lone;
        UPDATE tokens SET organization = zeroblob(16) WHERE id = $lone;
        UPDATE claims SET organization = zeroblob(16) WHERE id = $lone";
    each_is_found(&[
        (EXCHANGED, &[("holders", "$owner", CLOSED), ("holders", "$lone", CLOSED)]),
        (MOVED, &[("holders", "$lone", CLOSED)]),
        (
            "UPDATE alias_accounts SET sealed = (SELECT sealed FROM holders WHERE id = $owner) WHERE id = $account",
            &[("alias_accounts", "$account", CLOSED)],
        ),
        ("UPDATE holders SET sealed = x'' WHERE id = $dead", &[("holders", "$dead", CLOSED)]),
    ])
    .await;
}

#[tokio::test]
async fn one_byte_of_a_sealed_part_wherever_it_is() {
    let broken = Broken::by("").await;
    let db = Connection::open(broken.dir().join("holdergraph.db")).unwrap();
    let read = "SELECT rowid, sealed FROM holders ORDER BY rowid LIMIT 1";
    let (row, sealed): (i64, Vec<u8>) = db.query_row(read, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let write = |sealed: &[u8]| {
        db.execute("UPDATE holders SET sealed = ?2 WHERE rowid = ?1", params![row, sealed]).unwrap();
    };
    for place in [0, 1, 2, 8, sealed.len() / 2, sealed.len() - 17, sealed.len() - 1] {
        let mut flipped = sealed.clone();
        flipped[place] ^= 1;
        write(&flipped);
        assert_eq!(broken.found(), [format!("holders $owner {CLOSED}")], "byte {place}");
    }
}

#[tokio::test]
async fn holders_that_are_deleted_removed_or_changed_under_their_alias_accounts() {
    each_is_found(&[
        (
            "UPDATE holders SET deleted_at = updated_at WHERE id = $owner",
            &[
                ("alias_accounts", "$account", "it is live, but its holder is deleted"),
                ("holders", "$owner", FOREIGN_CLAIM),
                ("store", "$owner", "a deleted record that holds claims"),
                ("store", "$owner", OTHER_TOKEN),
            ],
        ),
        (
            "DELETE FROM holders WHERE id = $owner",
            &[
                ("alias_accounts", "$account", "its holder is not there, or cannot be read"),
                ("alias_accounts", "$gone", "its holder is not there, or cannot be read"),
                ("store", "$account", "an alias account without its holder"),
                ("store", "$gone", "an alias account without its holder"),
                ("store", "$owner", "a claim without its record"),
                ("store", "$owner", "tokens without their record"),
            ],
        ),
        (
            "UPDATE holders SET type = 'LEGAL_PERSON' WHERE id = $owner",
            &[
                ("alias_accounts", "$account", OTHER_TYPE),
                ("alias_accounts", "$gone", OTHER_TYPE),
                ("holders", "$owner", CLOSED),
            ],
        ),
        (
            "UPDATE alias_accounts SET type = 'LEGAL_PERSON' WHERE id = $account",
            &[("alias_accounts", "$account", CLOSED), ("alias_accounts", "$account", OTHER_TYPE)],
        ),
    ])
    .await;
}

#[tokio::test]
async fn records_that_say_what_no_server_wrote() {
    const ACCOUNT: &str = "UPDATE alias_accounts SET account_id = $lone WHERE id = $other";
    each_is_found(&[
        (
            "UPDATE alias_accounts SET holder_id = $lone WHERE id = $other",
            &[("alias_accounts", "$other", CLOSED)],
        ),
        (ACCOUNT, &[("alias_accounts", "$other", CLOSED)]),
        ("UPDATE holders SET version = 0 WHERE id = $owner", &[("holders", "$owner", NUMBERS)]),
        ("UPDATE holders SET version = 7 WHERE id = $owner", &[("holders", "$owner", NUMBERS)]),
        ("UPDATE holders SET generations = '[\"2\"]' WHERE id = $owner", &[("holders", "$owner", HALVES)]),
        (
            "UPDATE alias_accounts SET parties = '[]' WHERE id = $account",
            &[("alias_accounts", "$account", HALVES)],
        ),
        (
            "UPDATE alias_accounts SET updated_at = created_at - 1 WHERE id = $account",
            &[
                ("alias_accounts", "$account", "it was changed or deleted before it was created"),
                ("store", "$account", OTHER_TOKEN),
            ],
        ),
        (
            "UPDATE holders SET deleted_at = NULL WHERE id = $dead",
            &[
                ("holders", "$dead", NO_CLAIM),
                ("store", "$dead", NONE_AT_ALL),
                ("store", "$dead", OTHER_TOKEN),
            ],
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_document_that_two_live_holders_have() {
    // Where the first one's claim is gone, nothing keeps a second one away.
    let broken = Broken::by("DELETE FROM claims WHERE id = $owner").await;
    let bench = Bench::over(broken.shared_dir());
    let tenant = Tenant { bench: &bench, organization: broken.organization };
    let second = tenant.call("createHolder", "holder { id }", &holder("NATURAL_PERSON", "$owner")).await;
    assert_eq!(refusal(&second), "", "{second}");
    assert_ne!(text(&second, "/holder/id"), broken.id("$owner"));
    drop(bench.close());
    let expected = [format!("holders $owner {NO_CLAIM}"), format!("store $owner {NONE_AT_ALL}")];
    assert_eq!(broken.found(), expected);
}

#[tokio::test]
async fn a_damaged_index_is_told_by_its_name() {
    let broken = Broken::by("").await;
    let path = broken.dir().join("holdergraph.db");
    let db = Connection::open(&path).unwrap();
    let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'alias_accounts_of_holder'";
    let number = |query: &str| db.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs();
    let (root, size) = (number(root), number("PRAGMA page_size"));
    drop(db);
    // The number of entries on the index's only page.
    let file = File::options().write(true).open(path).unwrap();
    file.write_all_at(&[0, 0], (root - 1) * size + 3).unwrap();
    let found = broken.found();
    assert!(!found.is_empty(), "an index without its entries");
    assert!(found.iter().all(|what| what.starts_with("store - ")), "{found:?}");
    assert!(found.iter().any(|what| what.contains("alias_accounts_of_holder")), "{found:?}");
}
