//! The clients of Access Manager and the ledger, as the settings want them.

use super::failure::Failure;
use crate::access::{ExpectedClaims, Verifier};
use crate::config::Config;
use crate::config::access::Access;
use crate::config::ledger::{Ledger, ServiceClient};
use crate::config::limits::Limits;
use crate::config::operator::LinksConfig;
use crate::config::tokens::TokenKeys;
use crate::registry::ports::access::AccessManager;
use crate::registry::ports::own_token::OwnToken;
use crate::reload::Watched;
use crate::tls::UpstreamTls;
use crate::{access, ledger, upstream};
use std::sync::Arc;

/// The settings that both clients are made of.
pub(super) struct Upstreams<'a> {
    access: &'a Access,
    ledger: &'a Ledger,
    limits: &'a Limits,
    tls: &'a UpstreamTls,
    pii_resource: Option<&'a str>,
}

impl<'a> Upstreams<'a> {
    /// Of a service.
    pub(super) fn of(config: &'a Config) -> Self {
        Self {
            access: &config.access,
            ledger: &config.ledger,
            limits: &config.limits,
            tls: &config.tls.upstreams,
            pii_resource: config.decisions.pii_resource.as_deref(),
        }
    }

    /// Of a command, which asks Access Manager for a token and for no permission.
    fn of_command(config: &'a LinksConfig) -> Self {
        let LinksConfig { access, ledger, limits, tls, .. } = config;
        Self { access, ledger, limits, tls, pii_resource: None }
    }

    /// Access Manager's client, with what proves tokens; that comes back where nobody is asked.
    fn manager(&self, verifier: Verifier) -> Result<Result<Arc<access::Client>, Verifier>, Failure> {
        let Access { manager, bearer_prefix, product, alias_resource } = self.access.clone();
        let Some(base) = manager else { return Ok(Err(verifier)) };
        let settings = access::Settings {
            base,
            bearer_prefix,
            product,
            alias_resource,
            pii_resource: self.pii_resource.map(str::to_owned),
            limits: self.limits(),
            tls: self.tls.clone(),
        };
        let client = access::Client::new(settings, verifier);
        let client =
            client.map_err(|error| Failure::because("preparing the Access Manager client", error))?;
        Ok(Ok(Arc::new(client)))
    }

    /// The log-ins of the client that the settings name, if they name one.
    fn log_ins(&self, manager: Option<&Arc<access::Client>>) -> Option<Arc<access::ClientCredentials>> {
        manager.zip(self.ledger.client.clone()).map(|(manager, client)| {
            let ServiceClient { id, secret } = client;
            let credentials = access::Credentials { id, secret };
            Arc::new(access::ClientCredentials::new(manager.clone(), credentials))
        })
    }

    /// The ledger's client, with a token of the service's own where there are log-ins.
    fn ledger(&self, log_ins: Option<Arc<access::ClientCredentials>>) -> Result<ledger::Client, Failure> {
        let own_token = log_ins.map(|log_ins| -> Arc<dyn OwnToken> { log_ins });
        let client = ledger::Client::new(ledger::Settings {
            base: self.ledger.url.clone(),
            own_token,
            known_for: self.ledger.known_for,
            limits: self.limits(),
            tls: self.tls.clone(),
        });
        client.map_err(|error| Failure::because("preparing the ledger client", error))
    }

    /// What bounds calls of one of them.
    fn limits(&self) -> upstream::Limits {
        let limits = self.limits;
        upstream::Limits {
            connect_timeout: limits.upstream_connect_timeout,
            // An attempt that may not end before the request does would never count as one that was too late.
            attempt_timeout: limits.upstream_attempt_timeout.min(limits.request_timeout),
            in_flight: limits.upstream_max_in_flight,
            breaker_failures: limits.upstream_breaker_failures,
            breaker_open: limits.upstream_breaker_open,
            ..upstream::Limits::default()
        }
    }
}

/// What a service speaks to.
pub(super) struct OfService {
    /// Who is asked for permissions.
    pub(super) access: Arc<dyn AccessManager>,
    /// The ledger.
    pub(super) ledger: ledger::Client,
    /// What is to be read again when its file changes.
    pub(super) watched: Vec<Arc<dyn Watched>>,
}

/// Those of the settings.
pub(super) fn of_service(config: &Config) -> Result<OfService, Failure> {
    let upstreams = Upstreams::of(config);
    let manager = upstreams.manager(verifier(config)?)?;
    let log_ins = upstreams.log_ins(manager.as_ref().ok());
    let watched = watched(config, log_ins.as_ref());
    let ledger = upstreams.ledger(log_ins)?;
    let manager = match manager {
        Ok(manager) => manager,
        Err(verifier) => {
            return Ok(OfService { access: Arc::new(access::Open::new(verifier)), ledger, watched });
        }
    };
    if matches!(config.tokens.keys, TokenKeys::None) {
        tracing::warn!(
            "tokens are decoded, not verified here: Access Manager verifies them with each question"
        );
    }
    let settings = access::DecisionSettings {
        cache_ttl: config.decisions.cache_ttl,
        patience: config.limits.request_timeout,
    };
    let access = Arc::new(access::Decisions::new(manager, settings, access::Clock::system()));
    Ok(OfService { access, ledger, watched })
}

/// The files of the client's secret and of the keys that prove tokens.
fn watched(config: &Config, log_ins: Option<&Arc<access::ClientCredentials>>) -> Vec<Arc<dyn Watched>> {
    let keys = match &config.tokens.keys {
        TokenKeys::OfFile(keys) if keys.changes() => Some(keys.clone() as Arc<dyn Watched>),
        TokenKeys::OfFile(_) | TokenKeys::Published(_) | TokenKeys::None => None,
    };
    secret(&config.ledger, log_ins).into_iter().chain(keys).collect()
}

/// The file of the client's secret, where one holds it.
fn secret(ledger: &Ledger, log_ins: Option<&Arc<access::ClientCredentials>>) -> Option<Arc<dyn Watched>> {
    ledger.client.as_ref().filter(|client| client.secret.changes())?;
    Some(log_ins?.clone())
}

/// What proves tokens.
fn verifier(config: &Config) -> Result<Verifier, Failure> {
    let expected = config.tokens.expected.clone();
    match &config.tokens.keys {
        TokenKeys::None => Ok(Verifier::none(expected)),
        TokenKeys::OfFile(keys) => Ok(Verifier::by_fresh_keys(keys.clone(), expected)),
        TokenKeys::Published(url) => {
            let (limits, tls) = (&config.limits, &config.tls.upstreams);
            let (connect, attempt) = (limits.upstream_connect_timeout, limits.upstream_attempt_timeout);
            Verifier::by_url(url.clone(), connect, attempt, tls, expected)
                .map_err(|error| Failure::because("preparing the client of AUTH_JWKS_URL", error))
        }
    }
}

/// What a command speaks to.
pub(super) struct OfCommand {
    /// The ledger, asked with the service's own token.
    pub(super) ledger: ledger::Client,
    /// What is to be read again when its file changes.
    pub(super) watched: Option<Arc<dyn Watched>>,
}

/// That of the settings. A command is called by nobody, so there are no tokens to prove.
pub(super) fn of_command(config: &LinksConfig) -> Result<OfCommand, Failure> {
    let upstreams = Upstreams::of_command(config);
    let manager = upstreams.manager(Verifier::none(ExpectedClaims::default()))?;
    let log_ins = upstreams.log_ins(manager.as_ref().ok());
    let watched = secret(&config.ledger, log_ins.as_ref());
    Ok(OfCommand { ledger: upstreams.ledger(log_ins)?, watched })
}
