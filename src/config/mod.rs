//! Settings: one struct a concern, from flags, environment and files, checked whole before anything is opened.

pub mod access;
pub mod audit;
pub mod command;
pub mod decisions;
pub mod documents;
pub mod faults;
pub mod federation;
mod file;
pub mod flags;
pub mod graphql;
pub mod keys;
pub mod ledger;
pub mod limits;
pub mod links;
pub mod listen;
pub mod log_levels;
pub mod logging;
mod lookups;
pub mod metadata_guard;
pub mod mode;
pub mod mongo;
pub mod operator;
pub mod ops;
mod rate_limit;
mod reader;
mod secret;
pub mod server;
mod setting;
pub mod smoke;
pub mod store;
pub mod telemetry;
pub mod tls;
pub mod tokens;
mod trusted;
mod values;

#[cfg(test)]
mod tests;

use crate::domain::guard::GuardMode;
use crate::http::rate_limit::Rate;
use crate::http::trusted as trusted_documents;
use crate::telemetry::traces;
use access::Access;
use audit::Audit;
use decisions::Decisions;
use documents::Documents;
use faults::Faults;
use federation::Federation;
use flags::Flags;
use graphql::GraphQL;
use keys::{GivenKeys, Keys};
use ledger::Ledger;
use limits::Limits;
use links::Links;
use logging::Logging;
use metadata_guard::MetadataGuard;
use mode::Mode;
use reader::{Faulted, Reader};
use server::Server;
use setting::Group;
use std::ffi::OsString;
use store::Store;
use tls::{OwnPortTls, Tls, UpstreamsTls};
use tokens::{TokenKeys, Tokens};
use url::Url;

/// Every setting, in the order of `--help`.
static GROUPS: [&Group; 22] = [
    &server::GROUP,
    &graphql::GROUP,
    &federation::GROUP,
    &mode::GROUP,
    &tls::OWN_PORT_GROUP,
    &tls::UPSTREAMS_GROUP,
    &access::GROUP,
    &tokens::GROUP,
    &decisions::GROUP,
    &ledger::GROUP,
    &links::GROUP,
    &keys::GROUP,
    &audit::GROUP,
    &store::GROUP,
    &mongo::GROUP,
    &metadata_guard::GROUP,
    &limits::GROUP,
    &rate_limit::GROUP,
    &trusted::GROUP,
    &documents::GROUP,
    &logging::GROUP,
    &telemetry::GROUP,
];

/// All settings of `serve`, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The ports, and how the server leaves.
    pub server: Server,
    /// Which ways of asking GraphQL are served.
    pub graphql: GraphQL,
    /// Whether the service is a subgraph.
    pub federation: Federation,
    /// Where the service runs.
    pub mode: Mode,
    /// TLS, in both directions.
    pub tls: Tls,
    /// Access Manager.
    pub access: Access,
    /// What proves tokens.
    pub tokens: Tokens,
    /// Access Manager's decisions.
    pub decisions: Decisions,
    /// The ledger.
    pub ledger: Ledger,
    /// The server's own check of all links.
    pub links: Links,
    /// The master keys' texts.
    pub keys: Keys,
    /// How the audit trail is kept.
    pub audit: Audit,
    /// Where records are kept.
    pub store: Store,
    /// What is done about personal data in clear.
    pub metadata_guard: MetadataGuard,
    /// How long and how large a request may be.
    pub limits: Limits,
    /// How many requests one subject may send for one organization; `None`: any number.
    pub rate_limit: Option<Rate>,
    /// How many of its look-ups by a sealed value may find nobody within a minute; `None`: any number.
    pub lookup_miss_limit: Option<u32>,
    /// Trusted documents, and the automatic persisted queries beside them.
    pub trusted: trusted_documents::Settings,
    /// How much one document may ask for.
    pub documents: Documents,
    /// How much is logged.
    pub logging: Logging,
    /// Where spans go; `None`: none are made.
    pub traces: Option<traces::Settings>,
}

/// The variables of this process.
pub fn process_environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

impl Config {
    /// Reads and checks every setting; `judge` adds what is wrong with the keys' content, so that it is told
    /// together with all else. It sees a key also where other settings are at fault.
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn load(
        flags: &Flags,
        environment: impl Fn(&str) -> Option<OsString>,
        judge: impl FnOnce(&GivenKeys, &mut Faults),
    ) -> Result<Self, Faults> {
        let mut reader = Reader::new(flags, &environment);
        let config = Self::read(&mut reader, judge);
        match config {
            Ok(config) if reader.faults.is_empty() => Ok(config),
            _ => Err(reader.faults),
        }
    }

