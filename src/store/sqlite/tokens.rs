//! Tokens: what a record is listed and found by.
//!
//! Every record has a row for each of its tokens and one for the empty token, which all records of its kind have. Each
//! row tells the record's state and times, so that a list is one walk along an index, whatever it is sorted by.

use super::connection::prepare;
use super::table::{Table, Target};
use crate::domain::time::Timestamp;
use crate::registry::ports::record::{Protected, Token};
use rusqlite::types::ToSql;
use rusqlite::{Connection, params};

/// The token of all records of a kind; no other is empty.
pub(super) const ALL: &str = "";

/// Writes the tokens of a live record that has none: those of its protected part and the terms of its clear part.
pub(super) fn write<T: Table>(db: &Connection, clear: &T, protected: &Protected) -> rusqlite::Result<()> {
    let (target, (created_at, updated_at)) = (clear.target(), clear.times());
    let mut tokens = clear.terms();
    tokens.extend(protected.tokens.iter().cloned());
    tokens.insert(Token(ALL.to_owned()));
    let mut insert = prepare(
        db,
        "INSERT INTO tokens (organization, kind, token, live, created_at, id, updated_at)
         VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6)",
    )?;
    for token in tokens {
        insert.execute(params![
            target.organization,
            target.kind,
            token.0,
            created_at,
            target.id,
            updated_at
        ])?;
    }
    Ok(())
}

/// A record that is soft-deleted keeps its tokens, among those of deleted records.
pub(super) fn bury(db: &Connection, target: &Target<impl ToSql>, at: Timestamp) -> rusqlite::Result<()> {
    const BURY: &str =
        "UPDATE tokens SET live = 0, updated_at = ?4 WHERE organization = ?1 AND kind = ?2 AND id = ?3";
    prepare(db, BURY)?.execute(params![target.organization, target.kind, target.id, at]).map(drop)
}

/// Removes all tokens of a record.
pub(super) fn remove(db: &Connection, target: &Target<impl ToSql>) -> rusqlite::Result<()> {
    prepare(db, "DELETE FROM tokens WHERE organization = ?1 AND kind = ?2 AND id = ?3")?
        .execute(params![target.organization, target.kind, target.id])
        .map(drop)
}

/// Puts one token in the place of others of a record, which it and they begin with alike.
pub(super) fn exchange(
    db: &Connection,
    target: &Target<impl ToSql>,
    prefix: &str,
    token: &Token,
) -> rusqlite::Result<()> {
    let whose = params![target.organization, target.kind, target.id, prefix];
    prepare(
        db,
        "DELETE FROM tokens WHERE organization = ?1 AND kind = ?2 AND id = ?3
             AND token >= ?4 AND token < ?4 || char(0x10FFFF)",
    )?
    .execute(whose)?;
    prepare(
        db,
        "INSERT INTO tokens (organization, kind, token, live, created_at, id, updated_at)
         SELECT organization, kind, ?4, live, created_at, id, updated_at FROM tokens
         WHERE organization = ?1 AND kind = ?2 AND id = ?3 AND token = ''",
    )?
    .execute(params![target.organization, target.kind, target.id, token.0])
    .map(drop)
}
