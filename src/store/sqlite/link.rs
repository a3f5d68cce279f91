//! Linking an account to a holder.

use super::holders::is_live;
use super::table::Table;
use super::{operations, whole};
use crate::domain::alias_account::AliasAccount;
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::NewAliasAccount;
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::Connection;

/// Inserts the alias account with all that belongs to it; whatever is not [`Commit::Stored`] is taken back by the
/// caller.
pub(super) fn link(
    db: &Connection,
    alias_account: &NewAliasAccount,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    let clear = &alias_account.clear;
    if !is_live(db, clear.organization, clear.holder_id)? {
        return Ok(Commit::Refused(Refused::HolderNotLive));
    }
    if !whole::claim(db, alias_account)? {
        return Ok(Commit::Refused(AliasAccount::taken()));
    }
    whole::insert(db, alias_account)?;
    operations::commit(db, conclusion)
}