    /// Reads all concerns first, so that each notes its faults; only then the first one that failed ends it.
    fn read(reader: &mut Reader<'_>, judge: impl FnOnce(&GivenKeys, &mut Faults)) -> Result<Self, Faulted> {
        let mode = Mode::read(reader);
        let known = mode.as_ref().map_err(|faulted| *faulted);
        let own_port = OwnPortTls::read(reader);
        let upstreams = UpstreamsTls::read(reader);
        // Where its files are at fault, TLS is wanted all the same.
        let plain = own_port.as_ref().is_ok_and(|own_port| own_port.tls.is_none());
        let server = Server::read(reader, known, plain);
        let graphql = GraphQL::read(reader);
        let federation = Federation::read(reader);
        let access = Access::read(reader, known);
        let tokens = Tokens::read(reader, known);
        let decisions = Decisions::read(reader);
        let ledger = Ledger::read(reader, known, access.as_ref().map_err(|faulted| *faulted));
        let links = Links::read(reader, access.as_ref().ok(), ledger.as_ref().ok());
        let mut keys = GivenKeys::read(reader);
        let audit_key = audit::read_key(reader);
        keys.audit = audit_key.as_ref().ok().cloned();
        judge(&keys, &mut reader.faults);
        let audit = Audit::read(reader, audit_key);
        let store = Store::read(reader, known);
        let metadata_guard = MetadataGuard::read(reader);
        let limits = Limits::read(reader);
        let rate_limit = rate_limit::read(reader);
        let lookup_miss_limit = lookups::read(reader);
        let trusted = trusted::read(reader);
        let documents = Documents::read(reader);
        let logging = Logging::read(reader);
        let traces = telemetry::read(reader, known);
        Ok(Self {
            server: server?,
            graphql: graphql?,
            federation: federation?,
            mode: mode?,
            tls: Tls::of(own_port?, upstreams?),
            access: access?,
            tokens: tokens?,
            decisions: decisions?,
            ledger: ledger?,
            links: links?,
            keys: keys.both()?,
            audit: audit?,
            store: store?,
            metadata_guard: metadata_guard?,
            limits: limits?,
            rate_limit: rate_limit?,
            lookup_miss_limit: lookup_miss_limit?,
            trusted: trusted?,
            documents: documents?,
            logging: logging?,
            traces: traces?,
        })
    }

    /// What weakens this deployment by its operator's choice, and which settings are at odds: shown at the start and in `/readyz`.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.mode.allow_insecure_tls {
            if self.tls.own_port.is_none() {
                let warning = "ALLOW_INSECURE_TLS=true: this service's own port is served without TLS";
                warnings.push(warning.to_owned());
            }
            let key_server = match &self.tokens.keys {
                TokenKeys::Published(url) => Some(url),
                TokenKeys::None | TokenKeys::OfFile(_) => None,
            };
            let urls = [
                ("Access Manager", self.access.manager.as_ref()),
                ("the ledger", Some(&self.ledger.url)),
                ("the key server of AUTH_JWKS_URL", key_server),
                ("the collector of OTEL_EXPORTER_OTLP_ENDPOINT", self.far_collector()),
            ];
            for (name, url) in urls {
                if url.is_some_and(|url| url.scheme() == "http") {
                    warnings.push(format!("ALLOW_INSECURE_TLS=true: {name} is called without TLS"));
                }
            }
            if self.store.mongo.as_ref().is_some_and(|mongo| mongo.plain) {
                warnings.push("ALLOW_INSECURE_TLS=true: MongoDB is spoken to without TLS".to_owned());
            }
        }
        if self.store.mongo.as_ref().is_some_and(|mongo| mongo.unverified) {
            warnings.push("MONGO_URI: MongoDB's certificate is not looked at".to_owned());
        }
        for setting in &self.tls.open_keys {
            warnings.push(format!(
                "{setting}: other accounts of this machine may read or change the private key"
            ));
        }
        if self.access.manager.is_none() {
            warnings.push("PLUGIN_AUTH_ENABLED=false: every caller may do everything".to_owned());
        }
        let unproven = self.tokens.unproven();
        if !unproven.is_empty() {
            let settings = unproven.join(", ");
            warnings.push(format!(
                "{settings}: without AUTH_JWKS_URL or AUTH_PUBLIC_KEY_FILE nothing here proves what a token claims"
            ));
        }
        if let Some(known_for) = self.ledger.known_for {
            let known_for = humantime::format_duration(known_for);
            warnings.push(format!(
                "MIDAZ_CACHE_TTL: an account may be linked for up to {known_for} after the ledger has blocked or deleted it"
            ));
        }
        if self.lookup_miss_limit.is_none() {
            warnings.push("LOOKUP_MISS_LIMIT=off: nobody is kept from guessing documents".to_owned());
        }
        if self.metadata_guard.mode != GuardMode::Reject {
            warnings.push("METADATA_GUARD: personal data in metadata is not refused".to_owned());
        }
        warnings.extend(self.at_odds().into_iter().map(str::to_owned));
        warnings
    }

    /// Where spans go, if that is another machine.
    fn far_collector(&self) -> Option<&Url> {
        let endpoint = self.traces.as_ref().map(|traces| &traces.endpoint);
        endpoint.filter(|endpoint| !telemetry::is_on_this_machine(endpoint))
    }

    /// Settings of which one takes away what the other is for.
    fn at_odds(&self) -> Vec<&'static str> {
        let mut at_odds = Vec::new();
        if self.federation.enabled && self.trusted.mode == trusted_documents::Mode::Enforce {
            at_odds.push(
                "FEDERATION_ENABLED=true with TRUSTED_DOCUMENTS=enforce: gateways make up their documents, so \
                 whatever they ask is refused",
            );
        }
        if self.server.graphiql && !self.graphql.introspection {
            at_odds.push(
                "GRAPHIQL_ENABLED=true with INTROSPECTION_ENABLED=false: GraphiQL cannot load the schema, so it \
                 explores and completes nothing",
            );
        }
        at_odds
    }
}
