//! The service itself, put together from its settings: what `serve` and `sandbox` have in common.

use super::api::Api;
use super::failure::Failure;
use super::stores::{self, Opened};
use super::trail::Trail;
use super::upstreams::{self, OfService};
use crate::audit::key::TrailKey;
use crate::config::faults::Faults;
use crate::config::keys::GivenKeys;
use crate::config::listen::Listen;
use crate::config::tokens::TokenKeys;
use crate::config::{self, Config};
use crate::domain::guard::Guard;
use crate::domain::time::Timestamp;
use crate::http::endpoint::{Endpoint, Rules as Taken, Strangers};
use crate::http::graphiql::{self, Tabs, examples};
use crate::http::handshake::Tls;
use crate::http::health::{Health, Probed};
use crate::http::rate_limit::RateLimit;
use crate::http::shutdown::{self, Draining, Leaving};
use crate::http::{health, ops, router};
use crate::registry::links::{Background, Links};
use crate::registry::lookup_guard::LookupGuard;
use crate::registry::ports::ledger::Ledger;
use crate::registry::ports::record::KeyId;
use crate::registry::ports::store::Store;
use crate::registry::release_watch::watch_release;
use crate::registry::turns::Turns;
use crate::registry::{Registry, Rules, mint};
use crate::reload::{LOOK_EVERY, Watched, keep_fresh};
use crate::seal::{AUDIT_SETTING, KeyFault, Keyring, Keys};
use crate::store::Role;
use crate::telemetry::logs::LogControl;
use crate::telemetry::{metrics, traces};
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::{ExposeSecret, SecretString};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// When all requests have ended, the link check has so long to end its present page.
const LINK_CHECK_GRACE: Duration = Duration::from_secs(2);

/// Judges the keys' content, so that it is told together with all other faults of the settings.
pub(super) fn judge_keys(given: &GivenKeys, faults: &mut Faults) {
    if let (Some(encrypt), Some(hash)) = (&given.encrypt, &given.hash)
        && let Err(wrong) = Keyring::single(encrypt.expose_secret(), hash.expose_secret())
    {
        note(&wrong, faults);
    }
    let [audit, encrypt, hash] = [&given.audit, &given.encrypt, &given.hash]
        .map(|text| text.as_ref().map(ExposeSecret::expose_secret));
    if let Some(Err(wrong)) = audit.map(|audit| TrailKey::parse_apart(audit, encrypt, hash)) {
        note(&[wrong], faults);
    }
}

/// The same of the audit key alone.
pub(super) fn judge_audit_key(given: &SecretString, faults: &mut Faults) {
    if let Err(wrong) = TrailKey::parse(given.expose_secret()) {
        note(&[wrong], faults);
    }
}

/// The audit key of the settings.
pub(super) fn trail_key(given: &SecretString) -> Result<TrailKey, Failure> {
    TrailKey::parse(given.expose_secret()).map_err(|wrong| {
        let mut faults = Faults::default();
        note(&[wrong], &mut faults);
        Failure::Settings(faults)
    })
}

fn note(wrong: &[KeyFault], faults: &mut Faults) {
    for fault in wrong {
        let remedy = "set 32 random bytes as 64 hexadecimal digits: `holdergraph keys generate` makes a set";
        faults.push(&fault.setting, fault.problem.to_string(), remedy);
    }
}

/// How this service differs from a plain `serve`.
#[derive(Default)]
pub(super) struct Extras {
    /// Whether the schema may be read without a token.
    pub(super) open_introspection: bool,
    /// What GraphiQL opens with, where it is on.
    pub(super) tabs: Option<Tabs>,
}

/// What is told of this process while it runs.
pub(super) struct Told {
    /// Its metrics.
    pub(super) metrics: PrometheusHandle,
    /// How much it logs.
    pub(super) logs: LogControl,
}

/// A service with its ports bound, ready to run.
pub(super) struct Service {
    listener: TcpListener,
    ops_listener: TcpListener,
    tls: Option<Tls>,
    watched: Vec<Arc<dyn Watched>>,
    router: Router,
    health: Router,
    told: Told,
    traces: Option<traces::Export>,
    leaving: Leaving,
    link_check: Option<Background>,
    ledger: Arc<dyn Ledger>,
    trail: Trail,
    lookups: Arc<LookupGuard>,
}

/// What a service is made of, beside its settings.
pub(super) struct Parts {
    /// The use cases over their real adapters.
    pub(super) registry: Arc<Registry>,
    /// What keeps the audit trail beside them.
    pub(super) trail: Trail,
    /// The files of those adapters that are to be read again when they change.
    pub(super) watched: Vec<Arc<dyn Watched>>,
}

