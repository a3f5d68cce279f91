//! Linking an account to a holder.

use super::columns::{Json, Kind};
use super::{claims, operations, tokens};
use crate::domain::alias_account::AliasAccount;
use crate::registry::ports::operation::{Operation, Outcome};
use crate::registry::ports::record::NewAliasAccount;
use crate::registry::ports::store::{Commit, Refused};
use rusqlite::{Connection, params};

/// Inserts the alias account with all that belongs to it; whatever is not [`Commit::Stored`] is taken back by the
/// caller.
pub(super) fn link(
    db: &Connection,
    alias_account: &NewAliasAccount,
    operation: Option<&Operation>,
) -> rusqlite::Result<Commit> {
    if let Some(met) = operations::met(db, operation)? {
        return Ok(met);
    }
    let (clear, protected) = (&alias_account.clear, &alias_account.protected);
    if !holder_is_live(db, clear)? {
        return Ok(Commit::Refused(Refused::HolderNotLive));
    }
    if !claims::take(db, clear.organization, Kind::AliasAccount, &clear.id, &protected.claims)? {
        return Ok(Commit::Refused(Refused::ClaimTaken));
    }
    insert(db, alias_account)?;
    let (kind, created_at) = (Kind::AliasAccount, clear.created_at);
    tokens::insert(db, clear.organization, kind, created_at, &clear.id, &protected.tokens)?;
    if let Some(operation) = operation {
        let outcome = Outcome { holder: Some(clear.holder_id), alias_accounts: vec![clear.id] };
        operations::commit(db, operation, &outcome)?;
    }
    Ok(Commit::Stored)
}

fn holder_is_live(db: &Connection, clear: &AliasAccount) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM holders WHERE organization = ?1 AND id = ?2 AND deleted_at IS NULL")?
        .exists(params![clear.organization, clear.holder_id])
}

fn insert(db: &Connection, alias_account: &NewAliasAccount) -> rusqlite::Result<()> {
    let (clear, protected) = (&alias_account.clear, &alias_account.protected);
    let banking = clear.banking.clone().unwrap_or_default();
    db.prepare_cached(
        "INSERT INTO alias_accounts (organization, id, holder_id, type, ledger_id, account_id, banking, branch,
             banking_type, opening_date, closing_date, country_code, bank_id, link_status, link_checked_at,
             link_detail, parties, metadata, created_at, updated_at, deleted_at, version, revision, generations,
             operation, audit, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, 1,
             1, ?22, NULL, ?23, ?24)",
    )?
    .execute(params![
        clear.organization,
        clear.id,
        clear.holder_id,
        clear.holder_type,
        clear.ledger_id,
        clear.account_id,
        clear.banking.is_some(),
        banking.branch,
        banking.kind,
        banking.opening_date,
        banking.closing_date,
        banking.country_code,
        banking.bank_id,
        clear.link.status,
        clear.link.checked_at,
        clear.link.detail,
        Json(&clear.parties),
        Json(&clear.metadata),
        clear.created_at,
        clear.updated_at,
        clear.deleted_at,
        Json(&protected.generations),
        Json(&alias_account.audit),
        protected.sealed.0,
    ])
    .map(drop)
}
