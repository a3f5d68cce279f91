//! Walks over a real store, with a ledger that says what a test wants and counts what it is asked.

mod failing;
mod repeating;
mod silence;
mod turns;
mod walks;

use super::{Checked, Ending, Links, Pace, Patience, Taken, Walking, Witness};
use crate::domain::alias_account::{AliasAccount, LinkStatus};
use crate::domain::holder::Holder;
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::link::HolderCheck;
use crate::domain::time::Timestamp;
use crate::registry::ports::call::Call;
use crate::registry::ports::ledger::{Ledger, LedgerAccount, LedgerError};
use crate::registry::ports::link_walk::{Tally, WalkKind};
use crate::registry::ports::record::{AliasAccountRecord, NewAliasAccount};
use crate::store::Role;
use crate::store::conformance::acts::Record;
use crate::store::conformance::records::{NOW, alias_account, organization};
use crate::store::sqlite::SqliteStore;
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

/// What a ledger says of an account.
type Told = Result<LedgerAccount, LedgerError>;

/// A ledger in which all is well but what a test says.
#[derive(Default)]
struct StandIn {
    says: Mutex<HashMap<AccountId, Told>>,
    asked: Mutex<Vec<AccountId>>,
    is_down: Mutex<bool>,
    /// There is no token to ask it with, though it is there.
    is_locked: Mutex<bool>,
    /// Called with each question, before it is answered.
    meanwhile: Mutex<Option<Box<dyn Fn() + Send>>>,
    /// Where there is one, each question waits for it, with its answer as it was.
    gate: Mutex<Option<Arc<Notify>>>,
}

fn well() -> LedgerAccount {
    LedgerAccount { account_type: "deposit".to_owned(), blocked: false, holder_id: None }
}

fn silent() -> LedgerError {
    LedgerError::Unavailable("a test says so".to_owned())
}

#[async_trait]
impl Ledger for StandIn {
    async fn accounts(
        &self,
        call: &Call,
        _: OrganizationId,
        accounts: &[(LedgerId, AccountId)],
    ) -> Vec<Told> {
        assert!(call.identity.token.is_none(), "the ledger's client has the service's own");
        let answers = self.answers(accounts);
        self.asked.lock().unwrap().extend(accounts.iter().map(|(_, account)| account));
        let gate = self.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.notified().await;
        }
        if let Some(meanwhile) = &*self.meanwhile.lock().unwrap() {
            meanwhile();
        }
        answers
    }

    async fn health(&self) -> Result<(), String> {
        if *self.is_down.lock().unwrap() { Err("it is down".to_owned()) } else { Ok(()) }
    }

    async fn is_open_to_us(&self, _: &Call) -> Result<(), String> {
        if *self.is_locked.lock().unwrap() { Err("no token".to_owned()) } else { self.health().await }
    }
}

impl StandIn {
    fn answers(&self, accounts: &[(LedgerId, AccountId)]) -> Vec<Told> {
        let is_silent = *self.is_down.lock().unwrap() || *self.is_locked.lock().unwrap();
        let says = self.says.lock().unwrap();
        let one = |(_, account): &(LedgerId, AccountId)| match says.get(account) {
            _ if is_silent => Err(silent()),
            Some(told) => told.clone(),
            None => Ok(well()),
        };
        accounts.iter().map(one).collect()
    }
}

/// A store with links, a ledger, and a clock that a test sets.
struct World {
    store: Arc<SqliteStore>,
    ledger: Arc<StandIn>,
    clock: Arc<AtomicI64>,
    accounts: Vec<NewAliasAccount>,
    dir: TempDir,
}

impl World {
    /// With so many links, in turn of two organizations, in the order of places.
    async fn with(links: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(dir.path(), Role::Server).unwrap());
        let organizations = [organization(), organization()];
        let mut accounts = vec![];
        for organization in organizations.into_iter().cycle().take(links) {
            let owner = Holder::stored(&*store, organization).await;
            let account = alias_account(&owner);
            AliasAccount::insert(&*store, account.clone(), None).await;
            accounts.push(account);
        }
        accounts.sort_by_key(|account| (account.clear.organization, account.clear.id));
        let clock = Arc::new(AtomicI64::new(NOW.0));
        Self { store, ledger: Arc::default(), clock, accounts, dir }
    }

    fn links(&self) -> Links {
        let clock = self.clock.clone();
        Links {
            store: self.store.clone(),
            walks: self.store.clone(),
            ledger: self.ledger.clone(),
            holder_check: HolderCheck::Known,
            clock: Arc::new(move || Timestamp(clock.load(Ordering::SeqCst))),
        }
    }

    fn say(&self, account: usize, told: Told) {
        self.ledger.says.lock().unwrap().insert(self.accounts[account].clear.account_id, told);
    }

    /// Which accounts were asked about since the last look, by their places.
    fn asked(&self) -> Vec<usize> {
        let asked = std::mem::take(&mut *self.ledger.asked.lock().unwrap());
        let place = |id: AccountId| self.accounts.iter().position(|account| account.clear.account_id == id);
        asked.into_iter().map(|id| place(id).unwrap()).collect()
    }

    /// A connection beside the store's own.
    fn beside(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.dir.path().join("holdergraph.db")).unwrap()
    }

    async fn record(&self, account: usize) -> AliasAccountRecord {
        self.accounts[account].clear.now(&*self.store).await
    }

    async fn statuses(&self) -> Vec<LinkStatus> {
        let mut statuses = vec![];
        for account in 0..self.accounts.len() {
            statuses.push(self.record(account).await.clear.link.status);
        }
        statuses
    }
}

/// Takes the operator's walk, which nobody is at.
async fn taken(links: &Links, anew: bool) -> Walking<'_> {
    let mut patience = Patience::default();
    let taken = links.take(WalkKind::Command, Uuid::new_v4(), &mut patience, |_| true, anew);
    let Taken::Ours(walking) = taken.await.unwrap() else { panic!("somebody is at it") };
    *walking
}

/// Keeps what it is told, and stops the walk after so many pages.
struct Notes {
    checked: Vec<Checked>,
    pages_left: usize,
    stop: watch::Sender<bool>,
}

impl Witness for Notes {
    fn checked(&mut self, links: &[Checked]) {
        self.checked.extend_from_slice(links);
        self.pages_left -= 1;
        if self.pages_left == 0 {
            self.stop.send_replace(true);
        }
    }
}

/// Walks in pages of this size, at most so many of them.
async fn walk(links: &Links, size: usize, pages: usize) -> (Ending, Vec<Checked>) {
    let (stop, mut stopped) = watch::channel(false);
    let mut notes = Notes { checked: vec![], pages_left: pages, stop };
    let pace = Pace { page: size, each: Duration::ZERO, longest: Duration::ZERO };
    let walking = taken(links, false).await;
    let ended = links.go_on(walking, "operator/test", pace, &mut notes, &mut stopped).await;
    (ended.unwrap(), notes.checked)
}

/// The counts of a walk that ended.
async fn whole(links: &Links) -> Tally {
    match walk(links, 100, usize::MAX).await.0 {
        Ending::Whole(tally) => tally,
        other => panic!("{other:?}"),
    }
}
