//! `holdergraph check`: a store that is as it should be, one that is not there, and keys that are not its own.

mod beside;
mod broken;
mod faults;

use super::app::{App, KEYS, binary};
use super::calls::check;
use broken::Broken;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Every file of a folder, byte by byte.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

#[tokio::test]
async fn a_store_that_is_as_it_should_be_is_told_so_and_not_changed() {
    let broken = Broken::by("").await;
    let before = files(broken.dir());
    let (code, text, said_of_it) = said(&check(broken.dir(), &[]));
    assert_eq!((code, text.as_str()), (Some(0), "4 holders, 3 alias accounts, 0 faults\n"), "{said_of_it}");
    let (code, json, _) = said(&check(broken.dir(), &["--json"]));
    let expected = json!({"holders": 4, "aliasAccounts": 3, "faults": 0, "findings": []});
    assert_eq!((code, serde_json::from_str::<Value>(&json).unwrap()), (Some(0), expected));
    assert!(files(broken.dir()) == before, "a check changes nothing");
}

#[tokio::test]
async fn a_store_that_was_never_bound_to_keys_is_not_bound_to_those_of_a_check() {
    let broken = Broken::by("DELETE FROM key_checks").await;
    let before = files(broken.dir());
    let (code, text, said_of_it) = said(&check(broken.dir(), &[]));
    assert_eq!(code, Some(0), "{text}{said_of_it}");
    let other = "11".to_owned() + &KEYS[0].1[2..];
    let output =
        binary().arg("check").env("DATA_DIR", broken.dir()).envs([(KEYS[0].0, &*other), KEYS[1]]).output();
    let (code, text, said_of_it) = said(&output.unwrap());
    assert_eq!(code, Some(3), "no record opens: {text}{said_of_it}");
    assert!(files(broken.dir()) == before, "a check changes nothing");
}

#[tokio::test]
async fn keys_that_are_not_the_stores_are_named_and_nothing_is_looked_at() {
    let broken = Broken::by("").await;
    for wrong in [0, 1] {
        let mut keys = KEYS;
        let other = "11".to_owned() + &keys[wrong].1[2..];
        keys[wrong].1 = &other;
        let output = binary().arg("check").env("DATA_DIR", broken.dir()).envs(keys).output().unwrap();
        let (code, text, said_of_it) = said(&output);
        assert_eq!((code, text.as_str()), (Some(2), ""), "{said_of_it}");
        for named in [KEYS[0].0, KEYS[1].0, "generation 1", "DATA_DIR"] {
            assert!(said_of_it.contains(named), "{named} is not in {said_of_it}");
        }
        assert!(keys.iter().all(|(_, key)| !said_of_it.contains(key)), "{said_of_it}");
    }
    let output = binary().arg("check").env("DATA_DIR", broken.dir()).output().unwrap();
    let (code, _, said_of_it) = said(&output);
    assert!(
        code == Some(2) && said_of_it.contains(KEYS[0].0) && said_of_it.contains(KEYS[1].0),
        "{said_of_it}"
    );
}

#[tokio::test]
async fn without_a_store_it_says_what_to_do_and_makes_none() {
    let dir = TempDir::new().unwrap();
    for place in [dir.path().to_owned(), dir.path().join("nowhere")] {
        let (code, text, said_of_it) = said(&check(&place, &[]));
        assert_eq!((code, text.as_str()), (Some(1), ""), "{said_of_it}");
        let told = said_of_it.contains(place.to_str().unwrap()) && said_of_it.contains("set DATA_DIR");
        assert!(told, "{said_of_it}");
    }
    assert_eq!(files(dir.path()), BTreeMap::new());
}

#[tokio::test]
async fn a_store_of_another_release_or_no_store_at_all_says_what_to_do() {
    for (how, todo) in [
        ("PRAGMA user_version = 1", "start this release's server on it once"),
        ("PRAGMA user_version = 99", "start the release that wrote it"),
    ] {
        let broken = Broken::by(how).await;
        let (code, _, said_of_it) = said(&check(broken.dir(), &[]));
        assert!(code == Some(1) && said_of_it.contains(todo), "{said_of_it}");
    }
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("holdergraph.db"), "no database".repeat(1_000)).unwrap();
    let (code, _, said_of_it) = said(&check(dir.path(), &[]));
    assert!(code == Some(1) && said_of_it.contains("restore a backup"), "{said_of_it}");
}

#[tokio::test]
async fn in_a_sandboxs_folder_its_own_keys_are_found() {
    let app = App::sandbox();
    app.holder().await;
    let dir = app.stop();
    let (code, text, said_of_it) = said(&check(dir.path(), &[]));
    assert_eq!((code, text.as_str()), (Some(0), "1 holders, 0 alias accounts, 0 faults\n"), "{said_of_it}");
}
