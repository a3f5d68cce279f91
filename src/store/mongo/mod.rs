//! The store for more than one machine: MongoDB, or any deployment that speaks its protocol.
//!
//! A record is one document, with its claims (what no other live record may hold; a unique index) and its tokens (what
//! it is listed and found by). **Every write touches one document**: an insertion, or a compare-and-set on `revision`.
//! There are no transactions and no change streams, so this holds on a standalone server, a replica set, a sharded
//! cluster and on servers that only speak the protocol. All reads and writes are `majority`.
//!
//! # One write decides
//!
//! Where a rule concerns several documents, they are written in an order in which exactly one write decides, and all
//! that comes before it is invisible to readers or changes nothing for them. Whoever is late finds that its deciding
//! write misses: what it was about to change has another revision, or is gone. So a process may stop or sleep anywhere.
//!
//! What is begun carries `unsettled`, the end of a lease of three seconds. Until then others wait for it; after that
//! **whoever meets it settles it**: a call that wants the same claim, holder or key, or the janitor, which every
//! replica runs every few seconds. Nothing but speed depends on leases or clocks.
//!
//! ## Link, and its counterpart: delete a holder
//!
//! Both write first and look then, so that at least one of them sees the other.
//!
//! | | link | leaves when it stops here | settled by |
//! | --- | --- | --- | --- |
//! | 1 | insert the alias account as `held`, with its claim | an alias account that nobody sees and a claim that is taken | removing the document (`state` and `stamp` are compared): step 3 misses |
//! | 2 | look at the holder: live, and nobody is deleting it | the same | the same |
//! | 3 | **make it live** | an alias account, as asked for | |
//!
//! | | delete a holder | leaves when it stops here | settled by |
//! | --- | --- | --- | --- |
//! | 1 | compare-and-set: `deleting` | a live holder; who links waits | removing `deleting`, with a new revision: step 3 misses |
//! | 2 | look for its alias accounts: `held`, `joining` and those being restored, then live ones. A live one: take `deleting` back and refuse. One that is under way: take it back, wait, begin again | the same | the same |
//! | 3 | **compare-and-set: deleted, no claims** | a deleted holder | |
//!
//! A link that is inserted before the look of the deletion is seen by it; one that is inserted later looks at the holder
//! after `deleting` was written. Both looks read what a majority has, and where the server can prove that it is still
//! the primary it must (`linearizable`): the two documents may lie on different shards. The waiting cannot go in a
//! circle: a deletion never waits for another call while its mark stands (at most for its turn, see below, and whoever
//! has that waits for nobody).
//!
//! **Restore an alias account** is a link whose first step marks the deleted document (`reviving`, and a token by which
//! the look of a deletion finds it); readers see a deleted alias account until step 3 puts the live one in its place.
//!
//! **Remove a holder for good** is a deletion whose step 3 leaves a document without any content, state `purged`, that
//! keeps the entries for the audit trail and the id from being used again. Step 4 does the same to its deleted alias
//! accounts; `purging` on the holder's document asks whoever settles it to do step 4. Nobody can restore one of them:
//! the holder is not live.
//!
//! ## Create a holder with alias accounts
//!
//! | | | leaves when it stops here | settled by |
//! | --- | --- | --- | --- |
//! | 1 | insert the holder as `held`, with its claims | a holder that nobody sees | removing it, then the alias accounts that came with it: step 3 misses |
//! | 2 | insert the alias accounts as `joining`, in the order of their claims | the same, and such alias accounts | the same (by the stamp of this attempt: a removal that is late leaves those of the next one alone); one that arrives even later finds no holder and is removed by whoever meets it |
//! | 3 | **make the holder live** | all of it, visible at once: an alias account that is `joining` is there for readers if its holder is | |
//! | 4 | make the alias accounts live | the same | doing it; a write to one of them does it first |
//!
//! ## Operations
//!
//! A call with an idempotency key inserts its operation first, `pending`, with the ids that it is going to write; of
//! several at once one wins. The write that decides carries the operation's id and attempt in the record. After it
//! the operation is `committed`, then the record gives the mark up. Whoever changes a record that still carries an
//! operation commits that first, so the mark is never lost.
//!
//! | | | leaves when it stops here | settled by |
//! | --- | --- | --- | --- |
//! | 1 | insert the operation, `pending` | a key that is taken | see below |
//! | 2 | the record's own steps. Before a `held` record is made live, or a deleted one restored: is the operation still ours, and `pending`? | what those steps leave | the same |
//! | 3 | **the deciding write, with the operation in it** | the record as asked for, a key that is `pending` | committing the operation: the record tells so |
//! | 4 | the operation becomes `committed` | the record carries it | taking the mark off |
//! | 5 | the record gives it up | all is done | |
//!
//! A repeat that finds an operation whose lease is over makes it `fenced`, then looks at its record. One that carries
//! the operation: commit. One that is `held`: remove it. Any other: give it a new revision. Then the operation is
//! removed and the repeat begins anew. A caller that was only asleep cannot write after that: its compare-and-set
//! misses, or (where the record was not inserted yet) it inserts `held`, looks at its operation and takes it back.
//!
//! ## Answers that are lost
//!
//! The driver repeats nothing. A write whose answer is lost is sent again by us, and its earlier try may be carried out
//! at any time: it may wait in a proxy while others settle what it began. So
//!
//! - each try of an insertion leaves a `stamp` of its own (an operation: an attempt), and the call goes on by the stamp
//!   of the try that it found. Another one that arrives later belongs to nobody, is overdue from the beginning, and is
//!   taken back.
//! - an insertion that is about to be refused, because its claim is taken, uses up its id first, with a document that
//!   never was a record.
//! - a compare-and-set recognises itself by the `stamp` that it leaves. One that is about to be told as missed or
//!   refused while its revision still stands uses up that revision first, so that no earlier try can match any more.
//!   Where several others have written since, it is not known, and the call says so
//!   ([`StoreError::Unavailable`](crate::registry::ports::store::StoreError)).
//!
//! ## Races that are lost
//!
//! Some servers answer those that want one claim at once with a deadlock, and may do so to all of them: nobody has the
//! claim then. Whoever is told so looks whose it is, and where it is nobody's tries again in turn, one call of an
//! organization at a time in each process, after a pause that grows with each race that is lost in a row. Whoever has
//! lost none waits for nobody.

