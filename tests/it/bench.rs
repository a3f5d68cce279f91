//! The whole service within the test's own process: real schema, registry, keys and store, over a ledger and a clock
//! that the test holds in its hands.

use super::apart;
use super::app::PATIENCE;
use super::audit_capture::collected::Collected;
use super::folder::{self, Folder, is_in_mongo};
use async_graphql::{Request, Variables};
use async_trait::async_trait;
use holdergraph::access::Open;
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use holdergraph::domain::time::Timestamp;
use holdergraph::graphql::{Schema, Session, schema};
use holdergraph::registry::caller::Caller;
use holdergraph::registry::lookup_guard::LookupGuard;
use holdergraph::registry::mint::Mint;
use holdergraph::registry::ports::access::{AccessManager, Identity};
use holdergraph::registry::ports::audit::{AuditEntry, AuditStore};
use holdergraph::registry::ports::call::{Asked, Call, Organizations};
use holdergraph::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use holdergraph::registry::ports::link_walk::LinkWalks;
use holdergraph::registry::ports::store::Store;
use holdergraph::registry::trail::Answered;
use holdergraph::registry::turns::Turns;
use holdergraph::registry::{Registry, Rules};
use holdergraph::seal::{Keyring, Keys};
use holdergraph::store::Role;
use holdergraph::store::mongo::{MongoStore, Settings, Tls};
use holdergraph::store::sqlite::SqliteStore;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A service of the test's own.
pub(crate) struct Bench {
    schema: Schema,
    registry: Arc<Registry>,
    access: Arc<dyn AccessManager>,
    clock: Arc<AtomicI64>,
    audit: Arc<dyn AuditStore>,
    /// What the audit trail is told beside changes.
    pub(crate) trail: Arc<Collected>,
    /// What the ledger says.
    pub(crate) ledger: Arc<HeldLedger>,
    dir: Arc<Folder>,
}

impl Bench {
    /// A service with an empty store.
    pub(crate) fn new() -> Self {
        Self::over(Folder::new())
    }

    /// A service with an empty store, where this one says who may do what.
    pub(crate) fn with_access(access: Arc<dyn AccessManager>) -> Self {
        Self::built(Folder::new(), access, None)
    }

    /// A service over a store that may have been there before.
    pub(crate) fn over(dir: Arc<Folder>) -> Self {
        Self::built(dir, Arc::new(Open::default()), None)
    }

    /// A service with an empty store and this audit trail, where this one says who may do what.
    pub(crate) fn with_trail(trail: Arc<dyn AuditStore>, access: Arc<dyn AccessManager>) -> Self {
        Self::built(Folder::new(), access, Some(trail))
    }

    fn built(dir: Arc<Folder>, access: Arc<dyn AccessManager>, trail: Option<Arc<dyn AuditStore>>) -> Self {
        let [(_, encrypt), (_, hash), _] = super::app::KEYS;
        let clock = Arc::new(AtomicI64::new(Timestamp::now().0));
        let ledger = Arc::new(HeldLedger::default());
        let told = clock.clone();
        let (store, audit, walks) = store(dir.path());
        let collected = Arc::new(Collected::default());
        let registry = Registry {
            store,
            walks,
            vault: Arc::new(Keys::new(Keyring::single(encrypt, hash).unwrap())),
            access: access.clone(),
            ledger: ledger.clone(),
            rules: Rules::default(),
            mint: Mint::new(Arc::new(move || Timestamp(told.load(Ordering::SeqCst)))),
            turns: Turns::default(),
            audit: collected.clone(),
            trail: trail.unwrap_or_else(|| audit.clone()),
            lookups: Arc::new(LookupGuard::new(None)),
        };
        Self {
            schema: schema(),
            registry: Arc::new(registry),
            access,
            clock,
            audit,
            trail: collected,
            ledger,
            dir,
        }
    }

    /// The use cases.
    pub(crate) fn registry(&self) -> Arc<Registry> {
        self.registry.clone()
    }

    /// The entries that wait in the store for the trail of an organization.
    pub(crate) async fn waiting(&self, organization: OrganizationId) -> Vec<AuditEntry> {
        let waiting = self.audit.waiting_entries(organization, 100_000).await.unwrap();
        waiting.into_iter().map(|waiting| waiting.entry).collect()
    }

