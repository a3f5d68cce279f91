//! The store for more than one machine: MongoDB, or any deployment that speaks its protocol.

mod alias_accounts;
mod budget;
mod claimants;
mod database;
mod decide;
mod document;
mod holder_of;
mod holders;
mod inspection;
mod janitor;
mod kind;
mod list;
mod names;
mod operations;
mod phase;
mod port;
mod read;
mod settle;
mod standing;
pub mod steps;
mod trouble;
mod values;
mod write;

#[cfg(test)]
mod tests;

use database::Collections;
use mongodb::Database;
use mongodb::bson::doc;
use mongodb::options::ReadConcern;
use std::sync::Arc;
use std::time::Duration;

/// The store in one database.
#[derive(Debug)]
pub struct MongoStore {
    collections: Arc<Collections>,
}

impl MongoStore {
    /// The store in a database that was made ready; with `janitor` it settles what others left.
    async fn over(database: Database, timeout: Duration, janitor: bool) -> mongodb::error::Result<Self> {
        let hello = database.run_command(doc! { "hello": 1 }).await?;
        // A standalone server has no primary that could be replaced, and refuses such reads.
        let replicated =
            hello.contains_key("setName") || hello.get_str("msg").is_ok_and(|kind| kind == "isdbgrid");
        let fresh = replicated.then(ReadConcern::linearizable);
        let collections = Arc::new(Collections::of(database, fresh, timeout));
        if janitor {
            tokio::spawn(janitor::run(Arc::downgrade(&collections)));
        }
        Ok(Self { collections })
    }
}