mod alias_accounts;
mod budget;
mod claimants;
mod client;
mod connect_error;
mod connection;
mod copied_entries;
mod database;
mod decide;
mod document;
mod driver_words;
mod events;
mod filling;
mod holder_of;
mod holders;
mod indexes;
mod inspection;
mod janitor;
mod kind;
mod layout;
mod link_walks;
mod list;
mod lock;
mod migrate;
mod names;
mod operations;
mod phase;
mod port;
mod queries;
mod read;
mod rotation;
mod settings;
mod settle;
mod standing;
pub mod steps;
mod tables;
mod trail;
mod transfer;
mod trouble;
mod unnamed_file;
mod values;
mod write;

#[cfg(test)]
mod tests;

pub use connect_error::ConnectError;
pub use rotation::Rotation;
pub use settings::{Settings, Tls};

use super::Role;
use budget::Budget;
use connection::Connection;
use database::Collections;
use events::{Pool, Pools};
use mongodb::Database;
use mongodb::bson::doc;
use mongodb::options::ReadConcern;
use std::sync::Arc;
use std::time::Duration;
use tables::Tables;
use uuid::Uuid;

/// The store in one database.
#[derive(Debug)]
pub struct MongoStore {
    connection: Arc<Connection>,
    /// By this a copy into the database knows that it is still the one.
    filling: Uuid,
}

impl MongoStore {
    /// Connects to a database and makes it ready.
    ///
    /// # Errors
    /// It cannot be reached, refuses us, or is not as this release needs it; the message says what to do.
    pub async fn connect(settings: &Settings, role: Role) -> Result<Self, ConnectError> {
        let pool = Pools::default().begin();
        let database = client::open(settings, &pool).await?;
        layout::prepare(&database, role).await?;
        let store = Self::over(database, pool, settings.timeout).await?;
        if store.is_being_filled().await? {
            return Err(ConnectError::BeingFilled { database: settings.database.clone() });
        }
        if role == Role::Server {
            tokio::spawn(janitor::run(Arc::downgrade(&store.connection)));
        }
        Ok(store)
    }

    /// Connects to a database that is to be filled by a copy, or was by one that did not end.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub async fn connect_to_fill(settings: &Settings) -> Result<Self, ConnectError> {
        let pool = Pools::default().begin();
        let database = client::open(settings, &pool).await?;
        layout::prepare(&database, Role::Server).await?;
        Self::over(database, pool, settings.timeout).await
    }

    /// What one call works on.
    fn collections(&self) -> Arc<Collections> {
        Arc::new(Collections::over(self.connection.clone()))
    }

    async fn is_being_filled(&self) -> Result<bool, ConnectError> {
        let on = self.collections();
        let is = on.is_being_filled(&Budget::of(on.timeout)).await;
        is.map_err(|error| ConnectError::Refused { command: "find", reason: error.to_string() })
    }

    /// The store in a database that was made ready.
    async fn over(database: Database, pool: Pool, timeout: Duration) -> Result<Self, ConnectError> {
        let tables = tables(database, pool).await?;
        Ok(Self { connection: Arc::new(Connection::by(tables, timeout)), filling: database::stamp() })
    }
}

/// The collections of a database, by a client that is connected.
async fn tables(database: Database, pool: Pool) -> Result<Tables, ConnectError> {
    let hello = events::watched(database.run_command(doc! { "hello": 1 })).await;
    let hello = hello.map_err(|error| ConnectError::of_command(&error, database.name()))?;
    // A standalone server has no primary that could be replaced, and refuses such reads.
    let replicated =
        hello.contains_key("setName") || hello.get_str("msg").is_ok_and(|kind| kind == "isdbgrid");
    let fresh = replicated.then(ReadConcern::linearizable);
    Ok(Tables::of(database, pool, fresh))
}
