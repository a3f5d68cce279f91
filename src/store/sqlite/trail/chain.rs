//! Appending to a chain and walking along it.

use super::super::connection::prepare;
use super::super::faults;
use super::link_row::{self, Number, select_link};
use super::{limit, retention};
use crate::domain::ids::OrganizationId;
use crate::registry::ports::audit::{TrailHead, TrailLink, TrailMac};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::HashSet;
use uuid::Uuid;

/// The last link, or where the chain begins if that is later.
pub(super) fn head(db: &Connection, organization: OrganizationId) -> rusqlite::Result<TrailHead> {
    let last = prepare(
        db,
        "SELECT number, mac, sealed_at FROM trail_links WHERE organization = ?1 ORDER BY number DESC LIMIT 1",
    )?
    .query_row([organization], |row| {
        let Number(number) = row.get(0)?;
        Ok(TrailHead { number, mac: TrailMac(row.get(1)?), sealed_at: row.get(2)? })
    })
    .optional()?;
    let begin = retention::checkpoint(db, organization)?.map(|checkpoint| checkpoint.last);
    let later = last.into_iter().chain(begin).max_by_key(|head| head.number);
    Ok(later.unwrap_or(TrailHead::NONE))
}

/// Appends links; false where they do not follow the head one by one, or an entry is there already. The caller takes
/// back what was written before that shows.
pub(super) fn append(
    db: &Connection,
    organization: OrganizationId,
    links: &[TrailLink],
) -> rusqlite::Result<bool> {
    // Also where all links were pruned, a number is never given twice.
    let mut last = head(db, organization)?.number;
    for link in links {
        if last.checked_add(1) != Some(link.number) || !link_row::insert(db, organization, link)? {
            return Ok(false);
        }
        last = link.number;
    }
    Ok(true)
}

/// Those of these entries that are in the chain.
pub(super) fn chained(
    db: &Connection,
    organization: OrganizationId,
    ids: &[Uuid],
) -> rusqlite::Result<HashSet<Uuid>> {
    let mut select = prepare(db, "SELECT 1 FROM trail_links WHERE organization = ?1 AND id = ?2")?;
    let mut found = HashSet::new();
    for id in ids {
        if select.exists(params![organization, id.as_bytes()])? {
            found.insert(*id);
        }
    }
    Ok(found)
}

/// Links behind a number; the number of the first one that cannot be read, where there is such a one among them.
pub(super) fn after(
    db: &Connection,
    organization: OrganizationId,
    number: u64,
    most: usize,
) -> rusqlite::Result<Result<Vec<TrailLink>, u64>> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let mut select =
        prepare(db, select_link!("WHERE organization = ?1 AND number > ?2 ORDER BY number LIMIT ?3"))?;
    let mut rows = select.query(params![organization, number, limit(most)])?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        match link_row::read(row) {
            Ok(link) => links.push(link),
            Err(error) if faults::is_unreadable(&error) => {
                let Number(number) = row.get(0)?;
                return Ok(Err(number));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Ok(links))
}
