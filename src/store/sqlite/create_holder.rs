//! Creating a holder, with its first alias accounts where an onboarding brings some.

use super::{operations, whole};
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::{NewAliasAccount, NewHolder};
use crate::registry::ports::store::{Commit, Refused, Taken};
use rusqlite::Connection;

/// Inserts all of them; whatever is not [`Commit::Stored`] is taken back by the caller, so a claim that is taken does
/// not keep the others from being looked at.
pub(super) fn create_holder(
    db: &Connection,
    holder: &NewHolder,
    alias_accounts: &[NewAliasAccount],
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    let clear = &holder.clear;
    if alias_accounts
        .iter()
        .any(|of| (of.clear.organization, of.clear.holder_id) != (clear.organization, clear.id))
    {
        return Ok(Commit::Refused(Refused::HolderNotLive));
    }
    let mut taken = Taken { holder: !whole::insert(db, holder)?, alias_accounts: Vec::new() };
    for (place, alias_account) in alias_accounts.iter().enumerate() {
        if !whole::insert(db, alias_account)? {
            taken.alias_accounts.push(place);
        }
    }
    if taken != Taken::default() {
        return Ok(Commit::Refused(Refused::Taken(taken)));
    }
    operations::commit(db, conclusion)
}
