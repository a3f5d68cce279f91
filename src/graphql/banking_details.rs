//! The type BankingDetails: partly in clear, partly sealed.

use super::alias_account::OpenedAliasAccount;
use super::scalars::DateScalar;
use crate::domain::mask::mask;
use async_graphql::{Context, Object, Result};

/// Banking details of an alias account that has some.
pub(super) struct BankingDetails(pub(super) OpenedAliasAccount);

impl BankingDetails {
    fn clear(&self) -> Option<&crate::domain::alias_account::BankingDetails> {
        self.0.record().clear.banking.as_ref()
    }
}

/// Banking details of an alias account.
#[Object]
impl BankingDetails {
    /// Branch number. Stored in clear.
    async fn branch(&self) -> Option<&str> {
        self.clear()?.branch.as_deref()
    }

    /// Number of the bank account, as it was written. Sealed at rest.
    async fn account(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, "AliasAccount.bankingDetails.account", |personal| personal.account.clone()).await
    }

    /// The bank account's number with all but its first and last two letters or digits as `*`; fewer than six are all `*`. Needs no permission to read personal data.
    async fn account_masked(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.masked(ctx, |personal| personal.account.as_deref().map(mask))
    }

    /// Kind of bank account, in the client's own words. Stored in clear.
    #[graphql(name = "type")]
    async fn kind(&self) -> Option<&str> {
        self.clear()?.kind.as_deref()
    }

    /// When the bank account was opened. Stored in clear.
    async fn opening_date(&self) -> Option<DateScalar> {
        self.clear()?.opening_date.map(DateScalar)
    }

    /// When the bank account was closed. Stored in clear.
    async fn closing_date(&self) -> Option<DateScalar> {
        self.clear()?.closing_date.map(DateScalar)
    }

    /// IBAN, as it was written. Sealed at rest.
    async fn iban(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.sealed(ctx, "AliasAccount.bankingDetails.iban", |personal| personal.iban.clone()).await
    }

    /// The IBAN with all but its first and last two letters or digits as `*`; fewer than six are all `*`. Needs no permission to read personal data.
    async fn iban_masked(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.0.masked(ctx, |personal| personal.iban.as_deref().map(mask))
    }

    /// ISO 3166-1 alpha-2 in capitals. Stored in clear.
    async fn country_code(&self) -> Option<&str> {
        self.clear()?.country_code.as_deref()
    }

    /// The bank's number. Stored in clear.
    async fn bank_id(&self) -> Option<&str> {
        self.clear()?.bank_id.as_deref()
    }
}