/// Puts them together.
pub(super) async fn parts(config: &Config) -> Result<Parts, Failure> {
    let keys = keys(&config.keys)?;
    let audit_key = trail_key(&config.audit.key)?;
    let Opened { store, audit, walks, watched, .. } = stores::open(&config.store, Role::Server).await?;
    agree_on_keys(&keys, &*store).await?;
    agree_on_audit_key(&audit_key, &*store).await?;
    let links = audit.clone();
    let trail = Trail::new(&config.audit, audit, audit_key)?;
    let OfService { access, ledger, watched: of_upstreams } = upstreams::of_service(config)?;
    let watched = watched.into_iter().chain(of_upstreams).collect();
    let rules = Rules {
        guard: Guard::new(config.metadata_guard.mode, config.metadata_guard.allow.iter().cloned()),
        holder_check: config.ledger.holder_check,
        guards_personal_data: config.decisions.pii_resource.is_some(),
    };
    let registry = Arc::new(Registry {
        store,
        walks,
        vault: Arc::new(keys),
        access,
        ledger: Arc::new(ledger),
        rules,
        mint: mint::Mint::new(Arc::new(Timestamp::now)),
        turns: Turns::default(),
        audit: trail.recorder(),
        trail: links,
        lookups: Arc::new(LookupGuard::new(config.lookup_miss_limit)),
    });
    Ok(Parts { registry, trail, watched })
}

/// The keyring of the settings, put to use.
pub(super) fn keys(given: &config::keys::Keys) -> Result<Keys, Failure> {
    let (encrypt, hash) = (given.encrypt.expose_secret(), given.hash.expose_secret());
    let keyring = Keyring::single(encrypt, hash).map_err(|wrong| {
        let mut faults = Faults::default();
        note(&wrong, &mut faults);
        Failure::Settings(faults)
    })?;
    Ok(Keys::new(keyring))
}

/// The first generation of these keys that is not the one a store was written with.
pub(super) async fn foreign_generation(keys: &Keys, store: &dyn Store) -> Result<Option<KeyId>, Failure> {
    for check in keys.checks() {
        let first = store.key_check(check.clone()).await;
        if first.map_err(|error| Failure::because("comparing the keys with the store", error))? != check {
            return Ok(Some(check.id));
        }
    }
    Ok(None)
}

/// A keyring that is not the one a store was written with would make every record unreadable and every document free.
pub(super) async fn agree_on_keys(keys: &Keys, store: &dyn Store) -> Result<(), Failure> {
    foreign_generation(keys, store).await?.map_or(Ok(()), |id| Err(foreign_keys(&id)))
}

/// Another audit key than the one that the chains were made with would end what can be proven.
async fn agree_on_audit_key(key: &TrailKey, store: &dyn Store) -> Result<(), Failure> {
    let check = key.check();
    let first = store.key_check(check.clone()).await;
    let first = first.map_err(|error| Failure::because("comparing the audit key with the store", error))?;
    if first == check { Ok(()) } else { Err(foreign_audit_key()) }
}

/// This audit key is not the one that the store's trail was made with.
pub(super) fn foreign_audit_key() -> Failure {
    let mut faults = Faults::default();
    let wrong = "is not the key that this store's audit trail was made with";
    faults.push(AUDIT_SETTING, wrong, "give the key of that store, or another DATA_DIR");
    Failure::Settings(faults)
}

/// These keys are not those of a generation that the store was written with.
pub(super) fn foreign_keys(KeyId(id): &KeyId) -> Failure {
    let mut faults = Faults::default();
    let wrong = format!("these keys are not those of generation {id} that the store was written with");
    let remedy = "give the keys of that store, or another DATA_DIR";
    faults.push("LCRYPTO_ENCRYPT_SECRET_KEY, LCRYPTO_HASH_SECRET_KEY", wrong, remedy);
    Failure::Settings(faults)
}

