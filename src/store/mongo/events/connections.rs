//! Connections: how many there are, who uses them, and who waits.

use super::watch;
use metrics::{counter, gauge, histogram};
use mongodb::event::cmap::{CmapEvent, ConnectionCheckoutFailedReason, ConnectionClosedReason};
use mongodb::options::ServerAddress;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// A connection: its server, and its number there.
type Connection = (ServerAddress, u32);

/// The connections of a client. They are known by name and not only counted, because the driver checks in what a
/// caller that has gone away never checked out.
#[derive(Default)]
pub(super) struct Connections(Mutex<Known>);

#[derive(Default)]
struct Known {
    open: HashSet<Connection>,
    in_use: HashSet<Connection>,
}

impl Connections {
    /// Takes in what the driver tells.
    pub(super) fn note(&self, event: CmapEvent) {
        match event {
            CmapEvent::ConnectionCreated(_) => {
                counter!("holdergraph_mongo_pool_connections_created_total").increment(1);
            }
            CmapEvent::ConnectionReady(event) => self.change(|known| {
                known.open.insert((event.address, event.connection_id));
            }),
            CmapEvent::ConnectionClosed(event) => {
                let reason = closed(&event.reason);
                counter!("holdergraph_mongo_pool_connections_closed_total", "reason" => reason).increment(1);
                let connection = (event.address, event.connection_id);
                self.change(|known| {
                    known.open.remove(&connection);
                    known.in_use.remove(&connection);
                });
            }
            CmapEvent::ConnectionCheckoutStarted(_) => watch::waiting(),
            CmapEvent::ConnectionCheckedOut(event) => {
                watch::waited();
                histogram!("holdergraph_mongo_pool_wait_seconds").record(event.duration.as_secs_f64());
                self.change(|known| {
                    known.in_use.insert((event.address, event.connection_id));
                });
            }
            CmapEvent::ConnectionCheckoutFailed(event) => {
                watch::waited();
                failed(match event.reason {
                    ConnectionCheckoutFailedReason::Timeout => "timeout",
                    _ => "connection",
                });
            }
            CmapEvent::ConnectionCheckedIn(event) => self.change(|known| {
                known.in_use.remove(&(event.address, event.connection_id));
            }),
            CmapEvent::PoolCleared(_) => counter!("holdergraph_mongo_pool_cleared_total").increment(1),
            _ => {}
        }
    }

    /// The gauges are set under the lock, so that a later state never stands behind an earlier one.
    fn change(&self, change: impl FnOnce(&mut Known)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut known);
        let in_use = known.in_use.len();
        gauge!("holdergraph_mongo_pool_in_use").set(count(in_use));
        gauge!("holdergraph_mongo_pool_idle").set(count(known.open.len().saturating_sub(in_use)));
    }
}

fn count(connections: usize) -> u32 {
    u32::try_from(connections).unwrap_or(u32::MAX)
}

/// Somebody needed a connection and got none.
pub(super) fn failed(reason: &'static str) {
    counter!("holdergraph_mongo_pool_checkout_failures_total", "reason" => reason).increment(1);
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
