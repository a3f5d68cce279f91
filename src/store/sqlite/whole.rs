//! A record as a whole: its row, its claims, its tokens and what the audit trail shall say of it. The steps that the
//! writes are made of; nothing stale stays, for claims and tokens are always replaced together with their record.

use super::connection::prepare;
use super::table::{Table, Target};
use super::{audit, claims, tokens};
use crate::registry::ports::list::State;
use crate::registry::ports::record::{Change, New};
use rusqlite::{Connection, params};

/// Whether a record is there as it was read: with this revision, and in this state. In the writer's transaction nobody
/// else can change it before the write.
pub(super) fn stands<T: Table>(
    db: &Connection,
    target: &Target<T::Id>,
    revision: i64,
    state: State,
) -> rusqlite::Result<bool> {
    prepare(db, T::STATEMENTS.stands)?.exists(params![target.organization, target.id, revision, live(state)])
}

/// Whether a record in this state is live; `None` where it does not matter.
pub(super) fn live(state: State) -> Option<bool> {
    match state {
        State::Live => Some(true),
        State::Deleted => Some(false),
        State::Any => None,
    }
}

/// Inserts a live record; false where another holds one of its claims.
pub(super) fn insert<T: Table>(db: &Connection, new: &New<T>) -> rusqlite::Result<bool> {
    let (clear, protected, target) = (&new.clear, &new.protected, new.clear.target());
    let free = claims::take(db, &target, &protected.claims)?;
    clear.write(db, T::INSERT, protected, 1)?;
    tokens::write(db, clear, protected)?;
    audit::append(db, &target, &new.audit)?;
    Ok(free)
}

/// Replaces a record, which is live from then on; false where another holds one of its claims.
pub(super) fn replace<T: Table>(db: &Connection, change: &Change<T>) -> rusqlite::Result<bool> {
    let (clear, protected, target) = (&change.clear, &change.protected, change.clear.target());
    claims::release(db, &target)?;
    let free = claims::take(db, &target, &protected.claims)?;
    clear.write(db, T::UPDATE, protected, change.version)?;
    tokens::remove(db, &target)?;
    tokens::write(db, clear, protected)?;
    audit::append(db, &target, &change.audit)?;
    Ok(free)
}

/// Removes a record and all that belongs to it.
pub(super) fn remove<T: Table>(db: &Connection, target: &Target<T::Id>) -> rusqlite::Result<()> {
    claims::release(db, target)?;
    tokens::remove(db, target)?;
    prepare(db, T::STATEMENTS.purge)?.execute(params![target.organization, target.id]).map(drop)
}
