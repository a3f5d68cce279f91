//! All that the sandbox servers and the printed help know, kept in one file.

use super::accounts::{Account, Accounts};
use super::change::Change;
use super::identity::{Application, Identity, Organization, Refused};
use super::signing_key::{KeyError, SigningKey};
use super::tokens::Tokens;
use super::world_file::{Saved, WorldError, WorldFile};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use serde::Serialize;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A sandbox's key, people, organizations, ledgers and accounts.
pub struct World {
    file: WorldFile,
    identity: Identity,
    key: SigningKey,
    tokens: Tokens,
    /// Replaced whole, so that readers never wait for the disk.
    accounts: RwLock<Arc<Accounts>>,
    /// Held by the one that changes the accounts, from reading them until they are on disk.
    changing: Mutex<()>,
}
redacted!(World);

/// What is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The organization.
    Organization,
    /// The ledger, in that organization.
    Ledger,
    /// The account, in that ledger; or it is deleted.
    Account,
}

/// Why an account was not changed.
#[derive(Debug)]
pub(super) enum NotChanged {
    /// There is no such organization or ledger.
    Missing(Missing),
    /// The change is not surely on disk, so the running ledger stays as it was.
    NotSaved(WorldError),
}

/// An account after its change.
pub(super) struct Changed {
    /// Whether it is new.
    pub(super) created: bool,
    /// As it is now.
    pub(super) account: Account,
}

impl World {
    /// Reads the sandbox that is kept in this directory (in `sandbox.json`), or makes one there. One process at a
    /// time may change its accounts.
    pub fn load_or_create(directory: &Path) -> Result<Self, WorldError> {
        let file = WorldFile::within(directory)?;
        let Saved { identity, accounts, .. } = file.read_or_create()?;
        let key = SigningKey::read(&identity.signing_key)?;
        let tokens = Tokens::sign(&key, &identity)?;
        let accounts = RwLock::new(Arc::new(accounts));
        Ok(Self { file, identity, key, tokens, accounts, changing: Mutex::new(()) })
    }

    /// The tokens of its people.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The subjects of its people, `<owner>/<sub>`, by the names of their tokens.
    pub fn subjects(&self) -> [(&'static str, String); 5] {
        self.identity.subjects.asked_about()
    }

    /// The client that the service logs in as for a token of its own.
    pub fn application(&self) -> &Application {
        &self.identity.application
    }

    /// The main organization.
    pub fn organization(&self) -> &Organization {
        &self.identity.organization
    }

    /// The other organization, which never sees the main one's data.
    pub fn other(&self) -> &Organization {
        &self.identity.other
    }

    /// The accounts of the main organization's ledger that may not be linked.
    pub fn refused(&self) -> &Refused {
        &self.identity.refused
    }

    /// Signs a token of any claims with the sandbox's key, for instance one that has expired, to try and to test
    /// with.
    pub fn sign<T: Serialize>(&self, claims: &T) -> Result<String, KeyError> {
        self.key.sign(claims)
    }

    pub(super) fn key(&self) -> &SigningKey {
        &self.key
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The organization whose ledger this is.
    pub(super) fn ledger(
        &self,
        organization: OrganizationId,
        ledger: LedgerId,
    ) -> Result<&Organization, Missing> {
        let organizations = [&self.identity.organization, &self.identity.other];
        let found = organizations.into_iter().find(|known| known.id == organization);
        let found = found.ok_or(Missing::Organization)?;
        if found.ledger.id == ledger { Ok(found) } else { Err(Missing::Ledger) }
    }

    /// The live account.
    pub(super) fn account(
        &self,
        organization: OrganizationId,
        ledger: LedgerId,
        id: AccountId,
    ) -> Result<Account, Missing> {
        let ledger = self.ledger(organization, ledger)?.ledger.id;
        let accounts = self.accounts();
        let live = accounts.get(ledger, id).filter(|account| account.deleted_at.is_none());
        live.cloned().ok_or(Missing::Account)
    }

    /// All accounts as they are now.
    pub(super) fn accounts(&self) -> Arc<Accounts> {
        // A poisoned lock is no matter: what it guards is only ever replaced whole.
        Arc::clone(&self.accounts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Creates or changes an account, and keeps that; waits for the disk.
    pub(super) fn change(
        &self,
        organization: OrganizationId,
        ledger: LedgerId,
        id: AccountId,
        change: Change,
    ) -> Result<Changed, NotChanged> {
        let ledger = self.ledger(organization, ledger).map_err(NotChanged::Missing)?.ledger.id;
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Timestamp::now();
        let mut accounts = Accounts::clone(&self.accounts());
        let known = accounts.get(ledger, id).cloned();
        let created = known.is_none();
        let mut account = known.unwrap_or_else(|| Account::unnamed(id, now));
        change.apply(&mut account, now);
        accounts.put(ledger, id, account.clone());
        let saved = Saved::new(self.identity.clone(), accounts);
        self.file.write(&saved).map_err(NotChanged::NotSaved)?;
        *self.accounts.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(saved.accounts);
        Ok(Changed { created, account })
    }
}

#[cfg(test)]
mod tests;
