//! The connection string: given whole, or put together of its parts.

use super::rows::{
    MONGO_HOST, MONGO_PARAMETERS, MONGO_PASSWORD, MONGO_PORT, MONGO_TLS_CA_CERT, MONGO_URI, MONGO_USER,
};
use super::{spelling, words};
use crate::config::reader::{Faulted, Reader};
use crate::config::secret::optional_secret;
use crate::config::values::{Wrong, whole_number};
use crate::store::mongo::Tls;
use mongodb::error::Error;
use mongodb::options::{ConnectionString, Tls as GivenTls};
use secrecy::{ExposeSecret, SecretString};
use std::fmt::Write;

/// A connection string, and where it comes from.
pub(super) struct Address {
    /// With credentials and parameters.
    pub(super) uri: SecretString,
    /// Whether it was given whole.
    whole: bool,
    /// Whether its hosts and ports come from DNS.
    srv: bool,
}

/// The parts that were given.
struct Parts {
    host: Option<String>,
    port: Option<String>,
    user: Option<String>,
    password: Option<SecretString>,
    parameters: Option<String>,
}

impl Address {
    /// Of `MONGO_URI`, which is not blank, and the settings beside it.
    pub(super) fn read(reader: &mut Reader<'_>, uri: &str) -> Result<Self, Faulted> {
        let host = reader.given(&MONGO_HOST);
        let port = reader.given(&MONGO_PORT);
        let user = reader.given(&MONGO_USER);
        let password = optional_secret(reader, &MONGO_PASSWORD);
        let parameters = reader.given(&MONGO_PARAMETERS);
        let parts =
            Parts { host: host?, port: port?, user: user?, password: password?, parameters: parameters? };
        match uri.trim_end_matches("://") {
            "mongodb" => parts.join(reader, false),
            "mongodb+srv" => parts.join(reader, true),
            _ => parts.none(reader).map(|()| Self {
                uri: uri.to_owned().into(),
                whole: true,
                srv: uri.starts_with("mongodb+srv://"),
            }),
        }
    }

    /// The setting that the parameters were given in.
    pub(super) fn setting(&self) -> &'static str {
        if self.whole { MONGO_URI.name } else { MONGO_PARAMETERS.name }
    }

    /// Whether it was given whole: then it may hold a password that is not percent-encoded.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// The parameters, each with its value.
    pub(super) fn pairs(&self) -> Vec<&str> {
        let query = self.uri.expose_secret().split_once('?').map_or("", |(_, query)| query);
        if query.is_empty() { Vec::new() } else { query.split('&').collect() }
    }

    /// What the driver makes of it.
    pub(super) fn judge(&self, reader: &mut Reader<'_>) -> Result<ConnectionString, Faulted> {
        let uri = self.uri.expose_secret();
        if self.whole {
            spelling::check(uri).map_err(|wrong| reader.fault(self.setting(), wrong))?;
        }
        super::parameters::names(reader, self)?;
        ConnectionString::parse(uri).map_err(|error| reader.fault(self.setting(), self.untaken(&error)))
    }

    /// What is said of one that the driver does not take.
    fn untaken(&self, error: &Error) -> Wrong {
        let (none, remedy) = match self.whole {
            true => ("is no connection string", spelling::FORM),
            false => ("is not taken by the driver", "compare it with NAME=VALUE&NAME=VALUE"),
        };
        match (words::repeatable(error), self.untaken_parameter()) {
            (Some(message), _) => Wrong::new(format!("is not taken: {message}"), remedy),
            (None, Some(name)) => Wrong::new(
                format!("has the parameter {name} with a value that the driver does not take"),
                "take it out, or correct its value",
            ),
            (None, None) => Wrong::new(none, remedy),
        }
    }

    /// The first parameter that the driver does not take alone either. Its name is a known one.
    fn untaken_parameter(&self) -> Option<&str> {
        let scheme = if self.srv { "mongodb+srv" } else { "mongodb" };
        let is_untaken = |pair: &&str| {
            ConnectionString::parse(format!("{scheme}://user:password@host/?{pair}"))
                .is_err_and(|error| words::repeatable(&error).is_none())
        };
        let pair = self.pairs().into_iter().find(is_untaken)?;
        pair.split_once('=').map(|(name, _)| name)
    }

    /// Whether it is without TLS. Certificates turn TLS on, and so do addresses from DNS.
    pub(super) fn is_plain(
        &self,
        reader: &mut Reader<'_>,
        given: &ConnectionString,
        tls: &Tls,
    ) -> Result<bool, Faulted> {
        let certificates = tls.authorities.is_some() || tls.identity.is_some();
        match given.tls {
            Some(GivenTls::Enabled(_)) => Ok(false),
            Some(GivenTls::Disabled) if certificates => {
                let wrong = Wrong::new(
                    format!(
                        "turns TLS off, and there are certificates ({} or others)",
                        MONGO_TLS_CA_CERT.name
                    ),
                    "take tls=false out, or the certificates",
                );
                Err(reader.fault(self.setting(), wrong))
            }
            Some(GivenTls::Disabled) => Ok(true),
            None => Ok(!certificates && !self.srv),
        }
    }
}

