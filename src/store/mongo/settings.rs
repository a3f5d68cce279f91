//! Where the database is, and how it is spoken to.

use crate::domain::redacted;
use crate::reload::Content;
use mongodb::options::ConnectionString;
use secrecy::{ExposeSecret, SecretString};
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

impl Settings {
    /// Whether both are for one database and by the same options: only who we are there, and the certificates, may
    /// differ.
    pub(super) fn is_for_the_same(&self, other: &Self) -> bool {
        let place = |settings: &Self| {
            let place = ConnectionString::parse(settings.uri.expose_secret());
            place.ok().map(|mut place| {
                place.credential = None;
                place
            })
        };
        let (here, there) = (place(self), place(other));
        here.is_some() && here == there && self.has_options_of(other)
    }

    fn has_options_of(&self, other: &Self) -> bool {
        let options = |settings: &Self| {
            let pool = (settings.min_pool_size, settings.max_pool_size);
            (pool, settings.connect_timeout, settings.server_selection_timeout, settings.timeout)
        };
        self.database == other.database && options(self) == options(other)
    }
}

impl Content for Settings {
    fn is(&self, other: &Self) -> bool {
        self.uri.is(&other.uri) && self.tls.is(&other.tls) && self.has_options_of(other)
    }
}

/// Certificates as PEM. Any of them turns TLS on.
#[derive(Clone, Default)]
pub struct Tls {
    /// Whom a server's certificate may be from; without it, the authorities that browsers know.
    pub authorities: Option<String>,
    /// Our own certificate with those between it and its authority, and its private key.
    pub identity: Option<SecretString>,
}
redacted!(Tls);

impl Content for Tls {
    fn is(&self, other: &Self) -> bool {
        let same_identity = match (&self.identity, &other.identity) {
            (Some(ours), Some(other)) => ours.is(other),
            (None, None) => true,
            _ => false,
        };
        same_identity && self.authorities == other.authorities
    }
}

impl Tls {
    /// Whether it says nothing at all.
    pub(super) fn is_empty(&self) -> bool {
        self.authorities.is_none() && self.identity.is_none()
    }
}
