//! The ledger (Midaz Core): does this account exist, and may it be linked?

use super::call::Call;
use super::condition::Condition;
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
pub use crate::domain::link::LedgerAccount;
use async_trait::async_trait;

/// Why there is no account to link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The ledger is not in this organization.
    #[error("the ledger is not there")]
    LedgerNotFound,
    /// The account is not in this ledger, or deleted.
    #[error("the account is not there")]
    AccountNotFound,
    /// The ledger does not let this caller look.
    #[error("the ledger refuses the caller")]
    Forbidden,
    /// No answer that can be relied on; the reason is for the log.
    #[error("the ledger gave no answer: {0}")]
    Unavailable(String),
}

/// The release that a ledger says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// As it says it: `v3.8.0`.
    pub version: String,
    /// Whether this service was made for it.
    pub supported: bool,
}

/// Asks the ledger.
#[async_trait]
pub trait Ledger: Send + Sync + 'static {
    /// These accounts of an organization: one answer for each, in their order. A ledger and its accounts are looked
    /// at side by side, each at most once however often it is named, and only a few at once.
    async fn accounts(
        &self,
        call: &Call,
        organization: OrganizationId,
        accounts: &[(LedgerId, AccountId)],
    ) -> Vec<Result<LedgerAccount, LedgerError>>;

    /// The same, for accounts that shall be linked: an answer may be as old as the operator lets it be.
    async fn accounts_to_link(
        &self,
        call: &Call,
        organization: OrganizationId,
        accounts: &[(LedgerId, AccountId)],
    ) -> Vec<Result<LedgerAccount, LedgerError>> {
        self.accounts(call, organization, accounts).await
    }

    /// The account of that ledger and organization.
    async fn account(
        &self,
        call: &Call,
        organization: OrganizationId,
        ledger: LedgerId,
        account: AccountId,
    ) -> Result<LedgerAccount, LedgerError> {
        let answer = self.accounts(call, organization, &[(ledger, account)]).await.pop();
        answer.unwrap_or_else(|| Err(LedgerError::Unavailable("no answer about the account".to_owned())))
    }

    /// Whether it answers now; the reason is for operators.
    async fn health(&self) -> Result<(), String>;

    /// Whether this service itself can ask it now, with a token of its own where it has one; the reason is for
    /// operators.
    async fn is_open_to_us(&self, _call: &Call) -> Result<(), String> {
        self.health().await
    }

    /// Asks which release it is; the reason why that is not known is for operators.
    async fn ask_release(&self, _call: &Call) -> Result<(), String> {
        Ok(())
    }

    /// The release that it said it is when it was asked last; `None` where it never was.
    fn release(&self) -> Option<Release> {
        None
    }

    /// How the way to it stands; `None` where nobody is asked.
    fn condition(&self) -> Option<Condition> {
        None
    }
}
