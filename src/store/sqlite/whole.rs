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

/// Takes the claims of a new record; false where another record holds one of them.
pub(super) fn claim<T: Table>(db: &Connection, new: &New<T>) -> rusqlite::Result<bool> {
    claims::take(db, &new.clear.target(), &new.protected.claims)
}

/// Inserts a live record whose claims are taken.
pub(super) fn insert<T: Table>(db: &Connection, new: &New<T>) -> rusqlite::Result<()> {
    new.clear.write(db, T::INSERT, &new.protected, 1)?;
    tokens::write(db, &new.clear, &new.protected)?;
    audit::append(db, &new.clear.target(), &new.audit)
}

/// Replaces a record, which is live from then on; false where another holds one of its claims.
pub(super) fn replace<T: Table>(db: &Connection, change: &Change<T>) -> rusqlite::Result<bool> {
    let (clear, protected, target) = (&change.clear, &change.protected, change.clear.target());
    claims::release(db, &target)?;
    if !claims::take(db, &target, &protected.claims)? {
        return Ok(false);
    }
    clear.write(db, T::UPDATE, protected, change.version)?;
    tokens::remove(db, &target)?;
    tokens::write(db, clear, protected)?;
    audit::append(db, &target, &change.audit)?;
    Ok(true)
}

/// Removes a record and all that belongs to it.
pub(super) fn remove<T: Table>(db: &Connection, target: &Target<T::Id>) -> rusqlite::Result<()> {
    claims::release(db, target)?;
    tokens::remove(db, target)?;
    prepare(db, T::STATEMENTS.purge)?.execute(params![target.organization, target.id]).map(drop)
}
