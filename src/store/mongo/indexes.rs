//! The indexes: one table, and how what the database has is compared with it.

use super::connect_error::ConnectError;
use super::events::watched;
use super::kind::Kind;
use super::names::{
    AT, AUDIT_AT, CLAIMS, CREATED_AT, ENTRY_ID, NAMED, OPERATION, ORGANIZATION, REMOVE_AT, STATE, SUBJECT,
    TOKENS, UNSETTLED, UPDATED_AT,
};
use super::tables::{AUDIT_ENTRIES, AUDIT_TRAIL};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use futures::TryStreamExt;
use mongodb::Database;
use mongodb::bson::{Bson, Document, doc};
use mongodb::error::ErrorKind;
use std::fmt;

/// One index of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Index {
    pub(super) collection: &'static str,
    pub(super) name: &'static str,
    /// Its fields, each upwards.
    pub(super) keys: &'static [&'static str],
    pub(super) kind: IndexKind,
}

/// What more there is to an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexKind {
    /// Nothing.
    Plain,
    /// No two documents have an entry in common; only those that have this field are in it.
    Unique {
        /// The field.
        where_exists: &'static str,
    },
    /// Only documents that have its field are in it.
    Sparse,
    /// The same, of several fields, by this one. An empty array has no fields, so a document without entries is in no
    /// such index.
    Partial {
        /// The field.
        where_exists: &'static str,
    },
    /// The database removes a document when the date in its field has come.
    Expiring,
}

/// The collection of operations, as all of the adapter call it.
const OPERATIONS: &str = "operations";

/// Those of layout 2. `_id` closes the order of a list; `places` is for a walk over all of an organization.
pub(super) const ALL: [Index; 24] = [
    claims(Holder::COLLECTION),
    of(Holder::COLLECTION, "created", &[ORGANIZATION, TOKENS, STATE, CREATED_AT, "_id"]),
    of(Holder::COLLECTION, "updated", &[ORGANIZATION, TOKENS, STATE, UPDATED_AT, "_id"]),
    of(Holder::COLLECTION, "places", &[ORGANIZATION, "_id"]),
    unsettled(Holder::COLLECTION),
    waiting(Holder::COLLECTION),
    waiting_longest(Holder::COLLECTION),
    claims(AliasAccount::COLLECTION),
    of(AliasAccount::COLLECTION, "created", &[ORGANIZATION, TOKENS, STATE, CREATED_AT, "_id"]),
    of(AliasAccount::COLLECTION, "updated", &[ORGANIZATION, TOKENS, STATE, UPDATED_AT, "_id"]),
    of(AliasAccount::COLLECTION, "places", &[ORGANIZATION, "_id"]),
    unsettled(AliasAccount::COLLECTION),
    waiting(AliasAccount::COLLECTION),
    waiting_longest(AliasAccount::COLLECTION),
    of(OPERATIONS, "places", &[ORGANIZATION, "_id"]),
    Index { collection: OPERATIONS, name: "removal", keys: &[REMOVE_AT], kind: IndexKind::Expiring },
    of(AUDIT_ENTRIES, "places", &[ORGANIZATION, "_id"]),
    waiting(AUDIT_ENTRIES),
    waiting_longest(AUDIT_ENTRIES),
    Index {
        collection: AUDIT_TRAIL,
        name: "entries",
        keys: &[ORGANIZATION, ENTRY_ID],
        kind: IndexKind::Unique { where_exists: ENTRY_ID },
    },
    of(AUDIT_TRAIL, "times", &[ORGANIZATION, AT, "_id"]),
    of(AUDIT_TRAIL, "subjects", &[ORGANIZATION, SUBJECT, AT, "_id"]),
    of(AUDIT_TRAIL, "operations", &[ORGANIZATION, OPERATION, AT, "_id"]),
    of(AUDIT_TRAIL, "records", &[ORGANIZATION, NAMED, AT, "_id"]),
];

const fn of(collection: &'static str, name: &'static str, keys: &'static [&'static str]) -> Index {
    Index { collection, name, keys, kind: IndexKind::Plain }
}

const fn claims(collection: &'static str) -> Index {
    let kind = IndexKind::Unique { where_exists: CLAIMS };
    Index { collection, name: "claims", keys: &[ORGANIZATION, CLAIMS], kind }
}

const fn unsettled(collection: &'static str) -> Index {
    Index { collection, name: "unsettled", keys: &[UNSETTLED], kind: IndexKind::Sparse }
}

/// What waits for the audit trail, by organization.
const fn waiting(collection: &'static str) -> Index {
    let kind = IndexKind::Partial { where_exists: AUDIT_AT };
    Index { collection, name: "waiting", keys: &[ORGANIZATION, AUDIT_AT], kind }
}

/// The same over all organizations, by how long it has waited.
const fn waiting_longest(collection: &'static str) -> Index {
    let kind = IndexKind::Partial { where_exists: AUDIT_AT };
    Index { collection, name: "waiting_longest", keys: &[AUDIT_AT], kind }
}

/// `holders.claims`
impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.collection, self.name)
    }
}

