//! Bringing a database up to date, for operators.

use super::events::Pools;
use super::layout::{self, Plan};
use super::lock::Pace;
use super::{ConnectError, MongoStore, Settings, client};
use crate::store::Outstanding;
use mongodb::Database;

impl MongoStore {
    /// What has to be done to the database; nothing is written.
    ///
    /// # Errors
    /// It cannot be reached, refuses us, or was written by a later release.
    pub async fn outstanding(settings: &Settings) -> Result<Outstanding, ConnectError> {
        let Plan { steps, wrong } = layout::plan(&open(settings).await?).await?;
        let wrong = wrong.iter().map(|index| {
            format!(
                "the index {index} is not as this release needs it: stop all servers, drop it, and migrate"
            )
        });
        Ok(Outstanding { steps: steps.iter().map(ToString::to_string).collect(), wrong: wrong.collect() })
    }

    /// Brings the database up to date; `told` hears of each step before it is taken. The steps that were taken: none
    /// where another process was faster, which is waited for.
    ///
    /// # Errors
    /// It cannot be reached, refuses us, was written by a later release, or contradicts an index.
    pub async fn migrate(
        settings: &Settings,
        told: &(dyn Fn(String) + Sync),
    ) -> Result<Vec<String>, ConnectError> {
        let database = open(settings).await?;
        let done = layout::migrate(&database, Pace::USUAL, &|step| told(step.to_string())).await?;
        Ok(done.iter().map(ToString::to_string).collect())
    }
}

/// A command of an operator tells nobody of its connections.
async fn open(settings: &Settings) -> Result<Database, ConnectError> {
    client::open(settings, &Pools::default().begin()).await
}
