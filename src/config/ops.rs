//! Where a running server of this machine is asked how it is: the settings of `health`.

use super::command::HealthFlags;
use super::faults::Faults;
use super::listen::listen;
use super::reader::Reader;
use super::server::OPS_ADDRESS;
use super::values::Wrong;
use std::ffi::OsString;
use std::net::SocketAddr;

/// The addresses at which the server may be asked, the likeliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpsConfig(pub Vec<SocketAddr>);

impl OpsConfig {
    /// Reads and checks `OPS_ADDRESS` as the server does.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(flags: &HealthFlags, environment: impl Fn(&str) -> Option<OsString>) -> Result<Self, Faults> {
        let mut reader = Reader::new(&flags.0, &environment);
        match reader.value(&OPS_ADDRESS, reached) {
            Ok(addresses) if reader.faults.is_empty() => Ok(Self(addresses)),
            _ => Err(reader.faults),
        }
    }
}

fn reached(text: &str) -> Result<Vec<SocketAddr>, Wrong> {
    let addresses = listen(text)?.reached_at();
    if addresses.iter().any(|address| address.port() == 0) {
        let wrong = "takes any free port, and nobody else knows which one that is";
        return Err(Wrong::new(wrong, "set the port that the server has, for example :9103"));
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(address: &str) -> Result<Vec<String>, String> {
        let config = OpsConfig::load(&HealthFlags::default(), |_| Some(address.into()));
        let told = |config: OpsConfig| config.0.iter().map(ToString::to_string).collect();
        config.map(told).map_err(|faults| faults.to_string())
    }

    #[test]
    fn all_interfaces_are_asked_on_loopback_and_an_address_where_it_is() {
        assert_eq!(load(":9103").unwrap(), ["[::1]:9103", "127.0.0.1:9103"]);
        assert_eq!(load("[::]:9103").unwrap(), ["[::1]:9103", "127.0.0.1:9103"]);
        assert_eq!(load("0.0.0.0:9103").unwrap(), ["127.0.0.1:9103"]);
        assert_eq!(load("localhost:9103").unwrap(), ["127.0.0.1:9103", "[::1]:9103"]);
        assert_eq!(load("192.0.2.7:1").unwrap(), ["192.0.2.7:1"]);
        assert_eq!(load("").unwrap(), ["127.0.0.1:9103"]);
    }

    #[test]
    fn a_port_that_nobody_knows_is_refused_and_so_is_no_address() {
        assert!(load("127.0.0.1:0").unwrap_err().starts_with("OPS_ADDRESS: takes any free port"));
        assert!(load("host:9103").unwrap_err().starts_with("OPS_ADDRESS: is no address"));
    }
}
