//! Commands: how long they took, by their names. Of their contents nothing is looked at.

use super::watch;
use metrics::histogram;
use mongodb::event::command::CommandEvent;
use std::time::Duration;

/// The commands that are told apart; all others are one.
const NAMES: [&str; 15] = [
    "find",
    "aggregate",
    "getMore",
    "insert",
    "update",
    "delete",
    "findAndModify",
    "ping",
    "hello",
    "killCursors",
    "endSessions",
    "createIndexes",
    "listIndexes",
    "dropIndexes",
    "listCollections",
];

/// Takes in what the driver tells.
pub(super) fn note(event: CommandEvent) {
    match event {
        CommandEvent::Started(event) => watch::running(name(&event.command_name)),
        CommandEvent::Succeeded(event) => {
            watch::ran();
            // The command was carried out, yet the server refused what it should write.
            let refused = event.reply.contains_key("writeErrors");
            ended(name(&event.command_name), if refused { "refused" } else { "ok" }, event.duration);
        }
        CommandEvent::Failed(event) => {
            watch::ran();
            ended(name(&event.command_name), "error", event.duration);
        }
        _ => {}
    }
}

/// A command is over.
pub(super) fn ended(command: &'static str, outcome: &'static str, time: Duration) {
    histogram!("holdergraph_mongo_command_seconds", "command" => command, "outcome" => outcome)
        .record(time.as_secs_f64());
}

fn name(command: &str) -> &'static str {
    NAMES.iter().find(|name| **name == command).copied().unwrap_or("other")
}
