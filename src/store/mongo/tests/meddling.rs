//! What others do at the very moment at which the store sends a command.

use mongodb::bson::Document;
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;

/// Does all of this before each command of that kind is sent.
pub(super) fn before(
    kind: impl Fn(&Document) -> bool + Send + Sync + 'static,
    work: impl AsyncFn() + Send + Sync + 'static,
) -> EventHandler<CommandEvent> {
    EventHandler::callback(move |event| {
        if let CommandEvent::Started(started) = event
            && kind(&started.command)
        {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(work()));
        }
    })
}

/// Whether a command does this to that collection.
pub(super) fn does(command: &Document, name: &str, collection: &str) -> bool {
    command.get_str(name).is_ok_and(|of| of == collection)
}
