//! What is measured of connections and commands, by the driver's own events.

mod commands;
mod connections;
#[cfg(test)]
mod tests;
mod watch;

pub(super) use watch::watched;

use connections::Connections;
use mongodb::event::EventHandler;
use mongodb::options::ClientOptions;

/// Listens to a client that is made with these options; its pool holds so many connections to a server at most.
pub(super) fn listen(options: &mut ClientOptions, pool_size: u32) {
    metrics::gauge!("holdergraph_mongo_pool_size").set(pool_size);
    let connections = Connections::default();
    options.cmap_event_handler = Some(EventHandler::callback(move |event| connections.note(event)));
    options.command_event_handler = Some(EventHandler::callback(commands::note));
}
