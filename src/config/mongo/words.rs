//! What the driver says of a connection string, where that holds nothing of it.

use super::parameters::KNOWN;
use mongodb::error::{Error, ErrorKind};

/// Whole messages that the driver has as they are. A later one that words them otherwise is not repeated any more.
const CONSTANT: [&str; 20] = [
    "a port cannot be specified with 'mongodb+srv'",
    "exactly one host must be specified with 'mongodb+srv'",
    "unix sockets cannot be used with 'mongodb+srv'",
    "cannot use SRV-style URI with directConnection=true",
    "srvServiceName cannot be specified with a non-SRV URI",
    "srvMaxHosts cannot be specified with a non-SRV URI",
    "srvMaxHosts and replicaSet cannot both be present",
    "srvMaxHosts and loadBalanced=true cannot both be present",
    "repeated options are not allowed in the connection string",
    "cannot set both tlsinsecure and tlsallowinvalidcertificates in the connection string",
    "cannot set tlsinsecure when TLS is disabled",
    "cannot set tlsallowinvalidcertificates when TLS is disabled",
    "'tlsCAFile' can't be set if tls=false",
    "'tlsCertificateKeyFile' can't be set if tls=false",
    "empty authSource provided",
    "username and mechanism both not provided, but authentication was requested",
    "No username provided for SCRAM authentication",
    "No username provided for PLAIN authentication",
    "A password cannot be specified with MONGODB-X509",
    "only $external may be specified as an auth source for MONGODB-X509",
];

/// What it says of a parameter's value, after the parameter's name.
const OF_A_VALUE: [&str; 4] = [
    "option must be a boolean",
    "option must be a non-negative integer",
    "option cannot be a negative integer",
    "argument must be a positive integer",
];

/// The driver's message, if none of its words can be of the connection string.
pub(super) fn repeatable(error: &Error) -> Option<&str> {
    match error.kind.as_ref() {
        ErrorKind::InvalidArgument { message, .. } if is_repeatable(message) => Some(message),
        _ => None,
    }
}

fn is_repeatable(message: &str) -> bool {
    let parameter = message.strip_prefix("connection string `").and_then(|rest| rest.split_once("` "));
    CONSTANT.contains(&message)
        || parameter.is_some_and(|(name, rest)| KNOWN.contains(&name) && OF_A_VALUE.contains(&rest))
}
