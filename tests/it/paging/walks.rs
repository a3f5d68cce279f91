//! Walks through a list while others insert, delete and restore: what is there all the time is met exactly once, in
//! order, and nothing is met twice.

use crate::app::{App, CREATE_ALIAS, CREATE_HOLDER, new_holder};
use crate::bench::rounds;
use futures::future::{join, join_all};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const STABLE: usize = 30;
const WRITERS: usize = 3;
/// So many changes a writer makes at most during one walk: a walk behind endless inserts would have no end.
const CHANGES: usize = 150;

/// A sandbox and the list that is walked: all holders, or the alias accounts of one.
struct Ground {
    app: App,
    /// Whose alias accounts; none where holders are walked.
    holder: Option<String>,
    stable: Vec<String>,
    /// Of each writer: records that come and go.
    transient: Vec<Vec<String>>,
    next_account: AtomicUsize,
    changes: AtomicUsize,
}

impl Ground {
    async fn new(of_one_holder: bool) -> Self {
        let app = App::sandbox();
        let holder = if of_one_holder { Some(app.holder().await) } else { None };
        let (stable, transient) = (Vec::new(), vec![Vec::new(); WRITERS]);
        let mut ground = Self { app, holder, stable, transient, next_account: 0.into(), changes: 0.into() };
        for index in 0..STABLE {
            let (one, other) = (ground.create().await.unwrap(), ground.create().await.unwrap());
            ground.stable.push(one);
            ground.transient[index % WRITERS].push(other);
        }
        ground
    }

    /// A new record; none where it was refused.
    async fn create(&self) -> Option<String> {
        let (query, input, path) = match &self.holder {
            None => (CREATE_HOLDER, new_holder(), "/data/createHolder/holder/id"),
            Some(holder) => {
                // Of the sandbox's 120 accounts 60 are linked for good: the others are linked in turns.
                let next = self.next_account.fetch_add(1, Ordering::Relaxed);
                let account = self.app.account(if next < 60 { next } else { 60 + next % 60 });
                (
                    CREATE_ALIAS,
                    self.app.link_input(holder, &account),
                    "/data/createAliasAccount/aliasAccount/id",
                )
            }
        };
        let answer = self.app.ask(query, json!({"input": input})).await;
        answer.pointer(path).and_then(Value::as_str).map(str::to_owned)
    }

    /// Deletes or restores one record; true where that was done.
    async fn change(&self, what: &str, id: &str, mode: Option<&str>) -> bool {
        let kind = if self.holder.is_some() { "AliasAccount" } else { "Holder" };
        let mode = mode.map(|mode| format!(", mode: {mode}")).unwrap_or_default();
        let query = format!(
            "mutation {{ done: {what}{kind}(input: {{id: \"{id}\"{mode}}}) {{ userErrors {{ code }} }} }}"
        );
        let answer = self.app.ask(&query, json!({})).await;
        self.changes.fetch_add(1, Ordering::Relaxed);
        answer["data"]["done"]["userErrors"] == json!([])
    }

    /// Takes records away, puts them back where they were, and makes new ones that go for good.
    async fn write(&self, writer: usize, over: &AtomicBool) {
        let own = &self.transient[writer];
        for turn in 0..CHANGES / 5 {
            let (one, other) = (&own[turn % own.len()], &own[(turn * 3 + 1) % own.len()]);
            assert!(self.change("delete", one, Some("SOFT")).await);
            let new = self.create().await.unwrap();
            assert!(self.change("restore", one, None).await);
            assert!(self.change("delete", other, None).await);
            assert!(self.change("delete", &new, Some("HARD")).await);
            assert!(self.change("restore", other, None).await);
            if over.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// All ids from one end to the other, in the order of the list.
    async fn walk(&self, direction: &str, backwards: bool, size: usize) -> Vec<String> {
        let (count, cursor, more, edge) = match backwards {
            false => ("first", "after", "hasNextPage", "endCursor"),
            true => ("last", "before", "hasPreviousPage", "startCursor"),
        };
        let fields = format!("nodes {{ id }} pageInfo {{ {more} {edge} }}");
        let arguments = format!("(direction: {direction}, {count}: {size}, {cursor}: $cursor)");
        let (list, path) = match &self.holder {
            None => (format!("holders{arguments} {{ {fields} }}"), "/data/holders"),
            Some(id) => (
                format!("holder(id: \"{id}\") {{ aliasAccounts{arguments} {{ {fields} }} }}"),
                "/data/holder/aliasAccounts",
            ),
        };
        let query = format!("query($cursor: String) {{ {list} }}");
        let (mut met, mut at) = (Vec::new(), Value::Null);
        loop {
            let answer = self.app.ask(&query, json!({"cursor": at})).await;
            let page = answer.pointer(path).unwrap_or_else(|| panic!("{answer}"));
            let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
            assert!(nodes.len() <= size);
            let ids = nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned());
            if backwards {
                met.extend(ids.rev())
            } else {
                met.extend(ids)
            }
            if page["pageInfo"][more] == json!(false) {
                break;
            }
            at = page["pageInfo"][edge].clone();
        }
        if backwards {
            met.reverse();
        }
        met
    }
}

async fn walks(of_one_holder: bool) {
    let ground = Ground::new(of_one_holder).await;
    for round in 0..rounds(100) {
        let (size, direction) = (round % 7 + 1, if round % 4 < 2 { "ASC" } else { "DESC" });
        let (over, backwards) = (AtomicBool::new(false), round % 2 == 1);
        let before = ground.changes.load(Ordering::Relaxed);
        let walk = async {
            let met = ground.walk(direction, backwards, size).await;
            over.store(true, Ordering::Relaxed);
            met
        };
        let writers = join_all((0..WRITERS).map(|writer| ground.write(writer, &over)));
        let (met, _) = join(walk, writers).await;
        let what = format!("{direction}, backwards {backwards}, {size} a page");
        assert!(ground.changes.load(Ordering::Relaxed) > before, "{what}: nothing changed meanwhile");
        assert_eq!(met.iter().collect::<HashSet<_>>().len(), met.len(), "{what}: one was met twice");
        let stable: HashSet<&String> = ground.stable.iter().collect();
        let mut met: Vec<&String> = met.iter().filter(|id| stable.contains(id)).collect();
        if direction == "DESC" {
            met.reverse();
        }
        assert_eq!(met, ground.stable.iter().collect::<Vec<_>>(), "{what}");
    }
}

#[tokio::test]
async fn a_walk_among_writers_meets_every_lasting_holder_once_and_in_order() {
    walks(false).await;
}

#[tokio::test]
async fn a_walk_among_writers_meets_every_lasting_alias_account_of_a_holder_once_and_in_order() {
    walks(true).await;
}