impl Index {
    /// As the database is asked for it, and as it lists it.
    fn specification(&self) -> Document {
        let mut keys = Document::new();
        for key in self.keys {
            keys.insert(*key, 1);
        }
        let mut specification = doc! { "key": keys, "name": self.name };
        match self.kind {
            IndexKind::Plain => {}
            IndexKind::Unique { where_exists } => {
                specification.insert("unique", true);
                specification
                    .insert("partialFilterExpression", doc! { where_exists: doc! { "$exists": true } });
            }
            IndexKind::Sparse => {
                specification.insert("sparse", true);
            }
            IndexKind::Partial { where_exists } => {
                specification
                    .insert("partialFilterExpression", doc! { where_exists: doc! { "$exists": true } });
            }
            IndexKind::Expiring => {
                specification.insert("expireAfterSeconds", 0);
            }
        }
        specification
    }

    /// Whether one that the database lists is as this one. What it may say of its own, such as `v`, does not count. One
    /// that is hidden is of no use to any question.
    fn is_like(&self, listed: &Document) -> bool {
        let own = self.specification();
        let keys = |of: &Document| -> Vec<(String, Option<i64>)> {
            let keys = of.get_document("key").ok();
            let pairs = keys.into_iter().flatten().map(|(name, order)| (name.clone(), whole(order)));
            pairs.collect()
        };
        let yes = |of: &Document, option: &str| of.get_bool(option).unwrap_or(false);
        keys(&own) == keys(listed)
            && yes(&own, "unique") == yes(listed, "unique")
            && yes(&own, "sparse") == yes(listed, "sparse")
            && !yes(listed, "hidden")
            && own.get("partialFilterExpression") == listed.get("partialFilterExpression")
            && own.get("expireAfterSeconds").map(whole) == listed.get("expireAfterSeconds").map(whole)
    }

    /// Makes it, which may take long, and makes its collection too. Where another process is making the same one, that
    /// is waited for; where it is there, nothing is done.
    pub(super) async fn make(&self, database: &Database) -> Result<(), ConnectError> {
        let command = doc! { "createIndexes": self.collection, "indexes": [self.specification()] };
        let Err(error) = watched(database.run_command(command)).await else { return Ok(()) };
        let refused = matches!(error.kind.as_ref(), ErrorKind::Command(_));
        if refused && self.is_contradicted(database).await? {
            return Err(ConnectError::Duplicates { index: self.to_string() });
        }
        Err(ConnectError::of(&error, database.name(), "createIndexes"))
    }

    /// Whether two documents of an organization have an entry of a unique index in common. Not every server says so
    /// when it refuses to make the index.
    async fn is_contradicted(&self, database: &Database) -> Result<bool, ConnectError> {
        let IndexKind::Unique { where_exists } = self.kind else { return Ok(false) };
        let entry = format!("${where_exists}");
        let twice = [
            doc! { "$match": { where_exists: { "$exists": true } } },
            doc! { "$unwind": &entry },
            doc! { "$group": {
                "_id": { "organization": format!("${ORGANIZATION}"), "entry": &entry }, "count": { "$sum": 1 },
            } },
            doc! { "$match": { "count": { "$gt": 1 } } },
            doc! { "$limit": 1 },
        ];
        let collection = database.collection::<Document>(self.collection);
        let found =
            watched(async { collection.aggregate(twice).allow_disk_use(true).await?.try_next().await });
        let found = found.await.map_err(|error| ConnectError::of(&error, database.name(), "aggregate"))?;
        Ok(found.is_some())
    }
}

/// Numbers come as any type that holds whole ones.
fn whole(number: &Bson) -> Option<i64> {
    match *number {
        Bson::Int32(number) => Some(number.into()),
        Bson::Int64(number) => Some(number),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is not whole equals no order and no time anyway"
        )]
        Bson::Double(number) if number.fract() == 0.0 => Some(number as i64),
        _ => None,
    }
}

/// How the database stands to the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Compared {
    /// Those that are not there.
    pub(super) missing: Vec<Index>,
    /// Those whose name another index has.
    pub(super) wrong: Vec<Index>,
}

/// Looks which there are.
pub(super) async fn compare(database: &Database) -> Result<Compared, ConnectError> {
    let mut compared = Compared::default();
    let mut collection = None;
    let mut listed: Vec<Document> = Vec::new();
    for index in ALL {
        if collection != Some(index.collection) {
            listed = list(database, index.collection).await?;
            collection = Some(index.collection);
        }
        match listed.iter().find(|listed| listed.get_str("name").is_ok_and(|name| name == index.name)) {
            None => compared.missing.push(index),
            Some(listed) if index.is_like(listed) => {}
            Some(_) => compared.wrong.push(index),
        }
    }
    Ok(compared)
}

/// Those of a collection; none where it is not there.
async fn list(database: &Database, collection: &str) -> Result<Vec<Document>, ConnectError> {
    const NAMESPACE_NOT_FOUND: i32 = 26;
    let listed = async {
        let command = doc! { "listIndexes": collection };
        database.run_cursor_command(command).await?.try_collect::<Vec<Document>>().await
    };
    match watched(listed).await {
        Ok(listed) => Ok(listed),
        Err(error) => match error.kind.as_ref() {
            ErrorKind::Command(command) if command.code == NAMESPACE_NOT_FOUND => Ok(Vec::new()),
            _ => Err(ConnectError::of(&error, database.name(), "listIndexes")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_database_says_of_its_own_does_not_matter_and_whether_it_is_hidden_does() {
        for index in ALL {
            let mut listed = index.specification();
            listed.extend(doc! { "v": 2, "hidden": false });
            assert!(index.is_like(&listed), "{index}");
            listed.insert("hidden", true);
            assert!(!index.is_like(&listed), "{index}");
        }
    }
}
