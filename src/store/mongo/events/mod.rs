//! What is measured of connections and commands, by the driver's own events.

mod commands;
mod connections;
#[cfg(test)]
pub(super) mod tests;
mod watch;

pub(super) use connections::{Pool, Pools};
pub(super) use watch::watched;

use crate::telemetry::metrics::MONGO_POOL_SIZE;
use mongodb::event::EventHandler;
use mongodb::options::ClientOptions;

/// Listens to a client that is made with these options and has this pool, which holds so many connections to a server
/// at most.
pub(super) fn listen(options: &mut ClientOptions, pool: &Pool, pool_size: u32) {
    metrics::gauge!(MONGO_POOL_SIZE).set(pool_size);
    let noting = pool.noting();
    options.cmap_event_handler = Some(EventHandler::callback(move |event| noting.note(event)));
    options.command_event_handler = Some(EventHandler::callback(commands::note));
}