impl Service {
    /// Puts the routes together and binds both ports.
    pub(super) async fn bind(
        config: &Config,
        api: Api,
        Parts { registry, trail, watched }: Parts,
        told: Told,
        extras: Extras,
    ) -> Result<Self, Failure> {
        let traces = start_traces(config)?;
        let draining = Draining::default();
        let warnings = config.warnings();
        warnings.iter().for_each(|warning| tracing::warn!("{warning}"));
        let probed = Probed::of(&registry);
        let (ledger, lookups) = (registry.ledger.clone(), registry.lookups.clone());
        let link_check = config.links.interval.map(|every| Background::new(Links::of(&registry), every));
        let Api { schema, documents, trusted } = api;
        let watched = config.tls.watched().into_iter().chain(trusted.watched()).chain(watched);
        let watched = watched.chain(config.traces.as_ref().and_then(traces::Settings::watched)).collect();
        let endpoint = Endpoint {
            registry,
            schema,
            documents,
            trusted,
            rate_limit: config.rate_limit.map(RateLimit::new),
            strangers: Strangers::default(),
            rules: Taken {
                max_body: config.limits.max_body_bytes,
                request_timeout: config.limits.request_timeout,
                open_introspection: extras.open_introspection,
                get: config.graphql.get,
                batch_max: config.graphql.batch_max,
                operation_name_required: config.graphql.operation_name_required,
                tokens_proven: !matches!(config.tokens.keys, TokenKeys::None),
            },
        };
        let tabs = extras.tabs.or_else(|| config.server.graphiql.then(examples::starting));
        let health = health::routes(Health::new(probed, draining.clone(), warnings));
        Ok(Self {
            listener: listen("SERVER_ADDRESS", &config.server.address).await?,
            ops_listener: listen("OPS_ADDRESS", &config.server.ops_address).await?,
            tls: config.tls.own_port.clone().map(Tls::new),
            watched,
            router: router::router(Arc::new(endpoint), health.clone(), tabs.map(graphiql::routes)),
            health,
            told,
            traces,
            link_check,
            ledger,
            trail,
            lookups,
            leaving: Leaving::new(draining, config.server.drain, config.server.shutdown_timeout),
        })
    }

    /// Where requests are served.
    pub(super) fn address(&self) -> Result<SocketAddr, Failure> {
        self.listener.local_addr().map_err(|error| Failure::because("reading the own address", error))
    }

    /// Where metrics and health are served.
    pub(super) fn ops_address(&self) -> Result<SocketAddr, Failure> {
        self.ops_listener.local_addr().map_err(|error| Failure::because("reading the own address", error))
    }

    /// Serves until the process is told to leave, and then until running requests have ended.
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (address, ops_address) = (self.address()?.to_string(), self.ops_address()?.to_string());
        let told = shutdown::signals().map_err(|error| Failure::because("listening for signals", error))?;
        let upkeep = tokio::spawn(metrics::keep_up(self.told.metrics.clone()));
        let release = tokio::spawn(watch_release(self.ledger));
        let fresh = tokio::spawn(fresh(self.watched)?);
        let lookups = self.lookups;
        let guarded = tokio::spawn(async move { lookups.keep_counting().await });
        let ops = tokio::spawn(shutdown::serve(
            self.ops_listener,
            None,
            ops::routes(self.told.metrics, self.told.logs, self.health),
            std::future::pending(),
            self.leaving.clone(),
        ));
        let trail = self.trail.start();
        let (stop, stopped) = watch::channel(false);
        let link_check = self.link_check.map(|check| tokio::spawn(check.run(stopped)));
        let told = async move {
            told.await;
            stop.send_replace(true);
        };
        tracing::info!(address, ops_address, tls = self.tls.is_some(), "serving");
        let cut = shutdown::serve(self.listener, self.tls, self.router, told, self.leaving).await;
        if let Some(check) = link_check
            && tokio::time::timeout(LINK_CHECK_GRACE, check).await.is_err()
        {
            tracing::info!("the link check was left in the middle of a page: another server goes on with it");
        }
        // No request runs any more, so no entry comes: what was taken is written, and moved as far as time allows.
        trail.stop().await;
        if let Some(traces) = self.traces {
            traces.stop().await;
        }
        // Metrics are served to the very end.
        ops.abort();
        upkeep.abort();
        fresh.abort();
        release.abort();
        guarded.abort();
        tracing::info!(cut, "stopped");
        Ok(())
    }
}

/// Starts making spans, where the settings want any.
fn start_traces(config: &Config) -> Result<Option<traces::Export>, Failure> {
    let Some(settings) = &config.traces else { return Ok(None) };
    let export = traces::start(settings, &config.tls.upstreams);
    export.map(Some).map_err(|error| Failure::because("starting the traces", error))
}

/// Keeps these files fresh. Where there are none, SIGHUP goes on to end the process.
fn fresh(watched: Vec<Arc<dyn Watched>>) -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    let told = match watched.is_empty() {
        true => None,
        false => Some(shutdown::hangups().map_err(|error| Failure::because("listening for SIGHUP", error))?),
    };
    Ok(async move {
        if let Some(told) = told {
            keep_fresh(watched, LOOK_EVERY, told).await;
        }
    })
}

async fn listen(setting: &str, listen: &Listen) -> Result<TcpListener, Failure> {
    let mut last = None;
    for address in listen.candidates() {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some((address, error)),
        }
    }
    let why = last.map_or_else(|| "no address".to_owned(), |(address, error)| format!("{address}: {error}"));
    Err(Failure::Other(format!(
        "{setting} cannot be listened on: {why}; set another address (port 0 takes a free one)"
    )))
}
