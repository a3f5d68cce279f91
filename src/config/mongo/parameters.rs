//! Parameters of the connection string: which there are, and which would take back what the store promises.

use super::address::Address;
use crate::config::mode::Mode;
use crate::config::reader::{Faulted, Reader};
use crate::config::values::{Wrong, shown};
use mongodb::options::{ConnectionString, Tls};

/// All that the driver knows and that may stand here, in lower case: letters' case does not matter.
const KNOWN: [&str; 33] = [
    "adaptiveretries",
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
    for (name, _) in address.parameters() {
        let known = name.to_ascii_lowercase();
        let wrong = if BY_TIMEOUT.contains(&known.as_str()) {
            Wrong::new(
                format!("has the parameter {name}, and MONGO_TIMEOUT bounds every call"),
                "take it out, and set MONGO_TIMEOUT",
            )
        } else if KNOWN.contains(&known.as_str()) {
            continue;
        } else {
            Wrong::new(
                format!("has the parameter {}, which is not known", shown(name)),
                "take it out, or correct its name",
            )
        };
        read = Err(reader.fault(address.setting(), wrong));
    }
    read
}

/// Looks at what the parameters ask for; `given` is how the driver reads them.
pub(super) fn check(
    reader: &mut Reader<'_>,
    mode: Result<&Mode, Faulted>,
    address: &Address,
    given: &ConnectionString,
) -> Result<(), Faulted> {
    let mut read = Ok(());
    for (name, value) in address.parameters() {
        let fixed = FIXED.iter().find(|(fixed, _)| fixed.eq_ignore_ascii_case(name));
        if let Some((_, only)) = fixed.filter(|(_, only)| !only.eq_ignore_ascii_case(value)) {
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
