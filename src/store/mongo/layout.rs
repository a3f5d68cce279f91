//! The layout of the database: which one it has, and how it is brought up to date.

use super::connect_error::ConnectError;
use super::events::watched;
use super::indexes::{self, ALL, Compared, Index};
use super::lock::{self, Pace, is_duplicate};
use crate::store::Role;
use mongodb::bson::{Document, doc};
use mongodb::error::Error;
use mongodb::{Collection, Database};
use std::fmt;
use std::time::Duration;
use tokio::time::timeout;

/// The newest layout that this release knows.
pub(super) const KNOWN: i32 = 2;

/// The document that says which one a database has.
const ID: &str = "layout";

/// For an answer that takes no work.
const SHORT: Duration = Duration::from_secs(30);

/// What a migration does, in the order in which it does it. Each may be done twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Makes an index.
    Make(Index),
    /// Notes that the database has this layout.
    Note(i32),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(index) => write!(f, "make the index {index}"),
            Self::Note(layout) => write!(f, "note layout {layout}"),
        }
    }
}

/// Makes sure that a database has the layout that this release needs: a server makes it so, an operator's command only
/// looks.
pub(super) async fn prepare(database: &Database, role: Role) -> Result<(), ConnectError> {
    match role {
        Role::Server => {
            let done = migrate(database, Pace::USUAL, &|step| tracing::info!("the database: {step}")).await?;
            if !done.is_empty() {
                tracing::info!(layout = KNOWN, steps = done.len(), "the database is up to date");
            }
            Ok(())
        }
        Role::Operator => match layout(database).await? {
            KNOWN => Ok(()),
            found => {
                Err(ConnectError::OlderLayout { database: database.name().to_owned(), found, known: KNOWN })
            }
        },
    }
}

/// What a database lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// What a migration does about it.
    pub(super) steps: Vec<Step>,
    /// Indexes that are others than their names say: no migration touches them.
    pub(super) wrong: Vec<Index>,
}

/// What a database lacks; nothing is written.
pub(super) async fn plan(database: &Database) -> Result<Plan, ConnectError> {
    let found = layout(database).await?;
    let Compared { missing, wrong } = indexes::compare(database).await?;
    let mut steps: Vec<Step> = missing.into_iter().map(Step::Make).collect();
    if found < KNOWN {
        steps.push(Step::Note(KNOWN));
    }
    Ok(Plan { steps, wrong })
}

impl Plan {
    /// Its steps, if nothing is in their way.
    fn possible(self) -> Result<Vec<Step>, ConnectError> {
        if self.wrong.is_empty() {
            return Ok(self.steps);
        }
        Err(ConnectError::WrongIndexes { indexes: self.wrong.iter().map(ToString::to_string).collect() })
    }
}

/// Does what has to be done; `told` hears of each step before it is taken. The steps that were taken here. The lock is
/// taken where there is something to do, or where another process has it: what is missing may be what that one is
/// about to make.
pub(super) async fn migrate(
    database: &Database,
    pace: Pace,
    told: &(dyn Fn(&Step) + Sync),
) -> Result<Vec<Step>, ConnectError> {
    let layouts = collection(database);
    let steps = plan(database).await?.possible()?;
    if steps.is_empty() && !lock::is_held(&layouts, pace).await? {
        ready(database, &steps).await?;
        return Ok(steps);
    }
    lock::locked(&layouts, pace, async {
        // Whoever had the lock before may have done it.
        let steps = plan(database).await?.possible()?;
        ready(database, &steps).await?;
        for step in &steps {
            told(step);
            match step {
                Step::Make(index) => index.make(database).await?,
                Step::Note(layout) => note(database, *layout).await?,
            }
        }
        Ok(steps)
    })
    .await
}

/// Asks for all indexes that no step makes. A database lists an index from the moment on at which it begins to make
/// it; to be asked for it once more costs nothing where it is ready, and otherwise tells how that ends.
async fn ready(database: &Database, steps: &[Step]) -> Result<(), ConnectError> {
    for index in ALL.into_iter().filter(|index| !steps.contains(&Step::Make(*index))) {
        index.make(database).await?;
    }
    Ok(())
}

fn collection(database: &Database) -> Collection<Document> {
    database.collection("layout")
}

/// The layout that a database has; 0 where it is empty.
async fn layout(database: &Database) -> Result<i32, ConnectError> {
    let layouts = collection(database);
    let found = short(database, "find", layouts.find_one(doc! { "_id": ID })).await?;
    let Some(found) = found else { return Ok(0) };
    let version = found.get_i32("version").map_err(|_| ConnectError::Unreadable { what: "layout" })?;
    if version > KNOWN {
        let database = database.name().to_owned();
        return Err(ConnectError::NewerLayout { database, found: version, known: KNOWN });
    }
    Ok(version)
}

/// Never an older one in the place of a newer one: a process that slept may come late with it.
async fn note(database: &Database, layout: i32) -> Result<(), ConnectError> {
    let layouts = collection(database);
    let older = doc! { "_id": ID, "version": { "$lt": layout } };
    let newer = doc! { "$set": { "version": layout } };
    let updated = short(database, "update", layouts.update_one(older, newer)).await?;
    if updated.matched_count > 0 {
        return Ok(());
    }
    let first = layouts.insert_one(doc! { "_id": ID, "version": layout });
    match timed(first).await? {
        Ok(_) => Ok(()),
        Err(error) if is_duplicate(&error) => Ok(()),
        Err(error) => Err(ConnectError::of(&error, database.name(), "insert")),
    }
}

async fn short<T>(
    database: &Database,
    command: &'static str,
    call: impl IntoFuture<Output = Result<T, Error>>,
) -> Result<T, ConnectError> {
    timed(call).await?.map_err(|error| ConnectError::of(&error, database.name(), command))
}

async fn timed<T>(call: impl IntoFuture<Output = T>) -> Result<T, ConnectError> {
    timeout(SHORT, watched(call)).await.map_err(|_| ConnectError::Late { time: SHORT })
}
