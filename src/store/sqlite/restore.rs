//! Putting a soft-deleted record back (rule 5).

use super::holders::is_live;
use super::table::Table;
use super::{operations, whole};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::registry::ports::list::State;
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::Change;
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::Connection;

/// A holder needs nothing but its claims.
pub(super) fn holder(
    db: &Connection,
    change: &Change<Holder>,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    restore(db, change, conclusion, |_| Ok(true))
}

/// An alias account needs its holder to be live too.
pub(super) fn alias_account(
    db: &Connection,
    change: &Change<AliasAccount>,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    restore(db, change, conclusion, |clear| is_live(db, clear.organization, clear.holder_id))
}

fn restore<T: Table>(
    db: &Connection,
    change: &Change<T>,
    conclusion: Option<&Conclusion>,
    has_live_holder: impl FnOnce(&T) -> rusqlite::Result<bool>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    if !whole::stands::<T>(db, &change.clear.target(), change.revision, State::Deleted)? {
        return Ok(Commit::Refused(Refused::Changed));
    }
    if !has_live_holder(&change.clear)? {
        return Ok(Commit::Refused(Refused::HolderNotLive));
    }
    if !whole::replace(db, change)? {
        return Ok(Commit::Refused(T::taken()));
    }
    operations::commit(db, conclusion)
}
