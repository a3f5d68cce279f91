//! Where the database is, and how it is spoken to.

use crate::domain::redacted;
use secrecy::SecretString;
use std::time::Duration;

/// Where the database is, and how it is spoken to.
#[derive(Clone)]
pub struct Settings {
    /// The connection string, with its credentials and parameters.
    pub uri: SecretString,
    /// The name of the database.
    pub database: String,
    /// The certificates of the settings; the connection string may name files of its own.
    pub tls: Tls,
    /// The most connections to one server; at least 1.
    pub max_pool_size: u32,
    /// The connections to one server that are kept open even if nobody needs them.
    pub min_pool_size: u32,
    /// For making one connection.
    pub connect_timeout: Duration,
    /// For finding a server that takes writes.
    pub server_selection_timeout: Duration,
    /// For one call of the port in all, waiting for a connection and repeats included.
    pub timeout: Duration,
}
redacted!(Settings);

/// Certificates as PEM. Any of them turns TLS on.
#[derive(Clone, Default)]
pub struct Tls {
    /// Whom a server's certificate may be from; without it, the authorities that browsers know.
    pub authorities: Option<String>,
    /// Our own certificate with those between it and its authority, and its private key.
    pub identity: Option<SecretString>,
}
redacted!(Tls);

impl Tls {
    /// Whether it says nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.authorities.is_none() && self.identity.is_none()
    }
}
