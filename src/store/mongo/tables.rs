//! The database and its collections.

use super::events::Pool;
use super::kind::Kind;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::redacted;
use mongodb::bson::Document;
use mongodb::options::ReadConcern;
use mongodb::{Collection, Database};

/// The collection of entries without a record.
pub(super) const AUDIT_ENTRIES: &str = "audit_entries";
/// The collection of links.
pub(super) const AUDIT_TRAIL: &str = "audit_trail";
/// The collection of chains.
pub(super) const AUDIT_CHAINS: &str = "audit_chains";

/// The collections, as one client has them.
pub(super) struct Tables {
    pub(super) database: Database,
    pub(super) holders: Collection<Document>,
    pub(super) alias_accounts: Collection<Document>,
    pub(super) operations: Collection<Document>,
    pub(super) key_checks: Collection<Document>,
    pub(super) link_walks: Collection<Document>,
    /// Entries for the audit trail that tell of no change of a record, until they are moved there.
    pub(super) audit_entries: Collection<Document>,
    /// The links of all chains.
    pub(super) audit_trail: Collection<Document>,
    /// One document for each chain: who may append to it, and where it begins.
    pub(super) audit_chains: Collection<Document>,
    /// For the reads on which a protocol depends: where the server knows it, one that a primary which was replaced
    /// without noticing cannot answer.
    pub(super) fresh: Option<ReadConcern>,
    /// The client's connections.
    pub(super) pool: Pool,
}
redacted!(Tables);

impl Tables {
    /// Those of a database, which was made ready.
    pub(super) fn of(database: Database, pool: Pool, fresh: Option<ReadConcern>) -> Self {
        Self {
            holders: database.collection(Holder::COLLECTION),
            alias_accounts: database.collection(AliasAccount::COLLECTION),
            operations: database.collection("operations"),
            key_checks: database.collection("key_checks"),
            link_walks: database.collection("link_walks"),
            audit_entries: database.collection(AUDIT_ENTRIES),
            audit_trail: database.collection(AUDIT_TRAIL),
            audit_chains: database.collection(AUDIT_CHAINS),
            database,
            fresh,
            pool,
        }
    }

    /// The collection of a kind of record.
    pub(super) fn records<T: Kind>(&self) -> &Collection<Document> {
        self.named(T::COLLECTION)
    }

    /// The collection of records with this name.
    pub(super) fn named(&self, name: &str) -> &Collection<Document> {
        if name == Holder::COLLECTION { &self.holders } else { &self.alias_accounts }
    }

    /// The same collection in the client in use: whoever tries a command again must not go on with one that was
    /// replaced.
    pub(super) fn now<'a>(&'a self, collection: &'a Collection<Document>) -> &'a Collection<Document> {
        self.all().into_iter().find(|known| known.name() == collection.name()).unwrap_or(collection)
    }

    /// All of them.
    pub(super) fn all(&self) -> [&Collection<Document>; 8] {
        [
            &self.holders,
            &self.alias_accounts,
            &self.operations,
            &self.key_checks,
            &self.link_walks,
            &self.audit_entries,
            &self.audit_trail,
            &self.audit_chains,
        ]
    }
}
