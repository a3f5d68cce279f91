//! Soft-deleting a record (rule 4): it stays, and what it held is free.

use super::connection::prepare;
use super::holders::any_live_alias_account;
use super::table::{Table, Target};
use super::{audit, claims, operations, tokens, whole};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::ports::list::State;
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::Deletion;
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::{Connection, params};

/// A holder must have no live alias account (rule 3).
pub(super) fn holder(
    db: &Connection,
    deletion: &Deletion<HolderId>,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    delete::<Holder>(db, deletion, conclusion, || {
        any_live_alias_account(db, deletion.organization, deletion.id)
    })
}

/// An alias account may always be deleted.
pub(super) fn alias_account(
    db: &Connection,
    deletion: &Deletion<AliasAccountId>,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    delete::<AliasAccount>(db, deletion, conclusion, || Ok(false))
}

fn delete<T: Table>(
    db: &Connection,
    deletion: &Deletion<T::Id>,
    conclusion: Option<&Conclusion>,
    is_needed: impl FnOnce() -> rusqlite::Result<bool>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    let Deletion { organization, id, at, version, revision, audit: entries } = deletion;
    let target = Target { organization: *organization, kind: T::KIND, id: *id };
    if !whole::stands::<T>(db, &target, *revision, State::Live)? {
        return Ok(Commit::Refused(Refused::Changed));
    }
    if is_needed()? {
        return Ok(Commit::Refused(Refused::HasAliasAccounts));
    }
    prepare(db, T::STATEMENTS.delete)?.execute(params![organization, id, at, version])?;
    claims::release(db, &target)?;
    tokens::bury(db, &target, *at)?;
    audit::append(db, &target, entries)?;
    operations::commit(db, conclusion)
}
