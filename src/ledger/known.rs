//! Accounts that the ledger has just confirmed, kept for `MIDAZ_CACHE_TTL`: the operator's choice to weaken rule 2 by
//! that time. Only what any holder may be linked to is kept, for the caller whose token was shown it: what is refused
//! may be mended in the ledger at any moment.

use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::registry::ports::ledger::LedgerAccount;
use moka::sync::Cache;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::time::Instant;

/// So many accounts are kept at most.
const MOST: u64 = 100_000;

/// An account, and who was told of it: the digest of a token, or of none.
type Key = (OrganizationId, LedgerId, AccountId, [u8; 32]);

/// The accounts that are kept.
pub(super) struct Known {
    life: Duration,
    accounts: Cache<Key, (Instant, LedgerAccount)>,
}

impl Known {
    pub(super) fn new(life: Duration) -> Self {
        Self { life, accounts: Cache::builder().max_capacity(MOST).time_to_live(life).build() }
    }

    /// The account as it was confirmed, if that was just now.
    pub(super) fn get(
        &self,
        organization: OrganizationId,
        account: (LedgerId, AccountId),
        token: Option<&SecretString>,
    ) -> Option<LedgerAccount> {
        let (at, account) = self.accounts.get(&key(organization, account, token))?;
        (at.elapsed() < self.life).then_some(account)
    }

    /// Keeps what was confirmed to a question that was asked at this time.
    pub(super) fn keep(
        &self,
        organization: OrganizationId,
        account: (LedgerId, AccountId),
        token: Option<&SecretString>,
        (asked, confirmed): (Instant, &LedgerAccount),
    ) {
        if confirmed.is_open_to_all() {
            self.accounts.insert(key(organization, account, token), (asked, confirmed.clone()));
        }
    }
}

fn key(
    organization: OrganizationId,
    (ledger, account): (LedgerId, AccountId),
    token: Option<&SecretString>,
) -> Key {
    let token = token.map_or("", |token| token.expose_secret());
    (organization, ledger, account, Sha256::digest(token).into())
}
