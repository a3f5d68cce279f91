//! Parameters of the connection string: which there are, and which would take back what the store promises.

use super::address::Address;
use crate::config::mode::Mode;
use crate::config::reader::{Faulted, Reader};
use crate::config::values::{Wrong, shown};
use mongodb::options::{ConnectionString, Tls};

/// All that the driver knows and that may stand here, in lower case: letters' case does not matter.
pub(super) const KNOWN: [&str; 32] = [
    "appname",
    "authmechanism",
    "authmechanismproperties",
    "authsource",
    "connecttimeoutms",
    "directconnection",
    "heartbeatfrequencyms",
    "journal",
    "loadbalanced",
    "localthresholdms",
    "maxadaptiveretries",
    "maxconnecting",
    "maxidletimems",
    "maxpoolsize",
    "minpoolsize",
    "readconcernlevel",
    "readpreference",
    "replicaset",
    "retryreads",
    "retrywrites",
    "servermonitoringmode",
    "serverselectiontimeoutms",
    "srvmaxhosts",
    "srvservicename",
    "ssl",
    "tls",
    "tlsallowinvalidcertificates",
    "tlscafile",
    "tlscertificatekeyfile",
    "tlsinsecure",
    "uuidrepresentation",
    "w",
];

/// Those that bound a time in another way than the store does.
const BY_TIMEOUT: [&str; 4] = ["sockettimeoutms", "timeoutms", "waitqueuetimeoutms", "wtimeoutms"];

/// Those whose only value is what the store does anyway.
const FIXED: [(&str, &str); 4] =
    [("journal", "true"), ("readconcernlevel", "majority"), ("readpreference", "primary"), ("w", "majority")];

/// Looks at the names alone: the driver's own message would quote what may be a part of a password.
pub(super) fn names(reader: &mut Reader<'_>, address: &Address) -> Result<(), Faulted> {
    let mut read = Ok(());
    for (before, pair) in address.pairs().into_iter().enumerate() {
        let Err(wrong) = name(pair, || called(address, before + 1, pair)) else { continue };
        read = Err(reader.fault(address.setting(), wrong));
    }
    read
}

fn name(pair: &str, called: impl FnOnce() -> String) -> Result<(), Wrong> {
    let (name, value) = split(pair);
    let known = name.to_ascii_lowercase();
    if BY_TIMEOUT.contains(&known.as_str()) {
        return Err(Wrong::new(
            format!("has the parameter {name}, and MONGO_TIMEOUT bounds every call"),
            "take it out, and set MONGO_TIMEOUT",
        ));
    }
    match (KNOWN.contains(&known.as_str()), value) {
        (true, Some(_)) => Ok(()),
        (true, None) => Err(Wrong::new(
            format!("has the parameter {name} without a value"),
            "take it out, or write NAME=VALUE",
        )),
        (false, _) => Err(Wrong::new(
            format!("has the parameter {}, which is not known", called()),
            "take it out, or correct its name",
        )),
    }
}

/// What a parameter that is not known is called. In a whole connection string it may be a part of a password.
fn called(address: &Address, number: usize, pair: &str) -> String {
    if address.is_whole() { format!("number {number} after the ?") } else { shown(split(pair).0) }
}

/// A parameter's name, and its value if it has one.
fn split(pair: &str) -> (&str, Option<&str>) {
    pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)))
}

/// Looks at what the parameters ask for; `given` is how the driver reads them.
pub(super) fn check(
    reader: &mut Reader<'_>,
    mode: Result<&Mode, Faulted>,
    address: &Address,
    given: &ConnectionString,
) -> Result<(), Faulted> {
    let mut read = Ok(());
    for (name, value) in address.pairs().into_iter().map(split) {
        let fixed = FIXED.iter().find(|(fixed, _)| fixed.eq_ignore_ascii_case(name));
        let is_other = |only: &str| !value.is_some_and(|value| only.eq_ignore_ascii_case(value));
        if let Some((_, only)) = fixed.filter(|(_, only)| is_other(only)) {
            let wrong = Wrong::new(
                format!(
                    "has the parameter {name} with another value than {only}, and records could be lost by it"
                ),
                "take it out: the store always writes and reads by majority, at the primary",
            );
            read = Err(reader.fault(address.setting(), wrong));
        }
    }
    if unverified(given) {
        let what = "a server whose certificate is not looked at";
        if let Err(wrong) = mode?.check_plain(what, "take tlsInsecure and tlsAllowInvalidCertificates out") {
            read = Err(reader.fault(address.setting(), wrong));
        }
    }
    read
}

/// Whether the server's certificate is not looked at: as the driver reads it, which decodes values first.
pub(super) fn unverified(given: &ConnectionString) -> bool {
    matches!(&given.tls, Some(Tls::Enabled(tls)) if tls.allow_invalid_certificates == Some(true))
}
