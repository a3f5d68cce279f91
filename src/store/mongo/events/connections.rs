//! Connections: how many there are, who uses them, and who waits. There may be two pools for a moment, while a client
//! with other credentials takes over: the gauges tell of the one in use alone.

use super::watch;
use crate::domain::redacted;
use crate::telemetry::metrics::{
    MONGO_POOL_CHECKOUT_FAILURES, MONGO_POOL_CLEARED, MONGO_POOL_CLOSED, MONGO_POOL_CREATED, MONGO_POOL_IDLE,
    MONGO_POOL_IN_USE, MONGO_POOL_WAIT_SECONDS,
};
use metrics::{counter, gauge, histogram};
use mongodb::event::cmap::{CmapEvent, ConnectionCheckoutFailedReason, ConnectionClosedReason};
use mongodb::options::ServerAddress;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// A connection: its server, and its number there.
type Connection = (ServerAddress, u32);

/// The pools of one store. Clones share them.
#[derive(Clone, Default)]
pub(in crate::store::mongo) struct Pools(Arc<Shared>);
redacted!(Pools);

#[derive(Default)]
struct Shared {
    all: Mutex<All>,
    /// Somebody was refused a new connection.
    refused: Notify,
}

#[derive(Default)]
struct All {
    next: u64,
    shown: Option<u64>,
    known: HashMap<u64, Known>,
}

/// The pool of one client; it is forgotten with this value, whatever the driver still tells of it.
pub(in crate::store::mongo) struct Pool {
    number: u64,
    of: Pools,
}
redacted!(Pool);

/// The connections of a client. They are known by name and not only counted, because the driver checks in what a
/// caller that has gone away never checked out.
#[derive(Default)]
struct Known {
    open: HashSet<Connection>,
    in_use: HashSet<Connection>,
}

impl Pools {
    /// One more pool, which no gauge tells of yet.
    pub(in crate::store::mongo) fn begin(&self) -> Pool {
        let number = self.changed(|all| {
            let number = all.next;
            all.next = number.wrapping_add(1);
            all.known.insert(number, Known::default());
            number
        });
        Pool { number, of: self.clone() }
    }

    /// Until somebody is refused a new connection; at once where that was since the last time.
    pub(in crate::store::mongo) async fn refused(&self) {
        self.0.refused.notified().await;
    }

    /// The gauges are set under the lock, so that a later state never stands behind an earlier one.
    fn changed<T>(&self, change: impl FnOnce(&mut All) -> T) -> T {
        let mut all = self.0.all.lock().unwrap_or_else(PoisonError::into_inner);
        let end = change(&mut all);
        if let Some(known) = all.shown.and_then(|shown| all.known.get(&shown)) {
            let in_use = known.in_use.len();
            gauge!(MONGO_POOL_IN_USE).set(count(in_use));
            gauge!(MONGO_POOL_IDLE).set(count(known.open.len().saturating_sub(in_use)));
        }
        end
    }
}

impl Pool {
    /// The gauges tell of this pool from now on.
    pub(in crate::store::mongo) fn show(&self) {
        self.of.changed(|all| all.shown = Some(self.number));
    }

    /// All pools of its store.
    pub(in crate::store::mongo) fn of(&self) -> Pools {
        self.of.clone()
    }

    /// What listens for it.
    pub(super) fn noting(&self) -> Noting {
        Noting { number: self.number, of: self.of.clone() }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.of.changed(|all| {
            if all.shown == Some(self.number) {
                // No other has taken its place: there are no connections any more.
                all.known.insert(self.number, Known::default());
            } else {
                all.known.remove(&self.number);
            }
        });
    }
}

/// Notes what the driver tells of a pool.
pub(super) struct Noting {
    number: u64,
    of: Pools,
}

impl Noting {
    /// Takes in what the driver tells.
    pub(super) fn note(&self, event: CmapEvent) {
        match event {
            CmapEvent::ConnectionCreated(_) => {
                counter!(MONGO_POOL_CREATED).increment(1);
            }
            CmapEvent::ConnectionReady(event) => self.change(|known| {
                known.open.insert((event.address, event.connection_id));
            }),
            CmapEvent::ConnectionClosed(event) => {
                let reason = closed(&event.reason);
                counter!(MONGO_POOL_CLOSED, "reason" => reason).increment(1);
                let connection = (event.address, event.connection_id);
                self.change(|known| {
                    known.open.remove(&connection);
                    known.in_use.remove(&connection);
                });
            }
            CmapEvent::ConnectionCheckoutStarted(_) => watch::waiting(),
            CmapEvent::ConnectionCheckedOut(event) => {
                watch::waited();
                histogram!(MONGO_POOL_WAIT_SECONDS).record(event.duration.as_secs_f64());
                self.change(|known| {
                    known.in_use.insert((event.address, event.connection_id));
                });
            }
            CmapEvent::ConnectionCheckoutFailed(event) => {
                watch::waited();
                self.failed(match event.reason {
                    ConnectionCheckoutFailedReason::Timeout => "timeout",
                    _ => "connection",
                });
            }
            CmapEvent::ConnectionCheckedIn(event) => self.change(|known| {
                known.in_use.remove(&(event.address, event.connection_id));
            }),
            CmapEvent::PoolCleared(_) => counter!(MONGO_POOL_CLEARED).increment(1),
            _ => {}
        }
    }

    /// A call got no connection. Of a pool that is only being tried it is no call, and told as a change that was
    /// refused.
    fn failed(&self, reason: &'static str) {
        let shown = self.of.changed(|all| all.shown);
        if shown.is_some_and(|shown| self.number <= shown) {
            failed(reason);
        }
        if shown == Some(self.number) && reason == "connection" {
            self.of.0.refused.notify_one();
        }
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        self.of.changed(|all| {
            if let Some(known) = all.known.get_mut(&self.number) {
                change(known);
            }
        });
    }
}

fn count(connections: usize) -> u32 {
    u32::try_from(connections).unwrap_or(u32::MAX)
}

/// Somebody needed a connection and got none.
pub(super) fn failed(reason: &'static str) {
    counter!(MONGO_POOL_CHECKOUT_FAILURES, "reason" => reason).increment(1);
}

fn closed(reason: &ConnectionClosedReason) -> &'static str {
    match reason {
        ConnectionClosedReason::Stale => "stale",
        ConnectionClosedReason::Idle => "idle",
        ConnectionClosedReason::Error => "error",
        ConnectionClosedReason::Dropped => "dropped",
        ConnectionClosedReason::PoolClosed => "pool_closed",
        _ => "other",
    }
}
