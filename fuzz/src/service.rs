//! The service in one process: the real store in a folder of its own, and stand-ins for Access Manager and the ledger.

use async_trait::async_trait;
use axum::Router;
use holdergraph::audit::recorder::Direct;
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use holdergraph::domain::time::Timestamp;
use holdergraph::http::documents::{Documents, Limits};
use holdergraph::http::endpoint::{self, Endpoint};
use holdergraph::http::health::{self, Health, Probed};
use holdergraph::http::shutdown::Draining;
use holdergraph::http::trusted::{Mode, Settings, TrustedDocuments};
use holdergraph::http::{graphiql, router};
use holdergraph::registry::lookup_guard::LookupGuard;
use holdergraph::registry::mint::Mint;
use holdergraph::registry::ports::access::{
    AccessManager, Action, Asked, BadToken, Decision, Identity, NoDecision, Organizations, Resource,
    Unidentified,
};
use holdergraph::registry::ports::call::Call;
use holdergraph::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use holdergraph::registry::turns::Turns;
use holdergraph::registry::{Registry, Rules};
use holdergraph::seal::{Keyring, Keys};
use holdergraph::store::Role;
use holdergraph::store::sqlite::SqliteStore;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use uuid::{Uuid, uuid};

/// The organization that the seeds work in.
pub(crate) const ORGANIZATION: Uuid = uuid!("0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b");
/// The only ledger.
const LEDGER: Uuid = uuid!("0190a3b4-0000-7000-8000-000000000001");
/// An account with which all is well.
const ACCOUNT: Uuid = uuid!("0190a3b4-0000-7000-8000-00000000000a");
/// One that is blocked.
const BLOCKED: Uuid = uuid!("0190a3b4-0000-7000-8000-00000000000b");
/// One about which the ledger does not answer.
const SILENT: Uuid = uuid!("0190a3b4-0000-7000-8000-00000000000c");

/// Two keys that nothing else is sealed with.
const ENCRYPT: &str = "8f3a61d09c24be5717e0a84d36f95b2c7ad1403e98b6f25c0174ed8b39a6c25f";
const HASH: &str = "27c95e8d14fa603bb7e2d859c0461f3a9e5d70b8236ac14f88e9037bd5421ca6";

/// The largest body, in bytes.
const BODY_MAX: usize = 16 * 1024;

/// Most memory of automatic persisted queries, in bytes.
const REGISTERED_BYTES: u64 = 1024 * 1024;

/// What proves who calls: the token is the name of a role.
struct Grants;

fn identity(role: &str, organizations: Organizations) -> Identity {
    Identity {
        token: None,
        subject: role.to_owned(),
        expires: None,
        asked_as: Asked::Application,
        organizations,
    }
}

#[async_trait]
impl AccessManager for Grants {
    async fn identify(&self, authorization: Option<&str>) -> Result<Identity, Unidentified> {
        match authorization.and_then(|value| value.strip_prefix("Bearer ")) {
            Some(role @ ("all" | "reader" | "masked" | "nothing" | "unsure" | "revoked")) => {
                Ok(identity(role, Organizations::Any))
            }
            Some("elsewhere") => Ok(identity("all", Organizations::Only(Vec::new()))),
            Some("unproven") => Err(Unidentified::Unavailable),
            _ => Err(BadToken("the token is none of the fuzzer's").into()),
        }
    }

    async fn decide(&self, call: &Call, resource: Resource, action: Action) -> Result<Decision, NoDecision> {
        let may = match call.identity.subject.as_str() {
            "all" => true,
            "reader" => action == Action::Get,
            "masked" => resource != Resource::PersonalData,
            "unsure" => return Err(NoDecision("the fuzzer says so".to_owned())),
            "revoked" => return Ok(Decision::Unauthenticated),
            _ => false,
        };
        Ok(if may { Decision::Allowed } else { Decision::Denied })
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

/// A ledger with a few accounts.
struct Accounts;

fn account(ledger: LedgerId, account: AccountId) -> Result<LedgerAccount, LedgerError> {
    match account.0 {
        _ if ledger.0 != LEDGER => Err(LedgerError::LedgerNotFound),
        ACCOUNT | BLOCKED => Ok(LedgerAccount {
            account_type: "deposit".to_owned(),
            blocked: account.0 == BLOCKED,
            holder_id: None,
        }),
        SILENT => Err(LedgerError::Unavailable("the fuzzer says so".to_owned())),
        _ => Err(LedgerError::AccountNotFound),
    }
}

#[async_trait]
impl Ledger for Accounts {
    async fn accounts(
        &self,
        _: &Call,
        _: OrganizationId,
        accounts: &[(LedgerId, AccountId)],
    ) -> Vec<Result<LedgerAccount, LedgerError>> {
        accounts.iter().map(|(of, id)| account(*of, *id)).collect()
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

/// The use cases over a new, empty store, which goes with the folder.
pub(crate) fn registry() -> (Arc<Registry>, TempDir) {
    let folder = tempfile::tempdir().expect("a folder for the store");
    let store = Arc::new(SqliteStore::open(folder.path(), Role::Server).expect("a new store"));
    let keyring = Keyring::single(ENCRYPT, HASH).expect("two good keys");
    let registry = Registry {
        store: store.clone(),
        walks: store.clone(),
        vault: Arc::new(Keys::new(keyring)),
        access: Arc::new(Grants),
        ledger: Arc::new(Accounts),
        rules: Rules { guards_personal_data: true, ..Rules::default() },
        mint: Mint::new(Arc::new(Timestamp::now)),
        turns: Turns::default(),
        audit: Arc::new(Direct(store.clone())),
        trail: store,
        // Low enough that a run meets it.
        lookups: Arc::new(LookupGuard::new(Some(1_000))),
    };
    (Arc::new(registry), folder)
}

/// A call with every right.
pub(crate) fn call() -> Call {
    Call::of_service("all", Duration::from_secs(600))
}

/// Documents of our own schema.
pub(crate) fn documents() -> Documents {
    let documents = Documents::new(&holdergraph::graphql::sdl(), Limits::default());
    documents.expect("our own schema is valid").with_introspection(true)
}

/// Every route of the main port, with the playground.
pub(crate) fn routes(registry: Arc<Registry>) -> Router {
    let health = health::routes(Health::new(Probed::of(&registry), Draining::default(), Vec::new()));
    let settings = Settings { mode: Mode::Off, manifest: None, automatic_bytes: Some(REGISTERED_BYTES) };
    let trusted = TrustedDocuments::load(settings, Box::new(|_| Ok(())));
    let endpoint = Endpoint {
        registry,
        schema: holdergraph::graphql::schema(),
        documents: Arc::new(documents()),
        trusted: trusted.expect("there is no manifest"),
        rate_limit: None,
        strangers: endpoint::Strangers::default(),
        rules: endpoint::Rules {
            max_body: BODY_MAX,
            request_timeout: Duration::from_secs(600),
            open_introspection: true,
            get: true,
            batch_max: 10,
            operation_name_required: false,
            tokens_proven: false,
        },
    };
    let playground = graphiql::routes(Arc::new(|| Box::pin(async { Vec::new() })));
    router::router(Arc::new(endpoint), health, Some(playground))
}
