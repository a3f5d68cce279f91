//! Reading alias accounts.

use super::columns::{Columns, Kind};
use crate::domain::alias_account::{AccountLink, AliasAccount, BankingDetails};
use crate::domain::ids::{AliasAccountId, HolderId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::registry::ports::record::{AliasAccountRecord, Claim, Detail, Sealed};
use crate::registry::ports::store::{Page, PageRequest};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

macro_rules! select {
    ($where:literal) => {
        |detail| match detail {
            Detail::Clear => select!("", $where),
            Detail::Sealed => select!(", sealed", $where),
        }
    };
    ($sealed:literal, $where:literal) => {
        concat!(
            "SELECT id, holder_id, type, ledger_id, account_id, banking, branch, banking_type, opening_date,
                 closing_date, country_code, bank_id, link_status, link_checked_at, link_detail, parties, metadata,
                 created_at, updated_at, deleted_at, version, revision",
            $sealed,
            " FROM alias_accounts WHERE organization = ?1 AND deleted_at IS NULL AND ",
            $where
        )
    };
}

/// The statement that reads one live alias account by its id.
const BY_ID: fn(Detail) -> &'static str = select!("id = ?2");
/// The statement that reads the live alias account of a claim.
const BY_CLAIM: fn(Detail) -> &'static str =
    select!("id = (SELECT id FROM claims WHERE organization = ?1 AND claim = ?2 AND kind = ?3)");
/// The statement that reads one page of a holder's live alias accounts.
pub(super) const OF_HOLDER: fn(Detail) -> &'static str =
    select!("holder_id = ?2 AND (created_at, id) > (?3, ?4) ORDER BY created_at, id LIMIT ?5");

/// The live alias accounts with these ids, each once.
pub(super) fn by_ids(
    db: &Connection,
    organization: OrganizationId,
    ids: &[AliasAccountId],
    detail: Detail,
) -> rusqlite::Result<Vec<AliasAccountRecord>> {
    let mut select = db.prepare_cached(BY_ID(detail))?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids.iter().collect::<BTreeSet<_>>() {
        let record = select
            .query_row(params![organization, id], |row| record(organization, detail, row))
            .optional()?;
        found.extend(record);
    }
    Ok(found)
}

/// The live alias account that holds one of these claims.
pub(super) fn by_claim(
    db: &Connection,
    organization: OrganizationId,
    claims: &[Claim],
    detail: Detail,
) -> rusqlite::Result<Option<AliasAccountRecord>> {
    let mut select = db.prepare_cached(BY_CLAIM(detail))?;
    for claim in claims {
        let record = select
            .query_row(params![organization, claim.0, Kind::AliasAccount], |row| {
                record(organization, detail, row)
            })
            .optional()?;
        if record.is_some() {
            return Ok(record);
        }
    }
    Ok(None)
}

/// A page of each holder's live alias accounts.
pub(super) fn of_holders(
    db: &Connection,
    organization: OrganizationId,
    holders: &[HolderId],
    page: PageRequest,
) -> rusqlite::Result<HashMap<HolderId, Page<AliasAccountRecord>>> {
    let mut select = db.prepare_cached(OF_HOLDER(page.detail))?;
    // Before the first place of all: no time is smaller, and no id of ours is nil.
    let (created_at, id) =
        page.after.map_or((Timestamp(i64::MIN), AliasAccountId(Uuid::nil())), |p| (p.created_at, p.id));
    // One more than the page holds tells whether more follow.
    let limit = i64::try_from(page.first).map_or(i64::MAX, |first| first.saturating_add(1));
    let mut pages = HashMap::with_capacity(holders.len());
    for holder in holders.iter().collect::<BTreeSet<_>>() {
        let rows = select.query_map(params![organization, holder, created_at, id, limit], |row| {
            record(organization, page.detail, row)
        })?;
        let mut records = rows.collect::<Result<Vec<_>, _>>()?;
        if records.is_empty() {
            continue;
        }
        let more = records.len() > page.first;
        records.truncate(page.first);
        pages.insert(*holder, Page { records, more });
    }
    Ok(pages)
}

fn record(
    organization: OrganizationId,
    detail: Detail,
    row: &Row<'_>,
) -> rusqlite::Result<AliasAccountRecord> {
    let mut columns = Columns::of(row);
    Ok(AliasAccountRecord {
        clear: AliasAccount {
            organization,
            id: columns.take()?,
            holder_id: columns.take()?,
            holder_type: columns.take()?,
            ledger_id: columns.take()?,
            account_id: columns.take()?,
            banking: banking(&mut columns)?,
            link: AccountLink {
                status: columns.take()?,
                checked_at: columns.take()?,
                detail: columns.take()?,
            },
            parties: columns.json()?,
            metadata: columns.json()?,
            created_at: columns.take()?,
            updated_at: columns.take()?,
            deleted_at: columns.take()?,
        },
        version: columns.take()?,
        revision: columns.take()?,
        sealed: match detail {
            Detail::Clear => None,
            Detail::Sealed => Some(Sealed(columns.take()?)),
        },
    })
}

fn banking(columns: &mut Columns<'_>) -> rusqlite::Result<Option<BankingDetails>> {
    let given: bool = columns.take()?;
    let banking = BankingDetails {
        branch: columns.take()?,
        kind: columns.take()?,
        opening_date: columns.take()?,
        closing_date: columns.take()?,
        country_code: columns.take()?,
        bank_id: columns.take()?,
    };
    Ok(given.then_some(banking))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clear_part_is_read_without_naming_the_blob() {
        for statement in [BY_ID, BY_CLAIM, OF_HOLDER] {
            assert!(!statement(Detail::Clear).contains("sealed"));
            assert!(statement(Detail::Sealed).contains(", sealed FROM"));
        }
    }
}