    /// Where its store is.
    pub(crate) fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Ends it, and returns its folder.
    pub(crate) fn close(self) -> Arc<Folder> {
        self.dir.clone()
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, milliseconds: i64) {
        self.clock.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// `data` of an answer that has no errors.
    pub(crate) async fn ask(&self, organization: OrganizationId, query: &str, variables: Value) -> Value {
        let answer = self.answer(organization, query, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{query}: {answer}");
        answer["data"].clone()
    }

    /// The whole answer.
    pub(crate) async fn answer(&self, organization: OrganizationId, query: &str, variables: Value) -> Value {
        let call = Call {
            identity: Identity {
                token: None,
                subject: "test".to_owned(),
                expires: None,
                asked_as: Asked::Application,
                organizations: Organizations::Any,
            },
            request_id: "test".to_owned(),
            traceparent: String::new(),
            client_address: None,
            deadline: Instant::now() + Duration::from_secs(60),
        };
        let caller = Arc::new(Caller::new(call, organization, self.access.clone()));
        let session = Arc::new(Session::new(self.registry.clone(), caller.clone()));
        let request = Request::new(query).variables(Variables::from_json(variables)).data(session);
        let answer = serde_json::to_value(self.schema.execute(request).await).unwrap();
        // As the endpoint does, which knows more of refusals.
        let read = Answered { operations: vec!["bench".to_owned()], has_data: true, ..Answered::default() };
        self.registry.tell_of_answer(&caller, read).await.unwrap();
        answer
    }

    /// One mutation's payload; `fields` is what is selected beside `userErrors`.
    pub(crate) async fn mutate(
        &self,
        organization: OrganizationId,
        mutation: &str,
        fields: &str,
        input: Value,
    ) -> Value {
        let query = mutation_document(mutation, fields);
        let payload = self.ask(organization, &query, json!({"input": input})).await[mutation].clone();
        super::docs::assert_listed(mutation, &payload);
        payload
    }
}

/// The document of one mutation; `fields` is what is selected beside `userErrors`.
pub(crate) fn mutation_document(mutation: &str, fields: &str) -> String {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code field message }} }} }}"
    )
}

/// The store of a folder, whichever it is, in both of its capacities.
fn store(dir: &Path) -> (Arc<dyn Store>, Arc<dyn AuditStore>, Arc<dyn LinkWalks>) {
    if !is_in_mongo(dir) {
        let store = Arc::new(SqliteStore::open(dir, Role::Server).unwrap());
        return (store.clone(), store.clone(), store);
    }
    let settings = Settings {
        uri: folder::uri(dir).into(),
        database: folder::database(dir),
        tls: Tls::default(),
        max_pool_size: 100,
        min_pool_size: 0,
        connect_timeout: PATIENCE,
        server_selection_timeout: PATIENCE,
        timeout: PATIENCE,
    };
    let connect = async move { MongoStore::connect(&settings, Role::Server).await.unwrap() };
    let store = Arc::new(apart::wait(connect));
    (store.clone(), store.clone(), store)
}

/// A ledger that says what the test tells it to.
#[derive(Default)]
pub(crate) struct HeldLedger {
    accounts: Mutex<HashMap<(OrganizationId, LedgerId, AccountId), LedgerAccount>>,
    silent: AtomicBool,
}

impl HeldLedger {
    /// Creates or changes an account.
    pub(crate) fn set(
        &self,
        organization: OrganizationId,
        ledger: LedgerId,
        account: AccountId,
        change: impl FnOnce(&mut LedgerAccount),
    ) {
        let mut accounts = self.accounts.lock().unwrap();
        let plain = LedgerAccount { account_type: "deposit".to_owned(), blocked: false, holder_id: None };
        change(accounts.entry((organization, ledger, account)).or_insert(plain));
    }

    /// Gives no answers from now on, or gives them again.
    pub(crate) fn fall_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::SeqCst);
    }

    /// Takes an account away.
    pub(crate) fn remove(&self, organization: OrganizationId, ledger: LedgerId, account: AccountId) {
        self.accounts.lock().unwrap().remove(&(organization, ledger, account));
    }
}

#[async_trait]
impl Ledger for HeldLedger {
    async fn accounts(
        &self,
        _: &Call,
        organization: OrganizationId,
        wanted: &[(LedgerId, AccountId)],
    ) -> Vec<Result<LedgerAccount, LedgerError>> {
        if self.silent.load(Ordering::SeqCst) {
            return vec![Err(LedgerError::Unavailable("it says nothing".to_owned())); wanted.len()];
        }
        let accounts = self.accounts.lock().unwrap();
        let find = |(ledger, account): &(LedgerId, AccountId)| {
            let found = accounts.get(&(organization, *ledger, *account)).cloned();
            found.ok_or(LedgerError::AccountNotFound)
        };
        wanted.iter().map(find).collect()
    }

    async fn health(&self) -> Result<(), String> {
        Ok(())
    }
}

/// How many rounds of a test are run: all of them with `TEST_SCALE=1`, never fewer than 10.
pub(crate) fn rounds(all: usize) -> usize {
    scaled(all).clamp(10, all)
}

/// The share of all rounds that `TEST_SCALE` says.
pub(crate) fn scaled(all: usize) -> usize {
    let scale: f64 = std::env::var("TEST_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(0.1);
    (all as f64 * scale).round() as usize
}
