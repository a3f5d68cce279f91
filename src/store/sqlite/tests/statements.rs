//! The statements that the adapter prepares, and how SQLite would run them.

use super::super::{inspection, strays};
use super::Sqlite;
use super::tour;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

static PREPARED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

thread_local! {
    static PREPARED_HERE: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Remembers a statement.
pub(in super::super) fn note(statement: &str) {
    PREPARED_HERE.with_borrow_mut(|here| {
        if !here.contains(statement) {
            here.insert(statement.to_owned());
            PREPARED.lock().unwrap_or_else(PoisonError::into_inner).insert(statement.to_owned());
        }
    });
}

/// Those that were prepared on this thread.
pub(super) fn prepared_here() -> BTreeSet<String> {
    PREPARED_HERE.with_borrow(BTreeSet::clone)
}

/// What is asked of whole tables on purpose, by the check command only.
fn walks_over_everything(statement: &str) -> bool {
    let questions = strays::QUESTIONS
        .iter()
        .flatten()
        .chain([&strays::ORPHANS])
        .chain(&strays::TRAIL)
        .map(|(_, question)| *question);
    questions.chain([strays::INTEGRITY, inspection::TOTALS]).any(|question| question == statement)
}

#[tokio::test]
async fn no_statement_scans_a_table_or_sorts() {
    let stores = Sqlite::new();
    tour::every_call(&stores).await;
    tour::every_list(&stores).await;
    let prepared = PREPARED.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(prepared.len() > 100, "{}", prepared.len());
    let db = stores.beside();
    for statement in prepared.iter().filter(|statement| !walks_over_everything(statement)) {
        let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let steps = explain.raw_query().mapped(|row| row.get::<_, String>(3)).map(Result::unwrap);
        for step in steps {
            let cheap =
                !step.contains("SCAN") && !step.contains("TEMP B-TREE") && !step.contains("AUTOMATIC");
            assert!(cheap, "{step}\nin {statement}");
        }
    }
}