impl Parts {
    /// A whole connection string has them all inside.
    fn none(&self, reader: &mut Reader<'_>) -> Result<(), Faulted> {
        let given = [
            (MONGO_HOST.name, self.host.is_some()),
            (MONGO_PORT.name, self.port.is_some()),
            (MONGO_USER.name, self.user.is_some()),
            (MONGO_PASSWORD.name, self.password.is_some()),
            (MONGO_PARAMETERS.name, self.parameters.is_some()),
        ];
        let mut read = Ok(());
        for (name, _) in given.into_iter().filter(|(_, given)| *given) {
            let wrong = Wrong::new(
                "is set, and MONGO_URI is more than a scheme",
                "put it into MONGO_URI, or set MONGO_URI to mongodb or mongodb+srv alone",
            );
            read = Err(reader.fault(name, wrong));
        }
        read
    }

    fn join(self, reader: &mut Reader<'_>, srv: bool) -> Result<Address, Faulted> {
        let hosts = self.hosts(reader, srv);
        let credentials = self.credentials(reader);
        let scheme = if srv { "mongodb+srv" } else { "mongodb" };
        let mut uri = format!("{scheme}://{}{}/", credentials?, hosts?);
        if let Some(parameters) = &self.parameters {
            uri.push('?');
            uri.push_str(parameters.trim_start_matches('?'));
        }
        Ok(Address { uri: uri.into(), whole: false, srv })
    }

    fn hosts(&self, reader: &mut Reader<'_>, srv: bool) -> Result<String, Faulted> {
        let port = match &self.port {
            Some(_) if srv => {
                let wrong = Wrong::new("is set, and mongodb+srv takes ports from DNS", "unset it");
                Err(reader.fault(MONGO_PORT.name, wrong))
            }
            Some(text) => whole_number(text, 1..=65_535)
                .map(|port| format!(":{port}"))
                .map_err(|wrong| reader.fault(MONGO_PORT.name, wrong)),
            None => Ok(String::new()),
        };
        let Some(hosts) = &self.host else {
            let wrong = Wrong::new(
                "is required where MONGO_URI is only a scheme",
                "set the server's name, or the whole connection string in MONGO_URI",
            );
            return Err(reader.fault(MONGO_HOST.name, wrong));
        };
        let port = port?;
        let mut joined = Vec::new();
        for host in hosts.split(',').map(str::trim) {
            joined.push(joined_host(host, &port).map_err(|wrong| reader.fault(MONGO_HOST.name, wrong))?);
        }
        Ok(joined.join(","))
    }

    fn credentials(&self, reader: &mut Reader<'_>) -> Result<String, Faulted> {
        let parameters = self.parameters.as_deref().unwrap_or_default().to_ascii_lowercase();
        let by_certificate = parameters.contains("authmechanism=mongodb-x509");
        match (&self.user, &self.password) {
            (None, None) => Ok(String::new()),
            (Some(user), None) if by_certificate => Ok(format!("{}@", encoded(user))),
            (Some(_), None) => {
                let wrong = Wrong::new(
                    "is required with MONGO_USER",
                    "set it, or name its file with MONGO_PASSWORD_FILE or --mongo-password-file",
                );
                Err(reader.fault(MONGO_PASSWORD.name, wrong))
            }
            (None, Some(_)) => {
                let wrong = Wrong::new("is required with MONGO_PASSWORD", "set whose password it is");
                Err(reader.fault(MONGO_USER.name, wrong))
            }
            (Some(user), Some(password)) => {
                Ok(format!("{}:{}@", encoded(user), encoded(password.expose_secret())))
            }
        }
    }
}

/// One host with its port; `[::1]` has colons of its own.
fn joined_host(host: &str, port: &str) -> Result<String, Wrong> {
    if host.contains('%') || !spelling::is_host(host) {
        let remedy =
            "set a name or an address, [::1] in brackets, without a scheme; several with commas between them";
        return Err(Wrong::new("holds what is no host", remedy));
    }
    let has_port = host.rsplit(']').next().is_some_and(|after| after.contains(':'));
    if has_port && !port.is_empty() {
        return Err(Wrong::new("has a port, and MONGO_PORT is set", "set one of the two"));
    }
    Ok(format!("{host}{port}"))
}

/// Percent-encoded, all but what never needs it.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
