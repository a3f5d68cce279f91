//! What is wrong with the store's own tables and indexes: rows that belong to no record, or do not say what their
//! record says. Each question walks over a whole table, so only the check command asks.

use super::connection::prepare;
use super::table::Table;
use super::{faults, inspection};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::registry::ports::inspection::Stray;
use rusqlite::Connection;
use uuid::Uuid;

/// So many places are looked up at once.
const BATCH: usize = 1_000;

/// What is asked of the tables of one kind: the question gives organization and id, at most so many as parameter 1
/// says.
macro_rules! of_kind {
    ($table:literal, $kind:literal, $claims:literal) => {
        [
            (
                "tokens without their record",
                concat!(
                    "SELECT DISTINCT organization, id FROM tokens INDEXED BY tokens_of_record WHERE kind = ",
                    $kind,
                    " AND NOT EXISTS (SELECT 1 FROM ",
                    $table,
                    " AS record WHERE record.organization = tokens.organization AND record.id = tokens.id)
                     LIMIT ?1"
                ),
            ),
            (
                "tokens that tell another state or time than their record",
                concat!(
                    "SELECT DISTINCT record.organization, record.id FROM ",
                    $table,
                    " AS record CROSS JOIN tokens INDEXED BY tokens_of_record USING (organization, id)
                     WHERE kind = ",
                    $kind,
                    " AND (live, tokens.created_at, tokens.updated_at)
                         <> (deleted_at IS NULL, record.created_at, record.updated_at)
                     LIMIT ?1"
                ),
            ),
            (
                "a record that is not in the list of all",
                concat!(
                    "SELECT organization, id FROM ",
                    $table,
                    " AS record WHERE NOT EXISTS (SELECT 1 FROM tokens
                         WHERE organization = record.organization AND kind = ",
                    $kind,
                    " AND id = record.id AND token = '')
                     LIMIT ?1"
                ),
            ),
            (
                "a claim without its record",
                concat!(
                    "SELECT DISTINCT organization, id FROM claims INDEXED BY claims_of_record WHERE kind = ",
                    $kind,
                    " AND NOT EXISTS (SELECT 1 FROM ",
                    $table,
                    " AS record WHERE record.organization = claims.organization AND record.id = claims.id)
                     LIMIT ?1"
                ),
            ),
            (
                "a deleted record that holds claims",
                concat!(
                    "SELECT organization, id FROM ",
                    $table,
                    " AS record WHERE deleted_at IS NOT NULL AND EXISTS (SELECT 1 FROM claims
                         WHERE organization = record.organization AND kind = ",
                    $kind,
                    " AND id = record.id)
                     LIMIT ?1"
                ),
            ),
            (
                "a live record that holds no claim",
                concat!(
                    "SELECT organization, id FROM ",
                    $table,
                    " AS record WHERE deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM claims
                         WHERE organization = record.organization AND kind = ",
                    $kind,
                    " AND id = record.id)
                     LIMIT ?1"
                ),
            ),
            (
                "a claim of another kind than its record",
                concat!(
                    "SELECT DISTINCT organization, id FROM claims INDEXED BY claims_of_record WHERE kind = ",
                    $kind,
                    " AND NOT claim GLOB '",
                    $claims,
                    "' LIMIT ?1"
                ),
            ),
        ]
    };
}

/// Each question with what a record is told that it gives.
pub(super) const QUESTIONS: [[(&str, &str); 7]; 2] =
    [of_kind!("holders", "1", "document.*"), of_kind!("alias_accounts", "2", "account/*")];

/// Alias accounts whose holder is not there.
pub(super) const ORPHANS: (&str, &str) = (
    "an alias account without its holder",
    "SELECT organization, alias_accounts.id FROM pragma_foreign_key_check('alias_accounts') AS broken
     JOIN alias_accounts ON alias_accounts.rowid = broken.\"rowid\" LIMIT ?1",
);

/// The audit trail's lists of the links of records: a link that is missing in one would be missing in an answer to "who
/// read this record". What a link itself says is proven by its HMAC and not here.
pub(super) const TRAIL: [(&str, &str); 2] = [
    (
        "a place in the audit trail's list of a record without its link",
        "SELECT DISTINCT organization, record FROM trail_records AS place
         WHERE NOT EXISTS (SELECT 1 FROM trail_links AS link WHERE link.organization = place.organization
             AND link.number = place.number AND link.at = place.at)
         LIMIT ?1",
    ),
    (
        "a link of the audit trail that is missing in the list of its record",
        "WITH missing (organization, record) AS MATERIALIZED (
             SELECT organization, (
                 WITH RECURSIVE places (n) AS (
                     SELECT 1 WHERE length(link.records) > 0
                     UNION ALL SELECT n + 16 FROM places WHERE n + 16 < length(link.records))
                 SELECT substr(link.records, n, 16) FROM places
                 WHERE NOT EXISTS (SELECT 1 FROM trail_records AS place
                     WHERE place.organization = link.organization AND place.record = substr(link.records, n, 16)
                         AND place.at = link.at AND place.number = link.number)
                 LIMIT 1)
             FROM trail_links AS link)
         SELECT organization, record FROM missing WHERE record IS NOT NULL LIMIT ?1",
    ),
];

/// SQLite's own look at its pages, indexes and constraints; it tells no value.
pub(super) const INTEGRITY: &str = "SELECT integrity_check FROM pragma_integrity_check LIMIT ?1";

/// At most so many of them.
pub(super) fn find(db: &Connection, most: usize) -> rusqlite::Result<Vec<Stray>> {
    let mut found = damage(db, most)?;
    if !found.is_empty() {
        // What stands on damaged pages cannot be asked any further.
        return Ok(found);
    }
    for (what, question) in QUESTIONS.iter().flatten().chain([&ORPHANS]).chain(&TRAIL) {
        let rest = most.saturating_sub(found.len());
        let mut select = prepare(db, question)?;
        let mut rows = select.query([i64::try_from(rest).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let (organization, record): (OrganizationId, [u8; 16]) = row.try_into()?;
            found.push(Stray {
                organization: Some(organization),
                record: Some(Uuid::from_bytes(record)),
                what: (*what).to_owned(),
            });
        }
    }
    unreadable::<Holder>(db, most, &mut found)?;
    unreadable::<AliasAccount>(db, most, &mut found)?;
    Ok(found)
}

/// Rows that do not read as this release writes them.
fn unreadable<T: Table>(db: &Connection, most: usize, found: &mut Vec<Stray>) -> rusqlite::Result<()> {
    let mut after = None;
    while found.len() < most {
        let places = inspection::places_after::<T>(db, after, BATCH)?;
        let Some(last) = places.last() else { break };
        after = Some(*last);
        for place in places {
            match inspection::kept::<T>(db, place) {
                Ok(_) => {}
                Err(error) if faults::is_unreadable(&error) => found.push(Stray {
                    organization: Some(place.organization),
                    record: Some(place.id),
                    what: "a record that this release cannot read".to_owned(),
                }),
                Err(error) => return Err(error),
            }
        }
    }
    found.truncate(most);
    Ok(())
}

fn damage(db: &Connection, most: usize) -> rusqlite::Result<Vec<Stray>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let lines = prepare(db, INTEGRITY)?
        .query_map([most], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    let faults = lines.into_iter().filter(|line| line != "ok");
    // The first of them begins with a line that names the database.
    let told = |fault: String| fault.lines().collect::<Vec<_>>().join(" ");
    Ok(faults.map(|fault| Stray { organization: None, record: None, what: told(fault) }).collect())
}
