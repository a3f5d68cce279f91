//! Recording what a check of an alias account against the ledger found.

use super::connection::prepare;
use super::table::{Table, Target};
use super::{audit, tokens, whole};
use crate::domain::alias_account::AliasAccount;
use crate::registry::ports::list::State;
use crate::registry::ports::record::LinkCheck;
use crate::registry::ports::store::{Commit, Refused};
use crate::registry::ports::terms;
use rusqlite::{Connection, params};

/// Neither version nor `updated_at` changes, so the record keeps its place in every list but those of its link.
pub(super) fn record(db: &Connection, check: &LinkCheck) -> rusqlite::Result<Commit> {
    let LinkCheck { organization, id, link, revision, audit: entries } = check;
    let target = Target { organization: *organization, kind: AliasAccount::KIND, id: *id };
    if !whole::stands::<AliasAccount>(db, &target, *revision, State::Live)? {
        return Ok(Commit::Refused(Refused::Changed));
    }
    prepare(
        db,
        "UPDATE alias_accounts SET link_status = ?3, link_checked_at = ?4, link_detail = ?5,
             revision = revision + 1
         WHERE organization = ?1 AND id = ?2",
    )?
    .execute(params![organization, id, link.status, link.checked_at, link.detail])?;
    tokens::exchange(db, &target, "link/", &terms::link_status(link.status))?;
    audit::append(db, &target, entries)?;
    Ok(Commit::Stored)
}
