//! Both builds have the same layouts of their stores: neither has anything to migrate in what the other made.

use super::super::super::app::App;
use super::super::super::folder::{self, Folder, is_in_mongo};
use super::super::super::process::{Build, binary_of};
use super::{BOTH, prove, run};
use serde_json::{Value, json};

/// The layouts that the commit in `older` was chosen for.
const EMBEDDED_LAYOUT: i64 = 4;
const MONGO_LAYOUT: i32 = 2;

#[test]
fn the_two_builds_are_two() {
    let [older, this] = [Build::Older, Build::This].map(|build| {
        let binary = binary_of(build);
        std::fs::read(binary.get_program()).unwrap_or_else(|error| panic!("{binary:?}: {error}"))
    });
    assert!(older != this, "TEST_OLDER_BINARY names the build under test itself");
}

#[tokio::test]
async fn neither_build_has_anything_to_migrate_in_a_store_that_the_other_made() {
    for [maker, looker] in BOTH {
        let upstreams = App::upstreams();
        for dir in [Folder::embedded(), Folder::in_mongo()] {
            let app = App::serve_build(maker, dir.clone(), &upstreams, &[]);
            app.link(&app.holder().await, &app.open_account().await).await;
            app.stop();
            let store = if is_in_mongo(dir.path()) { "mongodb" } else { "sqlite" };
            let mut check = binary_of(looker);
            check.args(["migrate", "--check", "--json"]).envs(folder::settings(dir.path()));
            let output = check.output().unwrap();
            let told: Value = serde_json::from_slice(&output.stdout)
                .unwrap_or_else(|_| panic!("{looker:?}: {}", String::from_utf8_lossy(&output.stderr)));
            assert_eq!(told, json!({"store": store, "steps": [], "wrong": []}), "{maker:?} {looker:?}");
            assert_eq!(output.status.code(), Some(0));
            assert_eq!(layout(&dir), if store == "sqlite" { EMBEDDED_LAYOUT } else { MONGO_LAYOUT.into() });
        }
    }
}

/// What is noted in a store.
fn layout(dir: &Folder) -> i64 {
    use super::super::super::mongo::server;
    if is_in_mongo(dir.path()) {
        let noted =
            server::select(dir.path(), "layout", mongodb::bson::doc! {"_id": "layout"}).pop().unwrap();
        return noted.get_i32("version").map(i64::from).or_else(|_| noted.get_i64("version")).unwrap();
    }
    let store = rusqlite::Connection::open(dir.path().join("holdergraph.db")).unwrap();
    store.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn an_embedded_store_goes_from_the_older_build_to_this_one_and_back() {
    let (dir, upstreams) = (Folder::embedded(), App::upstreams());
    let mut made = Vec::new();
    for build in [Build::Older, Build::This, Build::Older] {
        let app = App::serve_build(build, dir.clone(), &upstreams, &[]);
        for (holder, alias_account) in &made {
            let query = "query($id: ID!) { holder(id: $id) { name aliasAccounts { nodes { id } } } }";
            let found = app.ask(query, json!({"id": holder})).await["data"]["holder"].clone();
            let expected =
                json!({"name": "Maria Souza", "aliasAccounts": {"nodes": [{"id": alias_account}]}});
            assert_eq!(found, expected, "{build:?}");
        }
        let holder = app.holder().await;
        let alias_account = app.link(&holder, &upstreams.open_account().await).await;
        made.push((holder, alias_account));
        app.stop();
        prove(dir.path());
    }
    let said = run(Build::This, dir.path(), &["check"]).stdout;
    assert!(said.starts_with("3 holders, 3 alias accounts, 0 faults"), "{said}");
}
