//! Changing a live record.

use super::table::Table;
use super::{operations, whole};
use crate::registry::ports::list::State;
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::Change;
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::Connection;

/// Puts the record as it shall be in the place of the one that was read.
pub(super) fn update<T: Table>(
    db: &Connection,
    change: &Change<T>,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    if !whole::stands::<T>(db, &change.clear.target(), change.revision, State::Live)? {
        return Ok(Commit::Refused(Refused::Changed));
    }
    if !whole::replace(db, change)? {
        return Ok(Commit::Refused(T::taken()));
    }
    operations::commit(db, conclusion)
}
