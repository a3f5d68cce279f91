//! An administrator of the database without the audit key changes history, and is found out.

use super::*;
use rusqlite::Connection;

/// What somebody does to the file, and what `audit verify` then says of it.
async fn tampered(how: &str) -> (Option<i32>, Value) {
    let left = left(Folder::embedded(), 4).await;
    let file = left.dir.path().join("holdergraph.db");
    Connection::open(file).unwrap().execute_batch(how).unwrap();
    verified(left.dir.path(), &[])
}

fn named(told: &(Option<i32>, Value), number: u64, what: &str) {
    let (code, told) = told;
    assert_eq!((*code, &told["findings"][0]["number"]), (Some(3), &json!(number)), "{told:#}");
    assert!(told["findings"][0]["what"].as_str().unwrap().contains(what), "{told:#}");
}

#[tokio::test]
async fn a_changed_entry_is_named() {
    let how =
        "UPDATE trail_links SET entry = replace(entry, 'createHolder', 'updateHolder') WHERE number = 2";
    named(&tampered(how).await, 2, "the HMAC does not fit");
}

#[tokio::test]
async fn a_removed_entry_is_named() {
    named(&tampered("DELETE FROM trail_links WHERE number = 2").await, 3, "follows on number 1");
}

#[tokio::test]
async fn what_an_entry_is_found_by_is_held_against_it() {
    let how = "UPDATE trail_links SET subject = 'somebody/else' WHERE number = 3";
    named(&tampered(how).await, 3, "is found by another");
}

#[tokio::test]
async fn a_forged_checkpoint_is_named() {
    let how = "INSERT INTO trail_checkpoints (organization, number, mac, sealed_at, proof)
                   SELECT organization, number, mac, sealed_at, zeroblob(32) FROM trail_links WHERE number = 2;
               DELETE FROM trail_links WHERE number <= 2";
    named(&tampered(how).await, 2, "the checkpoint's proof is not that of the audit key");
}

#[tokio::test]
async fn a_cut_tail_is_found_by_the_head_in_the_log_alone() {
    let left = left(Folder::embedded(), 4).await;
    let anchor = left.head["anchor"].as_str().unwrap();
    let number = left.head["number"].as_i64().unwrap();
    let file = Connection::open(left.dir.path().join("holdergraph.db")).unwrap();
    file.execute("DELETE FROM trail_links WHERE number = ?1", [number]).unwrap();
    assert_eq!(verified(left.dir.path(), &[]).0, Some(0), "from within nobody can tell");
    named(&verified(left.dir.path(), &["--anchor", anchor]), number.unsigned_abs(), "its tail was cut off");
}

#[tokio::test]
async fn an_entry_that_was_kept_from_the_trail_is_found() {
    let left = left(Folder::embedded(), 1).await;
    let file = Connection::open(left.dir.path().join("holdergraph.db")).unwrap();
    let waits = "INSERT INTO audit_outbox (organization, entry) SELECT organization, entry FROM trail_links";
    file.execute(waits, []).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(2));
    let (code, told) = verified(left.dir.path(), &["--lag", "1ms"]);
    assert_eq!(code, Some(3), "{told:#}");
    assert!(told["findings"][0]["what"].as_str().unwrap().contains("still waits"), "{told:#}");
}
