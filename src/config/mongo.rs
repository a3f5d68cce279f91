//! Where MongoDB is.

use super::reader::{Faulted, Reader};
use crate::store::mongo::{Settings, Tls};
use secrecy::SecretString;
use std::time::Duration;

/// Where MongoDB is.
#[derive(Clone, Debug)]
pub struct Mongo {
    uri: SecretString,
    name: String,
    timeout: Duration,
    max_pool_size: u32,
}

impl Mongo {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, Faulted> {
        let Some(uri) = reader.variable("MONGO_URI")? else { return Ok(None) };
        let name = reader.variable("MONGO_NAME")?.unwrap_or_else(|| "crm".to_owned());
        let timeout = reader.variable("MONGO_TIMEOUT")?;
        let timeout = timeout.and_then(|text| humantime::parse_duration(&text).ok());
        let pool = reader.variable("MONGO_MAX_POOL_SIZE")?.and_then(|text| text.parse().ok());
        Ok(Some(Self {
            uri: uri.into(),
            name,
            timeout: timeout.unwrap_or(Duration::from_secs(5)),
            max_pool_size: pool.unwrap_or(1_000),
        }))
    }

    /// As the adapter takes it.
    pub fn connection(&self) -> Settings {
        Settings {
            uri: self.uri.clone(),
            database: self.name.clone(),
            tls: Tls::default(),
            max_pool_size: self.max_pool_size,
            min_pool_size: 0,
            connect_timeout: Duration::from_secs(2),
            server_selection_timeout: Duration::from_secs(2),
            timeout: self.timeout,
        }
    }
}
