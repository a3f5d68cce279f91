//! What SQL alone cannot do of the second layout: a long text in metadata is found by its digest. As the layout
//! itself, this never changes.

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

/// Longest text, in bytes, that stands in a token as it is.
const PLAIN_MAX: usize = 256;

const LONG: &str = "SELECT organization, kind, token, id FROM tokens_1
    WHERE token GLOB 'meta/*' AND octet_length(token) > 256";

const MOVE: [&str; 2] = [
    "INSERT INTO tokens SELECT organization, 1, ?3, deleted_at IS NULL, created_at, id, updated_at
     FROM holders WHERE organization = ?1 AND id = ?2",
    "INSERT INTO tokens SELECT organization, 2, ?3, deleted_at IS NULL, created_at, id, updated_at
     FROM alias_accounts WHERE organization = ?1 AND id = ?2",
];

/// Moves the entries that the SQL step left.
pub(super) fn move_long_metadata(db: &Connection) -> rusqlite::Result<()> {
    let mut long = db.prepare(LONG)?;
    let [of_holder, of_alias_account] = MOVE.map(|insert| db.prepare(insert));
    let (mut of_holder, mut of_alias_account) = (of_holder?, of_alias_account?);
    let mut rows = long.query([])?;
    while let Some(row) = rows.next()? {
        let (organization, kind, token, id): ([u8; 16], i64, String, [u8; 16]) = row.try_into()?;
        let insert = if kind == 1 { &mut of_holder } else { &mut of_alias_account };
        insert.execute(params![organization, id, digested(&token)])?;
    }
    drop(rows);
    db.execute_batch("DROP TABLE tokens_1")
}

fn digested(token: &str) -> String {
    let entry = token.strip_prefix("meta/").and_then(|entry| entry.split_once('/'));
    match entry.and_then(|(key, value)| Some((key, value.strip_prefix("s:")?))) {
        Some((key, text)) if text.len() > PLAIN_MAX => {
            format!("meta/{key}/h:{}", hex::encode(Sha256::digest(text)))
        }
        _ => token.to_owned(),
    }
}
