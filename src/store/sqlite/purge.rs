//! Removing a record for good (rule 4). Only the audit entries stay, which name no value.
//!
//! SQLite writes zeros over removed cells and pages (`secure_delete`), and the log is emptied before the answer. One
//! thing is beyond reach: when SQLite splits a page, it moves rows to a new one and leaves their bytes in the unused part
//! of the old one until that is used again. Of a record that was moved so, these bytes (its clear part, HMACs, the sealed
//! message) may outlive it; `VACUUM`, with the server stopped, leaves none.

use super::connection::prepare;
use super::holders::any_live_alias_account;
use super::table::{Table, Target};
use super::{audit, operations, whole};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::{AliasAccountId, HolderId};
use crate::registry::ports::audit::{AuditEntry, AuditedRecord};
use crate::registry::ports::list::State;
use crate::registry::ports::operation::Conclusion;
use crate::registry::ports::record::Purge;
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::{Connection, params};

/// A holder must have no live alias account; those that are soft-deleted go with it.
pub(super) fn holder(
    db: &Connection,
    purge: &Purge<HolderId>,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    let target = target::<Holder>(purge);
    if !whole::stands::<Holder>(db, &target, purge.revision, State::Any)? {
        return Ok(Commit::Refused(Refused::Changed));
    }
    if any_live_alias_account(db, purge.organization, purge.id)? {
        return Ok(Commit::Refused(Refused::HasAliasAccounts));
    }
    for id in alias_accounts(db, purge)? {
        let of = Target { organization: purge.organization, kind: AliasAccount::KIND, id };
        whole::remove::<AliasAccount>(db, &of)?;
        let told = |entry: &AuditEntry| entry.clone().told_of(AuditedRecord::AliasAccount(id));
        audit::append(db, &of, &purge.audit.iter().map(told).collect::<Vec<_>>())?;
    }
    whole::remove::<Holder>(db, &target)?;
    audit::append(db, &target, &purge.audit)?;
    operations::commit(db, conclusion)
}

/// An alias account may always be removed.
pub(super) fn alias_account(
    db: &Connection,
    purge: &Purge<AliasAccountId>,
    conclusion: Option<&Conclusion>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, conclusion)? {
        return Ok(met);
    }
    let target = target::<AliasAccount>(purge);
    if !whole::stands::<AliasAccount>(db, &target, purge.revision, State::Any)? {
        return Ok(Commit::Refused(Refused::Changed));
    }
    whole::remove::<AliasAccount>(db, &target)?;
    audit::append(db, &target, &purge.audit)?;
    operations::commit(db, conclusion)
}

fn target<T: Table>(purge: &Purge<T::Id>) -> Target<T::Id> {
    Target { organization: purge.organization, kind: T::KIND, id: purge.id }
}

fn alias_accounts(db: &Connection, of: &Purge<HolderId>) -> rusqlite::Result<Vec<AliasAccountId>> {
    prepare(db, "SELECT id FROM alias_accounts WHERE organization = ?1 AND holder_id = ?2")?
        .query_map(params![of.organization, of.id], |row| row.get(0))?
        .collect()
}
