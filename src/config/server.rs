//! The ports, and how the server leaves.

use super::listen::{Listen, listen};
use super::mode::Mode;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, boolean, duration, whole_number};
use std::time::Duration;

static SERVER_ADDRESS: Setting = Setting {
    name: "SERVER_ADDRESS",
    flag: "server-address",
    value: "HOST:PORT",
    unset: Unset::Default("127.0.0.1:4003"),
    help: "Where GraphQL, /health, /readyz and /version are served; over TLS with TLS_CERT_FILE.\n\
           For example 127.0.0.1:4003, [::1]:4003, or :4003 for all interfaces; port 0 takes any free one.",
};

pub(super) static OPS_ADDRESS: Setting = Setting {
    name: "OPS_ADDRESS",
    flag: "ops-address",
    value: "HOST:PORT",
    unset: Unset::Default("127.0.0.1:9103"),
    help: "Where /metrics and /log-levels are served, for operators only, and /health, /readyz and /version once more; \
           always without TLS.\n\
           The same forms as SERVER_ADDRESS, for example :9103 where another machine scrapes it.",
};

static GRAPHIQL_ENABLED: Setting = Setting {
    name: "GRAPHIQL_ENABLED",
    flag: "graphiql-enabled",
    value: "true|false",
    unset: Unset::Default("false"),
    help: "Serve GraphiQL, the playground in the browser, at /graphiql. Tokens that are typed there stay in its tab.",
};

static DRAIN_SECONDS: Setting = Setting {
    name: "DRAIN_SECONDS",
    flag: "drain-seconds",
    value: "SECONDS",
    unset: Unset::Default("5"),
    help: "How long requests are still taken after SIGTERM, in whole seconds.\n\
           Meanwhile /readyz answers 503, so that load balancers turn away, and each answer ends its connection, so \
           that pools do; 0 stops at once.",
};

static SHUTDOWN_TIMEOUT: Setting = Setting {
    name: "SHUTDOWN_TIMEOUT",
    flag: "shutdown-timeout",
    value: "DURATION",
    unset: Unset::Default("20s"),
    help: "How long running requests then have to end before they are cut, for example 20s.",
};

pub(super) static GROUP: Group = Group {
    heading: "Server",
    settings: &[&SERVER_ADDRESS, &OPS_ADDRESS, &GRAPHIQL_ENABLED, &DRAIN_SECONDS, &SHUTDOWN_TIMEOUT],
};

/// What a command needs to know to ask how a server of this machine is.
pub(super) static OPS_GROUP: Group = Group { heading: "Server", settings: &[&OPS_ADDRESS] };

/// The ports, and how the server leaves.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where GraphQL and health are served.
    pub address: Listen,
    /// Where metrics and health are served.
    pub ops_address: Listen,
    /// Whether GraphiQL is served.
    pub graphiql: bool,
    /// How long requests are still taken once the service has been told to stop.
    pub drain: Duration,
    /// How long running requests then have to end.
    pub shutdown_timeout: Duration,
}

impl Server {
    /// `plain`: it is served without TLS of its own.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        mode: Result<&Mode, Faulted>,
        plain: bool,
    ) -> Result<Self, Faulted> {
        let address = reader.value(&SERVER_ADDRESS, listen);
        let ops_address = reader.value(&OPS_ADDRESS, listen);
        let graphiql = reader.value(&GRAPHIQL_ENABLED, boolean);
        let drain = reader.value(&DRAIN_SECONDS, |text| whole_number(text, 0..=3600));
        let shutdown_timeout = reader.value(&SHUTDOWN_TIMEOUT, duration);
        let instead = "set TLS_CERT_FILE and TLS_KEY_FILE, or DEPLOYMENT_MODE=local on a machine of your own";
        if plain && let Err(wrong) = mode.map_or(Ok(()), |mode| mode.check_plain("plain HTTP", instead)) {
            reader.fault(SERVER_ADDRESS.name, wrong);
        }
        let (address, ops_address) = (address?, ops_address?);
        if address.clashes_with(&ops_address) {
            let wrong = Wrong::new("is the same port as SERVER_ADDRESS", "give it a port of its own");
            return Err(reader.fault(OPS_ADDRESS.name, wrong));
        }
        Ok(Self {
            address,
            ops_address,
            graphiql: graphiql?,
            drain: Duration::from_secs(drain?.into()),
            shutdown_timeout: shutdown_timeout?,
        })
    }
}
