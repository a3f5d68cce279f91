//! The settings of what asks about links where nobody calls.

use super::{LOCAL, faulty, load};
use crate::config::faults::Faults;
use crate::config::operator::{LinksConfig, LinksFlags};
use std::collections::HashMap;
use std::ffi::OsString;

const CLIENT: [(&str, &str); 2] = [("MIDAZ_CLIENT_ID", "holdergraph"), ("MIDAZ_CLIENT_SECRET", "its-secret")];

fn command(changes: &[(&str, &str)]) -> Result<LinksConfig, Faults> {
    let mut variables: HashMap<&str, &str> = LOCAL.into_iter().collect();
    variables.extend(changes.iter().copied());
    LinksConfig::load(&LinksFlags::default(), |name| variables.get(name).map(OsString::from))
}

#[test]
fn the_command_needs_a_client_of_its_own_where_there_is_an_access_manager() {
    assert_eq!(faulty(&command(&[]).unwrap_err()), ["MIDAZ_CLIENT_ID"]);
    assert!(command(&CLIENT).unwrap().ledger.client.is_some());
    let without = [("PLUGIN_AUTH_ENABLED", "false"), ("PLUGIN_AUTH_ADDRESS", "")];
    assert!(command(&without).unwrap().access.manager.is_none());
}

#[test]
fn the_command_needs_no_keys_and_names_all_faults_at_once() {
    let blank = [("LCRYPTO_ENCRYPT_SECRET_KEY", ""), ("LCRYPTO_HASH_SECRET_KEY", "")];
    command(&[CLIENT, blank].concat()).unwrap();
    let wrong =
        [("MIDAZ_LEDGER_URL", "ledger"), ("UPSTREAM_CONNECT_TIMEOUT", "1"), ("PLUGIN_AUTH_ADDRESS", "")];
    let mut faults =
        command(&wrong).unwrap_err().iter().map(|fault| fault.setting.clone()).collect::<Vec<_>>();
    faults.sort();
    assert_eq!(faults, ["MIDAZ_LEDGER_URL", "PLUGIN_AUTH_ADDRESS", "UPSTREAM_CONNECT_TIMEOUT"]);
}

#[test]
fn the_interval_needs_a_client_of_its_own_where_there_is_an_access_manager() {
    let every_day = ("LINK_CHECK_INTERVAL", "1d");
    assert_eq!(faulty(&load(&[every_day]).unwrap_err()), ["LINK_CHECK_INTERVAL"]);
    assert!(load(&[every_day, CLIENT[0], CLIENT[1]]).unwrap().links.interval.is_some());
    load(&[every_day, ("PLUGIN_AUTH_ENABLED", "false"), ("PLUGIN_AUTH_ADDRESS", "")]).unwrap();
}
