//! Which client of the driver is in use. Another one takes its place while the service runs where credentials or
//! certificates have changed, for the driver never changes those of a client.
//!
//! What a call has begun it goes on with: a command ends on the client that it was sent by. The next command, and a
//! command that is tried again, goes by the client that is in use then; so a call outlives the end of the old
//! credentials.

use super::database::LEASE;
use super::events::Pools;
use super::tables::Tables;
use crate::domain::redacted;
use crate::registry::turns::Turns;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::watch;

/// The store's way to its database.
pub(super) struct Connection {
    current: watch::Sender<Arc<Tables>>,
    /// The time of one call of the port.
    pub(super) timeout: Duration,
    /// [`LEASE`]; tests know no patience.
    pub(super) lease: Duration,
    turns: Turns,
}
redacted!(Connection);

impl Connection {
    /// By this client, until it is replaced.
    pub(super) fn by(tables: Tables, timeout: Duration) -> Self {
        tables.pool.show();
        Self { current: watch::Sender::new(Arc::new(tables)), timeout, lease: LEASE, turns: Turns::default() }
    }

    /// The client in use.
    pub(super) fn current(&self) -> Arc<Tables> {
        self.current.borrow().clone()
    }

    /// Puts another client in use; the one before comes back, and may still have commands that run.
    pub(super) fn replace(&self, next: Tables) -> Arc<Tables> {
        next.pool.show();
        self.current.send_replace(Arc::new(next))
    }

    /// The pools of all clients that there were.
    pub(super) fn pools(&self) -> Pools {
        self.current.borrow().pool.of()
    }
}

/// What one call works on: the collections, as the client in use at this moment has them.
pub(super) struct Collections {
    connection: Arc<Connection>,
    used: Used,
    /// The time of one call of the port.
    pub(super) timeout: Duration,
    /// [`LEASE`]; tests know no patience.
    pub(super) lease: Duration,
}
redacted!(Collections);

/// A client that the call has used, and the one after it: they stay as long as the call, which borrows from them.
struct Used {
    tables: Arc<Tables>,
    next: OnceLock<Box<Used>>,
}

impl Used {
    fn first(tables: Arc<Tables>) -> Self {
        Self { tables, next: OnceLock::new() }
    }
}

impl Collections {
    /// For one call.
    pub(super) fn over(connection: Arc<Connection>) -> Self {
        let used = Used::first(connection.current());
        let (timeout, lease) = (connection.timeout, connection.lease);
        Self { connection, used, timeout, lease }
    }

    /// The turns of those that have lost a race, by organization.
    pub(super) fn turns(&self) -> &Turns {
        &self.connection.turns
    }
}

impl Deref for Collections {
    type Target = Tables;

    fn deref(&self) -> &Tables {
        let mut last = &self.used;
        while let Some(next) = last.next.get() {
            last = next;
        }
        let current = self.connection.current();
        if Arc::ptr_eq(&current, &last.tables) {
            return &last.tables;
        }
        // Where another task of this call is faster, what it has met is the one in use, too.
        &last.next.get_or_init(|| Box::new(Used::first(current))).tables
    }
}
