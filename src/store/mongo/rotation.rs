//! Credentials and certificates that change while the service runs.
//!
//! Whoever looks at the files only notes what is wanted; a task of its own connects with it, which may take its time.
//! Nothing is given up for it: the client in use stays until the other one has proven itself, and for as long as it
//! does not it is tried again with each look. It is also tried at once where the client in use is refused a connection,
//! for that is how an old password ends.

use super::ConnectError;
use super::connection::Connection;
use super::events::{Pools, watched};
use super::names::STATE;
use super::settings::Settings;
use super::tables::Tables;
use super::{MongoStore, client, tables};
use crate::reload::{Content, Outcome, Reread, Seen, Watched, count, pending};
use mongodb::bson::doc;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// Two tries are so far apart at least, however often the client in use is refused.
const PAUSE: Duration = Duration::from_secs(1);

/// What it is, as a metric's label.
const OF: &str = "mongo";

/// What the files of MongoDB's settings want, and what is in use.
pub struct Rotation {
    reread: Reread<Settings>,
    seen: Seen<Settings>,
    in_use: Mutex<Settings>,
    /// What is to take the place of what is in use; told again with each look.
    wanted: watch::Sender<Option<Settings>>,
}

impl MongoStore {
    /// Keeps to what the files of these settings say; it was connected with them as they are. To be called in a
    /// runtime.
    pub fn keep_to(&self, settings: Settings, reread: Reread<Settings>) -> Arc<Rotation> {
        let (wanted, wishes) = watch::channel(None);
        let seen = Seen::new(settings.clone());
        let rotation = Arc::new(Rotation { reread, seen, in_use: Mutex::new(settings), wanted });
        let pools = self.connection.pools();
        tokio::spawn(run(Arc::downgrade(&rotation), Arc::downgrade(&self.connection), wishes, pools));
        rotation
    }
}

impl Rotation {
    fn in_use(&self) -> Settings {
        // A poisoned lock is no matter: what it guards is only ever replaced whole.
        self.in_use.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is to take the place of what is in use, by what was found; what is wrong with it is told where it is new.
    fn judge(&self, found: Result<Settings, String>, is_new: bool) -> Option<Settings> {
        let in_use = self.in_use();
        let reason = match found {
            Ok(next) if next.is(&in_use) => {
                if is_new {
                    pending(OF, false);
                }
                return None;
            }
            Ok(next) if next.is_for_the_same(&in_use) => return Some(next),
            Ok(_) => "only credentials and certificates may change: restart the server to move to another database \
                      or other options"
                .to_owned(),
            Err(reason) => reason,
        };
        if is_new {
            tracing::warn!(reason, "MongoDB's files have changed and cannot be used: what was in use stays");
            count(OF, Outcome::Refused);
        }
        None
    }

    /// Puts a client with these settings in use, if it proves itself.
    async fn change(&self, connection: &Connection, next: Settings, failed: &mut Option<(Settings, String)>) {
        match prove(&next, &connection.pools()).await {
            Ok(tables) => {
                let before = connection.replace(tables);
                *self.in_use.lock().unwrap_or_else(PoisonError::into_inner) = next;
                *failed = None;
                tokio::spawn(retire(before, connection.timeout));
                tracing::info!("MongoDB's files have changed: a new client with them is in use");
                count(OF, Outcome::Taken);
            }
            Err(error) => {
                let why = error.to_string();
                // The same is not told twice.
                if failed.as_ref().is_some_and(|(failed, before)| failed.is(&next) && *before == why) {
                    return;
                }
                tracing::warn!(
                    %error,
                    "MongoDB's files have changed and no client gets in with them yet: what was in use stays, and it \
                     is tried again every 10 s"
                );
                count(OF, Outcome::Refused);
                *failed = Some((next, why));
            }
        }
    }
}

impl Watched for Rotation {
    fn begin(&self) {}

    fn of(&self) -> &'static str {
        OF
    }

    fn look(&self) {
        let found = self.reread.read();
        let is_new = self.seen.note(&found);
        // Also where nothing is new: what no client got in with may be right by now.
        self.wanted.send_replace(self.judge(found, is_new));
    }
}

/// Fulfils what is wanted, until nobody looks any more or the store is gone.
async fn run(
    rotation: Weak<Rotation>,
    connection: Weak<Connection>,
    mut wishes: watch::Receiver<Option<Settings>>,
    pools: Pools,
) {
    let mut failed = None;
    loop {
        let refused = tokio::select! {
            told = wishes.changed() => match told {
                Ok(()) => false,
                Err(_) => return,
            },
            () = pools.refused() => true,
        };
        let (Some(rotation), Some(connection)) = (rotation.upgrade(), connection.upgrade()) else { return };
        if refused {
            look(rotation.clone()).await;
        }
        let wish = wishes.borrow_and_update().clone();
        match wish {
            // A look during the last change still wanted what is in use by now.
            Some(next) if next.is(&rotation.in_use()) => failed = None,
            Some(next) => rotation.change(&connection, next, &mut failed).await,
            None => failed = None,
        }
        if refused {
            drop((rotation, connection));
            sleep(PAUSE).await;
        }
    }
}

/// A file may lie on a disk that hangs.
async fn look(rotation: Arc<Rotation>) {
    if tokio::task::spawn_blocking(move || rotation.look()).await.is_err() {
        tracing::error!("the look at MongoDB's files ended in a panic");
    }
}

/// A client that is let in, and may read, change and remove in each collection. That it may insert cannot be asked
/// without leaving something there.
async fn prove(settings: &Settings, pools: &Pools) -> Result<Tables, ConnectError> {
    let pool = pools.begin();
    let database = client::open(settings, &pool).await?;
    let time = settings.timeout;
    let used = async {
        let tables = tables(database, pool).await?;
        let wrong = |error: &_, command| ConnectError::of(error, &settings.database, command);
        let nothing = doc! { "_id": "", STATE: "" };
        for collection in tables.all() {
            let find = watched(collection.find_one(nothing.clone()));
            find.await.map_err(|error| wrong(&error, "find"))?;
            let change = watched(collection.update_one(nothing.clone(), doc! { "$set": { STATE: "" } }));
            change.await.map_err(|error| wrong(&error, "update"))?;
            let removal = watched(collection.delete_one(nothing.clone()));
            removal.await.map_err(|error| wrong(&error, "delete"))?;
        }
        Ok(tables)
    };
    timeout(time, used).await.map_err(|_| ConnectError::Late { time })?
}

/// Closes the connections of a client that was replaced, once the commands that it was given have ended. None has more
/// than this time.
async fn retire(before: Arc<Tables>, time: Duration) {
    let until = Instant::now() + time;
    while Arc::strong_count(&before) > 1 && Instant::now() < until {
        sleep(Duration::from_millis(50)).await;
    }
    before.database.client().clone().shutdown().immediate(true).await;
}
