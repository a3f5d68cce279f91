//! The layout of the tables and how an older one is brought up to date.

use super::layout_2;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// What makes layout n + 1 out of layout n.
struct Step {
    sql: &'static str,
    /// What SQL alone cannot do.
    then: fn(&Connection) -> rusqlite::Result<()>,
}

/// All of them in their order. An entry that was released never changes.
const STEPS: &[Step] = &[
    Step { sql: include_str!("layout_1.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("layout_2.sql"), then: layout_2::move_long_metadata },
    Step { sql: include_str!("layout_3.sql"), then: |_| Ok(()) },
    Step { sql: include_str!("layout_4.sql"), then: |_| Ok(()) },
];

/// The newest layout that this release knows.
pub(super) const KNOWN: i64 = STEPS.len() as i64;

/// The layout that a file has; 0 where it is empty.
pub(super) fn layout(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the missing steps in their order, each in a transaction of its own.
pub(super) fn migrate(db: &Connection) -> rusqlite::Result<()> {
    for (number, step) in (1_i64..).zip(STEPS) {
        let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
        if layout(&transaction)? < number {
            transaction.execute_batch(step.sql)?;
            (step.then)(&transaction)?;
            transaction.pragma_update(None, "user_version", number)?;
            transaction.commit()?;
        }
    }
    Ok(())
}
