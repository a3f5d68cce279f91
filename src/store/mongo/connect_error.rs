//! Why the database cannot be used, and what to do about it. No message holds a password or a value of a record.

use super::driver_words::{of_certificates, of_servers};
use mongodb::error::{Error, ErrorKind};
use std::time::Duration;

/// Why the database cannot be used, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The driver does not take the connection string.
    #[error(
        "the driver does not take MONGO_URI: compare it with mongodb://USER:PASSWORD@HOST:PORT/?PARAMETERS"
    )]
    Uri,
    /// The name of a `mongodb+srv` address has no records.
    #[error("the name in MONGO_URI is not known to DNS: check it, and for mongodb+srv its SRV records")]
    UnknownName,
    /// Certificates or keys cannot be used.
    #[error(
        "the certificates cannot be used: {reason}; check MONGO_TLS_CA_CERT, MONGO_TLS_CLIENT_CERT_FILE and \
         MONGO_TLS_CLIENT_KEY_FILE"
    )]
    Certificates {
        /// What is wrong with them.
        reason: String,
    },
    /// No server that takes writes can be reached.
    #[error(
        "no server that takes writes can be reached: {reason}; check MONGO_URI (host, port, replicaSet), that the \
         server runs, and TLS on both sides"
    )]
    Unreachable {
        /// What the driver saw at each server.
        reason: String,
    },
    /// The server does not know the user, or not by this password.
    #[error(
        "the server does not accept the credentials: check MONGO_USER and MONGO_PASSWORD, or those in MONGO_URI, and \
         authSource"
    )]
    Credentials,
    /// The user may not do what is needed.
    #[error("the user may not use the database {database}: grant it readWrite there")]
    Denied {
        /// The database.
        database: String,
    },
    /// The server did not answer in time.
    #[error("the database did not answer within {}: is it overloaded, or not what listens there?",
        humantime::format_duration(*time))]
    Late {
        /// The time that it had.
        time: Duration,
    },
    /// A copy into it has not ended.
    #[error(
        "a copy into the database {database} is under way, or broke off: nothing is served from it until \
         `holdergraph copy` has ended well; run that again, or name another database with MONGO_NAME"
    )]
    BeingFilled {
        /// The database.
        database: String,
    },
    /// The server refuses a command that is needed.
    #[error(
        "the database refuses {command} ({reason}): is this MongoDB 6 or newer, or a server of its protocol?"
    )]
    Refused {
        /// What was asked.
        command: &'static str,
        /// The server's code, or how the connection failed.
        reason: String,
    },
    /// A later release wrote it.
    #[error(
        "the database {database} has layout {found}, and this release knows none after {known}: start the release \
         that wrote it, or a later one"
    )]
    NewerLayout {
        /// The database.
        database: String,
        /// The layout that it has.
        found: i32,
        /// The newest layout that this release knows.
        known: i32,
    },
    /// Nothing of this release has prepared it yet.
    #[error(
        "the database {database} has layout {found}, and this release needs {known}: run `holdergraph migrate`, or \
         start this release's server on it once"
    )]
    OlderLayout {
        /// The database.
        database: String,
        /// The layout that it has; 0 where it is empty.
        found: i32,
        /// The layout that this release needs.
        known: i32,
    },
    /// Indexes have our names and are others.
    #[error(
        "the indexes {} are not as this release needs them: stop all servers, drop these indexes, and run \
         `holdergraph migrate`", indexes.join(", ")
    )]
    WrongIndexes {
        /// As `collection.index`.
        indexes: Vec<String>,
    },
    /// Records contradict a unique index.
    #[error(
        "records that are there contradict the unique index {index}: two of one organization hold the same claim; \
         remove one of them"
    )]
    Duplicates {
        /// As `collection.index`.
        index: String,
    },
    /// What stands in the collection `layout` was not written by a release.
    #[error(
        "the document \"{what}\" of the collection layout cannot be read: restore a backup, or set another MONGO_NAME"
    )]
    Unreadable {
        /// The document's id.
        what: &'static str,
    },
    /// Another process took the lock over, because this one gave no sign of life.
    #[error(
        "another process has taken over the migration, since this one was too slow: run `holdergraph migrate` again"
    )]
    LockLost,
}

/// Codes of MongoDB for a user that is not known, and for one that lacks a right.
const AUTHENTICATION_FAILED: i32 = 18;
const UNAUTHORIZED: i32 = 13;

impl ConnectError {
    /// Of making the client.
    pub(super) fn of_client(error: &Error) -> Self {
        match error.kind.as_ref() {
            ErrorKind::InvalidTlsConfig { message, .. } => {
                Self::Certificates { reason: of_certificates(message).to_owned() }
            }
            ErrorKind::Io(error) => Self::Certificates { reason: error.to_string() },
            _ => Self::Uri,
        }
    }

    /// Of the first command.
    pub(super) fn of_command(error: &Error, database: &str) -> Self {
        Self::of(error, database, "a first command")
    }

    /// Of a command that is needed on a database.
    pub(super) fn of(error: &Error, database: &str, command: &'static str) -> Self {
        let code = match error.kind.as_ref() {
            ErrorKind::Authentication { .. } => return Self::Credentials,
            ErrorKind::ServerSelection { message, .. } => {
                return Self::Unreachable { reason: of_servers(message) };
            }
            ErrorKind::Io(error) => return Self::Unreachable { reason: error.to_string() },
            ErrorKind::ConnectionPoolCleared { message, .. } => {
                return Self::Unreachable { reason: of_servers(message) };
            }
            ErrorKind::Command(command) => command.code,
            ErrorKind::Write(mongodb::error::WriteFailure::WriteError(write)) => write.code,
            _ => return Self::Refused { command, reason: "the driver failed".to_owned() },
        };
        match code {
            AUTHENTICATION_FAILED => Self::Credentials,
            UNAUTHORIZED => Self::Denied { database: database.to_owned() },
            code => Self::Refused { command, reason: format!("code {code}") },
        }
    }
}
