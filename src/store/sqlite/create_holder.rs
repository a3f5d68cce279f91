//! Creating a holder, with its first alias accounts where an onboarding brings some.

use super::{operations, whole};
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::{NewAliasAccount, NewHolder};
use crate::registry::ports::store::{Commit, Refused, Taken};
use rusqlite::Connection;

/// Inserts all of them; whatever is not [`Commit::Stored`] is taken back by the caller. All whose claims are taken are
/// told, so all claims are tried before anything else is written.
pub(super) fn create_holder(
    db: &Connection,
    holder: &NewHolder,
    alias_accounts: &[NewAliasAccount],
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    let is_of_another = |alias_account: &NewAliasAccount| {
        let of = &alias_account.clear;
        (of.organization, of.holder_id) != (holder.clear.organization, holder.clear.id)
    };
    if alias_accounts.iter().any(is_of_another) {
        return Ok(Commit::Refused(Refused::HolderNotLive));
    }
    let mut taken = Taken { holder: !whole::claim(db, holder)?, alias_accounts: Vec::new() };
    for (place, alias_account) in alias_accounts.iter().enumerate() {
        if !whole::claim(db, alias_account)? {
            taken.alias_accounts.push(place);
        }
    }
    if taken != Taken::default() {
        return Ok(Commit::Refused(Refused::Taken(taken)));
    }
    whole::insert(db, holder)?;
    for alias_account in alias_accounts {
        whole::insert(db, alias_account)?;
    }
    operations::commit(db, conclusion)
}
