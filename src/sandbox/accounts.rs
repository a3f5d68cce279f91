//! The accounts of the sandbox's ledgers: what can change while it runs.

use super::identity::{Identity, Organization};
use crate::domain::ids::{AccountId, LedgerId};
use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The type of an account that nobody gave one.
pub(super) const DEFAULT_TYPE: &str = "deposit";

/// One account, without the ids that it is found by.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    /// Its name.
    pub(super) name: String,
    /// Its alias, `@…`, unique in its ledger.
    pub(super) alias: String,
    /// `deposit`, `savings`, `external`, …
    #[serde(rename = "type")]
    pub(super) account_type: String,
    /// Whether it is blocked; the ledger also knows null.
    pub(super) blocked: Option<bool>,
    /// The holder that the ledger names, as it was written.
    pub(super) holder_id: Option<String>,
    /// When it was opened.
    pub(super) created_at: Timestamp,
    /// When it was last changed.
    pub(super) updated_at: Timestamp,
    /// When it was soft-deleted.
    pub(super) deleted_at: Option<Timestamp>,
}

impl Account {
    /// An open account that nothing is special about.
    pub(super) fn open(name: String, alias: String, account_type: &str, at: Timestamp) -> Self {
        Self {
            name,
            alias,
            account_type: account_type.to_owned(),
            blocked: Some(false),
            holder_id: None,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        }
    }

    /// An open account of which only the id is given.
    pub(super) fn unnamed(id: AccountId, at: Timestamp) -> Self {
        Self::open(format!("Account {id}"), format!("@{id}"), DEFAULT_TYPE, at)
    }
}

/// All accounts by ledger and id. Ids are UUIDv7, so their order is that of creation.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Accounts(BTreeMap<LedgerId, BTreeMap<AccountId, Account>>);

impl Accounts {
    /// What a new sandbox begins with.
    pub(super) fn generate(identity: &Identity) -> Self {
        let mut accounts = Self::default();
        accounts.open(&identity.organization, identity.created_at);
        accounts.open(&identity.other, identity.created_at);
        accounts.add_refused(identity);
        accounts
    }

    /// The account, deleted ones too.
    pub(super) fn get(&self, ledger: LedgerId, id: AccountId) -> Option<&Account> {
        self.0.get(&ledger)?.get(&id)
    }

    /// Adds or replaces an account.
    pub(super) fn put(&mut self, ledger: LedgerId, id: AccountId, account: Account) {
        self.0.entry(ledger).or_default().insert(id, account);
    }

    /// The live accounts of a ledger, oldest first.
    pub(super) fn live(&self, ledger: LedgerId) -> impl Iterator<Item = (AccountId, &Account)> {
        let of_ledger = self.0.get(&ledger).into_iter().flatten();
        of_ledger.filter(|(_, account)| account.deleted_at.is_none()).map(|(id, account)| (*id, account))
    }

    fn open(&mut self, organization: &Organization, at: Timestamp) {
        for (number, id) in (1..).zip(&organization.open_accounts) {
            let (kind, word) =
                if number % 4 == 0 { ("savings", "Savings") } else { (DEFAULT_TYPE, "Deposit") };
            let account = Account::open(
                format!("{word} account {number:03}"),
                format!("@{kind}-{number:03}"),
                kind,
                at,
            );
            self.put(organization.ledger.id, *id, account);
        }
    }

    fn add_refused(&mut self, identity: &Identity) {
        let (ledger, refused, at) = (identity.organization.ledger.id, &identity.refused, identity.created_at);
        let account =
            |name: &str, alias: &str, kind: &str| Account::open(name.to_owned(), alias.to_owned(), kind, at);
        let blocked = account("Blocked account", "@blocked", DEFAULT_TYPE);
        self.put(ledger, refused.blocked, Account { blocked: Some(true), ..blocked });
        self.put(ledger, refused.external, account("External BRL", "@external/BRL", "external"));
        let deleted = account("Deleted account", "@deleted", DEFAULT_TYPE);
        self.put(ledger, refused.deleted, Account { deleted_at: Some(at), ..deleted });
    }
}
